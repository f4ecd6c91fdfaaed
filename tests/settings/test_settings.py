"""Embedded by default, production by choice; and production does not start on anything missing, wrong or weak."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
RIGHT = {
    "SECRET_KEY": "q7Vw-2mXk9_RtLz4PbYc8JdNf3HsGv6TnQe1WuKaCxMoDi5Zr0BhEyS",
    "ALLOWED_HOSTS": "market.example.cn,www.market.example.cn",
    "DATABASE_URL": "postgres://market:secret@localhost:1/market",
    "REDIS_URL": "redis://localhost:1/0",
    "ELASTICSEARCH_URL": "http://localhost:1",
    "SITE_URL": "https://market.example.cn",
    "EMAIL_HOST": "smtp.example.cn",
    "DEFAULT_FROM_EMAIL": "market@example.cn",
    "SIGNING_KEY_FILE": "/etc/market/signing/key.pem",
    "ANCHOR_DIR": "/mnt/notary",
    "BANK_ACCOUNT_HOLDER": "某市技术交易市场",
    "BANK_ACCOUNT_BANK": "某银行",
    "BANK_ACCOUNT_NUMBER": "6200000000000000018",
    "DATA_KEYS": "u8Kz_pQ4mVx7RbNt2WsYc9LdHf3JgEa6",
}
OPTIONAL = (
    "STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE",
    "CLAMD_ADDRESS", "TRUSTED_PROXY_COUNT", "EMAIL_PORT", "EMAIL_USE_TLS", "DEBUG", "REGISTRY_CODE",
    "ACHIEVEMENT_REGION_CODE", "MARKET_VAR_DIR", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "ANCHOR_MAIL_TO", "SOCKETS_PER_ADDRESS",
)  # fmt: skip

type Load = Callable[..., ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Load]:
    """Reads a settings module anew under this environment; the settings in use stay as they are."""
    kept = {name: module for name, module in sys.modules.items() if name.startswith("market.settings.")}

    def loaded(name: str, environment: dict[str, str]) -> ModuleType:
        for variable in (*RIGHT, *OPTIONAL):
            monkeypatch.delenv(variable, raising=False)
        for variable, value in {"MARKET_VAR_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(variable, value)
        for module in [each for each in sys.modules if each.startswith("market.settings.")]:
            if not module.endswith(".environment"):
                del sys.modules[module]
        return import_module(f"market.settings.{name}")

    yield loaded
    sys.modules.update(kept)


def test_embedded_needs_nothing_from_the_environment(load: Load) -> None:
    settings = load("embedded", {})
    assert settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    assert settings.CHANNEL_LAYERS["default"]["BACKEND"].endswith("InMemoryChannelLayer")
    assert settings.MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend")
    assert settings.DEMONSTRATION is True
    assert settings.DEBUG is False


@pytest.mark.parametrize("file", ["manage.py", "market/asgi.py"])
def test_embedded_is_the_default_and_the_environment_decides(file: str) -> None:
    assert 'setdefault("DJANGO_SETTINGS_MODULE", "market.settings.embedded")' in (ROOT / file).read_text(encoding="utf-8")


def test_each_service_is_switched_by_its_own_variable(load: Load) -> None:
    settings = load("embedded", {"REDIS_URL": RIGHT["REDIS_URL"], "DATABASE_URL": RIGHT["DATABASE_URL"]})
    assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    assert settings.CACHES["default"]["BACKEND"].endswith("RedisCache")
    assert "Redis" in settings.CHANNEL_LAYERS["default"]["BACKEND"]


def test_production_starts_when_everything_is_right(load: Load) -> None:
    settings = load("production", RIGHT)
    assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    assert settings.DEMONSTRATION is False
    assert settings.SESSION_COOKIE_NAME.startswith("__Host-")
    assert not getattr(settings, "SILENCED_SYSTEM_CHECKS", [])


@pytest.mark.parametrize("variable", sorted(RIGHT))
def test_production_does_not_start_without(variable: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable):
        load("production", {name: value for name, value in RIGHT.items() if name != variable})


WRONG = [
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "embedded settings only: known to everybody, protects nothing"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "market.example.cn,*"),
    ("ALLOWED_HOSTS", " , "),
    ("DEBUG", "1"),
    ("DEBUG", "perhaps"),
    ("DATABASE_URL", "sqlite:////srv/market.sqlite3"),
    ("DATABASE_URL", "mysql://localhost/market"),
    ("REDIS_URL", "localhost:6379"),
    ("ELASTICSEARCH_URL", "localhost:9200"),
    ("SITE_URL", "http://market.example.cn"),
    ("SITE_URL", "market.example.cn"),
    ("STRIPE_API_KEY", "pk_live_0123"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_0123"),
    ("STRIPE_API_BASE", "http://127.0.0.1:1"),
    ("EMAIL_PORT", "smtp"),
    ("EMAIL_USE_TLS", "starttls"),
    ("TRUSTED_PROXY_COUNT", "one"),
    ("REGISTRY_CODE", "14060"),
    ("ACHIEVEMENT_REGION_CODE", "朔州"),
]


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_production_does_not_start_on(variable: str, value: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable):
        load("production", RIGHT | {variable: value})


STRIPE = {"STRIPE_API_KEY": "rk_live_0123", "STRIPE_WEBHOOK_SECRET": "whsec_0123"}


def test_production_takes_cards_with_a_live_key_and_the_secret_of_its_webhook(load: Load) -> None:
    assert load("production", RIGHT | STRIPE).STRIPE_API_KEY.startswith("rk_live_")


@pytest.mark.parametrize("key", ["sk_test_0123", "rk_test_0123"])
def test_production_takes_no_money_with_a_test_key(key: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match="test keys are refused"):
        load("production", RIGHT | STRIPE | {"STRIPE_API_KEY": key})


def test_the_embedded_settings_take_play_money_only(load: Load) -> None:
    play = STRIPE | {"STRIPE_API_KEY": "sk_test_0123", "STRIPE_API_BASE": "http://127.0.0.1:8431"}
    assert load("embedded", play).STRIPE_API_KEY == "sk_test_0123"
    assert load("embedded", {}).STRIPE_API_KEY == ""
    with pytest.raises(ImproperlyConfigured, match="public passwords"):
        load("embedded", STRIPE)


@pytest.mark.parametrize("name", ["embedded", "production"])
@pytest.mark.parametrize(
    ("variable", "value"), [("STRIPE_WEBHOOK_SECRET", ""), ("STRIPE_WEBHOOK_SECRET", "0123"), ("STRIPE_API_KEY", "")]
)
def test_no_settings_start_on_half_of_what_stripe_needs(name: str, variable: str, value: str, load: Load) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable):
        load(name, RIGHT | STRIPE | {variable: value})


def test_the_embedded_secret_is_the_one_that_production_knows(load: Load) -> None:
    """So that the sentence about it cannot go stale when the embedded one is changed."""
    secret = load("embedded", {}).SECRET_KEY
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        load("production", RIGHT | {"SECRET_KEY": secret})


def test_the_deployment_check_is_clean_without_touching_any_service() -> None:
    """The addresses lead nowhere: a check that asked the database would fail."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=kept | RIGHT | {"DJANGO_SETTINGS_MODULE": "market.settings.production"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_the_start_stops_with_the_sentence_on_its_last_line() -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=kept | RIGHT | {"DJANGO_SETTINGS_MODULE": "market.settings.production", "ALLOWED_HOSTS": "*"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "Set ALLOWED_HOSTS" in result.stderr.strip().splitlines()[-1]
