"""Which experts were asked about an application, what did they say, and who must not be asked?"""

from __future__ import annotations

from contracts.form_kinds import Verdict
from contracts.models import Application, Shareholder, TechnologyContract
from contracts.queries.radar import people_of
from contracts.rule_sets import rule_sets
from contracts.rules.deciding import Hearing, away_span
from contracts.states import ApplicationState
from market.values.dates import Span, day_of


def hearing_of(application: Application) -> Hearing:
    """What the rules look at. What came back from its applicant too late is refused without experts."""
    opinions = list(application.opinions.all())
    awaited = [opinion.due_on for opinion in opinions if opinion.given_at is None]
    declined = [opinion for opinion in opinions if opinion.verdict == Verdict.DECLINED]
    return Hearing(
        is_required=application.needs_experts and application.state != ApplicationState.RETURNED,
        heard=len(opinions) - len(awaited) - len(declined),
        awaited_until=max(awaited, default=None),
    )


def spans_with_experts(application: Application) -> list[Span]:
    """The days on which experts had it, each until the opinion came or was due; none where the rule set counts them."""
    if not rule_sets()[application.rule_set].stands_still_for_experts:
        return []
    spans = []
    for opinion in application.opinions.all():
        # One that comes late, or never, stops the clock no longer than its time.
        end = min(day_of(opinion.given_at), opinion.due_on) if opinion.given_at else opinion.due_on
        spans.append(away_span(day_of(opinion.asked_at), end))
    return [span for span in spans if span is not None]


def people_concerned(application: Application) -> tuple[set[str], set[str]]:
    """The people and the parties by name: whoever stands among them is no expert for this application."""
    contract = application.contract
    parties = list(contract.parties.all())
    people = {party.representative for party in parties if party.representative}
    people |= {party.name for party in parties}
    if contract.deal is not None and contract.deal.listing is not None:
        people |= set(contract.deal.listing.achievement.inventors.values_list("name", flat=True))
    people |= {shareholder.name for shareholder in shareholders_of_parties(contract)}
    people |= set(people_of(contract.side_ids))
    return people, {party.name for party in parties}


def shareholders_of_parties(contract: TechnologyContract) -> list[Shareholder]:
    """Who holds shares of the parties, as far as it was entered from the register of companies."""
    return list(Shareholder.objects.filter(code__in=[party.code for party in contract.parties.all() if party.code]))
