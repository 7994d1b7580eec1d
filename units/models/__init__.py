"""Who: units through time, people, posts and who holds them. Periods are half-open, [since, until)."""

from units.models.account import ActivationCode, FactorReset
from units.models.employment import Absence, Category, ContractKind, Cutoff, Employment, FrozenCount
from units.models.person import User
from units.models.post import Appointment, Post
from units.models.reorganisation import Reorganisation, Succession
from units.models.rosterfile import ColumnMap, RosterApply, RosterCheck, RosterFault, RosterRow, RosterUpload
from units.models.unit import BaseUnion, KindName, Placement, ProfessionalLine, Unit

__all__ = [
    "Absence",
    "ActivationCode",
    "Appointment",
    "BaseUnion",
    "Category",
    "ColumnMap",
    "ContractKind",
    "Cutoff",
    "Employment",
    "FactorReset",
    "FrozenCount",
    "KindName",
    "Placement",
    "Post",
    "ProfessionalLine",
    "Reorganisation",
    "RosterApply",
    "RosterCheck",
    "RosterFault",
    "RosterRow",
    "RosterUpload",
    "Succession",
    "Unit",
    "User",
]
