"""The one Django app: it owns the schema."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Names the app ``store`` so that tables are called ``store_case``, ``store_entry`` …"""

    name = "zhuoli.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
