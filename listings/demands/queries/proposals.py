"""What does a proposal say, and what waits to be answered?"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import QuerySet

from listings.demands.models.proposals import Proposal
from listings.demands.rules.proposals import ProposalEntry, TeamMember
from listings.models.achievements import Achievement
from listings.states.achievements import AchievementState


def entry_of(proposal: Proposal) -> ProposalEntry:
    """The proposal as it would be typed."""
    return ProposalEntry(
        approach=proposal.approach,
        price=proposal.price,
        months=proposal.months,
        promises=proposal.promised,
        team=tuple(TeamMember(**member) for member in proposal.team),
        achievements=tuple(proposal.achievements.values_list("pk", flat=True)),
        documents=tuple(proposal.documents.values_list("pk", flat=True)),
    )


def digest_of(proposal: Proposal) -> str:
    """The fingerprint of all that the proposal says, its files by their own fingerprints."""
    said: dict[str, Any] = {
        "approach": proposal.approach,
        "promises": proposal.promises,
        "team": proposal.team,
        "price_fen": proposal.price_fen,
        "months": proposal.months,
        "achievements": sorted(proposal.achievements.values_list("key", flat=True)),
        "documents": sorted(proposal.documents.values_list("sha256", flat=True)),
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def achievements_to_refer_to(organisation_id: int) -> QuerySet[Achievement]:
    """The registered ones of the proposer's own."""
    return Achievement.objects.filter(organisation_id=organisation_id, state=AchievementState.REGISTERED).order_by("title")
