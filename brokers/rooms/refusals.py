"""The sentences of refusals about deal rooms."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "rooms.not_in_force": _("A deal room is opened for a mandate in force."),
    "rooms.room_exists": _("This mandate has its deal room already."),
    "rooms.closed": _("This deal room is closed: it can be read, and nothing more is written in it."),
    "rooms.mandate_only": _("Only the principal and the broker can do this."),
    "rooms.side_stays": _("The principal and the broker stay in the room until it is closed."),
    "rooms.invited_only": _("Only whoever was invited can answer."),
    "rooms.owner_only": _("Only those who have the task can do this."),
    "rooms.convener_only": _("Only the side that arranged the meeting can change it."),
    "rooms.others_paper": _("Only the side that put the document in says to whom it is open."),
    "rooms.partner_is_side": _("This organisation is a side of the matter; only third parties are invited for one task."),
    "rooms.no_provider": _("Only service providers and technology transfer institutions are invited for a task."),
    "rooms.invited_before": _("This organisation is invited for this task already."),
    "rooms.counterparty_there": _("There is a counterparty in this room already."),
    "rooms.no_counterparty": _(
        "A counterparty is the seller of the listing, the other side of the deal, or somebody whom the broker introduced."
    ),
    "rooms.not_of_circle": _("Only those who see the task can have it, and the papers in it."),
    "rooms.due_over": _("The due day must not lie in the past."),
    "rooms.own_due_day": _("Whoever has the task cannot put it off; ask the other side to set a later day."),
    "rooms.text_missing": _("Please write something."),
    "rooms.evidence_missing": _("Please attach or tick the document that shows it."),
    "rooms.meeting_past": _("The meeting must begin later than now."),
    "rooms.meeting_length": _("The meeting must end after it begins, and within a day."),
}
