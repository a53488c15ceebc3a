"""Claims of prior learning and appeals: who asks, who answers, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from trainer.audit.queries import entries, verify
from trainer.competency import queries
from trainer.competency.models import Assessment
from trainer.competency.rules import kind_text
from trainer.competency.services import (
    AssessmentInput,
    EvidenceInput,
    Upload,
    add_evidence,
    appeal,
    assign_appeal,
    claim,
    decide_appeal,
    decide_claim,
    declare_conflict,
    record_assessments,
    withdraw_appeal,
    withdraw_claim,
)
from trainer.competency.services import appeals as appeals_module
from trainer.competency.services import claims as claims_module
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.curriculum.queries import programme_of
from trainer.messages.models import Outbox

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def codes(world: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """The programme's competencies; it recognises prior learning for two of them, and says nothing of appeals."""
    programme = replace(
        programme_of(world.course.programme_version_id),
        prior_learning={"kinds": ["work"], "at_most": 2},
        appeals=None,
    )
    for module in (claims_module, appeals_module):
        monkeypatch.setattr(module, "programme_of", lambda _: programme)
    return programme.competency_codes


def asked(world: Any, code: str, **values: Any) -> Any:
    fields = {"level": "achieved", "words": "Three years in a mutual aid group", "kind": "work"}
    return claim(world.actor("trainee"), world.trainees[0], code, **{**fields, **values})


def judged(world: Any, code: str, level: str = "emerging", who: str = "assessor") -> Assessment:
    said = AssessmentInput(code, level, "assessor", world.person_id(who), clock.today())
    return record_assessments(world.actor(who), world.trainees[0], [said])[0]


def level_of(world: Any, code: str) -> str | None:
    programme = programme_of(world.course.programme_version_id)
    found = queries.standings(world.course.id, programme)[world.trainees[0].id][code]
    return found.level_code


def mails() -> list[tuple[int | None, str]]:
    letters = select(Outbox).where(Outbox.subject.startswith("Novetats")).order_by(Outbox.id)
    return [(one.person_id, one.body) for one in session.scalars(letters)]


def test_a_claim_recognised_is_an_assessment_with_its_evidence(world: Any, codes: tuple[str, ...]) -> None:
    made = asked(world, codes[0], upload=Upload("certificat.txt", "text/plain", b"words"))
    assert [to for to, _ in mails()] == [world.person_id("organiser")]
    decided = decide_claim(world.actor("assessor"), made.id, True, "Seen and believed")
    assessment = session.get_one(Assessment, decided.assessment_id)
    assert (assessment.kind, assessment.level_code) == ("prior_learning", "achieved")
    assert queries.resting_on(world.trainees[0].id).of_assessment == {assessment.id: [made.evidence_id]}
    assert level_of(world, codes[0]) == "achieved"
    to, body = mails()[-1]
    assert to == world.person_id("trainee")
    assert "Seen" not in body and codes[0] not in body
    said = [one for one in entries() if one.action.startswith("prior_learning")]
    assert [one.action for one in said] == ["prior_learning.asked", "prior_learning.decided"]
    assert "mutual aid" not in str([one.details for one in said])
    assert verify().broken_at is None


def test_words_alone_are_kept_as_the_evidence(world: Any, codes: tuple[str, ...]) -> None:
    made = asked(world, codes[0])
    [row] = queries.evidence_of(world.trainees[0].id)
    assert (row.id, row.kind, row.words) == (made.evidence_id, "note", made.words)


def test_not_yet_says_why_and_one_can_ask_again(world: Any, codes: tuple[str, ...]) -> None:
    made = asked(world, codes[0])
    with pytest.raises(Invalid, match="missing"):
        decide_claim(world.actor("assessor"), made.id, False, " ")
    decide_claim(world.actor("assessor"), made.id, False, "Show us how you close a talk")
    with pytest.raises(Refused, match="already"):
        decide_claim(world.actor("assessor"), made.id, True, "")
    assert asked(world, codes[0]).id != made.id
    first = queries.claims_of(world.trainees[0].id)[-1]
    assert (first.status, first.outcome) == ("not_yet", "Show us how you close a talk")


