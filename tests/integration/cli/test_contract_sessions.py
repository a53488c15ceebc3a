"""session move and cancel, calendar, import sessions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import attend, create, mail, roster


def sessions(trainer: Trainer, course: str) -> dict[int, dict[str, Any]]:
    shown = trainer("course", "show", course, "--format", "json").ok().json["sessions"]
    return {one["number"]: one for one in shown}


@pytest.fixture(scope="module")
def course(trainer: Trainer) -> str:
    """MOV: ana is on it, its first session is held and its fourth cancelled."""
    create(trainer, "MOV", "2026-03-04", venues=["Manresa 2", "Vic 2"]).ok()
    roster(trainer, "MOV", "ana")
    attend(trainer, "MOV", {"ana": "P"})
    trainer("session", "cancel", "MOV", "4", "--reason", "The hall is flooded").ok()
    return "MOV"


def test_move_and_cancel(trainer: Trainer) -> None:
    course = "CHG"
    create(trainer, course, "2026-03-05", venues=["Manresa 3", "Vic 3"]).ok()
    before = sessions(trainer, course)
    trainer("session", "move", course, "3", "--start", "2026-03-19 16:30", "--venue", "Elsewhere").ok()
    once = sessions(trainer, course)
    assert once[3] == {
        **before[3],
        "start": "2026-03-19T16:30:00+01:00",
        "venue": "Elsewhere",
        "sequence": before[3]["sequence"] + 1,
    }
    trainer("session", "move", course, "3", "--start", "2026-03-20 16:30").ok()
    twice = sessions(trainer, course)[3]
    assert (twice["sequence"], twice["venue"]) == (once[3]["sequence"] + 1, "Elsewhere")
    trainer("session", "cancel", course, "4", "--reason", "The hall is flooded").ok()
    cancelled = sessions(trainer, course)[4]
    assert cancelled == {**before[4], "status": "cancelled", "sequence": before[4]["sequence"] + 1}
    untouched = sessions(trainer, course)
    assert {n: untouched[n] for n in (1, 2, 5)} == {n: before[n] for n in (1, 2, 5)}


def test_what_is_held_stays(trainer: Trainer, course: str) -> None:
    before = sessions(trainer, course)
    assert {n: before[n]["status"] for n in (1, 4)} == {1: "held", 4: "cancelled"}
    trainer("session", "move", course, "1", "--start", "2026-03-05 10:00").refused()
    trainer("session", "cancel", course, "1", "--reason", "no").refused()
    trainer("session", "move", course, "4", "--start", "2026-03-05 10:00").refused()
    trainer("session", "cancel", course, "4", "--reason", "again").refused()
    assert sessions(trainer, course) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["move", "NONE", "2", "--start", "2026-03-12 10:00"],
        ["move", "MOV", "99", "--start", "2026-03-12 10:00"],
        ["move", "MOV", "99999999999999999999999", "--start", "2026-03-12 10:00"],
        ["move", "MOV", "-1", "--start", "2026-03-12 10:00"],
        ["move", "MOV", "two", "--start", "2026-03-12 10:00"],
        ["move", "MOV", "2", "--start", "yesterday"],
        ["move", "MOV", "2", "--start", "2026-02-30 10:00"],
        ["move", "MOV", "2", "--start", "0001-01-01 00:00"],
        ["move", "MOV", "2", "--start", "9999-12-31 23:59"],
        ["move", "MOV", "2", "--start", "2026-03-12 10:00", "--venue", ""],
        ["move", "MOV", "2"],
        ["move", "MOV", "2", "--start", "2026-03-12 10:00", "--as", "registrar@example.org"],
        ["move", "MOV", "2", "--start", "2026-03-12 10:00", "--as", "ana@example.org"],
        ["cancel", "MOV", "2"],
        ["cancel", "MOV", "2", "--reason", ""],
        ["cancel", "MOV", "99", "--reason", "x"],
        ["cancel", "NONE", "1", "--reason", "x"],
        ["cancel", "MOV", "2", "--reason", "x", "--as", "supervisor@example.org"],
    ],
    ids=" ".join,
)
def test_bad_calls(trainer: Trainer, course: str, arguments: list[str]) -> None:
    trainer("session", *arguments).refused()


def test_calendar_is_neutral(trainer: Trainer, course: str) -> None:
    text = trainer("calendar", course).ok().out
    assert text.startswith(("BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\n"))
    assert text.count("BEGIN:VEVENT") == 10
    assert text.count("STATUS:CANCELLED") == 1
    assert "BEGIN:VTIMEZONE" in text
    for number in range(1, 11):
        assert f"SUMMARY:MOV · {number}\r" in text.replace("\n", "\r")
    unfolded = text.replace("\r\n ", "").lower()
    modules = trainer("curriculum", "show", "peer-support-worker", "--format", "json").json["modules"]
    for title in (*(one["title"] for one in modules), "Course MOV", "Peer support", "recovery", "mental"):
        assert title.lower() not in unfolded
    uids = {one["uid"] for one in sessions(trainer, course).values()}
    assert all(uid in text for uid in uids)
    target = trainer.folder / "course.ics"
    told = trainer("calendar", course, "--output", target).ok()
    assert told.out == ""
    assert target.read_bytes().decode().replace("\r", "") == text.replace("\r", "")
    assert trainer("calendar", course).out == text
    trainer("calendar", "NONE").refused()
    trainer("calendar", course, "--output", trainer.folder / "no" / "such" / "folder.ics").refused()
    trainer("calendar", course, "--output", trainer.folder).refused()
    trainer("calendar", course, "--as", mail("registrar")).refused()


HEADER = "number,module,date,start,end,venue,status"


def test_import_sessions(trainer: Trainer) -> None:
    create(trainer, "SES", "2026-04-08", venues=["Tremp"]).ok()
    before = sessions(trainer, "SES")
    rows = [f"{n},{one['module']},{one['start'][:10]},10:00,14:00,Tremp,planned" for n, one in before.items()]
    same = trainer.table("same.csv", HEADER, rows)
    trainer("import", "sessions", "SES", same).ok()
    assert sessions(trainer, "SES") == before

    changed = trainer.file(
        "changed.csv",
        "Number;MODULE;Date;start;End;Venue;Status\n"
        "2;recovery;16/04/2026;16:00;20:30;Balaguer;\n"
        "3;resilience;22/04/2026;10:00;14:00;Tremp;cancelled\n"
        "11;evaluation;01/07/2026;9:30;11:00;Tremp;\n",
    )
    trainer("import", "sessions", "SES", changed, "--dry-run").ok()
    assert sessions(trainer, "SES") == before
    told = trainer("import", "sessions", "SES", changed, "--format", "json").ok().json
    assert (told["added"], told["changed"], told["unchanged"]) == (1, 2, 0)
    after = sessions(trainer, "SES")
    assert after[2] == {
        **before[2],
        "start": "2026-04-16T16:00:00+02:00",
        "minutes": 270,
        "venue": "Balaguer",
        "sequence": 1,
    }
    assert after[3] == {**before[3], "status": "cancelled", "sequence": 1}
    assert (after[11]["start"], after[11]["minutes"]) == ("2026-07-01T09:30:00+02:00", 90)
    again = trainer("import", "sessions", "SES", changed, "--format", "json").ok().json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert sessions(trainer, "SES") == after

    bad = trainer.table(
        "bad.csv",
        HEADER,
        [
            "12,no-module,2026-07-08,10:00,14:00,Tremp,",
            "13,recovery,2026-02-30,10:00,14:00,Tremp,",
            "14,recovery,2026-07-15,14:00,10:00,Tremp,",
            "15,recovery,2026-07-22,10:00,14:00,,",
            "16,recovery,2026-07-29,10:00,14:00,Tremp,perhaps",
            "17,recovery,2026-08-05,10:00,14:00,Tremp,",
            "x,recovery,2026-08-12,10:00,14:00,Tremp,",
        ],
    )
    told_bad = trainer("import", "sessions", "SES", bad).refused(
        "row 2, column module", "row 3, column date", "row 4, column end", "row 5, column venue",
        "row 6, column status", "row 8, column number",
    )  # fmt: skip
    assert "row 7" not in told_bad.err
    assert sessions(trainer, "SES") == after


def test_the_status_of_a_session_is_its_register(trainer: Trainer) -> None:
    create(trainer, "REG", "2026-04-09", venues=["Falset"]).ok()
    roster(trainer, "REG", "ana")
    attend(trainer, "REG", {"ana": "P"})
    before = sessions(trainer, "REG")
    held = trainer.table("held.csv", HEADER, ["2,recovery,2026-04-16,10:00,14:00,Falset,held"])
    trainer("import", "sessions", "REG", held).ok()
    assert {n: one["status"] for n, one in sessions(trainer, "REG").items() if n < 3} == {
        1: "held",
        2: "planned",
    }
    moved = trainer.table("moved.csv", HEADER, ["1,introduction,2026-04-10,10:00,14:00,Falset,"])
    trainer("import", "sessions", "REG", moved).refused("row 2, column date")
    dropped = trainer.table("dropped.csv", HEADER, ["1,introduction,2026-04-09,10:00,14:00,Falset,cancelled"])
    trainer("import", "sessions", "REG", dropped).refused("row 2, column status")
    assert sessions(trainer, "REG")[1] == before[1]
