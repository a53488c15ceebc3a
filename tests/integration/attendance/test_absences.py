"""Announced absences, make-ups and transfers, through the services, on the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from tests.factories.registers import ABSENT, hold, late
from tests.factories.world import SYSTEM, make_world
from trainer.attendance.models import AbsenceNote, AbsenceNotice, MakeUp, MakeUpEvent, Transfer
from trainer.attendance.queries import attendance_facts, inputs
from trainer.attendance.queries.guests import guests_of
from trainer.attendance.queries.make_ups import course_make_ups, possible_sessions
from trainer.attendance.queries.make_ups import policy_of as policy
from trainer.attendance.queries.notices import announced_for, excused_lengths, notes_for
from trainer.attendance.services.make_ups import agree, ask, call_off, complete, decline, extend
from trainer.attendance.services.notices import (
    announce,
    decide_notice,
    erase_note,
    open_note,
    withdraw_notice,
)
from trainer.attendance.services.transfers import plan_transfer, transfer
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.services import change_status
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.queries import programme_of
from trainer.messages.models import Outbox
from trainer.people.queries import held_on
from trainer.scheduling.models import Session, Venue
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import cancel

RULE = {"ways": ["session", "other_course", "task"], "within": {"weeks": 6}, "at_most": {"sessions": 2}}


@pytest.fixture
def scene(world, monkeypatch):
    """The day after session 2, which the first person missed; make-ups are allowed; a second course runs a week later."""
    programme = programme_of(world.course.programme_version_id)
    monkeypatch.setitem(programme.attendance, "make_ups", RULE)
    other = make_world(code="TEST-2", trainees=1, starts_on=date(2026, 9, 17))
    names = ("trainer", "organiser", "assessor", "trainee", "other_trainee", "other_organiser")
    actors = {name: world.actor(name) for name in names}
    with transaction():
        session.get(Course, world.course.id).support_contact_id = world.staff["assessor"].id
    rows = sessions_of(world.course.id)
    with clock.frozen(rows[0].starts_at + timedelta(hours=1)):
        hold(world, [1])
    with clock.frozen(rows[1].starts_at + timedelta(hours=1)):
        hold(world, [2], {(0, 2): ABSENT, (1, 2): late(200)})
    with clock.frozen(rows[1].starts_at + timedelta(days=1)):
        yield SimpleNamespace(
            world=world,
            course=session.get(Course, world.course.id),
            other=other,
            rows=rows,
            me=world.trainees[0].id,
            ids=[one.id for one in world.trainees],
            **actors,
        )


def kept():
    """How much is credited to the first person, in minutes."""
    enrolment = session.scalars(select(Enrolment).order_by(Enrolment.id)).first()
    return attendance_facts(enrolment.course_id, [enrolment.id])[enrolment.id].credited_minutes


def mails():
    return [(one.email, one.subject + one.body) for one in session.scalars(select(Outbox))]


def test_an_absence_is_announced_decided_and_taken_back(scene):
    third = scene.rows[2].id
    announce(scene.trainee, scene.me, third, "absent", "transport", "Only for Ada: I move house.")
    notice = announced_for(third)[scene.me]
    assert (notice.kind, notice.reason_code, notice.decided) == ("absent", "transport", None)
    assert inputs(scene.course.id, [scene.me])[scene.me].notices[third].kind == "absent"
    # The words are sealed, for one reader and the person, and in no mail and no audit entry.
    note = notes_for(scene.assessor.person_id)[0]
    assert "house" not in (note.sealed or "")
    for reader in (scene.assessor, scene.trainee):
        assert open_note(reader, note.sealed, note.reader_id, note.person_id) == "Only for Ada: I move house."
    for other in (scene.organiser, scene.trainer, SYSTEM):
        with pytest.raises(Refused):
            open_note(other, note.sealed, note.reader_id, note.person_id)
        with pytest.raises(Refused):
            erase_note(other, note.notice_id)
    said = " ".join(text for _to, text in mails())
    assert {to for to, _text in mails()} >= {"organiser@example.org", "assessor@example.org"}
    assert not any(word in said for word in ("house", "Núria00", "ransport", "cannot come"))
    assert not [one for one in session.scalars(select(AuditEntry)) if "house" in str(one.details)]
    # Nor in the file of all that is held on the person, where there is that a note exists.
    held = held_on(scene.trainee.person_id)
    assert held["absence_note"][0]["reader_id"] == scene.assessor.person_id
    assert note.sealed not in str(held)
    # Staff decide, but nobody about themself.
    with pytest.raises(Refused):
        decide_notice(scene.trainee, notice.id, "excused")
    decide_notice(scene.trainer, notice.id, "excused")
    assert excused_lengths(scene.course.id) == {scene.me: [240]}
    withdraw_notice(scene.trainee, scene.me, third)
    assert announced_for(third) == {}
    assert session.get(AbsenceNote, note.notice_id).sealed is None
    with pytest.raises(Refused):
        decide_notice(scene.trainer, notice.id, "noted")
    assert verify().broken_at is None


def test_who_may_announce_and_for_what(scene):
    third = scene.rows[2].id
    with pytest.raises(Refused):
        announce(scene.other_trainee, scene.me, third, "absent")
    with pytest.raises(Refused):
        announce(scene.trainer, scene.me, third, "absent", note="words of somebody else")
    announce(scene.trainer, scene.me, third, "late")  # somebody called
    with pytest.raises(Invalid):
        announce(scene.trainee, scene.me, third, "absent", "illness")
    with pytest.raises(Invalid):
        announce(scene.trainee, scene.me, third, "excused")
    with pytest.raises(Refused):
        announce(scene.trainee, scene.me, scene.rows[1].id, "absent")  # was held
    with transaction():
        session.get(Course, scene.course.id).support_contact_id = None
    with pytest.raises(Refused):
        announce(scene.trainee, scene.me, third, "absent", note="nobody reads this")
    announce(scene.trainee, scene.me, third, "absent")
    live = AbsenceNotice.withdrawn_at.is_(None)
    assert session.scalar(select(func.count()).select_from(AbsenceNotice).where(live)) == 1


def test_a_make_up_is_asked_for_agreed_and_done_once(scene):
    missed = scene.rows[1].id
    before = kept()
    options = possible_sessions(
        scene.course,
        missed,
        scene.rows[1].module_code,
        policy(scene.course),
        scene.rows[1].starts_local.date(),
    )
    assert [(one.course_code, one.number, one.way) for one in options] == [("TEST-2", 2, "other_course")]
    target = options[0].session_id
    asked = ask(scene.trainee, scene.me, missed, "other_course", target)
    assert (asked.status, asked.minutes, asked.until) == ("asked", 240, date(2026, 10, 27))
    with pytest.raises(Refused, match="already"):
        ask(scene.trainee, scene.me, missed, "task", task="Something else")
    with pytest.raises(Refused):
        agree(scene.trainee, asked.id)
    with pytest.raises(Invalid):
        agree(scene.trainer, asked.id, 241)
    with pytest.raises(Invalid):
        agree(scene.trainer, asked.id, 240, date(2026, 10, 28))
    agree(scene.trainer, asked.id, 180, date(2026, 10, 1))
    assert kept() == before
    with pytest.raises(Refused, match="still to come"):
        complete(scene.trainer, asked.id)
    # Recorded long after, done in time: the day of that session counts.
    with clock.frozen(scene.rows[5].starts_at):
        assert [(one.name[:5], one.minutes) for one in guests_of(target)] == [("Núria", 180)]
        complete(scene.organiser, asked.id)
        assert kept() == before + 180
        with pytest.raises(Refused):
            complete(scene.organiser, asked.id)
        with pytest.raises(Invalid):
            call_off(scene.organiser, asked.id)
        with pytest.raises(Refused):
            call_off(scene.trainee, asked.id, "no")
    with clock.frozen(scene.rows[5].starts_at + timedelta(hours=1)):
        call_off(scene.organiser, asked.id, "it was somebody else")
        assert kept() == before
    steps = [one.status for one in session.scalars(select(MakeUpEvent).order_by(MakeUpEvent.id))]
    assert steps == ["asked", "agreed", "done", "called_off"]
    assert verify().broken_at is None


def test_a_deadline_and_the_organisers_word(scene):
    missed = scene.rows[1].id
    make_up = ask(scene.trainee, scene.me, missed, "task", task="A diary of the week")
    agree(scene.trainer, make_up.id, until=date(2026, 9, 20))
    with clock.frozen(scene.rows[4].starts_at):
        with pytest.raises(Refused, match="deadline"):
            complete(scene.trainer, make_up.id)
        with pytest.raises(Refused):
            extend(scene.trainer, make_up.id, date(2026, 12, 1), "trainers do not")
        with pytest.raises(Invalid):
            extend(scene.organiser, make_up.id, date(2026, 12, 1), " ")
        extend(scene.organiser, make_up.id, date(2026, 12, 1), "The printer was broken")
        complete(scene.trainer, make_up.id, 100)
        assert session.get(MakeUp, make_up.id).minutes == 100


def test_declined_and_asked_for_again_within_the_programmes_number(scene):
    first = ask(scene.trainee, scene.me, scene.rows[1].id, "task")
    decline(scene.trainer, first.id, "Let us look for a session")
    ask(scene.trainee, scene.me, scene.rows[1].id, "task")
    announce(scene.trainee, scene.me, scene.rows[2].id, "absent")
    announce(scene.trainee, scene.me, scene.rows[3].id, "absent")
    ask(scene.trainee, scene.me, scene.rows[2].id, "task")
    with pytest.raises(Refused, match="allows 2"):
        ask(scene.trainee, scene.me, scene.rows[3].id, "task")
    # Coming after all calls off what is needless.
    withdraw_notice(scene.trainee, scene.me, scene.rows[2].id)
    ask(scene.trainee, scene.me, scene.rows[3].id, "task")
    assert [one.status for one in course_make_ups(scene.course.id)].count("called_off") == 1
    with pytest.raises(Refused, match="nothing"):
        ask(scene.other_trainee, scene.ids[1], scene.rows[0].id, "task")
    late_one = ask(scene.other_trainee, scene.ids[1], scene.rows[1].id, "task")
    assert late_one.minutes == 40


def test_a_full_room_takes_no_guests(scene):
    with transaction():
        for venue in session.scalars(select(Venue)):
            venue.capacity = 2  # one trainee of the other course, and one guest
    row = scene.rows[1]
    options = possible_sessions(
        scene.course, row.id, row.module_code, policy(scene.course), row.starts_local.date()
    )
    assert [one.room for one in options] == [1]
    target = options[0].session_id
    mine = ask(scene.trainee, scene.me, row.id, "other_course", target)
    theirs = ask(scene.other_trainee, scene.ids[1], row.id, "other_course", target)
    agree(scene.trainer, mine.id)
    with pytest.raises(Invalid, match="full"):
        agree(scene.trainer, theirs.id)


def test_going_on_in_another_course_with_credit(scene):
    old = session.get(Enrolment, scene.ids[1])
    new = session.get(Course, scene.other.course.id)
    joins = date(2026, 9, 30)  # after its first two sessions
    plan = plan_transfer(scene.course, old.id, new, joins)
    assert (plan.earned, plan.credited) == (440, 440)
    with pytest.raises(Refused):
        transfer(scene.trainer, old.id, new.id, joins)
    fresh = transfer(scene.organiser, old.id, new.id, joins)
    left = session.get(Enrolment, old.id)
    assert (left.status, fresh.status, fresh.joined_on) == ("withdrawn", "enrolled", joins)
    assert attendance_facts(new.id, [fresh.id])[fresh.id].credited_minutes == 440
    assert session.scalar(select(func.count()).select_from(Transfer)) == 1
    with pytest.raises(Refused):
        transfer(scene.organiser, old.id, new.id, joins)


def test_another_programme_takes_no_credit(scene, monkeypatch):
    other = SimpleNamespace(code="another")
    real = programme_of
    monkeypatch.setattr(
        "trainer.attendance.services.transfers.programme_of",
        lambda key: other if key == -1 else real(key),
    )
    stranger = SimpleNamespace(id=99, programme_version_id=-1, status="running", starts_on=date(2026, 9, 1))
    with pytest.raises(Refused, match="programme"):
        plan_transfer(scene.course, scene.me, stranger, date(2026, 9, 30))
    with pytest.raises(Refused, match="already"):
        plan_transfer(scene.course, scene.me, scene.course, date(2026, 9, 30))


def test_a_cancelled_session_serves_nobody(scene):
    row = scene.rows[1]
    target = sessions_of(scene.other.course.id)[1]
    made = ask(scene.trainee, scene.me, row.id, "other_course", target.id)
    agree(scene.trainer, made.id)
    cancel(scene.organiser, target, "snow")
    with clock.frozen(target.starts_at), pytest.raises(Refused, match="Asked for"):
        complete(scene.trainer, made.id)
    with pytest.raises(Invalid, match="cancelled"):
        agree(scene.trainer, made.id)


def test_one_hour_elsewhere_makes_up_for_one_session(scene):
    """Two missed sessions of one module: the time at one other session is not credited to both."""
    first, second = scene.rows[0], scene.rows[1]
    with transaction():
        session.get(Session, second.id).module_code = first.module_code
        for row in sessions_of(scene.other.course.id):
            session.get(Session, row.id).module_code = first.module_code
    with clock.frozen(scene.rows[1].starts_at + timedelta(days=1)):
        hold(scene.world, [1], {(0, 1): ABSENT})
        target = sessions_of(scene.other.course.id)[1].id
        mine = ask(scene.trainee, scene.me, first.id, "other_course", target)
        with pytest.raises(Invalid, match="serves another"):
            ask(scene.trainee, scene.me, second.id, "other_course", target)
        # Called off, it is free for the other; and what was asked for meanwhile is looked at again before it is agreed.
        call_off(scene.trainee, mine.id)
        ask(scene.trainee, scene.me, second.id, "other_course", target)


def test_nobody_moves_themself_with_credit_nor_twice(scene):
    new = session.get(Course, scene.other.course.id)
    joins = date(2026, 9, 30)
    own = replace(scene.trainee, roles=scene.organiser.roles)
    with pytest.raises(Refused, match="themself"):
        transfer(own, scene.me, new.id, joins)
    transfer(scene.organiser, scene.me, new.id, joins)
    change_status(scene.organiser, session.get(Enrolment, scene.me), "enrolled", joins)
    third = make_world(code="TEST-3", trainees=0, starts_on=date(2026, 9, 17)).course
    with pytest.raises(Refused, match="went on in another course"):
        transfer(scene.organiser, scene.me, third.id, joins)