def test_what_cannot_be_claimed(world: Any, codes: tuple[str, ...]) -> None:
    first = asked(world, codes[0])
    with pytest.raises(Invalid, match="on its way"):
        asked(world, codes[0])
    asked(world, codes[1])
    with pytest.raises(Invalid, match="2 competencies at most"):
        asked(world, codes[2])
    withdraw_claim(world.actor("trainee"), first.id)
    with pytest.raises(Invalid, match="few words"):
        asked(world, codes[2], words=" ")
    judged(world, codes[2], "achieved")
    with pytest.raises(Invalid, match="already"):
        asked(world, codes[2])
    strangers = add_evidence(
        world.actor("other_trainee"), world.trainees[1], EvidenceInput("note", [codes[0]], words="mine")
    )
    with pytest.raises(Invalid, match="not here"):
        asked(world, codes[0], evidence_id=strangers.id)


def test_where_it_comes_from_is_one_of_what_the_programme_names(
    world: Any, codes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("", "training", "anything"):
        with pytest.raises(Invalid, match="where it comes from"):
            asked(world, codes[0], kind=kind)
    made = asked(world, codes[0])
    [row] = queries.claims_of(world.trainees[0].id)
    assert (row.kind, row.status) == ("work", "asked")
    decide_claim(world.actor("assessor"), made.id, True, "")
    [said] = queries.history(world.trainees[0].id)[codes[0]]
    assert str(said.as_what) == "Prior learning: paid work"
    assert str(kind_text("assessor")) == "Assessor" and str(kind_text("prior_learning")) == "Prior learning"
    # Another programme asks nobody for it, and takes none.
    silent = replace(programme_of(world.course.programme_version_id), prior_learning={})
    monkeypatch.setattr(claims_module, "programme_of", lambda _: silent)
    with pytest.raises(Invalid, match="does not ask"):
        asked(world, codes[1])
    assert asked(world, codes[1], kind="").kind == ""


def test_a_programme_that_says_nothing_recognises_nothing(world: Any, monkeypatch: Any) -> None:
    programme = replace(programme_of(world.course.programme_version_id), prior_learning=None)
    monkeypatch.setattr(claims_module, "programme_of", lambda _: programme)
    code = programme.competency_codes[0]
    with pytest.raises(Refused, match="does not recognise"):
        asked(world, code)


def test_who_decides_a_claim(world: Any, codes: tuple[str, ...]) -> None:
    made = asked(world, codes[0])
    declare_conflict(world.actor("assessor"), world.trainees[0], world.person_id("assessor"))
    for role in ("assessor", "trainee", "other_trainee", "registrar", "other_organiser"):
        with pytest.raises(Refused):
            decide_claim(world.actor(role), made.id, True, "")
    for role in ("other_trainee", "organiser"):
        with pytest.raises(Refused):
            withdraw_claim(world.actor(role), made.id)
    assert decide_claim(world.actor("trainer"), made.id, True, "").status == "recognised"
    with pytest.raises(Refused):
        withdraw_claim(world.actor("trainee"), made.id)


def test_an_appeal_that_changes_overrules_the_first(world: Any, codes: tuple[str, ...]) -> None:
    first = judged(world, codes[0])
    made = appeal(world.actor("trainee"), world.course.code, first.id, "I did show this")
    assert (made.status, made.answer_by) == ("open", clock.today() + timedelta(days=20))
    given = assign_appeal(world.actor("organiser"), made.id, world.person_id("trainer"))
    assert given.status == "assigned"
    decided = decide_appeal(world.actor("trainer"), made.id, True, "achieved", "I saw it on Tuesday")
    assert decided.status == "changed"
    assert level_of(world, codes[0]) == "achieved"
    [row] = queries.appeals_of(world.trainees[0].id)
    assert (row.level_code, row.outcome_level, row.decided_by) == (
        "emerging",
        "achieved",
        world.trainer.display_name,
    )
    assert [to for to, _ in mails()] == [
        world.person_id(who) for who in ("organiser", "trainer", "trainee", "trainee")
    ]
    assert not any("I did show" in body or "Tuesday" in body or codes[0] in body for _, body in mails())
    with pytest.raises(Refused, match="answer to an appeal"):
        appeal(world.actor("trainee"), world.course.code, row.outcome_assessment_id, "Again")
    assert verify().broken_at is None


def test_what_rests_on_an_overruled_assessment_is_looked_at(
    app: Any, world: Any, codes: tuple[str, ...], monkeypatch: Any
) -> None:
    told: list[int] = []
    monkeypatch.setitem(app.extensions, "trainer_facts_corrected", lambda _actor, key: told.append(key))
    for position, changed in enumerate((False, True)):
        first = judged(world, codes[position], "achieved")
        made = appeal(world.actor("trainee"), world.course.code, first.id, "Not yet, I think")
        assign_appeal(world.actor("organiser"), made.id, world.person_id("trainer"))
        decide_appeal(
            world.actor("trainer"), made.id, changed, "emerging" if changed else None, "So I saw it"
        )
        assert told == ([world.trainees[0].id] if changed else [])


def test_an_appeal_that_is_upheld_says_why(world: Any, codes: tuple[str, ...]) -> None:
    first = judged(world, codes[0])
    made = appeal(world.actor("trainee"), world.course.code, first.id, "I did show this")
    assign_appeal(world.actor("organiser"), made.id, world.person_id("trainer"))
    for level, words in ((None, ""), ("emerging", "The same"), (None, "No level")):
        with pytest.raises(Invalid):
            decide_appeal(world.actor("trainer"), made.id, bool(words), level, words)
    decide_appeal(world.actor("trainer"), made.id, False, None, "Let us practise it together")
    assert level_of(world, codes[0]) == "emerging"
    with pytest.raises(Refused, match="asked for already"):
        appeal(world.actor("trainee"), world.course.code, first.id, "Again")


def test_who_looks_at_an_appeal(world: Any, codes: tuple[str, ...]) -> None:
    first = judged(world, codes[0])
    for role in ("other_trainee", "assessor", "organiser"):
        with pytest.raises(Missing):
            appeal(world.actor(role), world.course.code, first.id, "For them")
    made = appeal(world.actor("trainee"), world.course.code, first.id, "I did show this")
    for role in ("assessor", "trainer", "trainee", "other_organiser"):
        with pytest.raises(Refused):
            assign_appeal(world.actor(role), made.id, world.person_id("trainer"))
    declare_conflict(world.actor("organiser"), world.trainees[0], world.person_id("organiser"))
    for role in ("assessor", "organiser", "trainee", "registrar"):
        with pytest.raises(Invalid):
            assign_appeal(world.actor("organiser"), made.id, world.person_id(role))
    with pytest.raises(Refused):
        decide_appeal(world.actor("trainer"), made.id, False, None, "Not given to me")
    assign_appeal(world.actor("organiser"), made.id, world.person_id("trainer"))
    declare_conflict(world.actor("trainer"), world.trainees[0], world.person_id("trainer"))
    with pytest.raises(Refused, match="too close"):
        decide_appeal(world.actor("trainer"), made.id, False, None, "Too close by now")


def test_taken_back_it_can_be_made_again_in_time(world: Any, codes: tuple[str, ...]) -> None:
    first = judged(world, codes[0])
    made = appeal(world.actor("trainee"), world.course.code, first.id, "I did show this")
    with pytest.raises(Refused):
        withdraw_appeal(world.actor("other_trainee"), made.id)
    withdraw_appeal(world.actor("trainee"), made.id)
    with clock.frozen(NOW + timedelta(days=15)):
        again = appeal(world.actor("trainee"), world.course.code, first.id, "After all")
        assert (again.id, again.status, again.answer_by) == (
            made.id,
            "open",
            clock.today() + timedelta(days=20),
        )
        withdraw_appeal(world.actor("trainee"), made.id)
    with clock.frozen(NOW + timedelta(days=16)), pytest.raises(Refused, match="last day was"):
        appeal(world.actor("trainee"), world.course.code, first.id, "Too late")
