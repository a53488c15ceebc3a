"""Attendance from real spreadsheets: round trips, all or nothing, corrections."""

from __future__ import annotations

import pytest

from trainer.attendance import imports
from trainer.attendance.queries import grid, history_of, saved_marks
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import read_table, write_xlsx
from trainer.scheduling.queries import session_of, sessions_of
from trainer.scheduling.services import cancel

HEAD = ["session", "email", "mark", "minutes", "reason_code"]


@pytest.fixture
def emails(world):
    return [enrolment.person.email for enrolment in world.trainees]


def import_attendance(actor, course, name, data, dry_run=False):
    return imports.import_attendance(actor, course, read_table(name, data), name, dry_run)


def csv(*rows: str) -> bytes:
    return "\r\n".join(rows).encode()


def test_excel_in_and_again_changes_nothing(world, emails):
    one, two, three = emails
    rows = [
        [1, one, "present", None, None],
        [1, two, "late", 200, None],
        [1, three, "excused", None, "work"],
        [2, one.upper(), "absent", 0, None],
        [2, two, "left_early", 0, None],
    ]
    data = write_xlsx("Attendance", HEAD, rows)
    trainer = world.actor("trainer")
    rehearsed = import_attendance(trainer, world.course, "week 1.xlsx", data, dry_run=True)
    assert (rehearsed.added, grid(world.course.id)) == (5, {})
    done = import_attendance(trainer, world.course, "week 1.xlsx", data)
    assert (done.added, done.changed, done.unchanged) == (5, 0, 0)
    again = import_attendance(trainer, world.course, "week 1.xlsx", data)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 5)
    assert [row.status for row in sessions_of(world.course.id)][:3] == ["held", "held", "planned"]
    first = session_of("TEST-1", 1).id
    marks = saved_marks(first)
    assert [marks[e.id].minutes for e in world.trainees] == [None, 200, None]
    assert marks[world.trainees[2].id].reason_code == "work"
    assert saved_marks(session_of("TEST-1", 2).id)[world.trainees[2].id].kind == "unmarked"


def test_a_windows_semicolon_file_in_catalan(world, emails):
    data = (
        f"Sessió;Correu electrònic;Assistència;Minuts\r\n1;{emails[0]};Present;\r\n1;{emails[1]};tard;60\r\n"
    )
    done = import_attendance(world.actor("trainer"), world.course, "llista.csv", data.encode("cp1252"))
    assert done.added == 2
    assert saved_marks(session_of("TEST-1", 1).id)[world.trainees[1].id].minutes == 60


def test_a_changed_mark_is_a_correction_that_names_the_file(world, emails):
    trainer = world.actor("trainer")
    head = "session,email,mark"
    import_attendance(trainer, world.course, "a.csv", csv(head, f"1,{emails[0]},present"))
    done = import_attendance(
        trainer, world.course, "/tmp/b.csv", csv(head, f"1,{emails[0]},absent", f"1,{emails[0]},absent")
    )
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    newest = history_of(session_of("TEST-1", 1).id, world.trainees[0].id)[0]
    assert (newest.from_kind, newest.to_kind, newest.reason) == ("present", "absent", "import b.csv")


def test_a_file_without_reason_codes_keeps_them(world, emails):
    trainer = world.actor("trainer")
    with_code = csv("session,email,mark,reason_code", f"1,{emails[0]},excused,family")
    import_attendance(trainer, world.course, "a.csv", with_code)
    done = import_attendance(
        trainer, world.course, "b.csv", csv("session,email,mark", f"1,{emails[0]},excused")
    )
    assert (done.changed, done.unchanged) == (0, 1)
    assert saved_marks(session_of("TEST-1", 1).id)[world.trainees[0].id].reason_code == "family"


def test_every_error_is_listed_and_nothing_is_written(world, emails):
    cancel(world.actor("organiser"), session_of("TEST-1", 3), "snow")
    one = emails[0]
    rows = [
        f"1,{one},present,",
        f"1,{one},late,60",
        "1,nobody@example.org,present,",
        f"11,{one},present,",
        f"3,{one},present,",
        f"2,{one},late,",
        f"2,{one},late,241",
        f"2,{one},here,",
        f"2,{one},present,100",
        f",{one},absent,",
        "2,,absent,",
        f"x,{one},absent,",
    ]
    with pytest.raises(Invalid) as refused:
        import_attendance(
            world.actor("trainer"), world.course, "a.csv", csv("session,email,mark,minutes", *rows)
        )
    found = [str(problem) for problem in refused.value.problems]
    assert [text.split(":")[0] for text in found] == [
        "row 3, column mark",
        "row 4, column email",
        "row 5, column session",
        "row 6, column session",
        "row 7, column minutes",
        "row 8, column minutes",
        "row 9, column mark",
        "row 10, column minutes",
        "row 11, column session",
        "row 12, column email",
        "row 13, column session",
    ]
    assert grid(world.course.id) == {}


def test_only_the_provider_imports(world, emails):
    data = csv("session,email,mark", f"1,{emails[0]},present")
    for role in ("assessor", "registrar", "other_organiser"):
        with pytest.raises(Refused):
            import_attendance(world.actor(role), world.course, "a.csv", data)
