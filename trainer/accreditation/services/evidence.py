"""Evidence packs: made when a proposal is, and set beside what holds today when somebody reads it later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from trainer.accreditation.queries import ProposalRow
from trainer.accreditation.rules.changes import Changes, changes
from trainer.accreditation.rules.eligibility import Pack, evidence_pack
from trainer.accreditation.services.eligibility import Candidate, eligible
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.i18n import LANGUAGES, in_language, say
from trainer.core.text import Text
from trainer.curriculum.queries import programme_of


def in_every_language(text: Text) -> dict[str, str]:
    """The words of a Text in every language of the product, for what is frozen."""
    said = {}
    for code in LANGUAGES:
        with in_language(code):
            said[code] = say(text)
    return said


def pack_of(course: Course, kind: str, one: Candidate, moment: datetime) -> Pack:
    """The evidence for one person's document of a kind as it stands at a moment."""
    return evidence_pack(
        kind=kind,
        course_code=course.code,
        enrolment_id=one.enrolment_id,
        programme=programme_of(course.programme_version_id),
        gates=one.gates,
        at=moment.isoformat(timespec="seconds"),
        words=in_every_language,
        attendance=one.attended.document() if one.attended else None,
    )


@dataclass(frozen=True)
class Since:
    """What speaks against a proposal today, and everything that has changed since it was made."""

    against: tuple[Text, ...] = ()
    changes: Changes = field(default_factory=Changes)


def since_proposed(proposal: ProposalRow) -> Since:
    """Sets a proposal's frozen evidence beside what holds today; nothing for somebody who is gone."""
    today = eligible(proposal.course, proposal.kind, [proposal.enrolment_id])
    if not today:
        return Since()
    pack = pack_of(proposal.course, proposal.kind, today[0], clock.now())
    return Since(today[0].reasons, changes(proposal.evidence, pack.document))
