"""The catalogues: complete, sound, and kept up to the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import gettext, override

from market import messages

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Pay {amount}")
state = pgettext("listing state", "Open")
count = ngettext("%(n)s bid", "%(n)s bids", 2)
"""
TEMPLATE = """{% load i18n %}{% translate "Objection" %}
{% blocktranslate count n=n trimmed %}
  {{ n }} offer
{% plural %}
  {{ n }} offers
{% endblocktranslate %}"""


@pytest.fixture
def house(tmp_path: Path, settings: object) -> Path:
    """A little house with two sources and no catalogue yet."""
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "listings").mkdir()
    (tmp_path / "listings" / "views.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def catalogue(house: Path) -> Path:
    return house / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def translate(house: Path, text: str, translation: str, *, form: str = "msgstr") -> None:
    """Writes the translation into the catalogue, as a translator would."""
    path = catalogue(house)
    entries = path.read_text(encoding="utf-8").split("\n\n")
    found = [entry for entry in entries if f'msgid "{text}"\n' in entry]
    assert len(found) == 1
    changed = found[0].replace(f'{form} ""', f'{form} "{translation}"')
    path.write_text("\n\n".join(changed if entry is found[0] else entry for entry in entries), encoding="utf-8")


def translate_all(house: Path) -> None:
    translate(house, "Pay {amount}", "支付固定金额{amount}")
    translate(house, "Open", "公开")
    translate(house, "%(n)s bid", "%(n)s次报价", form="msgstr[0]")
    translate(house, "Objection", "异议")
    translate(house, "%(n)s offer", "%(n)s份报价", form="msgstr[0]")


def test_every_message_of_the_market_has_a_sound_translation() -> None:
    assert messages.faults() == {}


def test_a_language_without_a_catalogue_has_no_translation_at_all(house: Path) -> None:
    assert [fault.endswith("has no translation") for fault in messages.faults()["zh_Hans"]] == [True] * 5


def test_collecting_enters_what_code_and_templates_say_with_context_plural_and_source(house: Path) -> None:
    assert messages.collect_messages() == {"zh_Hans": (5, 0)}

    text = catalogue(house).read_text(encoding="utf-8")
    assert 'msgctxt "listing state"\nmsgid "Open"\nmsgstr ""' in text
    assert '#: templates/page.html\n#, python-format\nmsgid "%(n)s offer"\nmsgid_plural "%(n)s offers"\nmsgstr[0] ""\n' in text
    assert "nplurals=1; plural=0;" in text
    order = [line for line in text.splitlines() if line.startswith("msgid ")][1:]
    assert order == sorted(order)


def test_collecting_again_changes_nothing(house: Path) -> None:
    messages.collect_messages()
    translate_all(house)
    messages.collect_messages()
    before = catalogue(house).read_text(encoding="utf-8")

    assert messages.collect_messages() == {"zh_Hans": (0, 0)}
    assert catalogue(house).read_text(encoding="utf-8") == before
    assert messages.faults() == {}


def test_what_the_code_no_longer_says_is_dropped_and_the_rest_keeps_its_translation(house: Path) -> None:
    messages.collect_messages()
    translate_all(house)
    (house / "templates" / "page.html").unlink()

    assert messages.collect_messages() == {"zh_Hans": (0, 2)}
    text = catalogue(house).read_text(encoding="utf-8")
    assert "Objection" not in text
    assert 'msgstr "支付固定金额{amount}"' in text


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("支付{price}", "the placeholders are others in: 支付{price}"),
        ("支付定金{amount}", "定金 is another thing in law: 支付定金{amount}"),
        ("支付,{amount}", "half-width punctuation in Chinese: 支付,{amount}"),
        ("支付(全款){amount}", "half-width punctuation in Chinese: 支付(全款){amount}"),
        ("请支付{amount}元.", "half-width punctuation in Chinese: 请支付{amount}元."),
    ],
)
def test_an_unsound_translation_is_named(house: Path, translation: str, fault: str) -> None:
    messages.collect_messages()
    translate_all(house)
    path = catalogue(house)
    path.write_text(path.read_text(encoding="utf-8").replace("支付固定金额{amount}", translation), encoding="utf-8")

    assert messages.faults() == {"zh_Hans": [f"Pay {{amount}}: {fault}"]}


def test_the_check_fails_on_a_gap(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.collect_messages()
    with pytest.raises(CommandError, match="5 faults"):
        call_command("check_messages")
    assert "zh_Hans: [listing state] Open: has no translation" in capsys.readouterr().err


def test_a_changed_catalogue_is_compiled_once(house: Path) -> None:
    messages.collect_messages()
    translate_all(house)

    assert [path.name for path in messages.compile_catalogues()] == ["django.mo"]
    assert messages.compile_catalogues() == []
    assert [path.name for path in catalogue(house).parent.iterdir() if path.suffix != ".po"] == ["django.mo"]


def test_the_pages_speak_chinese_without_anything_else_having_been_run() -> None:
    with override("zh-hans"):
        assert gettext("Objection") == "异议"


def test_the_sign_in_page_speaks_the_markets_own_chinese(client: Client, db: None) -> None:
    html = client.get("/accounts/signup/").content.decode()
    assert "已有账号？请<a" in html
    assert "密码不得少于12个字符。" in html
    assert "你的密码" not in html
