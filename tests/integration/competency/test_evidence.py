"""Evidence: who adds it, who reads it, what happens when it is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from trainer.audit.queries import entries, verify
from trainer.competency import queries
from trainer.competency.models import Evidence, EvidenceFor
from trainer.competency.services import (
    AssessmentInput,
    EvidenceInput,
    Upload,
    add_evidence,
    record_assessments,
    record_observation,
    withdraw_evidence,
)
from trainer.core import clock, files
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.models import StoredFile
from trainer.scheduling.queries import sessions_of


def codes(world: Any) -> tuple[str, str]:
    from trainer.curriculum.queries import programme_of

    first, second, *_ = programme_of(world.course.programme_version_id).competency_codes
    return first, second


def note(world: Any, who: str = "trainee", **values: Any) -> Evidence:
    fields = {"kind": "note", "codes": codes(world), "words": "What I did on Tuesday"}
    return add_evidence(world.actor(who), world.trainees[0], EvidenceInput(**{**fields, **values}))


@pytest.fixture
def later() -> Any:
    from datetime import UTC, datetime

    with clock.frozen(datetime(2026, 10, 1, 9, tzinfo=UTC)):
        yield


def test_every_kind_is_kept_for_several_competencies(world: Any, later: None) -> None:
    enrolment = world.trainees[0]
    note(world, title="A talk")
    note(world, kind="link", url=" https://example.org/talk ", words="")
    note(world, kind="file", upload=Upload("diari.txt", "text/plain", b"words"), words="")
    meeting = sessions_of(world.course.id)[0]
    record_observation(world.actor("assessor"), enrolment, meeting.id, codes(world))
    rows = queries.evidence_of(enrolment.id)
    assert [row.kind for row in rows] == ["session", "file", "link", "note"]
    assert all(row.codes == tuple(sorted(codes(world))) for row in rows)
    seen, file, link, _ = rows
    assert (seen.session_number, seen.happened_on) == (1, meeting.starts_local.date())
    assert (file.title, file.file_name, file.size) == ("diari.txt", "diari.txt", 5)
    assert link.url == "https://example.org/talk"
    kept = queries.one_evidence(file.id)
    assert kept is not None and kept.evidence.file is not None
    assert files.contents(kept.evidence.file) == b"words"
    said = [entry for entry in entries() if entry.action == "evidence.added"]
    assert len(said) == 4
    assert "diari" not in str([entry.details for entry in said])
    assert verify().broken_at is None


@pytest.mark.parametrize("role", ["other_trainee", "registrar", "reference", "other_organiser"])
def test_others_neither_add_nor_take_back(world: Any, role: str) -> None:
    added = note(world)
    with pytest.raises(Refused):
        note(world, role)
    with pytest.raises(Refused):
        withdraw_evidence(world.actor(role), added.id)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"codes": []}, "at least one"),
        ({"codes": ["no.such"]}, "no competency"),
        ({"kind": "rumour"}, "no kind"),
        ({"words": " "}, "few words"),
        ({"words": "x" * 4001}, "At most"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "https"),
        ({"kind": "file"}, "Choose a file"),
        ({"kind": "file", "upload": Upload("a.exe", "", b"MZ\x90\x00\x03\x00")}, "not taken"),
        ({"kind": "session"}, "Choose a session"),
        ({"kind": "session", "session_id": 999}, "no session"),
        ({"happened_on": date(2999, 1, 1)}, "still to come"),
    ],
)
def test_what_is_missing_is_said_and_nothing_kept(world: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        note(world, **wrong)
    assert session.scalar(select(func.count(Evidence.id))) == 0


def test_a_session_to_come_shows_nothing_yet(world: Any) -> None:
    with pytest.raises(Invalid, match="not taken place"), clock.frozen(_before(world)):
        record_observation(
            world.actor("trainer"), world.trainees[0], sessions_of(world.course.id)[0].id, codes(world)
        )


def _before(world: Any) -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_taken_back_it_is_gone_with_its_file(world: Any) -> None:
    added = note(world, kind="file", upload=Upload("diari.txt", "text/plain", b"words"), words="")
    assert withdraw_evidence(world.actor("trainee"), added.id)
    assert session.scalar(select(func.count(StoredFile.id))) == 0
    assert session.scalar(select(func.count()).select_from(EvidenceFor)) == 0
    with pytest.raises(Missing):
        withdraw_evidence(world.actor("trainee"), added.id)


def test_what_an_assessment_rests_on_stays_but_serves_no_more(world: Any) -> None:
    added, enrolment = note(world), world.trainees[0]
    said = AssessmentInput(
        codes(world)[0],
        "achieved",
        "assessor",
        world.person_id("assessor"),
        clock.today(),
        evidence_ids=(added.id,),
    )
    [assessment] = record_assessments(world.actor("assessor"), enrolment, [said])
    assert queries.resting_on(enrolment.id).of_assessment == {assessment.id: [added.id]}
    assert not withdraw_evidence(world.actor("trainee"), added.id)
    [row] = queries.evidence_of(enrolment.id)
    assert (row.assessments, row.withdrawn_at is not None) == (1, True)
    with pytest.raises(Invalid):
        record_assessments(world.actor("assessor"), enrolment, [said])


def test_who_takes_back(world: Any) -> None:
    with pytest.raises(Refused):
        withdraw_evidence(world.actor("trainee"), note(world, "assessor").id)
    with pytest.raises(Refused):
        withdraw_evidence(world.actor("assessor"), note(world, "trainee").id)
    assert withdraw_evidence(world.actor("organiser"), note(world, "trainee").id)


def test_statements_do_not_grow_with_the_evidence(world: Any, count_queries: Any) -> None:
    counts, enrolment_id = [], world.trainees[0].id
    for _ in range(2):
        note(world)
        note(world)
        with count_queries() as seen:
            queries.evidence_of(enrolment_id)
        counts.append(seen.count)
    assert counts == [3, 3]
