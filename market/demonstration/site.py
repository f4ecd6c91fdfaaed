"""The portal's pages and the city's plan of the demonstration; what editors and officials changed stays."""

from __future__ import annotations

from datetime import datetime

from market.demonstration.sample import sample
from market.oversight.actions import load_plan
from market.oversight.plans import plan_terms
from market.portal.actions import build_site
from market.portal.texts import site_texts
from market.values.actor import Actor


def build_pages_and_plan(*, actor: Actor, now: datetime) -> None:
    """The plan with its indicators and the page tree in both languages stand; nothing happens when they do already."""
    load_plan(plan_terms(sample("plan"), sample("indicators")), actor=actor, now=now)
    build_site(site_texts(sample("pages"), sample("sections")))
