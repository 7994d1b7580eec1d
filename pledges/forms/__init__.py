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

__all__ = [
    "LEGACY",
    "LOST_DIGEST",
    "WARNING",
    "ConfirmForm",
    "ReturnForm",
    "SeenForm",
    "SignForm",
    "TextField",
]
