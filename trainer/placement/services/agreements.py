"""Opening a placement, its agreement, pausing and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import in_language, say
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.gates.queries import standings
from trainer.gates.rules import Status
from trainer.people.models import Organisation, Person
from trainer.placement import policy, rules
from trainer.placement.models import Placement, PlacementPause
from trainer.placement.queries import is_supervisor, log_period, spans_of
from trainer.placement.rules import PlacementStatus

ON_COURSE = ("enrolled", "paused", "completed")


@dataclass(frozen=True)
class Agreement:
    """What the three parties agree. `weekly_minutes` is an average; functions left None are the usual ones."""

    host_id: int
    starts_on: date
    ends_on: date
    weekly_minutes: int
    service: str = ""
    reference_id: int | None = None
    functions_in: Sequence[str] | None = None
    functions_out: Sequence[str] | None = None
    contacts: str = ""
    equipment: str = ""
    signed_worker_on: date | None = None
    signed_host_on: date | None = None
    signed_provider_on: date | None = None


def default_functions(language: str | None = None) -> tuple[list[str], list[str]]:
    """The usual functions in and out of the role, in a language (default: the current one), to be edited."""
    with in_language(language):
        return [say(one) for one in rules.FUNCTIONS_IN], [say(one) for one in rules.FUNCTIONS_OUT]


def open_placement(actor: Actor, enrolment: Enrolment, agreement: Agreement) -> Placement:
    """Records an agreement: the placement is open from its first day on.

    Opens only when the gate that the programme puts before placements is met or waived at this moment; a waiver that it
    took is named. Raises Refused for who may not and as long as the gate is not passed, Invalid for an agreement
    that cannot be.
    """
    # The words are found before the transaction: inside, nothing slow.
    enrolment_id, language = enrolment.id, enrolment.course.language
    usual_in, usual_out = default_functions(language)
    with transaction() as current:
        row = lock(Enrolment, enrolment_id)
        if not policy.can_open(actor, row):
            raise Refused(
                msg("Only an organiser of the course's provider opens a placement, and never their own.")
            )
        if row.status not in ON_COURSE:
            raise Refused(msg("This person is not on the course."))
        waiver_id = _check_gate(row)
        _check(agreement, row, None)
        placement = Placement(
            enrolment_id=row.id,
            status=PlacementStatus.OPEN.value,
            opened_by_waiver_id=waiver_id,
            opened_by=actor.person_id,
            functions_in=_functions(agreement.functions_in, usual_in),
            functions_out=_functions(agreement.functions_out, usual_out),
            created_at=clock.now(),
        )
        _take_over(placement, agreement)
        current.add(placement)
        current.flush()
        record(
            actor,
            "placement.opened",
            f"placement:{placement.id}",
            enrolment=row.id,
            waiver=waiver_id,
            **_audited(placement),
        )
        return placement


def change_agreement(actor: Actor, placement: Placement, agreement: Agreement) -> Placement:
    """Takes over a changed agreement; functions left None stay. Every logged day must lie within the new dates.

    Raises Refused for who may not and for a closed placement, Invalid for an agreement that cannot be.
    """
    with transaction():
        row = _open(actor, placement.id)
        if row.status == PlacementStatus.CLOSED:
            raise Refused(msg("This placement is closed. Open it again first, then change the agreement."))
        _check(agreement, row.enrolment, row)
        before = _audited(row)
        _take_over(row, agreement)
        if agreement.functions_in is not None:
            row.functions_in = _functions(agreement.functions_in, [])
        if agreement.functions_out is not None:
            row.functions_out = _functions(agreement.functions_out, [])
        after = _audited(row)
        record(
            actor,
            "placement.changed",
            f"placement:{row.id}",
            **{key: value for key, value in after.items() if value != before[key]},
        )
        return row


def pause_placement(actor: Actor, placement: Placement, on: date | None = None) -> None:
    """Stops the clocks from a day on (default: today). What was earned stays, and no reason is asked or kept."""
    with transaction() as current:
        row = _open(actor, placement.id)
        if row.status != PlacementStatus.OPEN:
            raise Invalid(msg("Only an open placement can pause."))
        day = on or _today(row)
        if day > _today(row) or day < row.starts_on:
            raise Invalid(msg("A pause begins today or before, and not before the placement."))
        if _latest_pause_end(row.id) > day:
            raise Invalid(msg("The placement was paused on that day already."))
        current.add(PlacementPause(placement_id=row.id, starts_on=day))
        row.status = PlacementStatus.PAUSED.value
        record(actor, "placement.paused", f"placement:{row.id}", on=day)


def resume_placement(actor: Actor, placement: Placement, on: date | None = None) -> None:
    """Goes on from a day (default: today) after a pause; opens a placement again that was closed."""
    with transaction():
        row = _open(actor, placement.id)
        if row.status == PlacementStatus.OPEN:
            raise Invalid(msg("This placement is open."))
        day = on or _today(row)
        if day > _today(row):
            raise Invalid(msg("The day cannot lie in the future."))
        if row.status == PlacementStatus.PAUSED:
            _end_pause(row.id, day)
        action = "placement.resumed" if row.status == PlacementStatus.PAUSED else "placement.reopened"
        row.status = PlacementStatus.OPEN.value
        record(actor, action, f"placement:{row.id}", on=day)


def close_placement(actor: Actor, placement: Placement, on: date | None = None) -> None:
    """Ends a placement on a day (default: today, or its agreed end if that has passed); hours stay and can still be signed.

    Raises Invalid when hours are logged after that day.
    """
    with transaction():
        row = _open(actor, placement.id)
        if row.status == PlacementStatus.CLOSED:
            raise Invalid(msg("This placement is closed already."))
        today = _today(row)
        if on is not None and on > today:
            raise Invalid(msg("The day cannot lie in the future."))
        day = max(min(on or today, row.ends_on), row.starts_on)
        logged = log_period(row.id)
        if logged is not None and logged[1] > day:
            raise Invalid(msg("Hours are logged after that day, up to %(day)s.", day=logged[1]))
        if row.status == PlacementStatus.PAUSED:
            _end_pause(row.id, day + timedelta(days=1))
        agreed_end = row.ends_on if row.ends_on != day else None
        row.status, row.ends_on = PlacementStatus.CLOSED.value, day
        record(actor, "placement.closed", f"placement:{row.id}", on=day, agreed_end=agreed_end)


def _open(actor: Actor, placement_id: int) -> Placement:
    row = lock(Placement, placement_id)
    if not policy.can_administer(actor, row):
        raise Refused(
            msg("Only an organiser of the course's provider changes a placement, and never their own.")
        )
    return row


def _today(placement: Placement) -> date:
    return clock.today(placement.enrolment.course.timezone)


def _check_gate(enrolment: Enrolment) -> int | None:
    """The waiver that the gate rests on, if any. Raises Refused when it is not passed, saying why."""
    course = session.get_one(Course, enrolment.course_id)
    programme = programme_of(course.programme_version_id)
    if programme.placement is None:
        raise Refused(msg("The programme of this course has no placement."))
    spec = programme.gate_opening("placement")
    if spec is None:
        return None
    gate = standings(course, [enrolment.id])[enrolment.id][spec.name]
    if not gate.passed:
        title: object = dict(gate.title) or gate.name
        if gate.explanation is None:
            raise Refused(msg("“%(gate)s” is not passed yet.", gate=title))
        raise Refused(msg("“%(gate)s” is not passed yet: %(why)s", gate=title, why=gate.explanation))
    if gate.status is Status.MET:
        return None
    return next((waiver.id for waiver in gate.waivers if waiver.id), None)


def _check(agreement: Agreement, enrolment: Enrolment, placement: Placement | None) -> None:
    """Raises Invalid with everything that is wrong with an agreement."""
    problems: list[Text] = []
    if session.get(Organisation, agreement.host_id) is None:
        problems.append(msg("There is no such host."))
    if agreement.ends_on < agreement.starts_on:
        problems.append(msg("The placement ends before it starts."))
    if not 1 <= agreement.weekly_minutes <= rules.WEEK_MINUTES:
        problems.append(msg("The weekly hours are more than none, and at most those of a week."))
    if agreement.reference_id is not None:
        problems += _reference_problems(agreement.reference_id, enrolment, placement)
    if len(agreement.service) > 200:
        problems.append(msg("The name of the service is longer than %(most)d characters.", most=200))
    if max(len(agreement.contacts), len(agreement.equipment)) > rules.LONGEST_TEXT:
        problems.append(msg("A text is longer than %(most)d characters.", most=rules.LONGEST_TEXT))
    today = clock.today(enrolment.course.timezone)
    signed = (agreement.signed_worker_on, agreement.signed_host_on, agreement.signed_provider_on)
    if any(day is not None and day > today for day in signed):
        problems.append(msg("A signature cannot be dated in the future."))
    for other in spans_of(enrolment.id):
        if (placement is None or other.id != placement.id) and rules.overlap(
            agreement.starts_on, agreement.ends_on, other.starts_on, other.ends_on
        ):
            problems.append(
                msg(
                    "There is a placement from %(first)s to %(last)s already: the dates of two placements do not overlap.",
                    first=other.starts_on,
                    last=other.ends_on,
                )
            )
    logged = log_period(placement.id) if placement is not None else None
    if logged is not None and not agreement.starts_on <= logged[0] <= logged[1] <= agreement.ends_on:
        problems.append(
            msg(
                "Hours are logged from %(first)s to %(last)s: the dates must hold them.",
                first=logged[0],
                last=logged[1],
            )
        )
    if problems:
        raise Invalid(msg("The agreement cannot be recorded like this."), problems)


def _reference_problems(reference_id: int, enrolment: Enrolment, placement: Placement | None) -> list[Text]:
    if session.get(Person, reference_id) is None:
        return [msg("There is no such reference professional.")]
    if reference_id == enrolment.person_id:
        return [msg("Nobody is their own reference professional.")]
    # Whoever was agreed on before stays named, also when the role has ended since.
    if (placement is None or placement.reference_id != reference_id) and not is_supervisor(reference_id):
        return [
            msg(
                "This person does not hold the role of a reference professional (supervisor). Add the role first."
            )
        ]
    return []


def _take_over(row: Placement, agreement: Agreement) -> None:
    row.host_id = agreement.host_id
    row.service = agreement.service.strip()
    row.reference_id = agreement.reference_id
    row.starts_on, row.ends_on = agreement.starts_on, agreement.ends_on
    row.weekly_minutes = agreement.weekly_minutes
    row.contacts, row.equipment = agreement.contacts.strip(), agreement.equipment.strip()
    row.signed_worker_on = agreement.signed_worker_on
    row.signed_host_on = agreement.signed_host_on
    row.signed_provider_on = agreement.signed_provider_on


def _functions(given: Sequence[str] | None, usual: list[str]) -> list[str]:
    wanted = usual if given is None else [one.strip() for one in given if one.strip()]
    if len(wanted) > rules.MOST_FUNCTIONS or any(len(one) > rules.LONGEST_FUNCTION for one in wanted):
        raise Invalid(
            msg(
                "At most %(most)d functions of at most %(length)d characters each.",
                most=rules.MOST_FUNCTIONS,
                length=rules.LONGEST_FUNCTION,
            )
        )
    return wanted


def _audited(row: Placement) -> dict[str, object]:
    return {
        "host": row.host_id,
        "reference": row.reference_id,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "weekly_minutes": row.weekly_minutes,
        "signed_worker_on": row.signed_worker_on,
        "signed_host_on": row.signed_host_on,
        "signed_provider_on": row.signed_provider_on,
    }


def _latest_pause_end(placement_id: int) -> date:
    ends = session.scalars(select(PlacementPause.ends_on).where(PlacementPause.placement_id == placement_id))
    return max((end for end in ends if end is not None), default=date.min)


def _end_pause(placement_id: int, on: date) -> None:
    pause = session.scalar(
        select(PlacementPause).where(
            PlacementPause.placement_id == placement_id, PlacementPause.ends_on.is_(None)
        )
    )
    if pause is None:
        return
    if on < pause.starts_on:
        raise Invalid(msg("The pause began on %(day)s.", day=pause.starts_on))
    pause.ends_on = on
