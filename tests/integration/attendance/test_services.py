"""Registers as they are saved, corrected, fought over, withdrawn and imported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from trainer.attendance.models import Mark, MarkChange
from trainer.attendance.queries import attendance_facts, history_of, saved_marks
from trainer.attendance.rules import AT_SESSION, MarkInput, MarkKind
from trainer.attendance.services import save_register, withdraw_register
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify
from trainer.cohorts.models import Course, Enrolment, Pause
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.gates.queries import standings
from trainer.scheduling.models import Session
from trainer.scheduling.queries import session_of, sessions_of
from trainer.scheduling.services import cancel, move

PRESENT, ABSENT = MarkInput(MarkKind.PRESENT), MarkInput(MarkKind.ABSENT)


@pytest.fixture
def scene(world):
    """The first session of the world's course, on its day, and everybody's enrolment ids."""
    ids = [enrolment.id for enrolment in world.trainees]
    first = sessions_of(world.course.id)[0]
    roles = ("trainer", "organiser", "assessor", "registrar", "trainee", "other_organiser")
    actors = {role: world.actor(role) for role in roles}  # before the clock goes back: roles have a first day
    with clock.frozen(first.starts_at + timedelta(hours=1)):
        yield SimpleNamespace(
            world=world,
            course=session.get(Course, world.course.id),
            ids=ids,
            first=first,
            actors=actors,
            trainer=actors["trainer"],
            organiser=actors["organiser"],
        )


def status(row):
    return session.scalar(select(Session.status).where(Session.id == row.id))


def test_the_first_save_freezes_the_roster_and_holds_the_session(scene):
    result = save_register(scene.trainer, scene.first, {scene.ids[0]: PRESENT})
    assert (result.added, result.corrected, result.unmarked) == (1, 0, 2)
    assert {key: mark.kind for key, mark in saved_marks(scene.first.id).items()} == {
        scene.ids[0]: "present",
        scene.ids[1]: "unmarked",
        scene.ids[2]: "unmarked",
    }
    assert status(scene.first) == "held"
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.subject) == ("register.saved", f"session:{scene.first.id}")
    assert verify().broken_at is None


def test_a_save_of_nothing_holds_nothing(scene):
    save_register(scene.trainer, scene.first, {})
    save_register(scene.trainer, scene.first, {scene.ids[0]: MarkInput(MarkKind.UNMARKED)})
    assert status(scene.first) == "planned"
    assert saved_marks(scene.first.id) == {}


def test_leaving_later_rewrites_no_roster(scene):
    save_register(scene.trainer, scene.first, dict.fromkeys(scene.ids, PRESENT))
    with transaction():
        gone = session.get(Enrolment, scene.ids[2])
        gone.status, gone.left_on = "withdrawn", scene.first.starts_local.date()
    assert set(saved_marks(scene.first.id)) == set(scene.ids)
    second = sessions_of(scene.course.id)[1]
    save_register(scene.trainer, second, {scene.ids[0]: PRESENT})
    assert set(saved_marks(second.id)) == set(scene.ids[:2])
    assert attendance_facts(scene.course.id)[scene.ids[2]].credited_minutes == 240


def test_a_paused_person_is_not_expected_but_may_be_marked(scene):
    with transaction():
        session.add(Pause(enrolment_id=scene.ids[1], starts_on=scene.first.starts_local.date()))
    save_register(scene.trainer, scene.first, {scene.ids[0]: PRESENT})
    assert set(saved_marks(scene.first.id)) == {scene.ids[0], scene.ids[2]}
    save_register(scene.trainer, scene.first, {scene.ids[1]: PRESENT})
    assert attendance_facts(scene.course.id)[scene.ids[1]].credited_minutes == 240


def test_corrections_append_and_later_ones_need_a_reason(scene):
    one = scene.ids[0]
    save_register(scene.trainer, scene.first, {one: ABSENT})
    late = MarkInput(MarkKind.LATE, 200)
    assert save_register(scene.trainer, scene.first, {one: late}).corrected == 1
    with clock.frozen(scene.first.starts_at + timedelta(days=3)):
        with pytest.raises(Invalid, match="earlier day"):
            save_register(scene.organiser, scene.first, {one: PRESENT, scene.ids[1]: PRESENT})
        assert saved_marks(scene.first.id)[scene.ids[1]].kind == "unmarked"
        partial = save_register(
            scene.organiser, scene.first, {one: PRESENT, scene.ids[1]: PRESENT}, partial=True
        )
        assert (partial.needs_reason, set(partial.saved)) == ((one,), {scene.ids[1]})
        save_register(scene.organiser, scene.first, {one: PRESENT}, "the paper list says so")
    history = history_of(scene.first.id, one)
    assert [(c.from_kind, c.to_kind, c.reason) for c in history] == [
        ("late", "present", "the paper list says so"),
        ("absent", "late", AT_SESSION),
        ("unmarked", "absent", ""),
    ]
    assert [c.by for c in history] == ["Organiser Prova", "Trainer Prova", "Trainer Prova"]
    assert history[0].from_minutes == 200


def test_two_trainers_lose_nothing(scene):
    one, two, three = scene.ids
    seen = dict.fromkeys(scene.ids, 0)
    save_register(scene.trainer, scene.first, {one: PRESENT, two: ABSENT}, versions=seen)
    result = save_register(
        scene.organiser, scene.first, {one: PRESENT, two: PRESENT, three: PRESENT}, versions=seen
    )
    assert (set(result.saved), result.unchanged) == ({three}, (one,))
    conflict = result.conflicts[two]
    assert (conflict.mark.kind, conflict.by) == ("absent", "Trainer Prova")
    assert saved_marks(scene.first.id)[two].kind == "absent"
    again = save_register(scene.organiser, scene.first, {two: PRESENT}, versions={two: conflict.mark.version})
    assert again.saved[two].version == 2


def test_who_may_and_what_may_not(scene):
    for role in ("assessor", "registrar", "trainee", "other_organiser"):
        with pytest.raises(Refused):
            save_register(scene.actors[role], scene.first, {scene.ids[0]: PRESENT})
    with pytest.raises(Invalid, match="not on the course"):
        save_register(scene.trainer, scene.first, {10_000: PRESENT})
    with pytest.raises(Invalid, match="0 to 240"):
        save_register(scene.trainer, scene.first, {scene.ids[0]: MarkInput(MarkKind.LATE, 241)})
    second = sessions_of(scene.course.id)[1]
    cancel(scene.organiser, second, "snow")
    with pytest.raises(Refused, match="cancelled"):
        save_register(scene.trainer, second, {scene.ids[0]: PRESENT})


def test_a_held_session_moves_only_after_its_register_is_withdrawn(scene):
    save_register(scene.trainer, scene.first, dict.fromkeys(scene.ids, PRESENT))
    when = scene.first.starts_local + timedelta(days=1)
    with pytest.raises(Refused):
        move(scene.organiser, scene.first, when)
    with pytest.raises(Invalid):
        withdraw_register(scene.trainer, scene.first, " ")
    withdraw_register(scene.trainer, scene.first, "taken for the wrong day")
    assert status(scene.first) == "planned"
    assert attendance_facts(scene.course.id)[scene.ids[0]].credited_minutes == 0
    move(scene.organiser, scene.first, when)
    assert history_of(scene.first.id, scene.ids[0])[0].reason == "taken for the wrong day"
    with pytest.raises(Refused):
        withdraw_register(scene.trainer, scene.first, "again")
    result = save_register(scene.trainer, scene.first, dict.fromkeys(scene.ids, PRESENT))
    assert (result.added, status(scene.first)) == (3, "held")


def test_the_gate_opens_at_1920_minutes(scene):
    for number in range(1, 9):
        save_register(scene.trainer, session_of("TEST-1", number), {scene.ids[0]: PRESENT})
    gate = standings(scene.course)[scene.ids[0]]["placement"]
    assert (gate.status, gate.requirements[0].have, gate.requirements[0].need) == ("met", "1920", "1920")
    assert gate.opens == "placement"
    others = standings(scene.course, [scene.ids[1]])
    assert set(others) == {scene.ids[1]}
    assert others[scene.ids[1]]["accreditation"].status == "not_yet"


def test_a_save_is_a_fixed_number_of_statements(scene, count_queries):
    second = sessions_of(scene.course.id)[1]
    with count_queries() as few:
        save_register(scene.trainer, scene.first, {scene.ids[0]: PRESENT})
    with count_queries() as many:
        save_register(scene.trainer, second, dict.fromkeys(scene.ids, PRESENT))
    assert many.count == few.count
    assert session.scalar(select(func.count()).select_from(Mark)) == 6
    # Four marks, and two people who were expected at the first session and not marked.
    assert session.scalar(select(func.count()).select_from(MarkChange)) == 6


def test_the_moment_is_kept(scene):
    at = datetime(2026, 9, 9, 8, 30, tzinfo=UTC)
    with clock.frozen(at):
        save_register(scene.trainer, scene.first, {scene.ids[0]: PRESENT})
    assert saved_marks(scene.first.id)[scene.ids[0]].recorded_at == at
