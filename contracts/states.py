"""The life of a technology contract, of an application for recognition, and of a registration."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from market.values.machine import Machine, Move


class ContractState(TextChoices):
    DRAFT = "draft", pgettext_lazy("contract state", "Draft")
    HALF_AGREED = "half_agreed", pgettext_lazy("contract state", "Agreed by one side")
    AGREED = "agreed", pgettext_lazy("contract state", "Agreed by both sides")


class ContractEvent(TextChoices):
    CHANGE = "change", pgettext_lazy("contract event", "Change the terms")
    AGREE = "agree", pgettext_lazy("contract event", "Agree")
    DECLARE = "declare", pgettext_lazy("contract event", "Declare as signed outside the market")


S, E = ContractState, ContractEvent

CONTRACT = Machine(
    "contract",
    S.DRAFT,
    final={S.AGREED},
    moves=[
        Move(S.DRAFT, E.CHANGE, S.DRAFT, by="party"),
        # Whoever changes a term asks the other side anew.
        Move(S.HALF_AGREED, E.CHANGE, S.DRAFT, by="party"),
        Move(S.DRAFT, E.AGREE, S.HALF_AGREED, by="party"),
        Move(S.HALF_AGREED, E.AGREE, S.AGREED, by="other_party"),
        # A contract made outside the market was signed on paper: its applicant declares it.
        Move(S.DRAFT, E.DECLARE, S.AGREED, by="applicant"),
    ],
)


class SheetState(TextChoices):
    OPEN = "open", pgettext_lazy("sheet state", "Being filled in")
    SUBMITTED = "submitted", pgettext_lazy("sheet state", "Submitted")
    DISCARDED = "discarded", pgettext_lazy("sheet state", "Discarded")


class SheetEvent(TextChoices):
    SAVE = "save", pgettext_lazy("sheet event", "Save")
    SUBMIT = "submit", pgettext_lazy("sheet event", "Submit")
    REOPEN = "reopen", pgettext_lazy("sheet event", "Open again to correct")
    DISCARD = "discard", pgettext_lazy("sheet event", "Discard")


SHEET = Machine(
    "sheet",
    SheetState.OPEN,
    final={SheetState.DISCARDED},
    moves=[
        Move(SheetState.OPEN, SheetEvent.SAVE, SheetState.OPEN, by="applicant"),
        Move(SheetState.OPEN, SheetEvent.SUBMIT, SheetState.SUBMITTED, by="applicant"),
        Move(SheetState.OPEN, SheetEvent.DISCARD, SheetState.DISCARDED, by="applicant"),
        Move(SheetState.SUBMITTED, SheetEvent.REOPEN, SheetState.OPEN, by="applicant"),
    ],
)


class ApplicationState(TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("application state", "Under examination")
    EXAMINED = "examined", pgettext_lazy("application state", "Examined, for a second registrar")
    RETURNED = "returned", pgettext_lazy("application state", "Returned for correction")
    RECOGNISED = "recognised", pgettext_lazy("application state", "Recognised")
    REFUSED = "refused", pgettext_lazy("application state", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("application state", "Withdrawn")
    APPEALED = "appealed", pgettext_lazy("application state", "Appealed against")
    UPHELD = "upheld", pgettext_lazy("application state", "Refusal upheld")


class ApplicationEvent(TextChoices):
    ASSIGN = "assign", pgettext_lazy("application event", "Assign")
    PROPOSE = "propose", pgettext_lazy("application event", "Propose the decision to a second registrar")
    SEND_BACK = "send_back", pgettext_lazy("application event", "Send back to examination")
    RETURN = "return", pgettext_lazy("application event", "Return for correction")
    RESUBMIT = "resubmit", pgettext_lazy("application event", "Submit the correction")
    RECOGNISE = "recognise", pgettext_lazy("application event", "Recognise and register")
    REFUSE = "refuse", pgettext_lazy("application event", "Refuse")
    WITHDRAW = "withdraw", pgettext_lazy("application event", "Withdraw")
    APPEAL = "appeal", pgettext_lazy("application event", "Appeal against the refusal")
    UPHOLD = "uphold", pgettext_lazy("application event", "Uphold the refusal")
    REOPEN = "reopen", pgettext_lazy("application event", "Examine again")


A, V = ApplicationState, ApplicationEvent

APPLICATION = Machine(
    "application",
    A.SUBMITTED,
    final={A.RECOGNISED, A.WITHDRAWN, A.UPHELD},
    moves=[
        Move(A.SUBMITTED, V.ASSIGN, A.SUBMITTED, by="registrar"),
        Move(A.SUBMITTED, V.RETURN, A.RETURNED, by="registrar"),
        Move(A.RETURNED, V.RESUBMIT, A.SUBMITTED, by="seller"),
        Move(A.SUBMITTED, V.PROPOSE, A.EXAMINED, by="registrar"),
        Move(A.EXAMINED, V.SEND_BACK, A.SUBMITTED, by="second_registrar"),
        Move(A.EXAMINED, V.RECOGNISE, A.RECOGNISED, by="second_registrar"),
        Move(A.EXAMINED, V.REFUSE, A.REFUSED, by="second_registrar"),
        # Below the amount from which two decide.
        Move(A.SUBMITTED, V.RECOGNISE, A.RECOGNISED, by="registrar"),
        Move(A.SUBMITTED, V.REFUSE, A.REFUSED, by="registrar"),
        Move(A.RETURNED, V.REFUSE, A.REFUSED, by="registrar"),
        Move(A.SUBMITTED, V.WITHDRAW, A.WITHDRAWN, by="seller"),
        Move(A.EXAMINED, V.WITHDRAW, A.WITHDRAWN, by="seller"),
        Move(A.RETURNED, V.WITHDRAW, A.WITHDRAWN, by="seller"),
        Move(A.REFUSED, V.APPEAL, A.APPEALED, by="seller"),
        Move(A.APPEALED, V.UPHOLD, A.UPHELD, by="supervisor"),
        Move(A.APPEALED, V.REOPEN, A.SUBMITTED, by="supervisor"),
    ],
)
OPEN_APPLICATION = (A.SUBMITTED, A.EXAMINED, A.RETURNED, A.APPEALED)
# Those on which the registry's clock runs.
WAITING_APPLICATION = (A.SUBMITTED, A.EXAMINED)


class RegistrationState(TextChoices):
    IN_FORCE = "in_force", pgettext_lazy("registration state", "In force")
    CANCELLED = "cancelled", pgettext_lazy("registration state", "Cancelled")
    REVOKED = "revoked", pgettext_lazy("registration state", "Revoked")


class RegistrationEvent(TextChoices):
    CHANGE = "change", pgettext_lazy("registration event", "Enter a change")
    CANCEL = "cancel", pgettext_lazy("registration event", "Cancel: the contract has ended")
    REVOKE = "revoke", pgettext_lazy("registration event", "Revoke")


REGISTRATION = Machine(
    "registration",
    RegistrationState.IN_FORCE,
    final={RegistrationState.CANCELLED, RegistrationState.REVOKED},
    moves=[
        Move(RegistrationState.IN_FORCE, RegistrationEvent.CHANGE, RegistrationState.IN_FORCE, by="registrar"),
        Move(RegistrationState.IN_FORCE, RegistrationEvent.CANCEL, RegistrationState.CANCELLED, by="registrar"),
        Move(RegistrationState.IN_FORCE, RegistrationEvent.REVOKE, RegistrationState.REVOKED, by="registrar"),
    ],
)


class ChangeState(TextChoices):
    REQUESTED = "requested", pgettext_lazy("state of a change", "Requested")
    ENTERED = "entered", pgettext_lazy("state of a change", "Entered")
    DECLINED = "declined", pgettext_lazy("state of a change", "Declined")


class ChangeEvent(TextChoices):
    ENTER = "enter", pgettext_lazy("event of a change", "Enter the change")
    DECLINE = "decline", pgettext_lazy("event of a change", "Decline the change")


CHANGE = Machine(
    "change",
    ChangeState.REQUESTED,
    final={ChangeState.ENTERED, ChangeState.DECLINED},
    moves=[
        Move(ChangeState.REQUESTED, ChangeEvent.ENTER, ChangeState.ENTERED, by="registrar"),
        Move(ChangeState.REQUESTED, ChangeEvent.DECLINE, ChangeState.DECLINED, by="registrar"),
    ],
)
