"""A whole group after a session, who is too close to assess, and reference professionals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.world import make_world
from trainer.competency import queries
from trainer.competency.models import AssessmentEvidence, Conflict, Evidence, EvidenceFor
from trainer.competency.services import (
    AssessmentInput,
    CellProblems,
    declare_conflict,
    end_conflict,
    record_assessments,
    record_group,
)
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.placement.models import Placement
from trainer.scheduling.queries import session_of

FIRST = "introduction.role"


def meeting(world: Any, number: int = 1) -> Any:
    found = session_of(world.course.code, number)
    assert found is not None
    return found.row


def group(world: Any, chosen: dict[Any, str], who: str = "assessor", **values: Any) -> list[Any]:
    fields = {"kind": "assessor", "assessed_on": clock.today(), **values}
    row = fields.pop("row", None) or meeting(world)
    return record_group(world.actor(who), world.course, row, chosen, **fields)


def of(world: Any) -> list[int]:
    return [one.id for one in world.trainees]


def test_a_group_is_recorded_with_its_session_as_evidence(world: Any) -> None:
    first, second, _third = of(world)
    rows = group(world, {(first, FIRST): "achieved", (second, FIRST): "emerging"}, words="Rol a rol.")
    assert [(row.enrolment_id, row.level_code) for row in rows] == [(first, "achieved"), (second, "emerging")]
    pieces = {piece.enrolment_id: piece for piece in session.scalars(select(Evidence))}
    assert {one.kind for one in pieces.values()} == {"session"}
    assert {one.session_id for one in pieces.values()} == {meeting(world).id}
    assert pieces[first].words == "Rol a rol."
    links = set(
        session.execute(select(AssessmentEvidence.assessment_id, AssessmentEvidence.evidence_id)).tuples()
    )
    assert links == {(row.id, pieces[row.enrolment_id].id) for row in rows}
    assert set(session.scalars(select(EvidenceFor.competency_code))) == {FIRST}
    assert [one.session_number for one in queries.rested_on(first)[rows[0].id]] == [1]
    assert queries.seen_at_sessions(world.course.id) == {meeting(world).id: 2}


def test_the_same_form_twice_writes_once_and_a_change_is_appended(world: Any) -> None:
    first = of(world)[0]
    for level, written in (("achieved", 1), ("achieved", 0), ("emerging", 1), ("achieved", 1)):
        assert len(group(world, {(first, FIRST): level})) == written
    assert [j.level_code for j in queries.judgements(world.course.id)[first]] == [
        "achieved",
        "emerging",
        "achieved",
    ]


def test_one_wrong_cell_and_nothing_is_written(world: Any) -> None:
    first, second, third = of(world)
    declare_conflict(world.actor("assessor"), world.trainees[2], world.person_id("assessor"))
    chosen = {(first, FIRST): "achieved", (second, FIRST): "no-such-level", (third, FIRST): "achieved"}
    with pytest.raises(CellProblems) as caught:
        group(world, {**chosen, (10**6, FIRST): "achieved"})
    assert set(caught.value.cells) == {(second, FIRST), (third, FIRST), (10**6, FIRST)}
    assert queries.judgements(world.course.id) == {}
    assert not session.scalars(select(Evidence)).all()


def test_only_what_took_place_is_evidence(world: Any) -> None:
    first = of(world)[0]
    row = meeting(world)
    for one in (replace(row, status="cancelled"), replace(row, starts_local=datetime(2099, 1, 1, 10))):
        with pytest.raises(Invalid):
            group(world, {(first, FIRST): "achieved"}, row=one)
    with pytest.raises(Invalid):
        group(world, {(first, FIRST): "achieved"}, assessed_on=date(2026, 9, 1))
    with pytest.raises(CellProblems):
        group(world, {(first, FIRST): "achieved"}, assessed_on=clock.today() + timedelta(1))
    with pytest.raises(CellProblems):
        group(world, {(first, FIRST): "achieved"}, who="registrar")
    other = make_world(trainees=1, code="OTHER-1")
    with pytest.raises(Missing):
        group(world, {(first, FIRST): "achieved"}, row=meeting(other))


def test_who_is_too_close_does_not_assess_until_it_ends(world: Any) -> None:
    trainee, assessor = world.trainees[0], world.person_id("assessor")
    one = AssessmentInput(FIRST, "achieved", "assessor", assessor, clock.today())
    record_assessments(world.actor("assessor"), trainee, [one])
    row = declare_conflict(world.actor("assessor"), trainee, assessor)
    assert declare_conflict(world.actor("organiser"), trainee, assessor).id == row.id
    for who in ("assessor", "organiser"):  # nor does somebody else write it down for them
        with pytest.raises(Refused):
            record_assessments(world.actor(who), trainee, [one])
    assert record_assessments(world.actor("assessor"), world.trainees[1], [one])
    with pytest.raises(Refused):
        end_conflict(world.actor("trainer"), trainee, row.id)
    end_conflict(world.actor("organiser"), trainee, row.id)
    assert record_assessments(world.actor("assessor"), trainee, [one])
    assert session.get_one(Conflict, row.id).ended_at is not None
    assert declare_conflict(world.actor("assessor"), trainee, assessor).id != row.id


def test_who_may_say_that_somebody_is_too_close(world: Any) -> None:
    trainee = world.trainees[0]
    for who, about in (("trainer", "assessor"), ("trainee", "assessor"), ("other_organiser", "assessor")):
        with pytest.raises(Refused):
            declare_conflict(world.actor(who), trainee, world.person_id(about))
    for about in ("trainee", "other_organiser"):
        with pytest.raises(Invalid):
            declare_conflict(world.actor("organiser"), trainee, world.person_id(about))


def place(world: Any, status: str = "open") -> Placement:
    with transaction():
        row = Placement(
            enrolment_id=world.trainees[0].id,
            host_id=world.host.id,
            reference_id=world.person_id("reference"),
            starts_on=clock.today() - timedelta(9),
            ends_on=clock.today() + timedelta(90),
            weekly_minutes=600,
            functions_in=[],
            functions_out=[],
            status=status,
        )
        session.add(row)
    return row


def test_a_reference_professional_assesses_their_own_person_in_that_capacity(world: Any) -> None:
    place(world)
    me, mine = world.actor("reference"), world.person_id("reference")
    one = AssessmentInput(FIRST, "achieved", "reference_professional", mine, clock.today())
    assert record_assessments(me, world.trainees[0], [one])
    for enrolment, kind, who in (
        (world.trainees[1], "reference_professional", mine),
        (world.trainees[0], "assessor", mine),
        (world.trainees[0], "reference_professional", world.person_id("assessor")),
    ):
        with pytest.raises(Refused):
            record_assessments(me, enrolment, [AssessmentInput(FIRST, "achieved", kind, who, clock.today())])


def test_when_the_placement_is_closed_its_reference_assesses_no_more(
    world: Any, client_as: Callable[[str], Any]
) -> None:
    placement = place(world, "closed")
    one = AssessmentInput(
        FIRST, "achieved", "reference_professional", world.person_id("reference"), clock.today()
    )
    with pytest.raises(Refused):
        record_assessments(world.actor("reference"), world.trainees[0], [one])
    assert client_as("reference").get(f"/placements/{placement.id}/competencies").status_code == 404


def test_what_others_said_is_not_shown_to_the_reference(world: Any, client_as: Callable[[str], Any]) -> None:
    placement = place(world)
    seen = AssessmentInput(
        FIRST, "leading", "assessor", world.person_id("assessor"), clock.today(), note="Secret"
    )
    record_assessments(world.actor("assessor"), world.trainees[0], [seen])
    client = client_as("reference")
    address = f"/placements/{placement.id}/competencies"
    data = {"assessed_on": clock.today().isoformat(), "kind": "reference_professional", "level_0": "emerging"}
    assert client.post(f"{address}/1", data=data).status_code == 302
    for page in (client.get(address).text, client.get(f"{address}/1").text):
        assert "Secret" not in page
    kinds = [j.kind for j in queries.judgements(world.course.id)[world.trainees[0].id]]
    assert kinds == ["assessor", "reference_professional"]


def test_the_page_fills_a_column_without_writing_and_then_saves(
    world: Any, client_as: Callable[[str], Any]
) -> None:
    declare_conflict(world.actor("organiser"), world.trainees[2], world.person_id("assessor"))
    client, (first, second, third) = client_as("assessor"), of(world)
    address = f"/courses/{world.course.code}/competencies/sessions/1"
    page = client.get(address).text
    assert f'name="level-{first}-0"' in page
    assert f'name="level-{third}-0"' not in page
    chosen = {"on": clock.today().isoformat(), "kind": "assessor", f"level-{second}-0": "emerging"}
    filled = client.post(address, data={**chosen, "column-0": "achieved", "fill": "0"}).text
    assert filled.count('<option value="achieved" selected>') == 1
    assert filled.count('<option value="emerging" selected>') == 1
    assert queries.judgements(world.course.id) == {}
    wrong = client.post(address, data={**chosen, f"level-{first}-0": "nonsense"})
    assert wrong.status_code == 422
    assert f'id="level-{first}-0-error"' in wrong.text
    assert queries.judgements(world.course.id) == {}
    assert client.post(address, data={**chosen, f"level-{first}-0": "achieved"}).status_code == 302
    assert {
        key: [j.level_code for j in found] for key, found in queries.judgements(world.course.id).items()
    } == {
        first: ["achieved"],
        second: ["emerging"],
    }


def test_pages_ask_the_same_for_any_number(
    ctx: Any, sign_in: Callable[..., Any], count_queries: Callable[[], Any]
) -> None:
    counts = []
    for number in (1, 3):
        world = make_world(trainees=number, code=f"G{number}")
        group(world, {(one, FIRST): "achieved" for one in of(world)})
        client = sign_in(world.person_id("organiser"))
        home = f"/courses/{world.course.code}"
        for path in (
            f"{home}/competencies",
            f"{home}/competencies?by=competency",
            f"{home}/competencies/sessions",
            f"{home}/competencies/sessions/1",
            f"{home}/people/{world.trainees[0].id}/competencies",
        ):
            client.get(path)
            with count_queries() as seen:
                assert client.get(path).status_code == 200
            counts.append(seen.count)
    assert counts[:5] == counts[5:]


def test_a_conflict_is_declared_and_ended_on_the_page(world: Any, client_as: Callable[[str], Any]) -> None:
    client = client_as("assessor")
    home = f"/courses/{world.course.code}/people/{world.trainees[0].id}"
    assert client.post(f"{home}/conflicts", data={}).status_code == 302
    assert "competencies/1" not in client.get(f"{home}/competencies").text
    data = {"assessed_on": clock.today().isoformat(), "kind": "assessor", "level_0": "achieved"}
    assert client.post(f"{home}/competencies/1", data=data).status_code == 403
    [row] = queries.conflicts_of(world.trainees[0].person_id)
    for nothing in (0, -1, 10**12):
        assert client.post(f"{home}/conflicts/end", data={"conflict": nothing}).status_code == 404
    assert client.post(f"{home}/conflicts/end", data={"conflict": row.id}).status_code == 302
    assert client.post(f"{home}/competencies/1", data=data).status_code == 302
