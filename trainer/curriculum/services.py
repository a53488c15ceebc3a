"""Pinning: a course keeps the programme exactly as it stood when the course was made."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from trainer.core.clock import now
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing
from trainer.core.text import msg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import reports
from trainer.curriculum.queries.stored import version_id_of


def pin(code: str) -> ProgrammeVersion:
    """The stored version of the programme `code` as its files stand now; stored first if its hash is new.

    Who makes the course writes the audit entry, which holds the hash. Raises Missing when no programme has
    the code, Invalid when a folder of that name holds one that does not load.
    """
    found = reports()
    programme = next((one.programme for one in found if one.programme and one.programme.code == code), None)
    if programme is None:
        if any(one.problems and code in {one.path.parent.name, one.path.stem} for one in found):
            raise Invalid(
                msg("The programme %(code)s has errors: `trainer curriculum check` lists them.", code=code)
            )
        known = ", ".join(one.programme.code for one in found if one.programme) or "–"
        raise Missing(msg("There is no programme %(code)s. Known: %(known)s.", code=code, known=known))
    with transaction():
        version_id = version_id_of(programme.hash)
        if version_id is not None:
            return session.get_one(ProgrammeVersion, version_id)
        version = ProgrammeVersion(
            code=programme.code,
            version=programme.version,
            hash=programme.hash,
            content=programme.content,
            created_at=now(),
        )
        try:
            with session.begin_nested():
                session.add(version)
        except IntegrityError:  # another process stored the same hash a moment ago
            return session.scalars(
                select(ProgrammeVersion).where(ProgrammeVersion.hash == programme.hash)
            ).one()
        return version
