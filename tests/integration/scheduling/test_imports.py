"""Sessions from spreadsheets."""

from __future__ import annotations

import pytest

from trainer.core.database import transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import read_table, write_xlsx
from trainer.scheduling import queries, services
from trainer.scheduling.imports import import_sessions
from trainer.scheduling.views.course import COLUMNS, _cells

from tests.factories.world import SYSTEM  # isort: skip

HEAD = "number,module,date,start,end,venue,status\n"


def load(world, text, actor=SYSTEM, **more):
    return import_sessions(actor, world.course, read_table("s.csv", text.encode()), "s.csv", **more)


def counts(result):
    return result.added, result.changed, result.unchanged


def test_what_was_exported_changes_nothing_when_imported(world):
    data = write_xlsx("x", COLUMNS, _cells(world.course))
    result = import_sessions(SYSTEM, world.course, read_table("s.xlsx", data), "s.xlsx")
    assert counts(result) == (0, 0, 10)
    assert {row.sequence for row in queries.sessions_of(world.course.id)} == {0}


def test_adds_moves_and_cancels_and_the_same_again_changes_nothing(world):
    text = (
        "Núm;Mòdul;Data;Inici;Fi;Lloc;Estat\n"
        "2;recovery;16/09/2026;09:00;13:30;Osona;planificada\n"
        "3;3;2026-09-22;10:00;14:00;Manresa;cancel·lada\n"
        "11;evaluation;2026-12-15;10:00;12:00;Vic;\n"
    )
    before = {row.number: row.uid for row in queries.sessions_of(world.course.id)}
    assert counts(load(world, text)) == (1, 2, 0)
    found = {row.number: row for row in queries.sessions_of(world.course.id)}
    assert (found[2].uid, found[2].sequence, found[2].minutes, found[2].venue) == (before[2], 1, 270, "Osona")
    assert (found[3].status, found[3].cancel_reason) == ("cancelled", "import s.csv")
    assert found[11].module_code == "evaluation"
    assert counts(load(world, text)) == (0, 0, 3)
    assert {row.number: row.sequence for row in queries.sessions_of(world.course.id)} == {
        n: 1 if n in (2, 3) else 0 for n in range(1, 12)
    }


def test_every_error_is_listed_and_nothing_is_written(world):
    text = HEAD + (
        "1,introduction,2026-09-08,10:00,14:00,Manresa,\n"
        "x,nothing,2026-02-30,25:00,14:00,,soon\n"
        "12,recovery,2026-12-15,14:00,10:00,Vic,\n"
        "1,recovery,2026-12-16,10:00,14:00,Vic,\n"
        "13,recovery,2026-09-15,12:00,16:00,Vic,\n"
    )
    with pytest.raises(Invalid) as caught:
        load(world, text)
    told = [str(one) for one in caught.value.problems]
    assert [one.split(":")[0] for one in told] == [
        "row 3, column number", "row 3, column date", "row 3, column start", "row 3, column venue",
        "row 3, column module", "row 3, column status", "row 4, column end", "row 5, column number",
        "row 6, column start",
    ]  # fmt: skip
    assert "same time as session 2" in told[-1]
    assert len(queries.sessions_of(world.course.id)) == 10


def test_a_held_session_is_not_moved_nor_a_cancelled_one_brought_back(world):
    from trainer.core.database import session, transaction
    from trainer.scheduling.models import Session

    rows = queries.sessions_of(world.course.id)
    with transaction():
        services.mark_held(session.get(Session, rows[0].id))
    services.cancel(SYSTEM, session.get(Session, rows[1].id), "snow")
    same = HEAD + (
        "1,introduction,2026-09-08,10:00,14:00,Manresa,held\n2,recovery,2026-09-15,10:00,14:00,Vic,cancelled\n"
    )
    assert counts(load(world, same)) == (0, 0, 2)
    with pytest.raises(Invalid) as caught:
        load(
            world,
            HEAD
            + "1,introduction,2026-09-09,10:00,14:00,Manresa,\n2,recovery,2026-09-15,10:00,14:00,Vic,planned\n",
        )
    told = [str(one) for one in caught.value.problems]
    assert "row 2, column date" in told[0]
    assert "Withdraw its register first" in told[0]
    assert "row 3, column status" in told[1]


def test_held_comes_from_the_register(world):
    result = load(world, HEAD + "1,introduction,2026-09-08,10:00,14:00,Manresa,held\n")
    assert counts(result) == (0, 0, 1)
    assert "held once its register" in str(result.warnings[0])
    assert queries.sessions_of(world.course.id)[0].status == "planned"


def test_a_trial_run_writes_nothing_and_only_organisers_import(world):
    text = HEAD + "11,evaluation,2026-12-15,10:00,12:00,New place,\n"
    assert counts(load(world, text, dry_run=True)) == (1, 0, 0)
    assert len(queries.sessions_of(world.course.id)) == 10
    assert queries.venue_by_name("New place") is None
    for role in ("trainer", "other_organiser"):
        with pytest.raises(Refused):
            load(world, text, actor=world.actor(role))


def test_a_repeat_comes_back_as_one(world):
    text = HEAD.replace("status", "status,extra") + "11,recovery,2026-12-15,10:00,12:00,Vic,,Sí\n"
    assert counts(load(world, text)) == (1, 0, 0)
    assert queries.sessions_of(world.course.id)[-1].extra
    data = write_xlsx("x", COLUMNS, _cells(world.course))
    result = import_sessions(SYSTEM, world.course, read_table("s.xlsx", data), "s.xlsx")
    assert counts(result) == (0, 0, 11)
    plain = HEAD + "11,recovery,2026-12-15,10:00,12:00,Vic,planned\n"
    assert counts(load(world, plain)) == (0, 0, 1)  # a file that does not say leaves it
    with pytest.raises(Invalid) as caught:
        load(world, text.replace("Sí", "perhaps"))
    assert "yes, no" in str([str(one) for one in caught.value.problems])
    assert counts(load(world, text.replace("Sí", "no"))) == (0, 1, 0)


def test_a_file_that_makes_a_session_a_repeat_lets_what_was_issued_be_looked_at(world, app, monkeypatch):
    told: list[int] = []
    monkeypatch.setitem(app.extensions, "trainer_facts_corrected", lambda _actor, key: told.append(key))
    text = HEAD.replace("status", "status,extra") + "10,evaluation,2026-11-10,10:00,14:00,Vic,,no\n"
    load(world, text)
    assert told == []
    load(world, text.replace("no\n", "yes\n"))
    assert told == [one.id for one in world.trainees]
    told.clear()
    row = queries.sessions_of(world.course.id)[-1]
    with transaction():
        services.mark_held(row)
    services.set_effective_minutes(SYSTEM, row, 60)
    assert told == []  # how long a repeat took is in nobody's share
