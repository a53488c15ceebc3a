"""From the proposal to the certificate, and what becomes of it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.factories.world import SYSTEM
from tests.integration.accreditation.conftest import issue_all, waive_all
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, CertificateEvent, Proposal, SerialCounter
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.evidence import evidence_hash, sha256
from trainer.accreditation.rules.statuses import Answer
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify as audit_verify
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.messages.models import Outbox
from trainer.people.models import Person


def rename(person_id: int, name: str) -> None:
    with transaction() as current:
        current.get_one(Person, person_id).certificate_name = name


def certificate(code: str) -> Certificate:
    session.rollback()
    found = queries.certificate_by_code(code)
    assert found is not None
    return found


def test_nobody_is_eligible_before_the_gate_and_each_learns_why(world: Any) -> None:
    found = services.eligible(world.course)
    assert {one.standing for one in found} == {Standing.NOT_YET}
    assert all(one.reasons for one in found)
    batch = services.propose(world.actor("organiser"), world.course)
    assert (batch.done, batch.already, len(batch.refused)) == ((), (), 3)
    assert session.scalar(select(func.count()).select_from(Proposal)) == 0


def test_an_unknown_kind_names_those_that_there_are(world: Any) -> None:
    with pytest.raises(Invalid) as caught:
        services.eligible(world.course, "diploma")
    assert "accreditation, completion" in str(caught.value.text)


def test_a_proposal_freezes_its_evidence(ready: Any) -> None:
    batch = services.propose(ready.actor("organiser"), ready.course)
    assert len(batch.done) == 3
    proposal = session.scalars(select(Proposal).order_by(Proposal.id)).first()
    assert proposal is not None
    assert proposal.evidence_hash == evidence_hash(proposal.evidence)
    assert proposal.evidence["programme"]["hash"].startswith("sha256:")
    assert proposal.evidence["waivers"][0]["reason"] == "Convalidat amb la universitat"
    words = proposal.evidence["gates"][0]["decisions"][0]["words"]
    assert set(words) == {"ca", "es", "en"}
    assert "Peñafiel" not in str(proposal.evidence)
    again = services.propose(ready.actor("organiser"), ready.course)
    assert (len(again.done), len(again.already)) == (0, 3)


def test_only_the_right_people_take_each_step(ready: Any) -> None:
    for role in ("registrar", "trainer", "other_organiser", "trainee"):
        with pytest.raises(Refused):
            services.propose(ready.actor(role), ready.course)
    services.propose(ready.actor("organiser"), ready.course)
    for role in ("organiser", "other_registrar", "trainee"):
        with pytest.raises(Refused):
            services.approve(ready.actor(role), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    for role in ("organiser", "other_registrar", "trainee"):
        with pytest.raises(Refused):
            services.issue(ready.actor(role), ready.course)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_issuing_gives_serials_without_gaps_and_frozen_bytes(ready: Any, issued: list[Any]) -> None:
    year = clock.today().year
    assert [row.serial for row in issued] == [f"UNI-{year}-{number:06d}" for number in (1, 2, 3)]
    for row in issued:
        found = certificate(row.code)
        assert found.sha256 == sha256(found.pdf)
        text = PdfReader(io.BytesIO(found.pdf)).pages[0].extract_text()
        assert found.name in text
        assert found.serial in text
        assert dashed(found.code) in text
        assert services.verify(row.code).answer is Answer.VALID
    assert len({row.code for row in issued}) == 3
    assert audit_verify().broken_at is None
    actions = list(
        session.scalars(select(AuditEntry.action).where(AuditEntry.action == "certificate.issued"))
    )
    assert len(actions) == 3


def test_issuing_tells_the_person_by_mail(issued: list[Any]) -> None:
    mails = list(session.scalars(select(Outbox).where(Outbox.subject.contains("Certificat"))))
    assert len(mails) == 3
    assert issued[0].serial in mails[0].body
    assert "/me/certificates" in mails[0].body


def test_repeating_issues_nothing_twice(ready: Any, issued: list[Any]) -> None:
    for step in (services.propose, services.approve, services.issue):
        actor = ready.actor("organiser" if step is services.propose else "registrar")
        batch = step(actor, ready.course)
        assert batch.done == ()
        assert len(batch.already) == 3
    proposal_id = certificate(issued[0].code).proposal_id
    again = services.issue_one(ready.actor("registrar"), proposal_id)
    assert again == certificate(issued[0].code).id
    assert session.scalar(select(SerialCounter.last)) == 3


def test_serials_begin_anew_each_year(ready: Any) -> None:
    people = [one.enrolment_id for one in services.eligible(ready.course)]
    registrar = ready.actor("registrar")
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(registrar, ready.course)
    # Half an hour before midnight in UTC, the year has already changed where the course is.
    with clock.frozen(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)):
        services.issue(registrar, ready.course, enrolment_ids=people[:1])
    with clock.frozen(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        services.issue(registrar, ready.course, enrolment_ids=people[1:])
    serials = [row.serial for row in queries.certificates_of_course(ready.course.id)]
    assert serials == ["UNI-2026-000001", "UNI-2027-000001", "UNI-2027-000002"]


def test_the_database_itself_keeps_the_invariants(issued: list[Any]) -> None:
    values = {
        column.name: getattr(certificate(issued[0].code), column.key)
        for column in Certificate.__table__.columns
        if column.name != "id"
    }
    free = {"code": "Z" * 26, "serial": "UNI-2026-000099", "number": 99, "sha256": "0" * 64}
    for clash in (
        {},  # a second standing certificate of the same kind for the same person
        {"status": "superseded", "code": values["code"]},
        {"status": "superseded", "serial": values["serial"]},
        {"status": "superseded", "number": values["number"]},
        {"status": "revoked"},  # without a reason
        {"reason_code": "other"},  # a reason without a revocation
    ):
        with pytest.raises(IntegrityError), transaction() as current:
            current.add(Certificate(**{**values, **free, **clash}))


def test_a_name_that_no_typeface_has_is_refused_and_the_others_go_on(ready: Any) -> None:
    rename(ready.trainees[1].person_id, "བོད")
    batch = services.propose(ready.actor("organiser"), ready.course)
    assert (len(batch.done), len(batch.refused)) == (2, 1)
    assert batch.refused[0].standing is Standing.NAME
    assert "བ" in str(batch.refused[0].reasons[0])


def test_a_name_that_changes_after_approval_is_looked_at_again(ready: Any) -> None:
    registrar = ready.actor("registrar")
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(registrar, ready.course)
    rename(ready.trainees[0].person_id, "བོད")
    batch = services.issue(registrar, ready.course)
    assert (len(batch.done), len(batch.refused)) == (2, 1)
    assert [one.row.serial for one in batch.done] == [
        f"UNI-{clock.today().year}-{number:06d}" for number in (1, 2)
    ]


def test_what_was_approved_is_not_issued_once_the_facts_are_gone(ready: Any) -> None:
    from trainer.gates.models import Waiver
    from trainer.gates.queries import waivers_of
    from trainer.gates.services import revoke_waiver

    registrar = ready.actor("registrar")
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(registrar, ready.course)
    [waiver] = waivers_of(ready.trainees[0].id)
    revoke_waiver(ready.actor("organiser"), session.get_one(Waiver, waiver.id))
    batch = services.issue(registrar, ready.course)
    assert len(batch.done) == 2
    [refused] = batch.refused
    assert refused.standing is Standing.APPROVED
    assert refused.reasons


def test_withdrawing_and_proposing_again(ready: Any) -> None:
    organiser, registrar = ready.actor("organiser"), ready.actor("registrar")
    [first, *_rest] = services.propose(organiser, ready.course).done
    proposal = session.scalars(select(Proposal).order_by(Proposal.id)).first()
    assert proposal is not None
    with pytest.raises(Refused):
        services.withdraw(ready.actor("trainee"), proposal.id)
    services.withdraw(organiser, proposal.id)
    with pytest.raises(Refused):
        services.withdraw(organiser, proposal.id)
    assert len(services.approve(registrar, ready.course).done) == 2
    again = services.propose(organiser, ready.course)
    assert [one.enrolment_id for one in again.done] == [first.enrolment_id]


def test_revoking_and_reinstating(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    with pytest.raises(Invalid):
        services.revoke(registrar, code, "because")
    with pytest.raises(Refused):
        services.revoke(ready.actor("organiser"), code, "other")
    with pytest.raises(Refused):
        services.revoke(ready.actor("other_registrar"), code, "other")
    with pytest.raises(Refused):
        services.reinstate(registrar, code)
    services.revoke(registrar, code, "data_error", "Una nota privada")
    told = services.verify(code).document()
    assert (told["status"], told["reason"]) == ("revoked", "data_error")
    assert "privada" not in str(told)
    with pytest.raises(Refused):
        services.revoke(registrar, code, "other")
    services.reinstate(registrar, code.lower())
    assert services.verify(code).answer is Answer.VALID
    events = [event.event for event, _by in queries.events_of(certificate(code).id)]
    assert events == ["issued", "revoked", "reinstated"]
    assert audit_verify().broken_at is None
    details = str(list(session.scalars(select(AuditEntry.details))))
    assert "privada" not in details
    assert "Peñafiel" not in details


def test_reissuing_takes_the_next_serial_and_forgets_the_old_name(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    services.set_withheld(replace(registrar, person_id=ready.trainees[0].person_id), issued[0].serial, True)
    rename(ready.trainees[0].person_id, "Noa Peñafiel i Puig")
    new_id = services.reissue(registrar, code)
    new = session.get_one(Certificate, new_id)
    assert new.number == 4
    assert new.name == "Noa Peñafiel i Puig"
    assert new.supersedes_id == certificate(code).id
    assert new.withheld
    old = services.verify(code).document()
    assert old["status"] == "superseded"
    assert "Peñafiel" not in str(old)
    assert services.verify(new.code).answer is Answer.VALID
    for step in (services.reissue, services.reinstate):
        with pytest.raises(Refused):
            step(registrar, code)
    with pytest.raises(Refused):
        services.revoke(registrar, code, "other")
    assert services.reissue(registrar, new.code)  # also when nothing changed
    assert session.scalar(select(SerialCounter.last)) == 5


def test_a_revoked_certificate_is_reinstated_before_it_is_reissued(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    services.revoke(registrar, code, "issued_in_error")
    with pytest.raises(Refused):
        services.reissue(registrar, code)
    batch = services.propose(ready.actor("organiser"), ready.course)
    assert [one.standing for one in batch.refused] == [Standing.REVOKED]
    services.reinstate(registrar, code)
    assert session.get_one(Certificate, services.reissue(registrar, code)).number == 4


def test_a_correction_flags_and_changes_nothing_else(ready: Any, issued: list[Any]) -> None:
    enrolment_id = ready.trainees[0].id
    assert services.flag_for_review(SYSTEM, enrolment_id) == 1
    assert services.flag_for_review(SYSTEM, enrolment_id) == 0
    code = next(row.code for row in issued if row.enrolment_id == enrolment_id)
    assert services.verify(code).answer is Answer.VALID
    assert certificate(code).flagged_at is not None
    services.mark_reviewed(ready.actor("registrar"), code)
    assert certificate(code).flagged_at is None
    with pytest.raises(Refused):
        services.mark_reviewed(ready.actor("registrar"), code)


def test_the_holder_alone_hides_and_shows_the_name(ready: Any, issued: list[Any]) -> None:
    row = queries.certificate_row(issued[0].serial)
    assert row is not None
    holder = replace(ready.actor("trainee"), person_id=row.person_id)
    for role in ("registrar", "organiser", "admin"):
        with pytest.raises(Missing):
            services.set_withheld(ready.actor(role), row.serial, True)
    services.set_withheld(holder, row.serial, True)
    services.set_withheld(holder, row.serial, True)
    told = services.verify(row.code)
    assert (told.answer, told.name, told.title) == (Answer.VALID, None, None)
    services.set_withheld(holder, row.serial, False)
    assert services.verify(row.code).name == row.name
    events = session.scalars(
        select(CertificateEvent.event)
        .where(CertificateEvent.certificate_id == row.id)
        .order_by(CertificateEvent.id)
    )
    assert list(events) == ["issued", "withheld", "shown"]


def test_who_may_export(ready: Any, issued: list[Any]) -> None:
    code = issued[0].code
    name, data = services.export(ready.actor("registrar"), code)
    assert name == f"{issued[0].serial}.pdf"
    assert services.verify_file(data).answer is Answer.VALID
    assert services.export(ready.actor("organiser"), dashed(code).lower())[1] == data
    for role in ("other_registrar", "other_organiser", "trainer"):
        with pytest.raises(Refused):
            services.export(ready.actor(role), code)
    with pytest.raises(Missing):
        services.export(ready.actor("registrar"), "nonsense")


def test_a_changed_file_is_told_for_altered(ready: Any, issued: list[Any]) -> None:
    import pikepdf

    _name, data = services.export(ready.actor("registrar"), issued[0].code)
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(again, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert services.verify_file(again.getvalue()).answer is Answer.ALTERED
    for stranger in (b"", b"%PDF-1.7 nothing of ours", b"\0" * 1000):
        assert services.verify_file(stranger).answer is Answer.UNKNOWN
    services.revoke(ready.actor("registrar"), issued[0].code, "other")
    assert services.verify_file(data).answer is Answer.REVOKED


def test_malformed_codes_are_unknown(issued: list[Any]) -> None:
    for typed in (
        "",
        "x",
        issued[0].code[:-1],
        issued[0].code + "0",
        "Ñ" * 26,
        "'; drop table certificate; --",
    ):
        assert services.verify(typed).answer is Answer.UNKNOWN
    assert services.verify(f" {dashed(issued[0].code).lower()} ").answer is Answer.VALID


def test_a_specimen_says_so_on_paper_and_in_public(ready: Any) -> None:
    with transaction() as current:
        current.merge(ready.course).specimen = True
    [row, *_rest] = issue_all(ready)
    found = certificate(row.code)
    assert "SPECIMEN" in PdfReader(io.BytesIO(found.pdf)).pages[0].extract_text()
    assert services.verify(row.code).document()["specimen"] is True


@pytest.mark.parametrize(
    ("language", "title"), [("ca", "Certificat"), ("es", "Certificado"), ("en", "Certificate")]
)
def test_the_certificate_speaks_the_persons_language(ready: Any, language: str, title: str) -> None:
    with transaction() as current:
        current.get_one(Person, ready.trainees[0].person_id).language = language
    row = next(row for row in issue_all(ready) if row.person_id == ready.trainees[0].person_id)
    found = certificate(row.code)
    assert found.language == language
    assert found.frozen["sheet"]["title"].startswith(title)


def test_it_carries_what_a_micro_credential_needs_and_nothing_else(ready: Any, issued: list[Any]) -> None:
    found = certificate(issued[0].code)
    credential = found.frozen["credential"]
    assert (credential["country"], credential["hours"], credential["ects"]) == ("ES", 40, "1.6")
    assert found.frozen["outcomes"]
    assert found.frozen["programme"]["hash"].startswith("sha256:")
    words = str(found.frozen).lower()
    for never in ("absent", "waive", "convalidat", "diagn"):
        assert never not in words.replace("sense diagnòstics", "").replace("diagnòstics", "")


def test_the_second_document_follows_the_last_gate(ready: Any, issued: list[Any]) -> None:
    waive_all(ready, "completion")
    registrar = ready.actor("registrar")
    services.propose(ready.actor("organiser"), ready.course, "completion")
    services.approve(registrar, ready.course, "completion")
    batch = services.issue(registrar, ready.course, "completion")
    assert [(one.row.serial or "")[-6:] for one in batch.done] == ["000004", "000005", "000006"]
    assert services.verify(issued[0].code).answer is Answer.VALID


def test_the_profile_goes_onto_the_next_certificate(ready: Any) -> None:
    from tests.unit.accreditation.test_documents import picture

    university = queries.university_by_code("UNI")
    assert university is not None
    registrar = ready.actor("registrar")
    with pytest.raises(Refused):
        services.save_profile(ready.actor("other_registrar"), university, city="Vic")
    for bad in ({"accent": "red"}, {"city": "བོད"}, {"logo": b"no picture"}):
        with pytest.raises(Invalid):
            services.save_profile(registrar, university, **bad)
    services.save_profile(
        registrar,
        university,
        display_names={"ca": "Universitat de la Plana"},
        accent="#7A1F3D",
        city="Vic",
        signatories=[
            {"name": "Montserrat Puig", "position": {"ca": "Rectora"}},
            {"name": " ", "position": {}},
        ],
        wording={"ca": "D'acord amb la normativa de formació permanent."},
        logo=picture("PNG"),
    )
    assert services.preview(university, "ca").startswith(b"%PDF")
    [row, *_rest] = issue_all(ready)
    text = PdfReader(io.BytesIO(certificate(row.code).pdf)).pages[0].extract_text()
    for words in ("Universitat de la Plana", "Vic, ", "Montserrat Puig", "Rectora", "normativa"):
        assert words in text
    services.save_profile(registrar, university, city="Manresa", remove_logo=True)
    assert services.logo_of(university.id) is None
    assert "Vic, " in PdfReader(io.BytesIO(certificate(row.code).pdf)).pages[0].extract_text()


@pytest.mark.parametrize("kind", ["accreditation"])
def test_eligible_asks_the_same_for_any_number(ctx: Any, count_queries: Any, kind: str) -> None:
    from tests.factories.world import make_world

    counts = []
    for number in (1, 3, 30):
        world = make_world(trainees=number, code=f"N{number}")
        services.eligible(world.course, kind)
        with count_queries() as seen:
            assert len(services.eligible(world.course, kind)) == number
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2]
