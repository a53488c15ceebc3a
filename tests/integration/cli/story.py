"""Organisations, staff and courses that the tests of the commands begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.integration.cli.harness import Result, Trainer

STAFF = {
    "organiser": "PROV",
    "trainer": "PROV",
    "assessor": "PROV",
    "registrar": "UNI",
    "supervisor": "HOST",
}


def mail(role: str) -> str:
    return f"{role}@example.org"


def furnish(trainer: Trainer) -> None:
    """Three organisations, one person of each role, and the course C1."""
    for code, kind in (("PROV", "provider"), ("UNI", "university"), ("HOST", "host")):
        trainer("org", "add", code, "--name", f"Organisation {code}", "--kind", kind).ok()
    trainer("user", "add", mail("admin"), "--name", "Ada Min", "--role", "admin").ok()
    for role, organisation in STAFF.items():
        trainer(
            "user", "add", mail(role), "--name", f"Person {role}", "--role", role, "--org", organisation
        ).ok()
    create(trainer, "C1", "2026-03-03").ok()


def create(
    trainer: Trainer, code: str, start: str, *more: str, venues: Sequence[str] = ("Manresa", "Vic")
) -> Result:
    # The contract spells it --venue V [--venue2 V …].
    names = ["--venue", *(f"--venue{number}" for number in range(2, len(venues) + 1))]
    chosen = [word for pair in zip(names, venues, strict=True) for word in pair]
    return trainer(
        "course", "create", code, "--programme", "peer-support-worker", "--org", "PROV", "--university", "UNI",
        "--title", f"Course {code}", "--start", start, "--time", "10:00", *chosen, *more,
    )  # fmt: skip


def roster(trainer: Trainer, course: str, *names: str) -> None:
    """Enrols ana@example.org and the like."""
    rows = [f"{name.title()},Serra,{name}@example.org" for name in names]
    trainer(
        "import",
        "roster",
        course,
        trainer.table(f"roster-{course}.csv", "given_name,family_name,email", rows),
    ).ok()


def attend(
    trainer: Trainer, course: str, marks: dict[str, str], first: int = 1, name: str = "marks.csv"
) -> Result:
    """Imports marks such as {"ana": "P P A L239 . X"}; `.` leaves the session unmarked."""
    words = {"P": "present", "A": "absent", "X": "excused", "L": "late", "E": "left_early"}
    rows = [
        f"{first + index},{person}@example.org,{words[mark[0]]},{mark[1:]}"
        for person, line in marks.items()
        for index, mark in enumerate(line.split())
        if mark != "."
    ]
    return trainer(
        "import", "attendance", course, trainer.table(name, "session,email,mark,minutes", rows)
    ).ok()


def progress(trainer: Trainer, course: str) -> dict[str, Any]:
    """The people of the progress document, by the part of their address before the @."""
    document = trainer("progress", course, "--format", "json").ok().json
    return {one["email"].partition("@")[0]: one for one in document["people"]}


def competencies(trainer: Trainer) -> list[str]:
    document = trainer("curriculum", "show", "peer-support-worker", "--format", "json").ok().json
    return [one["code"] for module in document["modules"] for one in module["competencies"]]


def assess(trainer: Trainer, course: str, *people: str) -> None:
    """Everything achieved, by the assessor."""
    rows = [
        f"{person}@example.org,{code},achieved,assessor,{mail('assessor')},2026-06-01"
        for person in people
        for code in competencies(trainer)
    ]
    header = "email,competency,level,kind,assessor,date"
    trainer("import", "assessments", course, trainer.table(f"assessed-{course}.csv", header, rows)).ok()
