"""Shape of what is typed about pledges, one module a subject."""

from pledges.forms.signing import (
    LEGACY,
    LOST_DIGEST,
    WARNING,
    ConfirmForm,
    ReturnForm,
    SeenForm,
    SignForm,
    TextField,
)
from pledges.forms.withdrawing import (
    AdditionForm,
    DeclineForm,
    ProvedStepForm,
    RenewalForm,
    WithdrawForm,
)

__all__ = [
    "LEGACY",
    "LOST_DIGEST",
    "WARNING",
    "AdditionForm",
    "ConfirmForm",
    "DeclineForm",
    "ProvedStepForm",
    "RenewalForm",
    "ReturnForm",
    "SeenForm",
    "SignForm",
    "TextField",
    "WithdrawForm",
]
