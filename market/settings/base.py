"""What all settings share. Each of DATABASE_URL, REDIS_URL, ELASTICSEARCH_URL and STRIPE_API_KEY switches one part to its real service."""

import sys
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from market.settings import environment as env

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env.text("MARKET_VAR_DIR", str(BASE_DIR / "var")))

DATABASE_URL = env.address("DATABASE_URL", {"postgres", "postgresql", "sqlite"}, "")
REDIS_URL = env.address("REDIS_URL", {"redis", "rediss", "unix"}, "")
ELASTICSEARCH_URL = env.address("ELASTICSEARCH_URL", {"http", "https"}, "")
STRIPE_API_KEY = env.text("STRIPE_API_KEY", "")
# With it Stripe signs what it tells the market; without a key there are no cards and wallets, and pages offer the bank transfer only.
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
# Another address than Stripe's own, for a stand-in on this machine.
STRIPE_API_BASE = env.address("STRIPE_API_BASE", {"http", "https"}, "")
# What a program that watches over the market sends to be told how it does; without one, officials only are told.
MONITORING_TOKEN = env.text("MONITORING_TOKEN", "")
# Host and port of a clamd that scans uploads; without one, uploads are checked by content only, and say so.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")

for _sentence, _applies in {
    "Set STRIPE_API_KEY to a secret key that begins with sk_ or rk_, or leave it empty.": STRIPE_API_KEY
    and not STRIPE_API_KEY.startswith(("sk_", "rk_")),
    "Set STRIPE_WEBHOOK_SECRET to the signing secret of the webhook's endpoint; it begins with whsec_.": STRIPE_API_KEY
    and not STRIPE_WEBHOOK_SECRET.startswith("whsec_"),
    "Set STRIPE_API_KEY too, or leave STRIPE_WEBHOOK_SECRET empty.": STRIPE_WEBHOOK_SECRET and not STRIPE_API_KEY,
}.items():
    if _applies:
        raise ImproperlyConfigured(_sentence)

INSTALLED_APPS = [
    "market",
    "market.events",
    "market.policy",
    "market.documents",
    "market.accounts",
    "market.once",
    "market.letters",
    "market.payments",
    "listings",
    "listings.demands",
    "listings.auctions",
    "contracts",
    "contracts.relief",
    "contracts.settlement",
    "brokers",
    "brokers.board",
    "brokers.credit",
    "brokers.evaluation",
    "brokers.rooms",
    "search",
    "market.oversight",
    "market.portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "channels",
    "django_htmx",
    "django_linear_migrations",
    "django_tasks_db",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "market.middleware.AsyncStreams",
    "django.middleware.security.SecurityMiddleware",
    "market.middleware.ContentPolicy",
    "market.middleware.PlainMethods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "market.accounts.middleware.SessionLimitMiddleware",
    "market.accounts.middleware.ActorMiddleware",
    "market.accounts.middleware.CompulsoryMfaMiddleware",
    "market.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "market.urls"
CSRF_FAILURE_VIEW = "market.answers.form_expired"
# Widgets are looked for among the project's own templates first.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ASGI_APPLICATION = "market.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "market.accounts.context.acting",
                "market.portal.context.navigation",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------------------------------------------------

_SQLITE_OPTIONS: dict[str, Any] = {
    # SQLite has no row locks: every transaction takes the write lock when it begins, so a read-then-write never fails half way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


# Per process. Whoever waits longer than the time-out for a connection is told so: the database is then overloaded.
_POOL: dict[str, Any] = {"min_size": 1, "max_size": 20, "timeout": 10}


def database(url: str, default_file: Path) -> dict[str, Any]:
    """Django's entry for this address; a SQLite file in WAL mode with immediate transactions when there is none.

    Every request has a thread of its own, which could keep a connection for nobody: a pool keeps them for all.
    """
    if url and not url.startswith("sqlite"):
        server: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0, conn_health_checks=True))
        # Only those statements are prepared that ask for it (`market.prepared`).
        options = {"pool": dict(_POOL), "prepare_threshold": sys.maxsize}
        return {**server, "OPTIONS": {**server.get("OPTIONS", {}), **options}}
    entry: dict[str, Any] = dict(dj_database_url.parse(url)) if url else {"NAME": default_file}
    return {**entry, "ENGINE": "django.db.backends.sqlite3", "OPTIONS": dict(_SQLITE_OPTIONS)}


