"""Django's settings, derived from ``zhuoli.environment`` alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from zhuoli.environment import ROOT, read_environment

ENVIRONMENT = read_environment()
LOCAL = ENVIRONMENT.mode in ("demo", "test")


def _origin(address: str) -> list[str]:
    """Return the origin of an address (``https://tiles.example``) for the policy; nothing when none is set."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"] if parts.netloc else []


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
                "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;PRAGMA cache_size=-65536;"
                # The log is copied into the database every 16 MB: rarely enough for bursts, small enough for readers.
                "PRAGMA wal_autocheckpoint=4000",
                "cached_statements": 512,
            },
        }
    from psycopg.conninfo import conninfo_to_dict

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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # What it needs of the network is imported only where an office has such a sign-on.
    *(["allauth.socialaccount.providers.openid_connect"] if ENVIRONMENT.oidc_server else []),
    "django_htmx",
    "js_lib_leaflet",
    "zhuoli.store.apps.StoreConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhuoli.web.middleware.PageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhuoli.web.middleware.ViewerMiddleware",
    "zhuoli.web.stories.frame.StoryMiddleware",
]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
STATIC_ROOT = None  # the pages serve their few files from where they lie
PROJECT_ROOT = ROOT

# --- pages ---------------------------------------------------------------------------------------------
ROOT_URLCONF = "zhuoli.web.urls"
WSGI_APPLICATION = "zhuoli.web.wsgi.application"
WEB = ROOT / "src" / "zhuoli" / "web"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": ["zhuoli.web.tags"],
            "libraries": {"desktools": "zhuoli.web.desk.tools"},
            "context_processors": [
                "django.template.context_processors.request",
                "zhuoli.web.context.page",
            ],
            # An unknown name in a template must not pass for an empty sentence.
            "string_if_invalid": "",
        },
    }
]
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The few small static files are served from where they lie; their addresses carry a hash of the content.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # Map tiles are the only thing that may come from elsewhere, and only where an address is set.
        "img-src": ["'self'", "data:", *_origin(ENVIRONMENT.tiles)],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "manifest-src": ["'self'"],
        # Browsers hold the way to the organisation's own sign-on against this list, too.
        "form-action": ["'self'", *_origin(ENVIRONMENT.oidc_server)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the proxy in front does that
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if LOCAL or not ENVIRONMENT.https else 365 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https and not LOCAL
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # a shift
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "zhuoli.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [
    f"https://{'*' if host.startswith('.') else ''}{host}"
    for host in ALLOWED_HOSTS
    if host not in ("*", "127.0.0.1", "localhost")
]
# --- accounts (django-allauth): nobody registers, no mail is sent ------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "zhuoli.web.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords: for one name from one address, and from one address; then nothing is compared for a while.
    "login": "30/m/ip",
    "login_failed": "20/m/ip,8/15m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "zhuoli.web.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", *(["webauthn"] if ENVIRONMENT.passkeys else [])]
MFA_PASSKEY_LOGIN_ENABLED = ENVIRONMENT.passkeys
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # phones whose clocks are half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "zhuoli.web.people.adapters.PartnerLoginAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sign-on",
                "name": ENVIRONMENT.oidc_name,
                "client_id": ENVIRONMENT.oidc_client,
                "secret": ENVIRONMENT.oidc_secret,
                "settings": {"server_url": ENVIRONMENT.oidc_server},
            }
        ]
        if ENVIRONMENT.oidc_server
        else [],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Counts wrong secrets and logins for all processes of one machine, and keeps figures for a moment.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": ENVIRONMENT.data / "cache",
    }
}
FILE_UPLOAD_HANDLERS = [
    "zhuoli.web.quota.QuotaHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 20
APPEND_SLASH = True
# Whatever is logged, by us, by Django or by a library, goes through handlers that mask what is personal.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masking": {"()": "zhuoli.office.masking.MaskingFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["masking"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Django's own handlers would write beside ours; its records come to the root instead.
    "loggers": {
        name: {"handlers": [], "propagate": True} for name in ("django", "django.server", "django.request")
    },
}
