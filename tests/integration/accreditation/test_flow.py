"""Between organiser and registrar: threads, steps, what has changed since, two people, and what nobody is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.world import SYSTEM
from tests.integration.accreditation.conftest import waive_all
from tests.integration.accreditation.test_views import COURSE, REGISTRY, ok, proposals
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, Proposal, ProposalMessage
from trainer.accreditation.rules.threads import LONGEST_MESSAGE, Side
from trainer.accreditation.rules.two_people import SAME_PERSON
from trainer.accreditation.services import batches
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.gates.services import waive
from trainer.messages.models import Outbox
from trainer.people.queries import actor_for_email
from trainer.people.services import add_user
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of


@pytest.fixture
def proposed(ready: Any) -> list[int]:
    services.propose(ready.actor("organiser"), ready.course)
    return proposals()


@pytest.fixture
def second(world: Any) -> Any:
    """Another registrar of the university."""
    add_user(SYSTEM, "second@example.org", "Segona Registradora", "registrar", "UNI")
    return actor_for_email("second@example.org")


def mails() -> list[Outbox]:
    session.rollback()
    return list(session.scalars(select(Outbox).order_by(Outbox.id)))


def rule(world: Any, actor: Any, *, two_people: bool = True) -> None:
    university = queries.university_by_code("UNI")
    assert university is not None
    services.save_rules(actor, university, two_people=two_people, national_id=False)


# ---------------------------------------------------------------- threads


def test_the_two_sides_write_to_and_fro(ready: Any, proposed: list[int]) -> None:
    organiser, registrar, first = ready.actor("organiser"), ready.actor("registrar"), proposed[0]
    services.answer(organiser, first, "  Us avisem d'una cosa.\r\nGràcies. ")
    assert queries.thread_of(first).turn == "written"
    services.ask(registrar, first, "Qui va acordar la convalidació?")
    assert queries.thread_of(first).turn == "asked"
    services.answer(organiser, first, "La comissió.")
    thread = queries.thread_of(first)
    assert thread.turn == "answered"
    assert [(one.side, one.words) for one in thread.messages] == [
        ("provider", "Us avisem d'una cosa.\nGràcies."),
        ("university", "Qui va acordar la convalidació?"),
        ("provider", "La comissió."),
    ]
    assert [one.by for one in thread.messages] == ["Organiser Prova", "Registrar Prova", "Organiser Prova"]
    services.write_about_all(registrar, Side.UNIVERSITY, ready.course, "accreditation", "Hi són tots?")
    threads = queries.threads_of_course(ready.course.id, "accreditation")
    assert {key: thread.turn for key, thread in threads.items()} == {
        ("accreditation", first): "answered",
        ("accreditation", None): "asked",
    }
    assert queries.threads_of_course(ready.course.id, "completion") == {}


def test_nobody_writes_for_the_other_side(ready: Any, proposed: list[int]) -> None:
    for role in ("organiser", "trainer", "other_registrar", "trainee"):
        with pytest.raises(Refused):
            services.ask(ready.actor(role), proposed[0], "?")
        with pytest.raises(Refused):
            services.write_about_all(ready.actor(role), Side.UNIVERSITY, ready.course, "accreditation", "?")
    for role in ("registrar", "trainer", "other_organiser", "trainee"):
        with pytest.raises(Refused):
            services.answer(ready.actor(role), proposed[0], "!")
        with pytest.raises(Refused):
            services.write_about_all(ready.actor(role), Side.PROVIDER, ready.course, "accreditation", "!")
    assert session.scalar(select(func.count()).select_from(ProposalMessage)) == 0


def test_empty_and_overlong_words_are_refused_in_words(ready: Any, proposed: list[int]) -> None:
    registrar = ready.actor("registrar")
    for words in ("", "  \n ", "a" * (LONGEST_MESSAGE + 1)):
        with pytest.raises(Invalid):
            services.ask(registrar, proposed[0], words)
    services.ask(registrar, proposed[0], "à" * LONGEST_MESSAGE)
    with pytest.raises(Invalid):
        services.write_about_all(registrar, Side.UNIVERSITY, ready.course, "diploma", "?")
    with pytest.raises(Missing):
        services.ask(registrar, 10**6, "?")


def test_the_mail_names_nobody(ready: Any, proposed: list[int]) -> None:
    before = len(mails())
    services.ask(ready.actor("registrar"), proposed[0], "Què passa amb la Núria?")
    services.answer(ready.actor("organiser"), proposed[0], "Res.")
    to_organiser, to_registrar = mails()[before:]
    assert (to_organiser.email, to_registrar.email) == ("organiser@example.org", "registrar@example.org")
    assert f"/courses/TEST-1/accreditation/proposals/{proposed[0]}" in to_organiser.body
    assert f"/registry/proposals/{proposed[0]}" in to_registrar.body
    for mail in (to_organiser, to_registrar):
        text = mail.subject + mail.body
        for word in ("Núria", "Peñafiel", "Què passa", "Res.", "Curs de prova", "accredit" + "ed"):
            assert word not in text
        assert "TEST-1" not in mail.subject


def test_a_closed_proposal_keeps_its_thread_readable(ready: Any, proposed: list[int], client_as: Any) -> None:
    registrar, first = ready.actor("registrar"), proposed[0]
    services.ask(registrar, first, "Per què ara?")
    services.withdraw(registrar, first, "Ho tanquem per ara.", Side.UNIVERSITY)
    for step in (services.ask, services.answer):
        actor = registrar if step is services.ask else ready.actor("organiser")
        with pytest.raises(Refused):
            step(actor, first, "I ara?")
    for role, here in (
        ("organiser", f"{COURSE}/proposals/{first}"),
        ("registrar", f"/registry/proposals/{first}"),
    ):
        page = ok(client_as(role).get(here))
        assert "Per què ara?" in page
        assert "Ho tanquem per ara." in page
        assert "<textarea" not in page
        assert "Closed without a certificate" in page
        assert "Registrar Prova" in page
    assert f"/proposals/{first}" in ok(client_as("organiser").get(COURSE))
    assert f"/registry/proposals/{first}" in ok(client_as("registrar").get(REGISTRY))


def test_writing_by_the_pages(ready: Any, proposed: list[int], client_as: Any) -> None:
    organiser, registrar = client_as("organiser"), client_as("registrar")
    about = {"action": "ask", "kind": "accreditation", "words": "Falta algú?"}
    assert registrar.post(REGISTRY, data=about).status_code == 303
    assert "Falta algú?" in ok(registrar.get(REGISTRY))
    page = ok(organiser.get(COURSE))
    assert "Falta algú?" in page
    assert "your answer is awaited" in page
    to_all = f"{COURSE}/messages"
    assert organiser.post(to_all, data={"kind": "accreditation", "words": "<b>No</b>"}).status_code == 303
    assert "&lt;b&gt;No&lt;/b&gt;" in ok(registrar.get(REGISTRY))
    long = "x" * (LONGEST_MESSAGE + 1)
    for client, address, data in (
        (organiser, to_all, {"kind": "accreditation", "words": long}),
        (organiser, f"{COURSE}/proposals/{proposed[0]}/answer", {"words": long}),
        (registrar, REGISTRY, about | {"words": long}),
        (registrar, f"/registry/proposals/{proposed[0]}", {"action": "ask", "words": long}),
    ):
        page = ok(client.post(address, data=data), 422)
        assert "under 2000 characters" in page
        assert long in page  # nobody types it twice
        assert "about anybody&#39;s health" in page or "about anybody's health" in page
    # trainers see who is proposed, and nothing of what is written
    page = ok(client_as("trainer").get(COURSE))
    assert "Falta algú?" not in page
    assert client_as("trainer").get(f"{COURSE}/proposals/{proposed[0]}").status_code == 404


def test_threads_cost_the_same_for_one_and_for_all(
    ready: Any, proposed: list[int], client_as: Any, count_queries: Any
) -> None:
    organiser, registrar = client_as("organiser"), client_as("registrar")
    counts = set()
    for proposal_id in proposed:
        for _ in range(2):
            services.ask(ready.actor("registrar"), proposal_id, "?")
            services.answer(ready.actor("organiser"), proposal_id, "!")
        for client, path in ((organiser, COURSE), (registrar, REGISTRY)):
            client.get(path)
            with count_queries() as seen:
                assert client.get(path).status_code == 200
            counts.add((path, seen.count))
    assert len(counts) == 2


def test_every_step_is_there_for_both_sides(ready: Any, proposed: list[int], client_as: Any) -> None:
    registrar, first = ready.actor("registrar"), proposed[0]
    services.ask(registrar, first, "?")
    services.answer(ready.actor("organiser"), first, "!")
    services.approve(registrar, ready.course, enrolment_ids=[ready.trainees[0].id])
    services.issue(registrar, ready.course, enrolment_ids=[ready.trainees[0].id])
    serial = session.scalars(select(Certificate.serial)).one()
    for role, here in (
        ("organiser", f"{COURSE}/proposals/{first}"),
        ("registrar", f"/registry/proposals/{first}"),
    ):
        page = ok(client_as(role).get(here))
        steps = page[page.index('class="timeline"') :].partition("</ol>")[0]
        said = (
            "Proposed",
            "The university asked",
            "The organisers answered",
            "Approved",
            f"Issued: {serial}",
        )
        places = [steps.index(words) for words in said]
        assert places == sorted(places)
        assert steps.count("Registrar Prova") == 3
        assert steps.count("Organiser Prova") == 2


# ---------------------------------------------------------------- the evidence


def test_what_has_changed_since_is_shown_beside_what_was_frozen(
    ready: Any, proposed: list[int], client_as: Any
) -> None:
    here, registrar = f"/registry/proposals/{proposed[0]}", client_as("registrar")
    assert "Nothing has changed since this was proposed" in ok(registrar.get(here))
    waive(ready.actor("organiser"), ready.trainees[0], "placement", None, "Pràctiques fetes abans")
    page = ok(registrar.get(here))
    assert "Something has changed since this was proposed" in page
    assert "Waived since: Organiser Prova" in page
    frozen = session.get_one(Proposal, proposed[0]).evidence
    assert "Pràctiques fetes abans" not in str(frozen)


def test_the_registrar_sees_counts_and_never_why_somebody_was_absent(
    world: Any, client_as: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 20, 12, tzinfo=UTC))
    rows = sessions_of(world.course.id)[:3]
    secret = "Visita al CSM dimarts"
    for at, row in enumerate(rows):
        marks = {one.id: MarkInput(MarkKind.PRESENT) for one in world.trainees}
        if at < 2:
            marks[world.trainees[0].id] = MarkInput(MarkKind.EXCUSED, reason_code="appointment")
        save_register(world.actor("trainer"), session.get_one(Session, row.id), marks)
    first = session.get_one(Session, rows[0].id)
    correction = {world.trainees[0].id: MarkInput(MarkKind.ABSENT)}
    save_register(world.actor("trainer"), first, correction, reason=secret)
    waive_all(world)
    services.propose(world.actor("organiser"), world.course)
    services.approve(world.actor("registrar"), world.course, enrolment_ids=[world.trainees[1].id])
    services.issue(world.actor("registrar"), world.course)
    registrar = client_as("registrar")
    serial = session.scalars(select(Certificate.serial)).one()
    year = clock.now().year
    seen = [str(one.evidence) for one in session.scalars(select(Proposal))]
    for path in (
        *("/registry", REGISTRY, f"/registry/certificates/{serial}"),
        *(f"/registry/proposals/{one}" for one in proposals()),
        *("/registry/universities/UNI/certificates", "/registry/universities/UNI/book"),
        f"/registry/universities/UNI/book/{year}.csv",
    ):
        response = registrar.get(path)
        assert response.status_code == 200, path
        seen.append(response.get_data(as_text=True).lower())
    assert any("4 h of 40 h" in one for one in seen)  # counts are there: one of three sessions
    for words in ("appointment", secret.lower(), "excused", "'absent'", "reason_code", "unmarked"):
        for one in seen:
            assert words not in one, words
    for path in ("/courses/TEST-1", "/courses/TEST-1/progress", "/courses/TEST-1/sessions/1/register"):
        assert registrar.get(path).status_code == 404, path


# ---------------------------------------------------------------- two people


def test_whoever_approved_issues_nothing_and_the_other_does(
    ready: Any, proposed: list[int], second: Any
) -> None:
    registrar = ready.actor("registrar")
    rule(ready, registrar)
    with pytest.raises(Refused):
        services.approve(SYSTEM, ready.course)
    services.approve(registrar, ready.course)
    batch = services.issue(registrar, ready.course)
    assert batch.done == ()
    assert {one.reasons for one in batch.refused} == {(SAME_PERSON,)}
    with pytest.raises(Refused) as caught:
        services.issue_one(registrar, proposed[0])
    assert caught.value.text == SAME_PERSON
    with pytest.raises(Refused):
        services.issue_one(SYSTEM, proposed[0])
    with pytest.raises(Refused):
        batches.begin(registrar, ready.course)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    assert len(services.issue(second, ready.course).done) == 3
    session.rollback()
    assert set(session.scalars(select(Certificate.issued_by))) == {second.person_id}


def test_whoever_approved_does_not_reissue_either(
    ready: Any, proposed: list[int], second: Any, client_as: Any, sign_in: Any
) -> None:
    registrar = ready.actor("registrar")
    services.approve(registrar, ready.course)
    services.issue(registrar, ready.course)
    rule(ready, second)
    code = session.scalars(select(Certificate.code).order_by(Certificate.id)).first() or ""
    with pytest.raises(Refused):
        services.reissue(registrar, code)
    serial = session.scalars(select(Certificate.serial).order_by(Certificate.id)).first()
    here = f"/registry/certificates/{serial}"
    assert "another registrar does" in ok(client_as("registrar").get(here))
    assert f"{here}/reissue" not in ok(client_as("registrar").get(here))
    assert f"{here}/reissue" in ok(sign_in(second.person_id).get(here))
    assert services.reissue(second, code)


def test_a_batch_waits_for_the_other_registrar(ready: Any, proposed: list[int], second: Any) -> None:
    registrar, mine = ready.actor("registrar"), [ready.trainees[0].id]
    rule(ready, registrar)
    services.approve(registrar, ready.course, enrolment_ids=mine)
    services.approve(second, ready.course)
    batch_id = batches.begin(second, ready.course)
    assert batches.progress(batch_id).total == 1  # what the second approved is not hers to issue
    progress = batches.go_on(registrar, batch_id, 5)
    assert (progress.done, progress.ended, progress.for_another) == (0, False, True)
    assert [why for _, why in progress.problems] == [SAME_PERSON]
    progress = batches.go_on(second, batch_id, 5)
    assert (progress.done, progress.ended, progress.for_another) == (1, True, False)


def test_the_pages_say_beforehand_who_may_not_issue(
    ready: Any, proposed: list[int], second: Any, client_as: Any, sign_in: Any
) -> None:
    registrar, other = client_as("registrar"), sign_in(second.person_id)
    here = "/registry/universities/UNI/rules"
    assert "fewer than two" not in ok(registrar.get(here))
    assert registrar.post(here, data={"two_people": "y"}).status_code == 303
    assert "checked" in ok(registrar.get(here))
    services.approve(ready.actor("registrar"), ready.course)
    button = "Issue the certificate"
    page = ok(registrar.get(REGISTRY))
    assert page.count("disabled") == 3
    assert "who approves does not issue" in page
    assert button not in page
    assert button in ok(other.get(REGISTRY))
    one = f"/registry/proposals/{proposed[0]}"
    assert "another registrar does" in ok(registrar.get(one))
    assert button not in ok(registrar.get(one))
    assert button in ok(other.get(one))
    # a form that was open since before the rule
    assert registrar.post(one, data={"action": "issue"}).status_code == 303
    assert "another registrar does" in ok(registrar.get(one))
    assert registrar.post(REGISTRY, data={"action": "issue", "kind": "accreditation"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_rules_are_kept_by_registrars_audited_and_told(ready: Any, second: Any) -> None:
    for role in ("organiser", "other_registrar", "trainee"):
        with pytest.raises(Refused):
            rule(ready, ready.actor(role))
    before = len(mails())
    rule(ready, ready.actor("registrar"))
    rule(ready, ready.actor("registrar"))
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "university_rules.saved")).all()
    assert len(entries) == 1  # the second time nothing changed
    [mail] = mails()[before:]
    assert mail.email == "second@example.org"
    assert "Registrar Prova" in mail.body
    rule(ready, second, two_people=False)
    session.rollback()
    assert not queries.two_people(ready.university.id)
