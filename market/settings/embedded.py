"""Nothing but Python: SQLite, the embedded search engine, mail to a folder. The default, for trying out and developing."""

from django.core.exceptions import ImproperlyConfigured

from market.settings.base import *
from market.settings.base import STRIPE_API_KEY, VAR_DIR

if "_live_" in STRIPE_API_KEY:
    raise ImproperlyConfigured("Set STRIPE_API_KEY to a test key: these settings have public passwords and take no real money.")

VAR_DIR.mkdir(parents=True, exist_ok=True)
DEBUG = False
SECRET_KEY = "embedded settings only: known to everybody, protects nothing"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": VAR_DIR / "mail"}}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DEMONSTRATION = True
# As public as the demonstration's passwords.
DATA_KEYS = ["embedded settings only: seals nothing from anybody"]
BANK_ACCOUNT_HOLDER = "朔州市技术交易市场（样例）"
BANK_ACCOUNT_BANK = "朔州样例银行营业部"
BANK_ACCOUNT_NUMBER = "6200 0000 0000 0000 018"
