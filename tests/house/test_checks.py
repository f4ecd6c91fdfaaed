"""The house keeps its own rules; and each check is shown to catch a planted fault, for a check that never failed proves nothing."""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.house import checks, pages
from tests.house.source import Module, migrations, modules, static_files, templates

PLANTED: dict[str, list[tuple[str, str]]] = {
    "edges_write_nothing": [
        ("listings/views/deals.py", "def fail(request):\n    deal.save()\n"),
        ("listings/views/deals.py", "def fail(request):\n    Deal.objects.filter(pk=1).update(price_fen=1)\n"),
        ("brokers/tasks.py", "Broker.objects.create(level='junior')\n"),
        ("brokers/templatetags/brokers.py", "def tag(broker):\n    broker.engagements.all().delete()\n"),
        ("contracts/forms.py", "class F:\n    def clean(self):\n        TechnologyContract.objects.bulk_create([])\n"),
        ("market/accounts/middleware.py", "Person.objects.get_or_create(email='x')\n"),
        ("listings/admin.py", "class A:\n    def act(self):\n        Deal.objects.select_for_update()\n"),
    ],
    "state_is_written_in_one_place": [
        ("listings/actions/deals.py", "def conclude(deal):\n    deal.state = 'concluded'\n"),
        ("listings/views/deals.py", "def _set_state(deal):\n    deal.state = 'concluded'\n"),
        ("listings/models/deals.py", "class Deal:\n    def conclude(self):\n        self.state = 'concluded'\n"),
        (
            "listings/actions/deals.py",
            "def _set_state(d: Deal):\n    d.state = 'a'\ndef _set_deal_state(d: Deal):\n    d.state = 'b'\n",
        ),
        ("listings/actions/deals.py", "Deal.objects.filter(pk=1).update(state='failed')\n"),
        ("listings/actions/deals.py", "deal.applications.update(state='failed')\n"),
        ("listings/actions/deals.py", "def f(deal):\n    setattr(deal, 'state', 'failed')\n"),
        ("listings/actions/deals.py", "def f(deal):\n    deal.price, deal.state = 1, 'failed'\n"),
    ],
    "only_edges_read_the_clock": [
        ("listings/rules/listings.py", "from django.utils import timezone\nX = timezone.now()\n"),
        ("listings/actions/deals.py", "from django.utils.timezone import now\n"),
        ("listings/queries/deals.py", "from datetime import date\ntoday = date.today()\n"),
        ("listings/models/deals.py", "at = models.DateTimeField(default=timezone.now)\n"),
        ("listings/models/deals.py", "at = models.DateTimeField(auto_now_add=True)\n"),
        ("market/values/dates.py", "import datetime\nX = datetime.datetime.now()\n"),
    ],
    "rules_know_no_django": [
        ("brokers/rules.py", "from django.utils.translation import gettext\n"),
        ("contracts/rules.py", "import django.conf\n"),
        ("listings/rules/listings.py", "from listings.models.listings import Listing\n"),
        ("market/values/money.py", "from django.db import models\n"),
    ],
    "models_do_not_act": [
        ("brokers/models.py", "class Broker(models.Model):\n    def save(self, *a, **k):\n        super().save(*a, **k)\n"),
        ("brokers/models.py", "class Broker(models.Model):\n    def delete(self):\n        mail()\n"),
        ("brokers/tasks.py", "from django.db.models.signals import post_save\n"),
        ("brokers/apps.py", "from django.dispatch import receiver\n"),
    ],
    "modules_are_short": [("search/parse.py", "x = 1\n" * 401)],
    "functions_are_short": [("search/parse.py", "def f():\n" + "    x = 1\n" * 40)],
    "names_say_something": [
        ("listings/utils.py", ""),
        ("listings/helpers/price.py", ""),
        ("market/accounts/service.py", ""),
        ("search/base.py", ""),
    ],
    "public_duties_are_described": [
        ("brokers/rules.py", '"""What is due?"""\ndef commission_due():\n    return 0\n'),
        ("brokers/actions.py", '"""Writing."""\nclass Terms:\n    pass\n'),
        ("brokers/views.py", "x = 1\n"),
    ],
    "rules_name_their_source": [
        ("brokers/rules.py", 'def commission_due():\n    """What is due."""\n'),
        ("brokers/rules.py", 'def commission_due():\n    """What is due. Source: 民法典 art. 963."""\n'),
        ("listings/rules/listings.py", 'def may_list():\n    """May one? Source: (certain)."""\n'),
    ],
    "inner_trades_are_not_known": [
        ("listings/actions/deals.py", "from listings.auctions.rules.ascending import winner\n"),
        ("contracts/queries.py", "import contracts.relief.calculator\n"),
        ("contracts/queries.py", "from contracts.relief import calculator\n"),
    ],
    "money_is_never_a_float": [
        ("brokers/rules.py", "X = float('1.1')\n"),
        ("listings/actions/deals.py", "HALF = 0.5\n"),
        ("market/payments/queries.py", "HALF = 0.5\n"),
        ("market/values/money.py", "HALF = 5e-1\n"),
    ],
}
SOUND: dict[str, tuple[str, str]] = {
    "edges_write_nothing": ("listings/views/deals.py", "context.update(x=1)\nseen.add(1)\nfail_deal(deal, actor=actor)\n"),
    "state_is_written_in_one_place": (
        "listings/actions/deals.py",
        "def _set_state(deal: Deal, state: str):\n    deal.state = state\n",
    ),
    "only_edges_read_the_clock": ("listings/views/deals.py", "from django.utils import timezone\nX = timezone.now()\n"),
    "models_do_not_act": ("market/events/models.py", "class Event:\n    def delete(self):\n        raise TypeError('never')\n"),
    "money_is_never_a_float": ("brokers/rules.py", "HALF = Decimal('0.5')\n"),
    "inner_trades_are_not_known": ("listings/auctions/actions.py", "from listings.auctions.rules.ascending import winner\n"),
    "names_say_something": ("market/settings/base.py", ""),
    "rules_name_their_source": (
        "brokers/rules.py",
        'def split():\n    """Parts. Source: the market\'s own."""\ndef due():\n    """When.\n\n    Source: 民法典 art. 963 (high)."""\n',
    ),
}


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_its_rule(check: checks.Check) -> None:
    assert [fault for module in modules() for fault in check(module)] == []


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_check_catches_what_is_planted(check: checks.Check) -> None:
    planted = PLANTED[check.__name__]
    assert planted
    for path, text in planted:
        assert list(check(Module(path, text))), f"{check.__name__} does not catch:\n{text}"


