"""The imports: formats, errors by row, nothing twice, and who may."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.integration.cli.harness import Trainer
from tests.integration.cli.story import attend, competencies, create, mail, progress, roster

ROSTER = "given_name,family_name,email,entity,language,joined_on,certificate_name"


@pytest.fixture(scope="module")
def course(trainer: Trainer) -> str:
    """IMP: ana, bet and cai are on it; nothing was held."""
    create(trainer, "IMP", "2026-03-05", venues=["Lleida", "Reus"]).ok()
    roster(trainer, "IMP", "ana", "bet", "cai")
    return "IMP"


def table(rows: list[list[object]], end: str = "\n", mark: str = ",") -> str:
    return end.join(mark.join(str(cell) for cell in row) for row in rows) + end


ROWS: list[list[object]] = [
    ["Given_Name", "FAMILY_NAME", "Email"],
    ["Núria", "Àvila i Güell", "nuria@example.org"],
    ["Begoña", "Peñafiel-Ibáñez", "begona@example.org"],
    ["Zoë", "O'Neill", "zoe@example.org"],
]


def xlsx(rows: list[list[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = {
    "comma.csv": table(ROWS).encode(),
    "semicolon.csv": table(ROWS, mark=";").encode(),
    "tab.csv": table(ROWS, mark="\t").encode(),
    "tab.txt": table(ROWS, mark="\t").encode(),
    "bom.csv": b"\xef\xbb\xbf" + table(ROWS, "\r\n", ";").encode(),
    "windows.csv": table(ROWS, "\r\n", ";").encode("cp1252"),
    "old-mac.csv": table(ROWS, "\r").encode(),
    "book.xlsx": xlsx(ROWS),
    "blank-rows.csv": table([*ROWS[:2], ["", "", ""], *ROWS[2:], ["", "", ""]]).encode(),
    "quoted.csv": ('"Given_Name","FAMILY_NAME","Email"\n' + "".join(
        f'"{a}","{b}","{c}"\n' for a, b, c in ROWS[1:])).encode(),
}  # fmt: skip


def test_every_format_reads_alike(trainer: Trainer) -> None:
    create(trainer, "FMT", "2026-03-06", venues=["Valls"]).ok()
    first = True
    for name, data in FORMATS.items():
        told = trainer("import", "roster", "FMT", trainer.file(name, data), "--format", "json").ok().json
        wanted = (3, 0, 0) if first else (0, 0, 3)
        assert (told["added"], told["changed"], told["unchanged"]) == wanted, (name, told)
        first = False
    people = progress(trainer, "FMT")
    assert {one["name"] for one in people.values()} == {
        "Núria Àvila i Güell",
        "Begoña Peñafiel-Ibáñez",
        "Zoë O'Neill",
    }
    assert {one["status"] for one in people.values()} == {"enrolled"}


def test_roster(trainer: Trainer) -> None:
    create(trainer, "ROS", "2026-03-07", venues=["Gandesa"]).ok()
    outbox = trainer.instance / "outbox"
    before = sorted(outbox.glob("*")) if outbox.is_dir() else []
    file = trainer.table(
        "roster.csv",
        ROSTER + ",favourite colour",
        [
            "Mar,Puig,mar@example.org,PROV,ca,2026-03-07,Maria del Mar Puig,blue",
            "李,明,li@example.org,A new entity,es,14/03/2026,,",
            "X Æ,A-12’s ¿?,x@example.org,A new entity,,,,",
        ],
    )
    trainer("import", "roster", "ROS", file, "--dry-run").ok()
    assert progress(trainer, "ROS") == {}
    told = trainer("import", "roster", "ROS", file, "--format", "json").ok()
    assert told.json["added"] == 3
    assert "favourite colour" in told.err
    assert set(progress(trainer, "ROS")) == {"mar", "li", "x"}
    assert trainer("import", "roster", "ROS", file, "--format", "json").json["unchanged"] == 3
    after = sorted(outbox.glob("*")) if outbox.is_dir() else []
    assert after == before
    renamed = trainer.table("roster2.csv", "nom,cognoms,correu", ["Mar,Puig i Soler,MAR@example.org"])
    assert trainer("import", "roster", "ROS", renamed, "--format", "json").ok().json["changed"] == 1
    assert progress(trainer, "ROS")["mar"]["name"] == "Mar Puig i Soler"


def test_roster_errors_by_row(trainer: Trainer, course: str) -> None:
    file = trainer.table(
        "bad-roster.csv",
        ROSTER + ",national_id",
        [
            "Good,Person,good@example.org,,,,,",
            ",Person,a1@example.org,,,,,",
            "A,,a2@example.org,,,,,",
            "A,Person,not-an-address,,,,,",
            "A,Person,a3@example.org,,klingon,,,",
            "A,Person,a4@example.org,,,2026-13-01,,",
            "A,Person,good@example.org,,,,,",
            "A,Person,a5@example.org,,,,,12345678A",
        ],
    )
    told = trainer("import", "roster", course, file).refused(
        "row 3, column given_name", "row 4, column family_name", "row 5, column email", "row 6, column language",
        "row 7, column joined_on", "row 8, column email", "row 9, column national_id",
    )  # fmt: skip
    assert "12345678A" not in told.err
    assert "good" not in progress(trainer, course)
    trainer(
        "import", "roster", course, trainer.file("half.csv", "given_name,email\nA,b@example.org\n")
    ).refused("family_name")
    # The row is the spreadsheet's: blank rows count.
    gap = trainer.file("gap.csv", "given_name,family_name,email\n\nA,B,a9@example.org\n\n,B,a8@example.org\n")
    trainer("import", "roster", course, gap).refused("row 5, column given_name")


def test_national_id_is_sealed(trainer: Trainer, course: str) -> None:
    rows = [
        "Nie,Holder,nie@example.org,X1234567L",
        "Dni,Holder,dni@example.org,12345678Z",
        "P,H,pass@example.org,ABC123456",
    ]
    file = trainer.table("ids.csv", "given_name,family_name,email,national_id", rows)
    trainer("import", "roster", course, file).ok()
    assert trainer("import", "roster", course, file, "--format", "json").json["unchanged"] == 3
    stored = b"".join(one.read_bytes() for one in trainer.instance.glob("trainer.sqlite3*"))
    for number in (b"X1234567L", b"12345678Z", b"ABC123456"):
        assert number not in stored


def test_attendance(trainer: Trainer) -> None:
    course = "ATT"
    create(trainer, course, "2026-03-12", venues=["Lleida 2", "Reus 2"]).ok()
    roster(trainer, course, "ana", "bet", "cai")
    header = "Session,EMAIL,Mark,minutes,reason_code,mood"
    file = trainer.table(
        "att.csv",
        header,
        [
            "1,ana@example.org,present,,,good",
            "1,Bet@Example.org,LATE,200,transport,",
            "1,cai@example.org,excused,,work,",
            "2,ana@example.org,left_early,0,,",
            "2,bet@example.org,late,240,,",
            "2,cai@example.org,absent,0,,",
        ],
    )
    told = trainer("import", "attendance", course, file, "--dry-run").ok()
    assert "mood" in told.err
    assert {one["attendance"]["forecast"] for one in progress(trainer, course).values()} == {"no_data"}
    first = trainer("import", "attendance", course, file, "--format", "json").ok().json
    assert (first["added"], first["changed"], first["unchanged"]) == (6, 0, 0)
    people = progress(trainer, course)
    assert {k: people[k]["attendance"]["credited_minutes"] for k in ("ana", "bet", "cai")} == {
        "ana": 240,
        "bet": 440,
        "cai": 0,
    }
    audited = len(entries(trainer))
    again = trainer("import", "attendance", course, file, "--format", "json").ok().json
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 6)
    assert len(entries(trainer)) == audited
    assert progress(trainer, course) == people

    correction = trainer.table("fix me.csv", "session,email,mark", ["1,cai@example.org,present"])
    fixed = trainer("import", "attendance", course, correction, "--format", "json").ok().json
    assert (fixed["added"], fixed["changed"]) == (0, 1)
    changes = rows(trainer, "select from_kind, to_kind, reason from mark_change order by id desc limit 1")
    assert changes == [("excused", "present", "import fix me.csv")]


def test_attendance_errors_by_row(trainer: Trainer, course: str) -> None:
    before = progress(trainer, course)
    file = trainer.table(
        "bad-att.csv",
        "session,email,mark,minutes",
        [
            "5,ana@example.org,present,",
            "5,bet@example.org,late,",
            "5,cai@example.org,left_early,241",
            "6,ana@example.org,late,-1",
            "6,bet@example.org,late,ten",
            "6,cai@example.org,asleep,",
            "99,ana@example.org,present,",
            "x,ana@example.org,present,",
            "7,nobody@example.org,present,",
            "7,,present,",
            "7,ana@example.org,,",
        ],
    )
    told = trainer("import", "attendance", course, file).refused(
        "row 3, column minutes", "row 4, column minutes", "row 5, column minutes", "row 6, column minutes",
        "row 7, column mark", "row 8, column session", "row 9, column session", "row 10, column email",
        "row 11, column email", "row 12, column mark",
    )  # fmt: skip
    assert "row 2," not in told.err
    assert progress(trainer, course) == before


def test_assessments(trainer: Trainer, course: str) -> None:
    first, second, *_ = competencies(trainer)
    header = "email,competency,level,kind,assessor,date,evidence"
    file = trainer.table(
        "ass.csv",
        header,
        [
            f"ana@example.org,{first},achieved,assessor,{mail('assessor')},2026-05-01,Seen twice",
            f"ana@example.org,{second},emerging,peer_assessor,{mail('trainer')},01/05/2026,",
            f"ana@example.org,{second},achieved,reference_professional,{mail('supervisor')},2026-05-02,",
            f"ana@example.org,{second},leading,self,ana@example.org,2026-05-02,",
            f"ana@example.org,{first},achieved,prior_learning,{mail('assessor')},2026-05-02,A course of 2020",
        ],
    )
    trainer("import", "assessments", course, file, "--dry-run").ok()
    assert rows(trainer, "select count(*) from assessment") == [(0,)]
    assert trainer("import", "assessments", course, file, "--format", "json").ok().json["added"] == 5
    told = trainer("import", "assessments", course, file, "--format", "json").ok().json
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 0, 5)
    reworded = trainer.table(
        "ass2.csv", header, [f"ana@example.org,{first},achieved,assessor,{mail('assessor')},2026-05-01,Other"]
    )
    assert trainer("import", "assessments", course, reworded, "--format", "json").ok().json["added"] == 0
    assert rows(trainer, "select count(*) from assessment") == [(5,)]
    have = requirement(trainer, course, "ana", "competencies")["have"]
    assert have == "2"
    bad = trainer.table(
        "bad-ass.csv",
        header,
        [
            f"ana@example.org,no.such,achieved,assessor,{mail('assessor')},2026-05-03,",
            f"ana@example.org,{first},superb,assessor,{mail('assessor')},2026-05-03,",
            f"ana@example.org,{first},achieved,oracle,{mail('assessor')},2026-05-03,",
            f"ana@example.org,{first},achieved,assessor,nobody@example.org,2026-05-03,",
            f"ana@example.org,{first},achieved,assessor,{mail('assessor')},soon,",
            f"nobody@example.org,{first},achieved,assessor,{mail('assessor')},2026-05-03,",
            f"bet@example.org,{first},achieved,assessor,{mail('assessor')},2026-05-03,",
            f"ana@example.org,{first},achieved,self,{mail('assessor')},2026-05-03,",
        ],
    )
    trainer("import", "assessments", course, bad).refused(
        "row 2, column competency", "row 3, column level", "row 4, column kind", "row 5, column assessor",
        "row 6, column date", "row 7, column email", "row 9, column assessor",
    )  # fmt: skip
    assert rows(trainer, "select count(*) from assessment") == [(5,)]


def test_placement_log(trainer: Trainer) -> None:
    create(trainer, "PLA", "2026-01-08", venues=["Cervera"]).ok()
    roster(trainer, "PLA", "ana", "bet")
    attend(trainer, "PLA", {"ana": "P P P P P P P P A A", "bet": "P P P P P P P L239 A A"})
    open_ = ("placement", "open", "PLA", "--host", "HOST", "--start", "2026-04-01", "--end", "2026-09-30")
    hours = ("--weekly-hours", "10")
    trainer(*open_, *hours, "--person", "bet@example.org").refused()
    trainer(*open_, *hours, "--person", "ana@example.org", "--as", mail("registrar")).refused()
    log = "email,date,minutes,kind,tasks"
    file = trainer.table(
        "log.csv",
        log,
        [
            'ana@example.org,2026-04-01,300,direct,"Walks, talks"',
            "ana@example.org,2026-04-01,60,supervision,",
            "ana@example.org,02/04/2026,120,team,",
            "ana@example.org,2026-04-03,90,reflection,",
            "ana@example.org,2026-04-03,30,training,",
        ],
    )
    trainer("import", "placement-log", "PLA", file).refused("row 2, column email")
    trainer(*open_, *hours, "--person", "ana@example.org", "--reference", mail("supervisor")).ok()
    trainer("import", "placement-log", "PLA", file, "--dry-run").ok()
    assert requirement(trainer, "PLA", "ana", "placement_hours")["have"] in {"0", "0.0"}
    assert trainer("import", "placement-log", "PLA", file, "--format", "json").ok().json["added"] == 5
    told = trainer("import", "placement-log", "PLA", file, "--format", "json").ok().json
    assert (told["added"], told["changed"], told["unchanged"]) == (0, 0, 5)
    hours_done = requirement(trainer, "PLA", "ana", "placement_hours")
    assert (hours_done["have"], hours_done["need"]) == (str(10 * 60), str(260 * 60))
    bad = trainer.table(
        "bad-log.csv",
        log,
        [
            "ana@example.org,2026-03-31,60,direct,",
            "ana@example.org,2026-10-01,60,direct,",
            "ana@example.org,2026-04-07,0,direct,",
            "ana@example.org,2026-04-07,1441,direct,",
            "ana@example.org,2026-04-07,60,gardening,",
            "bet@example.org,2026-04-07,60,direct,",
            "nobody@example.org,2026-04-07,60,direct,",
            "ana@example.org,never,60,direct,",
        ],
    )
    trainer("import", "placement-log", "PLA", bad).refused(
        "row 2, column date", "row 3, column date", "row 4, column minutes", "row 5, column minutes",
        "row 6, column kind", "row 7, column email", "row 8, column email", "row 9, column date",
    )  # fmt: skip
    assert requirement(trainer, "PLA", "ana", "placement_hours") == hours_done


def test_cells_as_spreadsheets_keep_them(trainer: Trainer) -> None:
    """Dates, times and numbers are values in a workbook, not words."""
    create(trainer, "XLS", "2026-03-13", venues=["Amposta"]).ok()
    roster(trainer, "XLS", "ana", "bet")
    book: list[list[object]] = [
        ["number", "module", "date", "start", "end", "venue"],
        [2.0, "recovery", dt.datetime(2026, 3, 21), dt.time(16, 30), dt.time(20, 30), "Amposta"],
        [3, 3, dt.date(2026, 3, 28), "9:00", "13:00", "Amposta"],
    ]
    told = trainer("import", "sessions", "XLS", trainer.file("s.xlsx", xlsx(book)), "--format", "json").ok()
    assert told.json["changed"] == 2
    shown = trainer("course", "show", "XLS", "--format", "json").json["sessions"]
    assert [one["start"] for one in shown[1:3]] == ["2026-03-21T16:30:00+01:00", "2026-03-28T09:00:00+01:00"]
    assert [one["minutes"] for one in shown[1:3]] == [240, 240]
    marks: list[list[object]] = [
        ["Sessió", "Correu", "Assistència", "Minuts"],
        [1, "ana@example.org", "late", 35],
        [1.0, "bet@example.org", "Present", None],
    ]
    file = trainer.file("m.xlsx", xlsx(marks))
    assert trainer("import", "attendance", "XLS", file, "--format", "json").ok().json["added"] == 2
    assert trainer("import", "attendance", "XLS", file, "--format", "json").ok().json["unchanged"] == 2
    credited = {name: one["attendance"]["credited_minutes"] for name, one in progress(trainer, "XLS").items()}
    assert credited == {"ana": 35, "bet": 240}
    assert progress(trainer, "XLS")["ana"]["attendance"]["percent_so_far"] == "14.5"


BAD_PLACEMENTS = [
    {"--person": "nobody@example.org"},
    {"--host": "NONE"},
    {"--start": "2026-13-01"},
    {"--start": "2026-10-01"},
    {"--end": "later"},
    {"--weekly-hours": "many"},
    {"--weekly-hours": "-3"},
    {"--weekly-hours": "0"},
    {"--weekly-hours": "1e9"},
    {"--weekly-hours": "nan"},
    {"--reference": "nobody@example.org"},
    {"--as": "nobody@example.org"},
    {"course": "NONE"},
]


@pytest.mark.parametrize("change", BAD_PLACEMENTS, ids=lambda change: str(*change.items()))
def test_placement_open_refuses(trainer: Trainer, course: str, change: dict[str, str]) -> None:
    words = {
        "course": course,
        "--person": "ana@example.org",
        "--host": "HOST",
        "--start": "2026-04-01",
        "--end": "2026-09-30",
        "--weekly-hours": "10",
        **change,
    }
    code = words.pop("course")
    trainer("placement", "open", code, *[word for pair in words.items() for word in pair]).refused()


KINDS = ["roster", "sessions", "attendance", "assessments", "placement-log"]


def test_nonsense_files(trainer: Trainer, course: str) -> None:
    before = trainer("progress", course, "--format", "json").out
    files = {
        "nothing.csv": b"",
        "blank.csv": b"\n\n\n",
        "only-header.csv": b"a,b,c\n",
        "junk.bin": bytes(range(256)) * 40,
        "nul.csv": b"given_name,family_name,email\nA\x00,B,nul@example.org\n",
        "zip.xlsx": b"PK\x03\x04 this is no workbook at all",
        "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "pdf.csv": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "wide.csv": b",".join(b"c%d" % n for n in range(5000)) + b"\n",
        "utf16.csv": "x;y;z\n1;2;3\n".encode("utf-16"),
        "quote.csv": b'given_name,family_name,email\n"A,B,open@example.org\n',
    }
    for name, data in files.items():
        trainer("import", "roster", course, trainer.file(name, data), "--format", "json").refused()
    for kind in KINDS:
        for name in ("nothing.csv", "junk.bin", "only-header.csv"):
            trainer("import", kind, course, trainer.files / name, "--format", "json").refused()
    trainer("import", "roster", course, trainer.files / "missing.csv", "--format", "json").refused()
    trainer("import", "roster", course, trainer.files, "--format", "json").refused()
    good = trainer.file("good.csv", "given_name,family_name,email\nA,B,late@example.org\n")
    trainer("import", "roster", "NONE", good, "--format", "json").refused("NONE")
    trainer("import", "gossip", course, good, "--format", "json").refused()
    for who in ("registrar", "supervisor"):
        trainer("import", "roster", course, good, "--as", mail(who)).refused()
    trainer("import", "roster", course, good, "--as", "nobody@example.org").refused()
    trainer("import", "roster", course, good, "--as", "ana@example.org").refused()
    assert trainer("progress", course, "--format", "json").out == before


def test_a_file_with_an_odd_name(trainer: Trainer, course: str, tmp_path: Path) -> None:
    odd = tmp_path / "llista d'assistència (còpia).csv"
    odd.write_bytes(b"session,email,mark\n3,ana@example.org,present\n")
    trainer("import", "attendance", course, odd, "--as", mail("trainer")).ok()


def requirement(trainer: Trainer, course: str, person: str, kind: str) -> dict[str, str]:
    gates = progress(trainer, course)[person]["gates"]
    [found] = [one for gate in gates.values() for one in gate["requirements"] if one["kind"] == kind]
    return found  # type: ignore[no-any-return]


def rows(trainer: Trainer, statement: str) -> list[tuple[object, ...]]:
    import sqlite3

    with sqlite3.connect(trainer.database) as connection:
        return connection.execute(statement).fetchall()


def entries(trainer: Trainer) -> list[tuple[object, ...]]:
    return rows(trainer, "select id from audit_entry")
