"""Transferred credit follows the old register, make-ups follow the sessions and places they rest on; nothing is erased."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests.factories.registers import ABSENT, hold, late
from tests.factories.world import make_world
from tests.integration.attendance.test_absences import mails, scene  # noqa: F401
from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.queries import attendance_facts, inputs
from trainer.attendance.queries.make_ups import policy_of as policy
from trainer.attendance.queries.make_ups import possible_sessions
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.rules.make_ups import Note
from trainer.attendance.services import save_register, withdraw_register
from trainer.attendance.services.make_ups import agree, ask, call_off, complete, decline
from trainer.attendance.services.notices import announce
from trainer.attendance.services.transfers import transfer
from trainer.audit.queries import verify
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.services import change_status
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.messages.models import Outbox
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import cancel, move

JOINS = date(2026, 9, 30)  # after the first two sessions of the other course


def credited(enrolment_id):
    session.rollback()
    course_id = session.get_one(Enrolment, enrolment_id).course_id
    return attendance_facts(course_id, [enrolment_id])[enrolment_id].credited_minutes


def steps(make_up_id):
    rows = session.scalars(
        select(MakeUpEvent).where(MakeUpEvent.make_up_id == make_up_id).order_by(MakeUpEvent.id)
    )
    return [(one.status, one.minutes, one.words) for one in rows]


def reads(seen):
    """Statements that read, but for those on certificates: what was issued is looked for by person, as everywhere."""
    return len([text for text in seen.statements if text.startswith("SELECT") and "certificate" not in text])


def no_mail():
    with transaction() as current:
        for one in current.scalars(select(Outbox)):
            current.delete(one)


def correct(scene, number, marks):  # noqa: F811
    row = session.get(Session, scene.rows[number - 1].id)
    save_register(scene.trainer, row, marks, reason="looked at again")


def test_credit_follows_a_correction_and_the_past_stays(scene):  # noqa: F811
    new = session.get(Course, scene.other.course.id)
    fresh = transfer(scene.organiser, scene.ids[1], new.id, JOINS).id
    assert credited(fresh) == 440
    no_mail()
    before = clock.now() + timedelta(minutes=30)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        correct(scene, 2, {scene.ids[1]: late(60)})
        assert credited(fresh) == 300
        told = {one.email: one.subject + one.body for one in session.scalars(select(Outbox))}
        person = session.get_one(Enrolment, fresh).person.email
        assert set(told) == {person, "organiser@example.org"}
        assert not [text for text in told.values() if "trainee" in text or "Núria" in text]
        # Nothing attended any more: called off. And back again: credited anew, the old one stays as it was.
        correct(scene, 2, {scene.ids[1]: ABSENT})
        assert credited(fresh) == 240
        correct(scene, 2, {scene.ids[1]: MarkInput(MarkKind.PRESENT)})
        assert credited(fresh) == 480
    rows = session.scalars(
        select(MakeUp).where(MakeUp.enrolment_id == fresh, MakeUp.minutes != 240).order_by(MakeUp.id)
    )
    assert steps(rows.all()[0].id) == [
        ("done", 200, ""),
        ("done", 60, Note.RECOUNTED),
        ("called_off", 60, Note.RECOUNTED),
    ]
    then = inputs(new.id, [fresh], before)[fresh].make_ups
    assert sorted(one.minutes for one in then.values()) == [200, 240]
    assert verify().broken_at is None


def test_what_staff_took_back_stays_so_and_who_comes_back_takes_nothing_twice(scene):  # noqa: F811
    new = session.get(Course, scene.other.course.id)
    fresh = transfer(scene.organiser, scene.ids[1], new.id, JOINS).id
    first = session.scalars(select(MakeUp).where(MakeUp.enrolment_id == fresh, MakeUp.minutes == 240)).one()
    call_off(scene.organiser, first.id, "not the same content")
    correct(scene, 2, {scene.ids[1]: late(100)})
    assert credited(fresh) == 100
    # Attended on the old course after coming back: it belongs to that course alone.
    change_status(scene.organiser, session.get(Enrolment, scene.ids[1]), "enrolled", JOINS)
    with transaction():
        session.get(Session, scene.rows[4].id).module_code = scene.rows[0].module_code
    with clock.frozen(scene.rows[4].starts_at + timedelta(hours=1)):
        hold(scene.world, [5])
    assert credited(fresh) == 100


def test_a_session_still_to_come_is_not_taken_along_and_no_correction_changes_that(scene):  # noqa: F811
    new = session.get(Course, scene.other.course.id)
    with transaction():
        session.get(Session, scene.rows[8].id).module_code = scene.rows[1].module_code
    hold(scene.world, [9])  # a register that was saved before its day
    fresh = transfer(scene.organiser, scene.ids[1], new.id, JOINS).id
    assert credited(fresh) == 440
    correct(scene, 2, {scene.ids[1]: late(100)})
    assert credited(fresh) == 340


def test_what_was_taken_along_is_credited_where_another_way_is_called_off_or_declined(scene):  # noqa: F811
    new = session.get(Course, scene.other.course.id)
    fresh = transfer(scene.organiser, scene.ids[1], new.id, JOINS).id
    second = sessions_of(new.id)[1]
    with clock.frozen(second.starts_at + timedelta(days=20)):
        save_register(scene.trainer, session.get(Session, second.id), {fresh: ABSENT}, reason="taken late")
        for end in (call_off, decline):
            correct(scene, 2, {scene.ids[1]: ABSENT})
            other = ask(scene.organiser, fresh, second.id, "task", task="Read the hand-outs")
            correct(scene, 2, {scene.ids[1]: MarkInput(MarkKind.PRESENT)})
            assert credited(fresh) == 240  # it is to be made up another way
            end(scene.organiser, other.id)
            assert credited(fresh) == 480


def test_it_follows_from_course_to_course_in_as_many_statements_for_two_as_for_one(scene, count_queries):  # noqa: F811
    third = make_world(code="TEST-3", trainees=0, starts_on=date(2026, 9, 10)).course
    second = session.get(Course, scene.other.course.id)
    middle = [transfer(scene.organiser, scene.ids[number], second.id, JOINS).id for number in (1, 2)]
    with clock.frozen(scene.rows[3].starts_at):
        last = [transfer(scene.organiser, key, third.id, date(2026, 10, 1)).id for key in middle]
        assert [credited(key) for key in last] == [440, 480]
        with count_queries() as one:
            correct(scene, 2, {scene.ids[1]: late(30)})
        assert [credited(key) for key in last] == [270, 480]
        with count_queries() as two:
            correct(scene, 2, {scene.ids[1]: late(40), scene.ids[2]: late(50)})
        assert [credited(key) for key in last] == [280, 290]
        assert reads(two) == reads(one)
        # The register is withdrawn: nothing of it is left anywhere.
        withdraw_register(scene.trainer, session.get(Session, scene.rows[1].id), "the wrong day")
        assert [credited(key) for key in last] == [240, 240]
        # A session of the newest course that got the credit is cancelled: it counts for nobody.
        cancel(scene.organiser, sessions_of(third.id)[0], "it did not take place")
        assert [credited(key) for key in last] == [0, 0]


def options(scene):  # noqa: F811
    row = scene.rows[1]
    return possible_sessions(
        scene.course, row.id, row.module_code, policy(scene.course), row.starts_local.date()
    )


def agreed(scene):  # noqa: F811
    target = options(scene)[0].session_id
    made = ask(scene.trainee, scene.me, scene.rows[1].id, "other_course", target)
    agree(scene.trainer, made.id)
    no_mail()
    return made.id, session.get_one(Session, target)


def test_a_seat_is_free_when_its_person_leaves_or_completes(scene):  # noqa: F811
    made, _target = agreed(scene)
    change_status(scene.organiser, session.get(Enrolment, scene.me), "completed")
    assert steps(made)[-1] == ("called_off", 240, Note.LEFT)
    announce(scene.other_trainee, scene.ids[1], scene.rows[2].id, "absent")
    other = ask(scene.other_trainee, scene.ids[1], scene.rows[2].id, "task").id
    change_status(scene.organiser, session.get(Enrolment, scene.ids[1]), "withdrawn")
    assert steps(other)[-1] == ("called_off", 240, Note.LEFT)


def test_a_serving_session_that_is_cancelled_or_moved_is_told_and_answered_again(scene):  # noqa: F811
    made, target = agreed(scene)
    until = session.get(MakeUp, made).until
    move(scene.organiser, target, target.starts_local + timedelta(days=1))
    assert session.get(MakeUp, made).status == "agreed"
    me = session.get_one(Enrolment, scene.me).person.email
    assert me in {to for to, _text in mails()}
    move(scene.organiser, target, target.starts_local + timedelta(weeks=8))
    assert steps(made)[-1] == ("asked", 240, Note.MOVED_PAST)
    no_mail()
    cancel(scene.organiser, target, "snow")
    assert steps(made)[-1] == ("asked", 240, Note.CANCELLED)
    assert {to for to, _text in mails()} == {me}  # the one who cancelled knows
    assert not [text for _to, text in mails() if "Núria" in text]
    # Another way is agreed on, by an organiser also beyond the programme's own limit: it was no fault of theirs.
    with clock.frozen(scene.rows[9].starts_at):
        agree(
            scene.organiser, made, until=until + timedelta(weeks=9), words="it snowed", other=("task", None)
        )
        complete(scene.trainer, made)
    assert credited(scene.me) == 480


def test_nothing_is_left_to_make_up_of_what_was_attended_or_cancelled(scene):  # noqa: F811
    made, _target = agreed(scene)
    correct(scene, 2, {scene.me: MarkInput(MarkKind.PRESENT)})
    assert steps(made)[-1] == ("called_off", 240, Note.ATTENDED)
    announce(scene.trainee, scene.me, scene.rows[3].id, "absent")
    other = ask(scene.trainee, scene.me, scene.rows[3].id, "task").id
    cancel(scene.organiser, scene.rows[3], "snow")
    assert steps(other)[-1] == ("called_off", 240, Note.NO_SESSION)
