"""The certificate as a document: PDF bytes from plain values."""

from trainer.accreditation.documents.certificate import render
from trainer.accreditation.documents.names import character_problem, check_name, name_problem, tidy_name
from trainer.accreditation.documents.sheet import Labels, Logo, Part, Sheet, Signatory, sheet_from
from trainer.core.pdf.archive import Attachment
from trainer.core.pdf.typeset import Unprintable

__all__ = [
    "Attachment",
    "Labels",
    "Logo",
    "Part",
    "Sheet",
    "Signatory",
    "Unprintable",
    "character_problem",
    "check_name",
    "name_problem",
    "render",
    "sheet_from",
    "tidy_name",
]
