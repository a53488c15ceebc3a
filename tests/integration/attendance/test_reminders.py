"""Reminders of agreed make-ups: the person some days before, the organisers once the day went by, each once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from tests.integration.attendance.test_absences import mails, scene  # noqa: F401
from tests.integration.attendance.test_following import no_mail, steps
from trainer.attendance.models import MakeUp
from trainer.attendance.queries import inputs
from trainer.attendance.rules.make_ups import Note
from trainer.attendance.services.make_ups import agree, ask, complete, extend
from trainer.attendance.services.reminders import Reminded, remind
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import change_status
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.people.models import Person
from trainer.progress.queries import needs_call, progress


def on(day):
    return clock.frozen(datetime.combine(day, time(8), ZoneInfo("Europe/Madrid")))


def test_the_person_before_the_day_and_the_organisers_after_it(scene):  # noqa: F811
    with transaction():
        session.get_one(Person, scene.trainee.person_id).language = "ca"
    made = ask(scene.trainee, scene.me, scene.rows[1].id, "task", task="A diary").id
    agree(scene.trainer, made, until=date(2026, 10, 1))
    no_mail()
    with on(date(2026, 9, 25)):
        assert remind() == Reminded()
    with on(date(2026, 9, 26)):
        assert remind() == Reminded(people=1)
        assert remind() == Reminded()
    (to, text), *rest = mails()
    assert to == session.get_one(Enrolment, scene.me).person.email
    assert not rest
    assert not any(word in text for word in ("Núria", "diary", "session 2"))
    no_mail()
    with on(date(2026, 10, 1)):
        assert remind() == Reminded()
    with on(date(2026, 10, 2)):
        assert remind() == Reminded(past=1)
        assert remind() == Reminded()
        assert [to for to, _text in mails()] == ["organiser@example.org"]
        assert "Núria" not in mails()[0][1]
        (call,) = needs_call(progress(scene.course))
        assert (call.person.enrolment_id, call.kind) == (scene.me, "warning")
        assert "nobody has recorded it" in str(call.reasons[0])
        # Another day is another reminder; what is done reminds nobody. Nothing of it changes what was agreed.
        extend(scene.organiser, made, date(2026, 10, 20), "the printer was broken")
        assert needs_call(progress(scene.course)) == []
    with on(date(2026, 10, 16)):
        assert remind() == Reminded(people=1)
        fact = inputs(scene.course.id, [scene.me])[scene.me].make_ups[scene.rows[1].id]
        assert (fact.status, fact.until) == ("agreed", date(2026, 10, 20))
        assert session.get_one(MakeUp, made).words == "the printer was broken"
        complete(scene.trainer, made)
    with on(date(2026, 10, 30)):
        assert remind() == Reminded()
    said = [words for _status, _minutes, words in steps(made) if words.startswith("note:")]
    assert said == [Note.REMINDED, Note.PAST, Note.REMINDED]


def test_a_session_that_serves_is_reminded_of_by_its_own_day_and_a_pause_is_left_alone(scene, count_queries):  # noqa: F811
    from trainer.attendance.queries.make_ups import policy_of as policy
    from trainer.attendance.queries.make_ups import possible_sessions

    row = scene.rows[1]
    target = possible_sessions(
        scene.course, row.id, row.module_code, policy(scene.course), row.starts_local.date()
    )[0]
    made = ask(scene.trainee, scene.me, row.id, "other_course", target.session_id).id
    agree(scene.trainer, made)
    other = ask(scene.other_trainee, scene.ids[1], row.id, "task").id
    agree(scene.trainer, other, until=date(2026, 9, 28))
    day = target.starts_local.date()
    with on(day - timedelta(days=2)):
        change_status(scene.organiser, session.get_one(Enrolment, scene.ids[1]), "paused")
        assert remind() == Reminded(people=1)
    with on(day + timedelta(days=3)):
        with count_queries() as seen:
            assert remind() == Reminded()
        assert seen.count == 2  # what is agreed, and what was said of it
    with on(day + timedelta(days=4)):
        assert remind() == Reminded(past=1)
    assert session.scalars(select(MakeUp.status).where(MakeUp.id == made)).one() == "agreed"
