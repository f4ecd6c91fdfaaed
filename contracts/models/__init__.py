"""What was contracted, what was applied for, and what is registered? One module per subject."""

from contracts.models.applications import Appeal, Application, Flag, Opinion, Reading
from contracts.models.contracts import Agreement, ContractParty, TechnologyContract
from contracts.models.registrations import Change, Registration
from contracts.models.shareholders import Shareholder
from contracts.models.sheets import Sheet

__all__ = [
    "Agreement",
    "Appeal",
    "Application",
    "Change",
    "ContractParty",
    "Flag",
    "Opinion",
    "Reading",
    "Registration",
    "Shareholder",
    "Sheet",
    "TechnologyContract",
]
