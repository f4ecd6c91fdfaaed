"""What does the page of a rule set show: its rules, each with the figure that officials set for it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.kinds import ContractKind
from contracts.queries.applications import policy_or_none
from contracts.rule_sets import RuleSet, RuleText
from market.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule; the policy row that counts for it, and the words of provinces that have their own."""

    text: RuleText
    policy: Policy | None
    overrides: tuple[RuleText, ...]


@dataclass(frozen=True, slots=True)
class RuleSetPage:
    """One rule set: its rules, the tests of each kind, and the grounds of refusal."""

    rule_set: RuleSet
    rules: list[RuleRow]
    tests: list[tuple[str, tuple[RuleText, ...]]]
    unconfirmed: int


def rule_set_page(rule_set: RuleSet, *, today: date) -> RuleSetPage:
    """The rule set as of today; a past one with the figures of its last day."""
    day = min(today, rule_set.applies_until) if rule_set.applies_until else max(today, rule_set.applies_from)
    everything = (*rule_set.rules, *rule_set.tests, *rule_set.refusals)
    return RuleSetPage(
        rule_set=rule_set,
        rules=[
            RuleRow(
                text=text,
                policy=policy_or_none(text.policy, day, scope=rule_set.id) if text.policy else None,
                overrides=tuple(it for it in rule_set.overrides if it.id == text.id),
            )
            for text in rule_set.rules
        ],
        tests=[(str(kind.label), rule_set.tests_of(kind)) for kind in ContractKind],
        unconfirmed=sum(not text.is_confirmed for text in everything),
    )
