"""Storing papers, reading them back, saying when one no longer counts; slips have their own module."""

from documents.check_codes import check_address, new_check_code
from documents.services.papers import paper_response, read_paper, replace_paper, store_paper, withdraw_paper
from documents.vault import PaperDamaged

__all__ = [
    "PaperDamaged",
    "check_address",
    "new_check_code",
    "paper_response",
    "read_paper",
    "replace_paper",
    "store_paper",
    "withdraw_paper",
]
