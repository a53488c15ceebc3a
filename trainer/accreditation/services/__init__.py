"""What organisers, registrars and holders do with certificates."""

from trainer.accreditation.services.book import book_csv, book_pdf, book_xlsx
from trainer.accreditation.services.eligibility import (
    KIND,
    Batch,
    Candidate,
    eligible,
    enrolments_named,
    kinds,
    require_kind,
)
from trainer.accreditation.services.evidence import since_proposed
from trainer.accreditation.services.faces import (
    issuer_of,
    look_of,
    masked_id,
    save_face,
    wording_of,
)
from trainer.accreditation.services.issuing import issue, issue_all, issue_one, reissue
from trainer.accreditation.services.lifecycle import (
    export,
    find,
    flag_for_review,
    mark_reviewed,
    reinstate,
    revoke,
    set_withheld,
)
from trainer.accreditation.services.noting import note_look
from trainer.accreditation.services.previews import (
    Sample,
    first_kind,
    preview,
    preview_picture,
    programme_for,
    programmes_of,
    specimen,
)
from trainer.accreditation.services.profile import logo_of, save_profile
from trainer.accreditation.services.proposals import approve, propose, withdraw
from trainer.accreditation.services.renewing import Reminded, remind, renew, why_not_renewed
from trainer.accreditation.services.sharing import create_link, open_link, shared_document, withdraw_link
from trainer.accreditation.services.threads import answer, ask, write_about_all
from trainer.accreditation.services.two_people import seen_by_issuer, why_not_again
from trainer.accreditation.services.university_rules import save_rules
from trainer.accreditation.services.verifying import (
    LARGEST_FILE,
    verify,
    verify_file,
    verify_known,
    verify_known_file,
)

__all__ = [
    "KIND",
    "LARGEST_FILE",
    "Batch",
    "Candidate",
    "Reminded",
    "Sample",
    "answer",
    "approve",
    "ask",
    "book_csv",
    "book_pdf",
    "book_xlsx",
    "create_link",
    "eligible",
    "enrolments_named",
    "export",
    "find",
    "first_kind",
    "flag_for_review",
    "issue",
    "issue_all",
    "issue_one",
    "issuer_of",
    "kinds",
    "logo_of",
    "look_of",
    "mark_reviewed",
    "masked_id",
    "note_look",
    "open_link",
    "preview",
    "preview_picture",
    "programme_for",
    "programmes_of",
    "propose",
    "reinstate",
    "reissue",
    "remind",
    "renew",
    "require_kind",
    "revoke",
    "save_face",
    "save_profile",
    "save_rules",
    "seen_by_issuer",
    "set_withheld",
    "shared_document",
    "since_proposed",
    "specimen",
    "verify",
    "verify_file",
    "verify_known",
    "verify_known_file",
    "why_not_again",
    "why_not_renewed",
    "withdraw",
    "withdraw_link",
    "wording_of",
    "write_about_all",
]
