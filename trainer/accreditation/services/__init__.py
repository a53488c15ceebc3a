"""What organisers, registrars and holders do with certificates."""

from trainer.accreditation.services.eligibility import (
    KIND,
    Batch,
    Candidate,
    eligible,
    enrolments_named,
    issuing_gate,
    kinds,
)
from trainer.accreditation.services.issuing import issue, issue_one, reissue
from trainer.accreditation.services.lifecycle import (
    export,
    find,
    flag_for_review,
    mark_reviewed,
    reinstate,
    revoke,
    set_withheld,
)
from trainer.accreditation.services.profile import logo_of, preview, save_profile
from trainer.accreditation.services.proposals import answer, approve, ask, propose, withdraw
from trainer.accreditation.services.verifying import verify, verify_file

__all__ = [
    "KIND",
    "Batch",
    "Candidate",
    "answer",
    "approve",
    "ask",
    "eligible",
    "enrolments_named",
    "export",
    "find",
    "flag_for_review",
    "issue",
    "issue_one",
    "issuing_gate",
    "kinds",
    "logo_of",
    "mark_reviewed",
    "preview",
    "propose",
    "reinstate",
    "reissue",
    "revoke",
    "save_profile",
    "set_withheld",
    "verify",
    "verify_file",
    "withdraw",
]