# A process that holds an auction's row and falls silent for so long loses it.
IDLE_LOCK_SECONDS = 3
DATABASES = {"default": database(DATABASE_URL, VAR_DIR / "market.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "market.live.RedisLayer", "CONFIG": {"host": REDIS_URL}}}
else:
    # In the database, so that limits on signing in count over all processes.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # The default of 300 would let whoever fills the cache push out the counts of failed attempts.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Never under MEDIA_URL: documents are served by a view that asks who may read them.
    "documents": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "documents", "base_url": None},
    },
}
# A form without its files; files go to disk beyond the second figure.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:workbench"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "market.accounts.forms.SignupForm"
ACCOUNT_ADAPTER = "market.accounts.adapter.MarketAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Word to the owner of every change of password, address or second factor (ASVS 6.3.7).
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# Behind proxies this must say how many, or a forged X-Forwarded-For would choose the key of the limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 0)
# No box to tick: a session lasts as long as the browser, and never longer than `market.accounts.sessions` says.
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "market.accounts.adapter.MarketSecondFactorAdapter"
MFA_FORMS = {
    "authenticate_webauthn": "market.accounts.passkeys.SignInWithPasskey",
    "reauthenticate_webauthn": "market.accounts.passkeys.ConfirmWithPasskey",
    "add_webauthn": "market.accounts.passkeys.AddPasskey",
    "edit_webauthn": "market.accounts.passkeys.RenamePasskey",
}
MFA_TOTP_ISSUER = "Technology Market"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Messages lie in the session: a cookie of their own would be one more to guard.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "market@localhost")

# --- Pages ------------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "技术交易市场"
WAGTAILADMIN_BASE_URL = env.address("SITE_URL", {"http", "https"}, "http://localhost:8000")
SITE_URL = WAGTAILADMIN_BASE_URL
# Passwords and addresses are changed behind the market's own doors only, with their limits and second factor.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "txt"]
# Nothing that editors upload runs in the page.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# --- Search -----------------------------------------------------------------------------------------------------------

# How long a page waits for Elasticsearch before it asks the database instead.
SEARCH_SECONDS = 1.0
# The alias of the index in Elasticsearch; several installations can share a server under different names.
SEARCH_INDEX = env.text("SEARCH_INDEX", "market-entries")

# --- Security ---------------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
# The editors' interface writes inline styles and scripts; it is for editors only.
SECURE_CSP_EDITORS = {
    **SECURE_CSP,
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-ancestors": [CSP.SELF],
    "frame-src": [CSP.SELF],
}

# --- Evidence ---------------------------------------------------------------------------------------------------------

# With this key the market signs receipts, anchors and evidence; public halves of former keys lie beside it as *.pub.
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE", str(VAR_DIR / "signing" / "key.pem"))
# What signs registration certificates: a PKCS#12 file from the authority that vouches for the registry, and its password.
# The embedded market makes one for development on set-up.
CERTIFICATE_PKCS12 = env.text("CERTIFICATE_PKCS12", str(VAR_DIR / "signing" / "certificate.p12"))
CERTIFICATE_PKCS12_PASSWORD = env.text("CERTIFICATE_PKCS12_PASSWORD", "")
# Or a device that never gives its key away, by its maker's PKCS#11 library: the token, its PIN, the label of key and certificate.
CERTIFICATE_PKCS11_LIBRARY = env.text("CERTIFICATE_PKCS11_LIBRARY", "")
CERTIFICATE_PKCS11_TOKEN = env.text("CERTIFICATE_PKCS11_TOKEN", "")
CERTIFICATE_PKCS11_PIN = env.text("CERTIFICATE_PKCS11_PIN", "")
CERTIFICATE_PKCS11_LABEL = env.text("CERTIFICATE_PKCS11_LABEL", "registry")
# Where the heads of the chains are written down outside the database, best a disk of another machine; and who is sent them.
ANCHOR_DIR = Path(env.text("ANCHOR_DIR", str(VAR_DIR / "anchors")))
ANCHOR_MAIL_TO = env.names("ANCHOR_MAIL_TO", "")

# --- Payments ---------------------------------------------------------------------------------------------------------

# The market's own account, to which payers transfer; without a number, bank transfer is not offered.
BANK_ACCOUNT_HOLDER = env.text("BANK_ACCOUNT_HOLDER", "")
BANK_ACCOUNT_BANK = env.text("BANK_ACCOUNT_BANK", "")
BANK_ACCOUNT_NUMBER = env.text("BANK_ACCOUNT_NUMBER", "")
# What lies sealed in the database, such as payers' account numbers, is sealed with the first and opened with any.
DATA_KEYS = env.names("DATA_KEYS", "")

# --- Sockets ----------------------------------------------------------------------------------------------------------

# How many live connections one address may have in each process; 0 is no limit, for a machine that everybody shares.
SOCKETS_PER_ADDRESS = env.whole("SOCKETS_PER_ADDRESS", 0)

# --- The market -------------------------------------------------------------------------------------------------------

# The six-digit code of the registry in registration numbers, and the three-digit one in achievement registration numbers.
REGISTRY_CODE = env.digits("REGISTRY_CODE", 6, "140600")
ACHIEVEMENT_REGION_CODE = env.digits("ACHIEVEMENT_REGION_CODE", 3, "146")
SAMPLE_DIR = BASE_DIR / "sample"
# Demonstration accounts are created under the embedded and test settings only.
DEMONSTRATION = False
