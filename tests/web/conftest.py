"""The site of these tests."""

from tests.web.site import clock, demo, site_template, visitor  # noqa: F401
from tests.web.town import town  # noqa: F401