@pytest.mark.parametrize("name", SOUND)
def test_the_check_says_nothing_of_what_is_right(name: str) -> None:
    check = getattr(checks, name)
    assert list(check(Module(*SOUND[name]))) == []


def _writers_of_states(sources: tuple[Module, ...]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in sources:
        if module.app != "market.values":
            for model, function, _line in checks.states_written(module):
                found[module.app, model].add(f"{module.path}: {function}")
    return found


def test_each_models_state_is_written_by_one_function_of_the_whole_house() -> None:
    assert {model: places for model, places in _writers_of_states(modules()).items() if len(places) != 1} == {}


def test_two_modules_that_write_one_state_are_found() -> None:
    first = Module("listings/actions/deals.py", "def _set_state(deal: Deal, state: str):\n    deal.state = state\n")
    second = Module("listings/actions/notices.py", first.text)
    assert len(_writers_of_states((first, second))["listings", "Deal"]) == 2


def test_every_app_has_one_migration_before_the_first_release() -> None:
    """Where two apps need each other's tables, the first is cut in two initial parts."""
    assert [each.path for each in migrations() if "initial = True" not in each.text] == []


def test_a_migration_imports_no_code_of_the_market() -> None:
    assert [fault for each in migrations() for fault in checks.migrations_know_no_app(each)] == []
    planted = Module("listings/migrations/0001_first.py", "import market.accounts.models\n")
    assert list(checks.migrations_know_no_app(planted))


@pytest.mark.parametrize(
    "fault",
    [
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        '<button onclick="act()">',
        "<script>act()</script>",
        '<a href="javascript:act()">',
        '<p\n  class="a"\n  style="color: red">',
    ],
)
def test_something_inline_is_found(fault: str) -> None:
    assert list(pages.nothing_inline(Module("templates/x.html", fault)))


@pytest.mark.parametrize(
    "sound", ['<script src="/static/x.js" defer></script>', "{# <p style='x'> #}", '<p class="style">', "online=1"]
)
def test_what_is_not_inline_is_let_be(sound: str) -> None:
    assert list(pages.nothing_inline(Module("templates/x.html", sound))) == []


def test_no_template_has_anything_inline() -> None:
    assert [fault for each in templates() if each.path.endswith(".html") for fault in pages.nothing_inline(each)] == []


@pytest.mark.parametrize("fault", ['<img src="https://cdn.example.com/x.png">', "@import url(//fonts.example.com/x.css);"])
def test_another_host_is_found(fault: str) -> None:
    assert list(pages.no_other_host(Module("static/css/x.css", fault)))


def test_no_page_asks_another_host() -> None:
    files = [*static_files(), *(each for each in templates() if not each.path.startswith("templates/emails/"))]
    assert [fault for each in files for fault in pages.no_other_host(each)] == []


def test_every_template_that_is_named_exists() -> None:
    assert [fault for each in (*modules(), *templates()) for fault in pages.named_templates_exist(each)] == []


def test_a_template_that_does_not_exist_is_found() -> None:
    assert list(pages.named_templates_exist(Module("listings/views/deals.py", 'render(request, "listings/nowhere.html")\n')))
    assert list(pages.named_templates_exist(Module("templates/x.html", '{% include "components/nowhere.html" %}')))


def test_no_template_lies_about_unused() -> None:
    in_use = pages.templates_in_use(modules())
    assert [each.path for each in templates() if each.path.removeprefix("templates/") not in in_use] == []
