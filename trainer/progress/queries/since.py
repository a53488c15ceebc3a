"""What was recorded about a person after an earlier moment: why a decision reads otherwise today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.attendance.models import MakeUp, MakeUpEvent, Mark, MarkChange
from trainer.attendance.rules import marked_text
from trainer.audit.queries import entries_about
from trainer.cohorts.models import Course, Enrolment, EnrolmentEvent, VersionChange
from trainer.cohorts.rules import JOINED, status_text
from trainer.competency.models import Assessment
from trainer.core.database import session
from trainer.core.text import Text, minutes_text, msg
from trainer.curriculum.queries import programme_of
from trainer.dossier.models import DossierEntry
from trainer.gates.models import Waiver
from trainer.people.models import Person
from trainer.placement.models import Placement, PlacementLogEvent
from trainer.scheduling.models import Session, SessionHistory


@dataclass(frozen=True, slots=True)
class Since:
    """One thing that was recorded later: when, what, and by whom where that is known."""

    at: datetime
    text: Text
    by: str | None = None


def changes_since(course: Course, enrolment: Enrolment, as_of: datetime) -> list[Since]:
    """Everything recorded after `as_of` that a decision about this person can rest on, the newest first. A dozen statements."""
    found = [
        *_marks(enrolment.id, as_of),
        *_sessions(course.id, as_of),
        *_enrolment(enrolment.id, as_of),
        *_make_ups(enrolment.id, as_of),
        *_waivers(course, enrolment.id, as_of),
        *_assessments(course, enrolment.id, as_of),
        *_dossier(enrolment.id, as_of),
        *_hours(course, enrolment.id, as_of),
        *_placements(enrolment.id, as_of),
        *_versions(course.id, as_of),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _mark(kind: str, minutes: int | None) -> Text:
    return marked_text(kind, minutes)


def _marks(enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    by = aliased(Person)
    for number, was, was_minutes, now, minutes, at, name in session.execute(
        select(
            Session.number,
            MarkChange.from_kind,
            MarkChange.from_minutes,
            MarkChange.to_kind,
            MarkChange.to_minutes,
            MarkChange.at,
            by.display_name,
        )
        .join(Mark, Mark.id == MarkChange.mark_id)
        .join(Session, Session.id == Mark.session_id)
        .outerjoin(by, by.id == MarkChange.by)
        .where(Mark.enrolment_id == enrolment_id, MarkChange.at > as_of)
    ):
        yield Since(
            at,
            msg(
                "Session %(number)d: %(now)s (before: %(was)s)",
                number=number,
                now=_mark(now, minutes),
                was=_mark(was, was_minutes),
            ),
            name,
        )


def _sessions(course_id: int, as_of: datetime) -> Iterator[Since]:
    """A session's last state by that moment against what it became: one line a session."""
    before: dict[int, Any] = {}
    after: dict[int, Any] = {}
    for row in session.execute(
        select(
            Session.number,
            SessionHistory.at,
            SessionHistory.status,
            SessionHistory.starts_local,
            SessionHistory.minutes,
            SessionHistory.effective_minutes,
            SessionHistory.extra,
        )
        .join(Session, Session.id == SessionHistory.session_id)
        .where(Session.course_id == course_id)
        .order_by(SessionHistory.at, SessionHistory.id)
    ):
        (before if row.at <= as_of else after)[row.number] = row
    for number, now in after.items():
        was = before.get(number)
        day = now.starts_local.date()
        if was is None and now.extra:
            yield Since(
                now.at, msg("A repeat was planned: session %(number)d, on %(day)s", number=number, day=day)
            )
            continue
        if was is None:
            yield Since(now.at, msg("Session %(number)d was planned, on %(day)s", number=number, day=day))
            continue
        if was.status != now.status:
            words = {
                "held": msg("Session %(number)d was held", number=number),
                "cancelled": msg("Session %(number)d was cancelled", number=number),
                "planned": msg("Session %(number)d is planned again", number=number),
            }
            yield Since(now.at, words[now.status])
        if was.extra != now.extra:
            repeat = msg("Session %(number)d is a repeat now and counts for nobody", number=number)
            plain = msg("Session %(number)d is no repeat any more and counts", number=number)
            yield Since(now.at, repeat if now.extra else plain)
        if was.starts_local != now.starts_local:
            yield Since(now.at, msg("Session %(number)d was moved to %(day)s", number=number, day=day))
        if (was.effective_minutes or was.minutes) != (now.effective_minutes or now.minutes):
            time = minutes_text(now.effective_minutes or now.minutes)
            yield Since(now.at, msg("Session %(number)d counts %(time)s", number=number, time=time))


