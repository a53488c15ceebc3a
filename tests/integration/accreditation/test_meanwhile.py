"""What happens to a proposal or a certificate while its document is being made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.conftest import build_app
from trainer.accreditation import queries, services
from trainer.accreditation.models import (
    Certificate,
    CertificateEvent,
    Proposal,
    Reservation,
    UniversityProfile,
)
from trainer.accreditation.queries import university_by_code
from trainer.accreditation.rules.statuses import Answer
from trainer.accreditation.rules.threads import Side
from trainer.accreditation.services import issuing
from trainer.accreditation.services.reserving import reserve
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Refused


@pytest.fixture
def drafting(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Steps that others take while a document is made, each once."""
    steps: list[Any] = []
    make = issuing.make_draft

    def slow(*arguments: Any) -> Any:
        draft = make(*arguments)
        while steps:
            steps.pop(0)()
        return draft

    monkeypatch.setattr(issuing, "make_draft", slow)
    return steps


def test_a_proposal_whose_number_is_given_is_not_withdrawn(ready: Any) -> None:
    registrar = ready.actor("registrar")
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(registrar, ready.course)
    first = session.scalars(select(Proposal.id).order_by(Proposal.id)).first()
    assert first is not None
    reserve(registrar, first)
    for side, role in ((Side.PROVIDER, "organiser"), (Side.UNIVERSITY, "registrar")):
        with pytest.raises(Refused, match="being made"):
            services.withdraw(ready.actor(role), first, side=side)
    services.issue_one(registrar, first)
    session.rollback()
    assert session.get_one(Proposal, first).status == "issued"
    assert session.scalars(select(Reservation.id)).all() == []


def test_a_revocation_meanwhile_holds_for_the_successor_as_long_as_it_was_to_last(
    ready: Any, issued: list[Any], drafting: list[Any]
) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    later = clock.today() + timedelta(days=10)
    drafting.append(lambda: services.revoke(registrar, code, "data_error"))
    drafting.append(lambda: services.reinstate(registrar, code, later))
    new, _serial = queries.code_and_serial(services.reissue(registrar, code))
    found = services.verify(new)
    assert (found.answer, found.reason, found.valid_again_from) == (Answer.REVOKED, "data_error", later)
    with clock.frozen(datetime(later.year, later.month, later.day, 11, tzinfo=UTC)):
        assert services.verify(new).answer is Answer.VALID


def test_a_revocation_that_is_over_when_the_successor_is_there_leaves_it_valid(
    ready: Any, issued: list[Any], drafting: list[Any]
) -> None:
    registrar, code, today = ready.actor("registrar"), issued[0].code, clock.today()

    def revoked_and_over() -> None:
        with transaction() as current:
            row = current.scalars(select(Certificate).where(Certificate.code == code)).one()
            row.status, row.reason_code = "revoked", "data_error"
            row.revoked_on, row.reinstated_from = date(2026, 1, 1), today

    drafting.append(revoked_and_over)
    new, _serial = queries.code_and_serial(services.reissue(registrar, code))
    assert services.verify(new).answer is Answer.VALID


def test_a_correction_meanwhile_flags_the_successor(
    ready: Any, issued: list[Any], drafting: list[Any]
) -> None:
    registrar = ready.actor("registrar")
    drafting.append(lambda: services.flag_for_review(registrar, issued[0].enrolment_id))
    new = services.reissue(registrar, issued[0].code)
    session.rollback()
    assert session.get_one(Certificate, new).flagged_at is not None
    events = session.scalars(
        select(CertificateEvent.event)
        .where(CertificateEvent.certificate_id == new)
        .order_by(CertificateEvent.id)
    ).all()
    assert events == ["issued", "flagged"]
    # What was flagged before is settled by issuing anew.
    services.flag_for_review(registrar, issued[1].enrolment_id)
    session.rollback()
    assert session.get_one(Certificate, services.reissue(registrar, issued[1].code)).flagged_at is None


def test_two_save_the_first_profile_of_a_university_at_once(
    world: Any, database_url: str, tmp_path: Path
) -> None:
    university = university_by_code("UNI")
    assert university
    registrar = world.actor("registrar")
    app = build_app(tmp_path, database_url)
    problems: list[BaseException] = []

    def save(city: str) -> None:
        try:
            with app.app_context():
                services.save_profile(registrar, university, city=city)
        except BaseException as error:
            problems.append(error)

    threads = [Thread(target=save, args=(city,)) for city in ("Vic", "Manresa", "Berga", "Solsona")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    session.rollback()  # what was read before the threads began is an older state
    assert session.scalar(select(func.count()).select_from(UniversityProfile)) == 1
