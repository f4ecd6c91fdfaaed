"""For the public: every service real, every secret from the environment; anything missing or weak stops the start with a sentence."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from market.settings import environment as env
from market.settings.base import *
from market.settings.base import (
    CACHES,
    DATABASE_URL,
    ELASTICSEARCH_URL,
    MONITORING_TOKEN,
    REDIS_URL,
    SITE_URL,
    STORAGES,
    STRIPE_API_BASE,
    STRIPE_API_KEY,
)

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.text("EMAIL_HOST"),
            "port": env.whole("EMAIL_PORT", 587),
            "username": env.text("EMAIL_HOST_USER", ""),
            "password": env.text("EMAIL_HOST_PASSWORD", ""),
            "use_tls": env.flag("EMAIL_USE_TLS", True),
            # A mail server that hangs must not hold up whoever sends.
            "timeout": 10,
        },
    }
}
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
# Both must outlive the machine: the one proves who said something, the other what was said.
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE")
ANCHOR_DIR = Path(env.text("ANCHOR_DIR"))
BANK_ACCOUNT_HOLDER = env.text("BANK_ACCOUNT_HOLDER")
BANK_ACCOUNT_BANK = env.text("BANK_ACCOUNT_BANK")
BANK_ACCOUNT_NUMBER = env.text("BANK_ACCOUNT_NUMBER")
DATA_KEYS = env.names("DATA_KEYS")
SOCKETS_PER_ADDRESS = env.whole("SOCKETS_PER_ADDRESS", 50)

_COMPLAINTS = {
    "Set SECRET_KEY to at least 50 random characters.": len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5,
    "Set SECRET_KEY to one of your own: this one is in the sources for everybody to read.": "embedded settings" in SECRET_KEY,
    "Set DATA_KEYS to one or more secrets of at least 32 random characters, separated by commas.": any(
        len(key) < 32 for key in DATA_KEYS
    ),
    "Set MONITORING_TOKEN to at least 32 random characters, or leave it empty.": 0 < len(MONITORING_TOKEN) < 32,
    "Set ALLOWED_HOSTS to the names this site answers to, without *.": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
    "Set DEBUG to 0 or leave it out: error pages must not show the market's inside.": env.flag("DEBUG", False),
    "Set DATABASE_URL to a PostgreSQL database: SQLite serves one process only.": not DATABASE_URL.startswith("postgres"),
    "Set REDIS_URL: messages between processes and shared limits need Redis.": not REDIS_URL,
    "Set ELASTICSEARCH_URL: the embedded search engine lives in a SQLite database.": not ELASTICSEARCH_URL,
    "Set SITE_URL to the https address of this site.": not SITE_URL.startswith("https://"),
    "Set STRIPE_API_KEY to a live key or leave it empty: test keys are refused.": STRIPE_API_KEY.startswith(
        ("sk_test", "rk_test")
    ),
    "Leave STRIPE_API_BASE empty: it leads payments to a stand-in.": bool(STRIPE_API_BASE),
}
for _sentence, _applies in _COMPLAINTS.items():
    if _applies:
        raise ImproperlyConfigured(_sentence)

CACHES = {"default": {**CACHES["default"], "KEY_PREFIX": "market"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
