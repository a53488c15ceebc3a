"""The attestation of attendance: the second document of a course, for who is not accredited."""

from __future__ import annotations

import io
import json
from typing import Any

import html5lib
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.factories.registers import ABSENT, EXCUSED, hold
from tests.integration.accreditation.conftest import waive_all
from trainer import cli
from trainer.accreditation import services
from trainer.accreditation.models import Certificate, Proposal
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.statuses import Answer
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.cli import common
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import withdraw
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.gates.services import waive
from trainer.people.models import Person

KIND = "attendance"


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    return str(response.text)


def standings(world: Any) -> list[Standing]:
    session.rollback()
    return [one.standing for one in services.eligible(world.course, KIND)]


def give(world: Any, language: str = "en") -> Certificate:
    """The attestation of the first trainee, through all three steps."""
    with transaction() as current:
        current.get_one(Person, world.trainees[0].person_id).language = language
    chosen = [world.trainees[0].id]
    assert services.propose(world.actor("organiser"), world.course, KIND, chosen).done
    assert services.approve(world.actor("registrar"), world.course, KIND, chosen).done
    assert services.issue(world.actor("registrar"), world.course, KIND, chosen).done
    session.rollback()
    return session.scalars(select(Certificate).where(Certificate.kind == KIND)).one()


@pytest.fixture
def left(world: Any) -> Any:
    """Two of ten sessions were held, the second of which the first trainee left after an hour and a half;
    then they left the course."""
    hold(world, [1, 2], {(0, 2): MarkInput(MarkKind.LEFT_EARLY, 90), (1, 1): EXCUSED, (1, 2): ABSENT})
    withdraw(world.actor("organiser"), session.get_one(Enrolment, world.trainees[0].id))
    return world


def test_the_kinds_of_a_course_are_its_gates_and_then_its_attestation(world: Any) -> None:
    assert services.kinds(world.course) == ["accreditation", "completion", "attendance"]


def test_it_needs_attendance_and_an_end(world: Any) -> None:
    assert standings(world) == [Standing.NOT_YET] * 3
    hold(world, [1], {(1, 1): ABSENT})
    assert standings(world) == [Standing.NOT_YET] * 3  # the course goes on
    withdraw(world.actor("organiser"), session.get_one(Enrolment, world.trainees[0].id))
    withdraw(world.actor("organiser"), session.get_one(Enrolment, world.trainees[1].id))
    assert standings(world) == [Standing.ELIGIBLE, Standing.NOT_YET, Standing.NOT_YET]
    hold(world, range(2, 11), {(1, number): ABSENT for number in range(2, 11)})
    assert standings(world) == [Standing.ELIGIBLE, Standing.NOT_YET, Standing.ELIGIBLE]


def test_who_is_or_can_be_accredited_needs_none(world: Any) -> None:
    hold(world, range(1, 11))
    organiser, registrar = world.actor("organiser"), world.actor("registrar")
    for enrolment in world.trainees[:2]:
        waive(organiser, enrolment, "accreditation", None, "Convalidat")
    assert standings(world) == [Standing.NEEDLESS, Standing.NEEDLESS, Standing.ELIGIBLE]
    services.propose(organiser, world.course, "accreditation", [world.trainees[0].id])
    services.approve(registrar, world.course, "accreditation")
    services.issue(registrar, world.course, "accreditation")
    assert standings(world) == [Standing.NEEDLESS, Standing.NEEDLESS, Standing.ELIGIBLE]
    batch = services.propose(organiser, world.course, KIND)
    assert [one.enrolment_id for one in batch.done] == [world.trainees[2].id]
    # Somebody who comes to be accredited while the attestation waits does not get both.
    waive(organiser, world.trainees[2], "accreditation", None, "Convalidat")
    batch = services.approve(registrar, world.course, KIND)
    assert (batch.done, len(batch.refused)) == ((), 3)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ca", "ha assistit a 5 hores i 30 minuts del curs"),
        ("es", "ha asistido a 5 horas y 30 minutos del curso"),
        ("en", "has attended 5 hours and 30 minutes of the course"),
    ],
)
def test_it_says_what_was_attended_and_nothing_else(left: Any, language: str, said: str) -> None:
    found = give(left, language)
    reader = PdfReader(io.BytesIO(found.pdf))
    assert len(reader.pages) == 1  # no learning outcomes
    text = " ".join(reader.pages[0].extract_text().split())
    assert said in text
    for never in ("40", "ECTS", "%", "absen", "1,6", "1.6"):
        assert never not in text.replace(found.serial, "").replace(dashed(found.code), ""), never
    sheet = str(found.frozen["sheet"])
    assert "ECTS" not in sheet
    assert found.frozen["outcomes"] == []
    assert (found.frozen["attended_minutes"], found.frozen["credential"]["hours"]) == (330, None)
    assert found.credential is not None
    assert "ECTS" not in found.credential
    assert services.verify(found.code).answer is Answer.VALID


