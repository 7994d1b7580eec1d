"""Forms about people and units. Text is brought to NFC at the boundary (rule R34)."""

from units.forms.accounts import ActivationForm, LoginForm, PasswordChangeForm
from units.forms.people import PersonForm
from units.forms.units import DutiesForm, UnitDayForm, UnitSearchForm

__all__ = [
    "ActivationForm",
    "DutiesForm",
    "LoginForm",
    "PasswordChangeForm",
    "PersonForm",
    "UnitDayForm",
    "UnitSearchForm",
]
