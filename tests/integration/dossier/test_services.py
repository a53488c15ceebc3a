"""Handing in, answering, results and decisions on the database; what was granted and changes is told upwards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.tables import read_table, write_csv
from trainer.dossier import queries, services
from trainer.dossier.imports import import_results
from trainer.dossier.models import DossierEntry
from trainer.dossier.rules import PaperState, paper_standing
from trainer.dossier.services import Answer, Result, Upload
from trainer.gates.queries import standings
from trainer.gates.rules import Status

TODAY = date(2026, 11, 18)


@pytest.fixture
def told(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The enrolments of which somebody above was told that facts were corrected."""
    found: list[int] = []
    monkeypatch.setitem(
        ctx.extensions, "trainer_facts_corrected", lambda actor, enrolment_id: found.append(enrolment_id)
    )
    return found


def letter(world: Any, today: date = TODAY) -> PaperState:
    enrolment = world.trainees[0]
    entries = queries.entries(world.course.id, [enrolment.id]).get(enrolment.id, ())
    return paper_standing(entries, "document", "letter", today).state


def requirement(world: Any, key: str, as_of: datetime | None = None, person: int = 0) -> Any:
    enrolment_id = world.trainees[person].id
    gate = standings(world.course, [enrolment_id], as_of)[enrolment_id]["accreditation"]
    return next(one for one in gate.requirements if one.key == key)


def test_a_document_is_handed_in_given_back_and_accepted(world: Any, told: list[int]) -> None:
    trainee, enrolment = world.actor("trainee"), world.trainees[0]
    file = Upload("carta.txt", "text/plain", b"La meva carta")
    first = services.hand_in(trainee, enrolment, "document", "letter", file=file, words=" Aquí la teniu ")
    assert (first.words, first.file_id is not None, letter(world)) == (
        "Aquí la teniu",
        True,
        PaperState.HANDED_IN,
    )
    with pytest.raises(Invalid, match="what is missing"):
        services.answer(world.actor("trainer"), enrolment, "document", "letter", accept=False)
    services.answer(
        world.actor("trainer"), enrolment, "document", "letter", accept=False, words="Falta la firma"
    )
    assert letter(world) is PaperState.RETURNED
    services.hand_in(trainee, enrolment, "document", "letter", url="https://example.org/carta")
    services.answer(world.actor("organiser"), enrolment, "document", "letter", accept=True)
    assert letter(world) is PaperState.ACCEPTED
    assert letter(world, date(2027, 11, 18)) is PaperState.EXPIRING
    assert letter(world, date(2027, 11, 19)) is PaperState.EXPIRED
    assert requirement(world, "documents").status is Status.MET
    assert told == []
    # With nothing new handed in, giving it back takes back what was granted: certificates hear of it.
    services.answer(
        world.actor("trainer"), enrolment, "document", "letter", accept=False, words="Era d'una altra"
    )
    assert told == [enrolment.id]
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("dossier.%"))).all()
    assert len(actions) == 5


def test_who_may_not(world: Any) -> None:
    enrolment, other = world.trainees[0], world.trainees[1]
    for role in ("registrar", "other_organiser", "other_trainee", "reference"):
        with pytest.raises(Refused):
            services.hand_in(world.actor(role), enrolment, "document", "letter", words="x")
        with pytest.raises(Refused):
            services.answer(world.actor(role), enrolment, "document", "letter", accept=True)
    with pytest.raises(Refused):
        services.answer(world.actor("trainee"), enrolment, "document", "letter", accept=True)
    with pytest.raises(Refused):
        services.record_results(world.actor("trainee"), world.course, [Result(other.id, "quiz", 20, TODAY)])
    with pytest.raises(Refused, match="another role"):
        services.decide(world.actor("assessor"), world.course, "ready", [Answer(enrolment.id, True, TODAY)])
    assert session.scalar(select(func.count()).select_from(DossierEntry)) == 0


def test_what_cannot_be_handed_in(world: Any) -> None:
    trainee, enrolment = world.actor("trainee"), world.trainees[0]
    for values in (
        {},
        {"words": "  "},
        {"url": "javascript:alert(1)"},
        {"words": "x" * 2001},
        {"file": Upload("a.exe", "application/octet-stream", b"MZ\x00\x01")},
    ):
        with pytest.raises(Invalid):
            services.hand_in(trainee, enrolment, "document", "letter", **values)
    for kind, code in (("document", "story"), ("portfolio", "letter"), ("test", "quiz")):
        with pytest.raises(Invalid, match="does not ask"):
            services.hand_in(trainee, enrolment, kind, code, words="x")


