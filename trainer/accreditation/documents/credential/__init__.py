"""Open Badges 3.0 credentials: bytes from plain values, without the network."""

from trainer.accreditation.documents.credential.badge import Place, achievement_id, badge, moment
from trainer.accreditation.documents.credential.identity import CredentialKit, did_document, did_web
from trainer.accreditation.documents.credential.multibase import multikey, public_key_of
from trainer.accreditation.documents.credential.picture import bake, picture
from trainer.accreditation.documents.credential.proof import Checked, check, signed
from trainer.accreditation.documents.credential.quads import UnknownTerm, canonical
from trainer.accreditation.documents.credential.status import bit, encoded_list, index_of, status_document

__all__ = [
    "Checked",
    "CredentialKit",
    "Place",
    "UnknownTerm",
    "achievement_id",
    "badge",
    "bake",
    "bit",
    "canonical",
    "check",
    "did_document",
    "did_web",
    "encoded_list",
    "index_of",
    "moment",
    "multikey",
    "picture",
    "public_key_of",
    "signed",
    "status_document",
]
