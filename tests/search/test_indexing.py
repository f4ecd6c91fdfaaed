"""The index follows the market: what happened is found, what left is gone, and an engine that was away misses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from listings.actions.achievements import revoke_achievement
from listings.actions.deals import close_due_notice
from listings.actions.listings import withdraw_listing
from listings.demands.actions.demands import close_demand
from market.events.models import Event
from search.documents import documents, everything
from search.engines import Engine
from search.indexing import differences, follow_event, reader, rebuild
from search.query import Key, Kind
from tests.demands.builders import a_demand
from tests.listings.builders import ABSTRACT, a_listing, an_achievement, an_intent
from tests.people import Cast
from tests.search.indexes import catch_up, found, found_listings, throw_away


def test_what_is_published_is_found_and_what_is_withdrawn_is_gone(index: Engine, cast: Cast, now: datetime) -> None:
    rebuild(index)
    listing = a_listing(cast, now)
    demand = a_demand(cast, now)
    assert found_listings(index, "循环流化床") == []
    catch_up()
    assert found_listings(index, "循环流化床") == [listing.pk]
    assert found_listings(index, listing.number) == [listing.pk]
    withdraw_listing(listing, reason="不再转让", actor=cast.university_agent.actor, now=now)
    close_demand(demand, reason="已自行解决", actor=cast.enterprise_agent.actor, now=now)
    catch_up()
    assert found_listings(index, "循环流化床") == []
    assert {key.kind for key, _digest in index.digests()} == {Kind.ACHIEVEMENT, Kind.ORGANISATION}


def test_a_concluded_deal_changes_the_state_that_is_filtered_by(index: Engine, cast: Cast, now: datetime) -> None:
    rebuild(index)
    listing = a_listing(cast, now)
    an_intent(cast, listing, now, qualified=True)
    catch_up()
    notice = listing.notices.get()
    assert notice.ends_at is not None
    close_due_notice(notice, now=notice.ends_at)
    catch_up()
    assert not differences(index)
    (document,) = documents(Kind.LISTING, [listing.pk])
    assert document.state == "concluded"
    assert not document.is_running


def test_a_revoked_achievement_is_gone(index: Engine, cast: Cast, now: datetime) -> None:
    achievement = an_achievement(cast, now)
    catch_up()
    assert found(index, "循环流化床") == [achievement.pk]
    revoke_achievement(achievement, reason="登记材料不实", actor=cast.registrar.actor, now=now)
    catch_up()
    assert found(index, "循环流化床") == []


def test_nothing_private_is_in_any_document(cast: Cast, now: datetime) -> None:
    a_listing(cast, now, buyer_conditions="须为本省企业")
    a_listing(cast, now, on_notice=False, achievement=an_achievement(cast, now, title="未公开的挂牌", patents=()))
    an_achievement(cast, now, registered=False, title="尚未登记的成果", patents=())
    rows = list(everything())
    texts = " ".join(repr(document) for document in rows)
    # The reserve price, the inventors, drafts; a registered achievement may be found, a draft listing of it may not.
    assert "130000000" not in texts
    assert "明人" not in texts
    assert "未登" not in texts
    assert sorted({document.kind for document in rows}) == ["achievement", "listing", "organisation"]
    assert sum(document.kind == "listing" for document in rows) == 1


def test_rebuilding_leaves_one_index_also_after_a_failure(index: Engine, cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    catch_up()

    def failing(rows: Iterable[object]) -> Iterable[object]:
        yield next(iter(rows))
        raise RuntimeError("the machine was switched off")

    with pytest.raises(RuntimeError):
        rebuild(index, progress=failing)  # type: ignore[arg-type]
    index.settle()
    assert found_listings(index, "循环流化床") == [listing.pk]
    rebuild(index)
    index.settle()
    assert found_listings(index, "循环流化床") == [listing.pk]
    if index.name == "elasticsearch":
        names = index.client.indices.get(index=f"{index.alias}*")  # type: ignore[attr-defined]
        assert len(names) == 1


def test_an_index_that_was_lost_is_made_anew_at_the_next_event(index: Engine, cast: Cast, now: datetime) -> None:
    listing = a_listing(cast, now)
    catch_up()
    throw_away()
    if index.name == "embedded":
        rebuild(index)
    else:
        a_demand(cast, now)
        follow_event(Event.objects.filter(name="demand.published").get())
        index.settle()
    assert found_listings(index, "循环流化床") == [listing.pk]
    assert not differences(index)


def test_differences_are_found_and_mended(index: Engine, cast: Cast, now: datetime) -> None:
    rebuild(index)
    listing, demand = a_listing(cast, now), a_demand(cast, now)
    catch_up()
    index.remove([Key(Kind.DEMAND, demand.pk)])
    index.put([*documents(Kind.LISTING, [listing.pk])])
    type(listing.achievement).objects.filter(pk=listing.achievement_id).update(abstract=ABSTRACT + "补充一句。")
    index.settle()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("search_diff", check=True, stdout=out)
    assert out.getvalue().split("\n")[0] == "missing: 1"
    assert "stale: 2" in out.getvalue()
    call_command("search_diff", stdout=out)
    index.settle()
    assert not differences(index)
    call_command("search_diff", check=True, stdout=out)


def test_the_index_is_built_once_and_left_alone_when_it_is_current(index: Engine, cast: Cast, now: datetime) -> None:
    a_listing(cast, now)
    out = StringIO()
    call_command("search_rebuild", if_needed=True, stdout=out, stderr=StringIO())
    assert f"The search index ({index.name}) is built: 4 entries." in out.getvalue()
    call_command("search_rebuild", if_needed=True, stdout=out, stderr=StringIO())
    assert "is up to date" in out.getvalue()
    assert not differences(index)


def test_an_index_cut_in_another_way_is_built_anew(
    index: Engine, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_listing(cast, now)
    rebuild(index)
    assert index.is_current()
    monkeypatch.setattr("search.text.VERSION", 99)
    assert not index.is_current()
    assert len(differences(index).stale) == 4


def test_an_engine_that_does_not_answer_is_named_by_the_commands(settings: Settings, cast: Cast, now: datetime) -> None:
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="did not answer"):
        call_command("search_rebuild", stderr=StringIO())
    with pytest.raises(CommandError, match="did not answer"):
        call_command("search_diff")
    # Setting the market up goes on without it.
    said = StringIO()
    call_command("search_rebuild", if_needed=True, stderr=said)
    assert "pages ask the database" in said.getvalue()


def test_the_reader_hears_of_all_that_can_be_found() -> None:
    names = set(reader().handlers)
    assert {"listing.published", "demand.expired", "achievement.revoked"} <= names
    assert "listing.drafted" not in names