def _enrolment(enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    by = aliased(Person)
    for status, on, code, at, name in session.execute(
        select(
            EnrolmentEvent.to_status,
            EnrolmentEvent.effective_on,
            EnrolmentEvent.note_code,
            EnrolmentEvent.at,
            by.display_name,
        )
        .outerjoin(by, by.id == EnrolmentEvent.by_person_id)
        .where(EnrolmentEvent.enrolment_id == enrolment_id, EnrolmentEvent.at > as_of)
    ):
        if code == JOINED:
            yield Since(at, msg("The day of joining was changed"), name)
        else:
            yield Since(at, msg("%(status)s from %(day)s", status=status_text(status), day=on), name)


def _make_ups(enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    by = aliased(Person)
    for number, status, minutes, at, name in session.execute(
        select(Session.number, MakeUpEvent.status, MakeUpEvent.minutes, MakeUpEvent.at, by.display_name)
        .join(MakeUp, MakeUp.id == MakeUpEvent.make_up_id)
        .join(Session, Session.id == MakeUp.session_id)
        .outerjoin(by, by.id == MakeUpEvent.by)
        .where(MakeUp.enrolment_id == enrolment_id, MakeUpEvent.at > as_of)
    ):
        time = minutes_text(minutes)
        words = {
            "asked": msg("They asked to make up session %(number)d", number=number),
            "agreed": msg("A make-up of session %(number)d was agreed (%(time)s)", number=number, time=time),
            "done": msg("Session %(number)d was made up (%(time)s)", number=number, time=time),
            "declined": msg("A make-up of session %(number)d was not agreed", number=number),
            "called_off": msg("A make-up of session %(number)d was called off", number=number),
        }
        yield Since(at, words[status], name)


def _waivers(course: Course, enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    by, revoker = aliased(Person), aliased(Person)
    gates = programme_of(course.programme_version_id).gates
    for gate, granted_at, revoked_at, name, revoked_by in session.execute(
        select(Waiver.gate, Waiver.granted_at, Waiver.revoked_at, by.display_name, revoker.display_name)
        .join(by, by.id == Waiver.granted_by)
        .outerjoin(revoker, revoker.id == Waiver.revoked_by)
        .where(
            Waiver.enrolment_id == enrolment_id,
            (Waiver.granted_at > as_of) | (Waiver.revoked_at > as_of),
        )
    ):
        title: Any = dict(gates[gate].title) if gate in gates else gate
        if granted_at > as_of:
            yield Since(granted_at, msg("A waiver for “%(gate)s” was granted", gate=title), name)
        if revoked_at is not None and revoked_at > as_of:
            yield Since(revoked_at, msg("A waiver for “%(gate)s” was revoked", gate=title), revoked_by)


def _assessments(course: Course, enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    programme = programme_of(course.programme_version_id)
    titles: dict[str, Any] = {one.code: dict(one.title) for one in programme.competencies}
    levels: dict[str, Any] = {one.code: dict(one.title) for one in programme.scale.levels}
    for code, level, at, name in session.execute(
        select(Assessment.competency_code, Assessment.level_code, Assessment.recorded_at, Person.display_name)
        .join(Person, Person.id == Assessment.assessor_id)
        .where(Assessment.enrolment_id == enrolment_id, Assessment.recorded_at > as_of)
    ):
        text = msg(
            "“%(competency)s” was assessed: %(level)s",
            competency=titles.get(code, code),
            level=levels.get(level, level),
        )
        yield Since(at, text, name)


def _dossier(enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    by = aliased(Person)
    for kind, at, name in session.execute(
        select(DossierEntry.kind, DossierEntry.recorded_at, by.display_name)
        .outerjoin(by, by.id == DossierEntry.recorded_by)
        .where(DossierEntry.enrolment_id == enrolment_id, DossierEntry.recorded_at > as_of)
    ):
        words = {
            "document": msg("An entry about a document"),
            "portfolio": msg("An entry about the portfolio"),
            "test": msg("An entry about a test"),
            "decision": msg("A decision was written down"),
        }
        yield Since(at, words[kind], name)


def _hours(course: Course, enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    """What happened to the log of a placement, in one line for each day and kind of act: somebody signs a whole sheet."""
    zone = ZoneInfo(course.timezone)
    sums: dict[tuple[date, str], tuple[datetime, int]] = {}
    for state, minutes, at in session.execute(
        select(PlacementLogEvent.state, PlacementLogEvent.minutes, PlacementLogEvent.at)
        .join(Placement, Placement.id == PlacementLogEvent.placement_id)
        .where(Placement.enrolment_id == enrolment_id, PlacementLogEvent.at > as_of)
        .order_by(PlacementLogEvent.at)
    ):
        key = (at.astimezone(zone).date(), state)
        sums[key] = (at, minutes + (sums[key][1] if key in sums else 0))
    for (_day, state), (at, minutes) in sums.items():
        words = {
            "waiting": msg("Placement hours were logged: %(time)s", time=minutes_text(minutes)),
            "signed": msg("Placement hours were signed off: %(time)s", time=minutes_text(minutes)),
            "disputed": msg("Placement hours were disputed: %(time)s", time=minutes_text(minutes)),
            "removed": msg("Placement hours were taken out: %(time)s", time=minutes_text(minutes)),
        }
        yield Since(at, words[state])


def _placements(enrolment_id: int, as_of: datetime) -> Iterator[Since]:
    words = {
        "placement.opened": msg("A placement was agreed"),
        "placement.changed": msg("The dates of a placement were changed"),
        "placement.closed": msg("A placement was closed"),
        "placement.reopened": msg("A placement was opened again"),
    }
    ids = session.scalars(select(Placement.id).where(Placement.enrolment_id == enrolment_id))
    for entry in entries_about([f"placement:{one}" for one in ids], list(words)):
        dated = entry.action != "placement.changed" or {"starts_on", "ends_on"} & set(entry.details)
        if entry.at > as_of and dated:
            yield Since(entry.at, words[entry.action])


def _versions(course_id: int, as_of: datetime) -> Iterator[Since]:
    for at in session.scalars(
        select(VersionChange.reviewed_at).where(
            VersionChange.course_id == course_id,
            VersionChange.status == "done",
            VersionChange.reviewed_at > as_of,
        )
    ):
        if at is not None:
            yield Since(at, msg("The course was moved to another version of its programme"))
