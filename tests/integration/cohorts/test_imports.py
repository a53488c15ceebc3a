"""The roster import: idempotent, all or nothing, careful with people it does not own."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from tests.factories.world import SYSTEM, World
from trainer.cohorts import queries, services
from trainer.cohorts.imports import import_roster
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import read_table, write_csv
from trainer.messages.models import Outbox
from trainer.people.models import Account, Organisation, Person
from trainer.people.queries import held_on, national_id, person_by_email
from trainer.people.services import add_person, set_own_names

HEADER = [
    "given_name",
    "family_name",
    "email",
    "entity",
    "language",
    "joined_on",
    "certificate_name",
    "national_id",
]


def take(
    world: World, data: bytes, *, dry_run: bool = False, role: str = "organiser"
) -> tuple[int, int, int]:
    result = import_roster(
        world.actor(role), world.course, read_table("roster.csv", data), "roster.csv", dry_run
    )
    return result.added, result.changed, result.unchanged


def rows(*lines: tuple[str, ...]) -> bytes:
    return write_csv(HEADER, [list(line) + [""] * (len(HEADER) - len(line)) for line in lines])


def person(email: str) -> Person:
    found = person_by_email(email)
    assert found is not None
    return found


def test_a_windows_1252_file_with_semicolons(world: World) -> None:
    before = session.scalar(select(func.count()).select_from(Outbox))
    text = (
        "NOM;COGNOMS;Correu electrònic;Entitat;Llengua;Data d'alta;DNI;Telèfon\r\n"
        "Íngrid;Muñoz i Col·lell;Ingrid@Example.org;Associació Nova;Català;15/9/2026;12345678-z;600\r\n"
        "\r\n"
        "José María;de la O;jm@example.org;associació nova;es;;;\r\n"
        "Aïna;Fàbregas;aina@example.org;host;;;X1234567L;\r\n"
    )
    data = text.encode("cp1252")
    result = import_roster(world.actor("organiser"), world.course, read_table("r.csv", data), "r.csv")
    assert (result.added, result.changed, result.unchanged) == (3, 0, 0)
    assert [str(one) for one in result.warnings] == [
        "The column Telèfon is not known and was not read.",
        "Associació Nova is new: it becomes an organisation of its own.",
    ]
    roster = {row.email: row for row in queries.roster(world.course.id)}
    ingrid = roster["ingrid@example.org"]
    assert (ingrid.name, ingrid.entity, ingrid.language, ingrid.joined_on, ingrid.status) == (
        "Íngrid Muñoz i Col·lell",
        "Associació Nova",
        "ca",
        date(2026, 9, 15),
        "enrolled",
    )
    assert roster["jm@example.org"].entity == "Associació Nova"
    assert roster["jm@example.org"].joined_on == world.course.starts_on
    assert roster["aina@example.org"].entity_code == "HOST"
    assert person("ingrid@example.org").certificate_name == "Íngrid Muñoz i Col·lell"
    made = session.scalars(select(Organisation).where(Organisation.name == "Associació Nova")).one()
    assert (made.kind, made.code) == ("entity", "ASSOCIACIO-NOVA")
    assert session.scalar(select(func.count()).select_from(Outbox)) == before
    assert take(world, data) == (0, 0, 3)


def test_a_real_workbook(world: World) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Given_Name", "Family_Name", "E-mail", "Joined_On"])
    sheet.append(["Laia", "Puig", "laia@example.org", date(2026, 9, 22)])
    out = io.BytesIO()
    book.save(out)
    assert take(world, out.getvalue()) == (1, 0, 0)
    assert take(world, out.getvalue()) == (0, 0, 1)
    assert queries.roster(world.course.id)[-1].joined_on == date(2026, 9, 22)


def test_the_export_is_an_import_that_changes_nothing(world: World, client_as) -> None:  # type: ignore[no-untyped-def]
    client = client_as("organiser")
    for kind in ("csv", "xlsx"):
        data = client.get(f"/courses/{world.course.code}/people.{kind}").data
        assert take(world, data) == (0, 0, 3)


def test_national_ids_are_sealed(world: World) -> None:
    take(world, rows(("A", "B", "ab@example.org", "", "", "", "", "12345678Z")))
    found = person("ab@example.org")
    assert found.national_id_encrypted is not None
    assert "12345678" not in found.national_id_encrypted
    assert national_id(found) == "12345678Z"
    assert take(world, rows(("A", "B", "ab@example.org", "", "", "", "", "12.345.678-Z"))) == (0, 0, 1)
    assert take(world, rows(("A", "B", "ab@example.org", "", "", "", "", "ABC123456"))) == (0, 1, 0)
    assert "ABC123456" not in str(held_on(found.id))
    assert held_on(found.id)["person"]["national_id"] == "*****3456"


def test_changed_rows_are_taken_over(world: World) -> None:
    take(world, rows(("Anna", "Puig", "anna@example.org")))
    assert take(world, rows(("Anna", "Puig Soler", "anna@example.org", "", "es", "2026-09-20"))) == (0, 1, 0)
    found = person("anna@example.org")
    assert (found.display_name, found.certificate_name, found.language) == (
        "Anna Puig Soler",
        "Anna Puig Soler",
        "es",
    )
    assert take(world, rows(("Anna", "Puig Soler", "anna@example.org"))) == (0, 0, 1)
    assert queries.roster(world.course.id)[-1].joined_on == date(2026, 9, 20)


def test_a_confirmed_certificate_name_stays(world: World) -> None:
    take(world, rows(("Anna", "Puig", "anna@example.org")))
    found = person("anna@example.org")
    from trainer.core.access import Actor

    set_own_names(Actor(person_id=found.id), "Anna", "Anna Maria Puig", confirmed=True)
    assert take(world, rows(("Anna", "Puig", "anna@example.org", "", "", "", "Other"))) == (0, 0, 1)
    assert take(world, rows(("Anna", "Puigdomènech", "anna@example.org"))) == (0, 1, 0)
    assert person("anna@example.org").certificate_name == "Anna Maria Puig"
    assert person("anna@example.org").display_name == "Anna"


def test_every_problem_is_listed_and_nothing_written(world: World) -> None:
    people = session.scalar(select(func.count()).select_from(Person))
    data = rows(
        ("Good", "Row", "good@example.org", "New entity"),
        ("", "B", "nowhere", "", "fr", "31/02/2026", "", "12345678A"),
        ("C\u202e", "D", "good@example.org", "", "", "", "", "12345678"),
        ("E", "", "", ""),
    )
    with pytest.raises(Invalid) as caught:
        take(world, data)
    assert [str(one) for one in caught.value.problems] == [
        "row 3, column given_name: is empty",
        "row 3, column email: nowhere is not an address of mail",
        "row 3, column language: is none of ca, es, en",
        "row 3, column joined_on: 31/02/2026 is not a date (YYYY-MM-DD or DD/MM/YYYY)",
        "row 3, column national_id: has a letter that does not fit the number",
        "row 4, column given_name: holds characters that cannot be printed",
        "row 4, column email: is in row 2 too",
        "row 4, column national_id: has no letter at the end",
        "row 5, column family_name: is empty",
        "row 5, column email: is empty",
    ]
    assert session.scalar(select(func.count()).select_from(Person)) == people
    assert session.scalars(select(Organisation).where(Organisation.kind == "entity")).all() == []


def test_a_dry_run_writes_nothing_and_foresees_all(world: World) -> None:
    data = rows(
        ("Laia", "Puig", "laia@example.org", "New entity"),
        ("Núria00", "Altres", str(world.trainees[0].person.email)),
    )
    assert take(world, data, dry_run=True) == (1, 1, 0)
    assert person_by_email("laia@example.org") is None
    assert take(world, data) == (1, 1, 0)


def test_who_left_stays_away_and_who_was_invited_arrives(world: World) -> None:
    organiser = world.actor("organiser")
    services.withdraw(organiser, world.trainees[0])
    gone = world.trainees[0].person
    invited = services.add_by_hand(
        organiser, world.course, given_name="I", family_name="J", email="ij@example.org"
    )
    data = rows((gone.given_name, gone.family_name, str(gone.email)), ("I", "J", "ij@example.org"))
    result = import_roster(organiser, world.course, read_table("r", data), "r")
    assert (result.changed, result.unchanged) == (1, 1)
    assert [str(one) for one in result.warnings] == ["row 2: this person left the course, and stays so."]
    assert world.trainees[0].status == "withdrawn"
    assert invited.status == "enrolled"
    assert invited.joined_on == world.course.starts_on


def test_a_roster_renames_no_one_elses_people(world: World) -> None:
    admin = world.staff["admin"]
    data = rows(("Not", "Admin", str(admin.email), "", "es"))
    result = import_roster(world.actor("organiser"), world.course, read_table("r", data), "r")
    assert result.added == 1
    assert [str(one) for one in result.warnings] == ["row 2: the person's own details were left as they are."]
    assert person(str(admin.email)).display_name == "Admin Prova"


def test_only_organisers_import(world: World) -> None:
    for role in ("trainer", "registrar", "other_organiser"):
        with pytest.raises(Refused):
            take(world, rows(("A", "B", "a@example.org")), role=role)


def test_a_person_known_without_a_course_is_enrolled(world: World) -> None:
    add_person(SYSTEM, "Known", "Person", "known@example.org")
    assert take(world, rows(("Known", "Person", "KNOWN@example.org"))) == (1, 0, 0)
    assert session.scalars(select(Account).where(Account.email == "known@example.org")).all() == []
