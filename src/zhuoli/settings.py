"""Django's settings, derived from ``zhuoli.environment`` alone."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from zhuoli.environment import ROOT, read_environment

ENVIRONMENT = read_environment()
LOCAL = ENVIRONMENT.mode in ("demo", "test")


def _database() -> dict[str, Any]:
    if not ENVIRONMENT.database_url:
        pragma = "NORMAL" if LOCAL else "FULL"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ENVIRONMENT.data / "zhuoli.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={pragma};"
                "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA cache_size=-65536",
            },
        }
    parts = conninfo_to_dict(ENVIRONMENT.database_url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
SECRET_KEY = ENVIRONMENT.secret or ("only-for-demonstration-and-tests" if LOCAL else "")
ALLOWED_HOSTS = list(ENVIRONMENT.hosts) or (["127.0.0.1", "localhost", "testserver"] if LOCAL else [])
DEBUG = False
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "zhuoli.store.apps.StoreConfig",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
PROJECT_ROOT = ROOT