def test_the_evidence_holds_minutes_and_sessions_and_no_name(left: Any) -> None:
    services.propose(left.actor("organiser"), left.course, KIND)
    pack = session.scalars(select(Proposal.evidence)).one()
    assert pack["attendance"] == {"attended_minutes": 330, "credited_minutes": 330, "sessions": 2}
    [gate] = pack["gates"]
    assert gate["rules"] == [{"attests": "attendance", "unless": "accreditation"}]
    assert [one["status"] for one in gate["decisions"]] == ["met", "met"]
    assert "Peñafiel" not in str(pack)


def test_corrected_before_it_is_issued_it_is_proposed_again(left: Any) -> None:
    organiser, registrar = left.actor("organiser"), left.actor("registrar")
    services.propose(organiser, left.course, KIND)
    services.approve(registrar, left.course, KIND)
    hold(left, [2], {(0, 2): MarkInput(MarkKind.LEFT_EARLY, 100)})
    batch = services.issue(registrar, left.course, KIND)
    assert batch.done == ()
    [refused] = [one for one in batch.refused if one.standing is Standing.APPROVED]
    assert "corrected since" in str(refused.reasons[0])
    services.withdraw(organiser, refused.row.proposal_id or 0)
    assert "5 hours and 40 minutes" in str(give(left).frozen["sheet"])


def test_corrected_afterwards_it_is_flagged_and_altered_by_nothing(left: Any) -> None:
    found = give(left)
    before = (found.sha256, found.status, found.frozen)
    hold(left, [2], {(0, 2): ABSENT})
    session.rollback()
    found = session.get_one(Certificate, found.id)
    assert found.flagged_at is not None
    assert (found.sha256, found.status, found.frozen) == before
    assert services.verify(found.code).answer is Answer.VALID
    new = session.get_one(Certificate, services.reissue(left.actor("registrar"), found.code))
    assert "4 hours" in str(new.frozen["sheet"])  # issued anew, it attests what the registers hold
    assert "30 minutes" not in str(new.frozen["sheet"])


def test_nothing_left_to_attest_is_not_issued_anew(left: Any) -> None:
    found = give(left)
    hold(left, [1, 2], {(0, 1): ABSENT, (0, 2): ABSENT})
    with pytest.raises(Invalid):
        services.reissue(left.actor("registrar"), found.code)
    services.revoke(left.actor("registrar"), found.code, "data_error")
    assert standings(left)[0] is Standing.REVOKED


def test_only_registrars_issue_it(left: Any) -> None:
    with pytest.raises(Refused):
        services.issue(left.actor("organiser"), left.course, KIND)


def test_the_pages_list_it_beside_the_others(left: Any, client_as: Any) -> None:
    organiser, registrar = client_as("organiser"), client_as("registrar")
    address = "/courses/TEST-1/accreditation"
    assert f"kind={KIND}" in ok(organiser.get(address))
    page = ok(organiser.get(f"{address}?kind={KIND}"))
    assert "5 h 30 min attended, in 2 sessions." in page
    assert "The course goes on" in page
    chosen = str(left.trainees[0].id)
    assert organiser.post(address, data={"kind": KIND, "enrolment": chosen}).status_code == 303
    proposal_id = session.scalars(select(Proposal.id)).one()
    page = ok(registrar.get(f"/registry/proposals/{proposal_id}"))
    assert "5 h 30 min attended, in 2 sessions." in page
    assert "has left the course" in page


def test_the_commands_take_the_kind(left: Any, app: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(common, "application", lambda: app)

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.run(["certificates", *arguments])
        return code, capsys.readouterr().out

    assert run("propose", "TEST-1", "--kind", KIND, "--as", "organiser@example.org")[0] == 0
    assert run("approve", "TEST-1", "--kind", KIND, "--as", "registrar@example.org")[0] == 0
    assert run("issue", "TEST-1", "--kind", KIND, "--as", "registrar@example.org")[0] == 0
    [row] = json.loads(run("list", "TEST-1", "--format", "json")[1])
    assert (row["kind"], row["status"]) == (KIND, "valid")


def test_eligibility_asks_the_same_for_any_number(ctx: Any, count_queries: Any) -> None:
    from tests.factories.world import make_world

    counts = []
    for number in (1, 12):
        world = make_world(trainees=number, code=f"N{number}")
        waive_all(world)
        services.eligible(world.course, KIND)
        with count_queries() as seen:
            assert len(services.eligible(world.course, KIND)) == number
        counts.append(seen.count)
    assert counts[0] == counts[1]
