"""The attestation of attendance: for who is on the course and not accredited. It says how much was attended
and nothing of what was missed: no absences, no share, no credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.curriculum.rules import CertificateWording
from trainer.gates.rules import GateResult, Requirement, Status

ATTENDED = "attended"
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Attended:
    """One person's attendance, as it would be attested today.

    attended_minutes: whole minutes in the room, over the held sessions; what the programme credits without
    that (an excused absence, say) is no attendance. sessions: held sessions with any of them.
    """

    attended_minutes: int = 0
    credited_minutes: int = 0
    sessions: int = 0
    left: bool = False
    course_over: bool = False

    def document(self) -> dict[str, int]:
        """What of it is frozen in the evidence pack."""
        return {
            "attended_minutes": self.attended_minutes,
            "credited_minutes": self.credited_minutes,
            "sessions": self.sessions,
        }


def attestation(wording: CertificateWording, facts: Attended) -> GateResult:
    """The decision whether attendance can be attested, in the form of a gate: the person attended, and has
    left the course or it has ended. (That nothing better is on its way is decided in `decide`.)"""
    some = facts.attended_minutes > 0
    over = facts.left or facts.course_over
    requirements = (
        Requirement(
            ATTENDED,
            Status.MET if some else Status.NOT_YET,
            str(facts.attended_minutes),
            "1",
            _attended(facts) if some else msg("No attendance is recorded yet."),
            key=ATTENDED,
        ),
        Requirement(
            ENDED,
            Status.MET if over else Status.NOT_YET,
            "1" if over else "0",
            "1",
            _ended(facts),
            key=ENDED,
        ),
    )
    met = some and over
    return GateResult(
        wording.kind,
        Status.MET if met else Status.NOT_YET,
        requirements,
        issues=wording.kind,
        title=wording.title,
        explanation=requirements[0].explanation if met else None,
    )


def _attended(facts: Attended) -> Text:
    return nmsg(
        "%(time)s attended, in %(num)d session.",
        "%(time)s attended, in %(num)d sessions.",
        facts.sessions,
        time=minutes_text(facts.attended_minutes),
    )


def _ended(facts: Attended) -> Text:
    if facts.left:
        return msg("The person has left the course.")
    if facts.course_over:
        return msg("The course has ended.")
    return msg("The course goes on: attendance is attested when it has ended, or when somebody leaves it.")


def attended_minutes(evidence: Mapping[str, Any]) -> int | None:
    """The whole minutes that an evidence pack attests; None for a pack of another kind of certificate."""
    attendance = evidence.get("attendance")
    return None if attendance is None else int(attendance["attended_minutes"])


def needless(title: Mapping[str, str], *, there: bool) -> Text:
    """Why an attestation is not needed: there is the certificate called `title`, or it is on its way."""
    if there:
        return msg("There is a “%(title)s”: no attestation is needed beside it.", title=title)
    return msg(
        "A “%(title)s” can be proposed, or is with the university: no attestation is needed.", title=title
    )


CHANGED = msg(
    "The attendance was corrected since this was proposed. Close the proposal, and propose it again with what "
    "holds now."
)
