"""University and provider write to each other: about one person's proposal, or about all of a course."""

from __future__ import annotations

from trainer.accreditation import queries
from trainer.accreditation.models import Proposal, ProposalMessage
from trainer.accreditation.policy import can_decide, can_propose
from trainer.accreditation.rules.statuses import OPEN
from trainer.accreditation.rules.threads import LONGEST_MESSAGE, Side
from trainer.accreditation.services.eligibility import require, require_kind
from trainer.audit.services import record
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.messages import services as messages
from trainer.people.models import Organisation

_REFUSED = {
    Side.UNIVERSITY: msg("Only registrars of the course's university ask about a proposal."),
    Side.PROVIDER: msg("Only organisers of the course's provider answer."),
}
_AUDITED = {Side.UNIVERSITY: "questioned", Side.PROVIDER: "answered"}
_ROLE = {Side.UNIVERSITY: "registrar", Side.PROVIDER: "organiser"}


def ask(actor: Actor, proposal_id: int, words: str) -> None:
    """The registrar writes about a proposal. Raises Missing, Refused, Invalid as `write_about_all`, and Refused
    when the proposal is closed."""
    _write_about(actor, Side.UNIVERSITY, proposal_id, words)


def answer(actor: Actor, proposal_id: int, words: str) -> None:
    """The organiser writes about a proposal, asked or not. Raises as `ask`."""
    _write_about(actor, Side.PROVIDER, proposal_id, words)


def _write_about(actor: Actor, side: Side, proposal_id: int, words: str) -> None:
    text = tidy_words(words)
    with transaction():
        proposal = lock(Proposal, proposal_id)
        course = proposal_course(proposal)
        _allowed(actor, side, course)
        still_open(proposal)
        add_message(actor, side, course, proposal.kind, text, proposal_id)


def write_about_all(actor: Actor, side: Side, course: Course, kind: str, words: str) -> None:
    """One side writes about all of a course's proposals of a kind, also before there are any.

    Raises Refused when the actor does not stand on that side, and Invalid for an unknown kind or words that
    are empty or too long.
    """
    text = tidy_words(words)
    _allowed(actor, side, course)
    require_kind(course, kind)
    course_id = course.id
    with transaction():
        course = lock(Course, course_id)
        add_message(actor, side, course, kind, text, None)


def add_message(
    actor: Actor, side: Side, course: Course, kind: str, words: str, proposal_id: int | None
) -> None:
    """Appends a message and mails the other side that it is there; within a transaction."""
    with transaction() as session:
        session.add(
            ProposalMessage(
                course_id=course.id,
                kind=kind,
                proposal_id=proposal_id,
                side=side,
                words=words,
                by=actor.person_id,
                at=clock.now(),
            )
        )
        if proposal_id is None:
            record(actor, f"proposals.{_AUDITED[side]}", f"course:{course.id}", kind=kind)
        else:
            record(actor, f"proposal.{_AUDITED[side]}", f"proposal:{proposal_id}")
        _tell(actor, side, course, kind, proposal_id)


def _tell(actor: Actor, side: Side, course: Course, kind: str, proposal_id: int | None) -> None:
    """A mail that says there is a message, and nothing of what or whom it is about: mail is read on shared
    screens and kept by others."""
    places = {Side.UNIVERSITY: course.university_id, Side.PROVIDER: course.organisation_id}
    if side is Side.UNIVERSITY:
        page = f"/courses/{course.code}/accreditation"
        page += f"/proposals/{proposal_id}" if proposal_id else f"?kind={kind}"
    else:
        page = f"/registry/proposals/{proposal_id}" if proposal_id else f"/registry/courses/{course.code}"
    with transaction() as session:
        sender = session.get_one(Organisation, places[side]).name
    for person_id, email, language in queries.correspondents(places[side.other], _ROLE[side.other]):
        if person_id != actor.person_id:
            messages.send(
                person_id,
                email,
                "accreditation/mail/message",
                language,
                sender=sender,
                course=course.code,
                page=page,
            )


def _allowed(actor: Actor, side: Side, course: Course) -> None:
    may = can_decide if side is Side.UNIVERSITY else can_propose
    require(may(actor, course), _REFUSED[side])


def proposal_course(proposal: Proposal) -> Course:
    """The course of a proposal, within the caller's transaction."""
    with transaction() as session:
        return session.get_one(Course, proposal.course_id)


def still_open(proposal: Proposal) -> None:
    """Raises Refused for a proposal that was issued or withdrawn."""
    if proposal.status not in OPEN:
        raise Refused(msg("This proposal is closed: it was issued or withdrawn."))


def tidy_words(text: str) -> str:
    """The words without space around them and with plain line ends. Raises Invalid when nothing is left, or too
    much."""
    tidy = text.replace("\r\n", "\n").strip()
    if not tidy:
        raise Invalid(msg("Please write something."))
    if len(tidy) > LONGEST_MESSAGE:
        raise Invalid(msg("Please keep it under %(most)d characters.", most=LONGEST_MESSAGE))
    return tidy
