"""Evidence, claims, appeals and portfolios over HTTP: the way of a trainee, and of those who answer."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from trainer.audit.models import AccessLog
from trainer.competency import queries
from trainer.competency.services import AssessmentInput, EvidenceInput, add_evidence, record_assessments
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.queries import programme_of

Clients = Callable[[str], FlaskClient]
DIARY = "What I did, without names"


@pytest.fixture
def code(world: Any) -> str:
    return programme_of(world.course.programme_version_id).competency_codes[0]


def test_a_trainee_adds_a_file_and_staff_fetch_it(world: Any, client_as: Clients, code: str) -> None:
    me, course, enrolment_id = client_as("trainee"), world.course.code, world.trainees[0].id
    add = f"/me/courses/{course}/evidence/add/file"
    assert "No diagnosis" in me.get(f"{add}?competency={code}").text
    missing = me.post(add, data={"words": "x"}, content_type="multipart/form-data")
    assert missing.status_code == 422
    sent = {"codes": code, "words": DIARY, "file": (io.BytesIO(b"words"), "diari.txt")}
    assert me.post(add, data=sent, content_type="multipart/form-data").status_code == 302
    page = client_as("assessor").get(f"/courses/{course}/people/{enrolment_id}/evidence").text
    assert "diari.txt" in page and DIARY in page
    [row] = queries.evidence_of(enrolment_id)
    answer = client_as("assessor").get(f"/evidence/{row.id}/file")
    assert (answer.data, answer.headers["X-Content-Type-Options"]) == (b"words", "nosniff")
    assert "attachment" in answer.headers["Content-Disposition"]
    seen = session.scalars(select(AccessLog.endpoint)).all()
    assert "competency.evidence_file" in seen
    assert client_as("other_trainee").get(f"/evidence/{row.id}/file").status_code == 404
    assert client_as("other_organiser").get(f"/evidence/{row.id}/file").status_code == 404
    assert me.post(f"/evidence/{row.id}/withdraw").status_code == 302
    assert queries.evidence_of(enrolment_id) == []


def test_a_link_is_shown_without_trust(world: Any, client_as: Clients, code: str) -> None:
    url = 'https://example.org/"><script>'
    add_evidence(
        world.actor("trainee"), world.trainees[0], EvidenceInput("link", [code], url=url, title="<b>Talk")
    )
    page = client_as("trainee").get(f"/me/courses/{world.course.code}/evidence").text
    assert "<script>" not in page.split("<main")[1]
    assert "&lt;b&gt;Talk" in page and 'rel="noopener noreferrer nofollow"' in page


def test_from_an_assessment_to_another_look_and_its_answer(world: Any, client_as: Clients, code: str) -> None:
    course, me = world.course.code, client_as("trainee")
    said = AssessmentInput(code, "emerging", "assessor", world.person_id("assessor"), clock.today())
    [first] = record_assessments(world.actor("assessor"), world.trainees[0], [said])
    ask = f"/me/courses/{course}/assessments/{first.id}/appeal"
    assert ask in me.get(f"/me/courses/{course}/appeals").text
    assert me.post(ask, data={"words": ""}).status_code == 422
    assert me.post(ask, data={"words": "I did show this"}).status_code == 302
    assert ask not in me.get(f"/me/courses/{course}/appeals").text
    [row] = queries.appeals_of(world.trainees[0].id)
    here = f"/courses/{course}/competencies/appeals/{row.id}"
    organiser, trainer = client_as("organiser"), client_as("trainer")
    assert here in organiser.get(f"/courses/{course}/competencies/reviews").text
    assert f'value="{world.person_id("assessor")}"' not in organiser.get(here).text
    assert client_as("assessor").post(f"{here}/assign").status_code == 403
    assert organiser.post(f"{here}/assign", data={"assessor": first.assessor_id}).status_code == 422
    assert organiser.post(f"{here}/assign", data={"assessor": world.person_id("trainer")}).status_code == 302
    assert organiser.post(f"{here}/answer").status_code == 403
    assert trainer.post(f"{here}/answer", data={"answer": "achieved"}).status_code == 422
    answer = {"answer": "achieved", "words": "Seen on Tuesday"}
    assert trainer.post(f"{here}/answer", data=answer).status_code == 302
    mine = me.get(f"/me/courses/{course}/appeals").text
    assert "Seen on Tuesday" in mine
    assert "Seen on Tuesday" in organiser.get(here).text
    listed = organiser.get(f"/courses/{course}/competencies/reviews.csv").text
    assert world.trainees[0].person.display_name in listed and "Tuesday" not in listed


def test_prior_learning_is_asked_for_and_answered(
    world: Any, client_as: Clients, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.competency.services import claims
    from trainer.competency.views import claims as pages

    page = f"/me/courses/{world.course.code}/prior-learning"
    me = client_as("trainee")
    if programme_of(world.course.programme_version_id).prior_learning is None:
        assert "does not recognise" in me.get(page).text
    programme = replace(
        programme_of(world.course.programme_version_id), prior_learning={"kinds": ["work"], "at_most": 2}
    )
    monkeypatch.setattr(claims, "programme_of", lambda _: programme)
    monkeypatch.setattr(pages, "programme_of_course", lambda _: programme)
    first = me.get(page).text
    assert "Paid work" in first and "Volunteering" not in first
    assert me.post(page, data={"code": code}).status_code == 422
    sent = {"code": code, "level": "achieved", "words": "Three years of it"}
    assert me.post(page, data=sent).status_code == 422
    assert me.post(page, data={**sent, "kind": "volunteering"}).status_code == 422
    assert queries.claims_of(world.trainees[0].id) == []
    assert me.post(page, data={**sent, "kind": "work"}).status_code == 302
    [row] = queries.claims_of(world.trainees[0].id)
    here = f"/courses/{world.course.code}/competencies/claims/{row.id}"
    assessor = client_as("assessor")
    asked = assessor.get(here).text
    assert "Three years of it" in asked and "Paid work" in asked
    listed = f"/courses/{world.course.code}/competencies/reviews"
    assert all("paid work" in assessor.get(listed + end).text for end in ("", ".csv"))
    assert assessor.post(here, data={"answer": "not_yet", "words": ""}).status_code == 422
    assert assessor.post(here, data={"answer": "recognised", "words": "Yes"}).status_code == 302
    assert "Recognised" in me.get(page).text and "paid work" in me.get(page).text
    person = assessor.get(f"/courses/{world.course.code}/people/{world.trainees[0].id}/competencies").text
    assert "Prior learning: paid work" in person
    paper = f"/me/courses/{world.course.code}/portfolio.pdf?language=en&part=reviews&part=assessments"
    with pypdfium2.PdfDocument(me.get(paper).data) as document:
        told = " ".join(" ".join(one.get_textpage().get_text_bounded() for one in document).split())
    assert "Achieved · paid work · asked" in told and "Prior learning: paid work" in told
    assert me.post(f"/claims/{row.id}/withdraw").status_code == 403


def test_the_portfolio_holds_what_was_chosen(world: Any, client_as: Clients, code: str) -> None:
    add_evidence(
        world.actor("trainee"), world.trainees[0], EvidenceInput("note", [code], words=DIARY, title="Diary")
    )
    me, here = client_as("trainee"), f"/me/courses/{world.course.code}/portfolio.pdf"

    def words(query: str) -> str:
        answer = me.get(f"{here}?{query}")
        assert answer.mimetype == "application/pdf"
        with pypdfium2.PdfDocument(answer.data) as document:
            return " ".join(page.get_textpage().get_text_bounded() for page in document)

    bare, whole = words("language=ca"), words("language=en&part=evidence&part=reviews&part=nothing")
    assert world.trainees[0].person.display_name in bare
    assert DIARY not in bare and DIARY in whole
    assert "Portfolio of competencies" in whole


def test_pages_cost_the_same_for_one_claim_and_for_many(
    world: Any, client_as: Clients, code: str, count_queries: Any
) -> None:
    codes = programme_of(world.course.programme_version_id).competency_codes
    organiser, counts = client_as("organiser"), []
    for some in (codes[:2], codes[2:8]):
        for one in some:
            said = AssessmentInput(one, "emerging", "assessor", world.person_id("assessor"), clock.today())
            [row] = record_assessments(world.actor("assessor"), world.trainees[0], [said])
            client_as("trainee").post(
                f"/me/courses/{world.course.code}/assessments/{row.id}/appeal", data={"words": "Again"}
            )
        with count_queries() as seen:
            assert organiser.get(f"/courses/{world.course.code}/competencies/reviews").status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_an_assessment_names_the_evidence_it_rests_on(world: Any, client_as: Clients, code: str) -> None:
    piece = add_evidence(
        world.actor("trainee"), world.trainees[0], EvidenceInput("note", [code], words=DIARY, title="Diary")
    )
    enrolment_id = world.trainees[0].id
    page = f"/courses/{world.course.code}/people/{enrolment_id}/competencies/1"
    assert "Diary" in client_as("assessor").get(page).text
    sent = {"level_0": "achieved", "kind": "assessor", "assessed_on": clock.today().isoformat()}
    chosen = {**sent, "evidence_0": [str(piece.id), "999"]}
    assert client_as("assessor").post(page, data=chosen).status_code == 302
    assert list(queries.resting_on(enrolment_id).of_assessment.values()) == [[piece.id]]
