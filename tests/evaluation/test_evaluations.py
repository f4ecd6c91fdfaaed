"""A year's evaluation: computed from the market, contested, published, certified, compared and taken out as a file."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from brokers.evaluation.actions import (
    answer_comment,
    comment_on_result,
    count_evaluation,
    draft_evaluation,
    publish_evaluation,
)
from brokers.evaluation.certificate import result_certificate
from brokers.evaluation.export import result_rows
from brokers.evaluation.queries import computed_figures, results_of, year_of, years_of
from market.spreadsheets import csv_lines, workbook_parts
from market.values.dates import day_of
from market.values.refusal import Forbidden
from tests.brokers.builders import a_broker
from tests.credit.builders import a_brokered_deal, a_review, read_log
from tests.evaluation.builders import AFTER_COMMENTS, a_comment, a_figure, an_evaluation, own_result
from tests.people import Cast, Member, an_organisation
from tests.refused import refused_with

pytestmark = pytest.mark.django_db


def test_the_figures_are_those_of_the_market(cast: Cast, now: datetime) -> None:
    deal = a_brokered_deal(cast, now)
    a_review(cast, now, deal=deal)
    read_log(now)
    later = now + timedelta(days=90)
    figures = computed_figures(cast.institution, year_of(now.year, today=day_of(later)))
    price = Decimal(deal.price_fen) / 100
    assert figures["brokers"] == figures["senior_brokers"] == figures["deals"] == figures["mandates"] == 1
    assert figures["signed_value"] == figures["received_value"] == figures["used_value"] == price
    assert figures["firms_served"] == 2
    assert figures["in_time"] == 100
    assert 4 < figures["satisfaction"] <= 5
    assert 70 < figures["credit"] < 100
    assert figures["recognised_per_broker"] == 0
    before = computed_figures(cast.institution, year_of(now.year - 1, today=day_of(later)))
    assert {code: value for code, value in before.items() if value} == {}


def test_what_was_only_signed_is_not_realised(cast: Cast, now: datetime) -> None:
    deal = a_brokered_deal(cast, now, finished=False)
    from tests.contracts.builders import a_contract

    a_contract(cast, now + timedelta(days=40), deal=deal)
    figures = computed_figures(cast.institution, year_of(now.year, today=day_of(now + timedelta(days=90))))
    assert figures["signed_value"] > 0
    assert figures["received_value"] == figures["used_value"] == 0


def test_deals_of_the_own_house_are_none(cast: Cast, now: datetime) -> None:
    from market.values.actor import Role
    from tests.people import a_member

    a_member(cast.broker.person.email, cast.enterprise, Role.AGENT)
    a_brokered_deal(cast, now)
    read_log(now)
    figures = computed_figures(cast.institution, year_of(now.year, today=day_of(now + timedelta(days=90))))
    assert figures["deals"] == figures["signed_value"] == 0


def test_a_year_is_drafted_commented_on_and_published(cast: Cast, now: datetime) -> None:
    a_broker(cast, now)
    evaluation = an_evaluation(cast, now, state="comments")
    comment = a_comment(cast, now, evaluation=evaluation)
    late = now + AFTER_COMMENTS
    with refused_with("evaluation.comments_open"):
        publish_evaluation(evaluation, actor=cast.supervisor.actor, now=late)
    before = own_result(cast, evaluation).points
    a_figure(cast, own_result(cast, evaluation), now)
    answer_comment(comment, answer="已补计。", actor=cast.supervisor.actor, now=now)
    result = own_result(cast, evaluation)
    assert result.points - before == Decimal("3.60")
    published = publish_evaluation(evaluation, actor=cast.supervisor.actor, now=late)
    assert published.state == "published"
    with refused_with("evaluation.no_comments_now"):
        comment_on_result(result, text="有误", evidence=[], actor=cast.broker.actor, now=late)


def test_figures_entered_by_hand_survive_computing_again(cast: Cast, now: datetime) -> None:
    evaluation = an_evaluation(cast, now)
    a_figure(cast, own_result(cast, evaluation), now)
    a_broker(cast, now)
    count_evaluation(evaluation, actor=cast.supervisor.actor, now=now + timedelta(days=1))
    figures = dict(own_result(cast, evaluation).figures.values_list("indicator", "value"))
    assert (figures["training"], figures["brokers"]) == (120, 1)


def test_places_count_among_all_institutions(cast: Cast, now: datetime) -> None:
    an_organisation("另一机构", "broker_institution", 77000001)
    a_broker(cast, now)
    evaluation = an_evaluation(cast, now)
    assert [(result.institution.name, result.place) for result in results_of(evaluation)] == [
        (cast.institution.name, 1),
        ("另一机构", 2),
    ]


def test_only_officials_draft_and_only_the_institution_comments(cast: Cast, now: datetime) -> None:
    with refused_with("accounts.officials_only", Forbidden):
        draft_evaluation(now.year, actor=cast.broker.actor, now=now)
    result = own_result(cast, an_evaluation(cast, now, state="comments"))
    with refused_with("evaluation.institution_only", Forbidden):
        comment_on_result(result, text="有误", evidence=[], actor=cast.rival_agent.actor, now=now)


def test_years_are_compared(cast: Cast, now: datetime) -> None:
    for year in (now.year - 1, now.year):
        an_evaluation(cast, now, year=year, state="comments")
    bars = years_of(cast.institution, with_drafts=False)
    assert [bar.result.evaluation.year for bar in bars] == [now.year - 1, now.year]
    assert all(bar.y + bar.height == 100 for bar in bars)


def test_the_results_are_a_file_in_both_forms(cast: Cast, now: datetime) -> None:
    evaluation = an_evaluation(cast, now)
    rows = results_of(evaluation).prefetch_related("figures")
    with override("zh-hans"):
        lines = "".join(csv_lines(result_rows(evaluation, rows))).splitlines()
        book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook_parts("2026", result_rows(evaluation, rows)))))
    assert lines[0].startswith("\ufeff名次,")
    assert cast.institution.name in lines[1]
    cells = [[cell.value for cell in row] for row in book[str(evaluation.year)].iter_rows()]
    assert len(cells) == len(lines)
    assert cells[1][1] == cast.institution.name
    assert len(cells[0]) == 4 + 2 * len(evaluation.rules.indicators)


def test_a_published_result_has_a_signed_certificate(cast: Cast, now: datetime) -> None:
    result = own_result(cast, an_evaluation(cast, now, state="published"))
    content = result_certificate(result, now=now)
    assert content.startswith(b"%PDF-")
    assert b"/ByteRange" in content


def test_a_draft_is_nothing_for_the_public(cast: Cast, now: datetime, sign_in: Callable[[Member], Client]) -> None:
    evaluation = an_evaluation(cast, now)
    result = own_result(cast, evaluation)
    pages = [evaluation.get_absolute_url(), result.get_absolute_url()]
    assert {Client().get(page).status_code for page in pages} == {404}
    assert {sign_in(cast.supervisor).get(page).status_code for page in pages} == {200}
    certificate = reverse("evaluation:result_certificate", args=[evaluation.year, result.key])
    assert sign_in(cast.supervisor).get(certificate).status_code == 404
