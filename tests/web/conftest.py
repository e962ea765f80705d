"""The site of these tests."""

from tests.evidence.remembered import remembered  # noqa: F401
from tests.web.site import clock, demo, site_template, visitor  # noqa: F401
from tests.web.town import town  # noqa: F401