def test_one_thing_is_not_handed_in_without_end(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.dossier.services.papers.MOST", 2)
    trainee, enrolment = world.actor("trainee"), world.trainees[0]
    for _ in range(2):
        services.void(trainee, services.hand_in(trainee, enrolment, "document", "letter", words="x"))
    with pytest.raises(Refused, match="many times"):
        services.hand_in(trainee, enrolment, "document", "letter", words="x")


def test_results_are_recorded_all_or_none(world: Any, told: list[int]) -> None:
    trainer, course = world.actor("trainer"), world.course
    first, second = world.trainees[0].id, world.trainees[1].id
    with pytest.raises(Invalid, match="0 to 20"):
        services.record_results(
            trainer, course, [Result(first, "quiz", 13, TODAY), Result(second, "quiz", 21, TODAY)]
        )
    assert requirement(world, "test").have == "0"
    [entry] = services.record_results(trainer, course, [Result(first, "quiz", 13, TODAY - timedelta(days=9))])
    assert requirement(world, "test").status is Status.NOT_YET
    services.record_results(trainer, course, [Result(first, "quiz", 14, TODAY)])
    assert requirement(world, "test").status is Status.MET
    with pytest.raises(Refused, match="every attempt"):
        services.record_results(trainer, course, [Result(first, "quiz", 20, TODAY)])
    services.void(trainer, entry, "Un altre dia")
    assert requirement(world, "test").status is Status.MET
    assert told == []
    best = session.scalars(select(DossierEntry).where(DossierEntry.points == 14)).one()
    services.void(trainer, best)
    assert told == [first]
    assert requirement(world, "test").have == "0"
    with pytest.raises(Invalid, match="already"):
        services.void(trainer, best)


def test_a_decision_is_the_named_roles(world: Any, told: list[int]) -> None:
    course, enrolment = world.course, world.trainees[0]
    services.decide(world.actor("trainer"), course, "ready", [Answer(enrolment.id, True, TODAY)])
    assert requirement(world, "decision").status is Status.MET
    with pytest.raises(Invalid, match="missing"):
        services.decide(world.actor("trainer"), course, "ready", [Answer(enrolment.id, False, TODAY)])
    services.decide(
        world.actor("trainer"), course, "ready", [Answer(enrolment.id, False, TODAY, "Encara no")]
    )
    assert requirement(world, "decision").status is Status.NOT_YET
    assert told == [enrolment.id]


def test_the_university_decides_about_those_who_were_put_forward(world: Any) -> None:
    course, enrolment, registrar = world.course, world.trainees[0], world.actor("registrar")
    yes = [Answer(enrolment.id, True, TODAY)]
    with pytest.raises(Refused, match="put forward"):
        services.decide(registrar, course, "admit", yes)
    with pytest.raises(Refused):
        services.ask_university(world.actor("trainer"), course, "admit", [enrolment.id])
    asked = services.ask_university(world.actor("organiser"), course, "admit", [enrolment.id])
    assert services.ask_university(world.actor("organiser"), course, "admit", [enrolment.id]) == []
    with pytest.raises(Refused):
        services.decide(world.actor("organiser"), course, "admit", yes)
    assert requirement(world, "admitted").status is Status.NOT_YET
    services.decide(registrar, course, "admit", yes)
    assert requirement(world, "admitted").status is Status.MET
    with pytest.raises(Refused):  # it was answered
        services.void(world.actor("organiser"), asked[0])


def test_the_person_takes_back_only_what_nobody_has_answered(world: Any) -> None:
    trainee, enrolment = world.actor("trainee"), world.trainees[0]
    first = services.hand_in(trainee, enrolment, "portfolio", "story", words="x")
    services.void(trainee, first)
    second = services.hand_in(trainee, enrolment, "portfolio", "story", words="y")
    services.answer(world.actor("trainer"), enrolment, "portfolio", "story", accept=True)
    with pytest.raises(Refused):
        services.void(trainee, second)


def test_a_decision_can_be_replayed(world: Any) -> None:
    trainer, course, enrolment = world.actor("trainer"), world.course, world.trainees[0]
    moments = [datetime(2026, 11, 18, hour, tzinfo=UTC) for hour in (12, 13, 14)]
    with clock.frozen(moments[0]):
        [entry] = services.record_results(trainer, course, [Result(enrolment.id, "quiz", 20, TODAY)])
    with clock.frozen(moments[1]):
        services.void(trainer, entry)
    now = moments[2]
    with clock.frozen(now):
        assert requirement(world, "test").status is Status.NOT_YET
        assert requirement(world, "test", moments[0]).status is Status.MET
        assert requirement(world, "test", moments[0] - timedelta(seconds=1)).status is Status.NOT_YET
        assert requirement(world, "test", moments[1]).status is Status.NOT_YET


def sheet(*rows: list[Any]) -> Any:
    return read_table("r.csv", write_csv(["Correu", "Prova", "Punts", "Data"], rows))


def test_results_from_a_spreadsheet(world: Any) -> None:
    trainer, course = world.actor("trainer"), world.course
    first, second = (one.person.email for one in world.trainees[:2])
    good = [[first, "quiz", 13, "2026-11-01"], [second, "quiz", 20, "2026-11-01"]]
    assert import_results(trainer, course, sheet(*good), "r.csv", True).added == 2
    assert requirement(world, "test").have == "0"
    assert import_results(trainer, course, sheet(*good), "r.csv").added == 2
    assert requirement(world, "test").have == "13"
    again = import_results(trainer, course, sheet(*good), "r.csv")
    assert (again.added, again.unchanged) == (0, 2)
    with pytest.raises(Invalid) as caught:
        import_results(
            trainer,
            course,
            sheet(
                [first, "quiz", 15, "2026-11-02"],
                [first, "quiz", 16, "2026-11-03"],
                [second, "quiz", 21, "2026-11-02"],
                ["nobody@example.org", "quiz", 2, "2026-11-02"],
                [second, "quiz", 2, "2027-11-02"],
            ),
            "r.csv",
        )
    assert [str(one)[:5] for one in caught.value.problems] == ["row 3", "row 4", "row 5", "row 6"]
    assert requirement(world, "test").have == "13"
