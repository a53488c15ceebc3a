"""Tables of the university's side: its face and keys, proposals, serials, certificates and their history."""

from trainer.accreditation.models.certificate import (
    Certificate,
    CertificateEvent,
    CertificateLook,
    Reservation,
    SerialCounter,
    ShareLink,
)
from trainer.accreditation.models.proposal import IssueBatch, IssueBatchMember, Proposal, ProposalMessage
from trainer.accreditation.models.university import ProgrammeFace, SigningKey, UniversityProfile

__all__ = [
    "Certificate",
    "CertificateEvent",
    "CertificateLook",
    "IssueBatch",
    "IssueBatchMember",
    "ProgrammeFace",
    "Proposal",
    "ProposalMessage",
    "Reservation",
    "SerialCounter",
    "ShareLink",
    "SigningKey",
    "UniversityProfile",
]
