"""Pages of organisers, registrars and holders, and the public verification."""

from trainer.accreditation.views import (
    batches,
    book,
    certificates,
    course,
    credentials,
    faces,
    files,
    holder,
    keys,
    profile,
    public,
    registry,
    rules,
    sharing,
)
from trainer.accreditation.views.base import bp

__all__ = [
    "batches",
    "book",
    "bp",
    "certificates",
    "course",
    "credentials",
    "faces",
    "files",
    "holder",
    "keys",
    "profile",
    "public",
    "registry",
    "rules",
    "sharing",
]
