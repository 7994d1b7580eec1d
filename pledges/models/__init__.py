"""What each official promises, and who countersigned it (clause IV.4)."""

from pledges.models.drives import Drive, Reminding
from pledges.models.onpaper import BlankForm, ListedPerson, Scan, SignedList
from pledges.models.orders import BookJob, BulkConfirmation, BulkItem, PaperJob
from pledges.models.pledge import EarlierRecord, Pledge, Refusal, Signature
from pledges.models.reviews import Remark, ReviewTerm, SelfReview, SentReview
from pledges.models.signedfiles import SignedFile, SigningDraft
from pledges.models.texts import PledgeText, UnitAddition

__all__ = [
    "BlankForm",
    "BookJob",
    "BulkConfirmation",
    "BulkItem",
    "Drive",
    "EarlierRecord",
    "ListedPerson",
    "PaperJob",
    "Pledge",
    "PledgeText",
    "Refusal",
    "Remark",
    "Reminding",
    "ReviewTerm",
    "Scan",
    "SelfReview",
    "SentReview",
    "Signature",
    "SignedFile",
    "SignedList",
    "SigningDraft",
    "UnitAddition",
]
