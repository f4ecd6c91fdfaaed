"""The demands and proposals of a world, in the states that their routes ask for."""

from __future__ import annotations

from datetime import datetime

from listings.demands.actions.demands import close_demand
from listings.demands.actions.proposals import ask_question, decline_proposal, withdraw_proposal
from tests.demands.builders import a_confidential_demand, a_demand, a_proposal
from tests.people import Cast


def demands_of(cast: Cast, now: datetime, *, canary: str) -> dict[str, dict[str, object]]:
    """By the object's name, what fills the holes of an address with it. The canary stands in what competitors must not see."""
    enterprise, university = cast.enterprise_agent.actor, cast.university_agent.actor
    found: dict[str, dict[str, object]] = {
        "demand": {"number": a_demand(cast, now).number},
        "draft_demand": {"number": a_demand(cast, now, published=False, title=f"{canary} draft").number},
        "protected_demand": {"number": a_confidential_demand(cast, now, details=f"{canary} 运行数据").number},
    }
    for name, published in (("closed_demand", True), ("closed_draft", False)):
        closed = close_demand(a_demand(cast, now, published=published), reason="已自行解决", actor=enterprise, now=now)
        found[name] = {"number": closed.number}
    said: dict[str, object] = {
        "approach": f"{canary} 分级布风与床温协同控制，先做冷态试验，再改造布风板和返料系统，最后联调考核。"
    }
    for state in ("draft", "submitted", "shortlisted"):
        name = "proposal" if state == "submitted" else f"{state}_proposal"
        found[name] = {"key": a_proposal(cast, a_demand(cast, now), now, state=state, **said).key}
    declined = a_proposal(cast, a_demand(cast, now), now, **said)
    question = ask_question(a_proposal(cast, a_demand(cast, now), now), text=f"{canary} 工期？", actor=enterprise, now=now)
    withdrawn = a_proposal(cast, a_demand(cast, now), now, **said)
    return found | {
        "declined_proposal": {"key": decline_proposal(declined, reason="路线不符", actor=enterprise, now=now).key},
        "withdrawn_proposal": {"key": withdraw_proposal(withdrawn, actor=university, now=now).key},
        "question": {"key": question.key},
    }
