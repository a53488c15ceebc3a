"""What issuing does with keys: who signs what, and what a service that does not answer leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from trainer.accreditation import services
from trainer.accreditation.documents.signing import NotSigned, check_signatures
from trainer.accreditation.models import Certificate, Reservation
from trainer.accreditation.queries import university_by_code
from trainer.accreditation.services import batches, keys
from trainer.accreditation.services.faces import save_face
from trainer.core.database import session
from trainer.curriculum.queries import programme_of

PEOPLE = [
    {"name": "Remei Casadevall", "position": "Rectora"},
    {"name": "Joan Puig", "position": "Secretari general"},
]


@pytest.fixture
def approved(ready: Any) -> Any:
    """Three approved proposals at a university with two signatories and their test keys."""
    registrar = ready.actor("registrar")
    university = university_by_code("UNI")
    assert university
    services.save_profile(registrar, university, signatories=PEOPLE)
    keys.create_test_authority(registrar, university)
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(registrar, ready.course)
    return ready


def places(certificate: Certificate) -> list[int]:
    return [one["place"] for one in certificate.signatures]


def test_rector_and_secretary_sign(approved: Any) -> None:
    services.issue(approved.actor("registrar"), approved.course)
    certificates = session.scalars(select(Certificate).order_by(Certificate.number)).all()
    assert [places(one) for one in certificates] == [[1, 2]] * 3
    reports = check_signatures(certificates[0].pdf, keys.roots_of(approved.university.id))
    assert [(one.intact, one.trusted) for one in reports] == [(True, True)] * 2


def test_a_key_signs_only_where_its_person_is_named(approved: Any) -> None:
    university = university_by_code("UNI")
    assert university
    registrar = approved.actor("registrar")
    programme = programme_of(approved.course.programme_version_id)
    dean = {"name": "Clara Vidal", "position": {"ca": "Degana"}}
    save_face(registrar, university, programme, signatories=[PEOPLE[0], dean])
    services.issue(registrar, approved.course)
    assert {tuple(places(one)) for one in session.scalars(select(Certificate))} == {(1,)}


def test_a_service_that_does_not_answer_leaves_the_number_for_later(approved: Any, monkeypatch: Any) -> None:
    registrar = approved.actor("registrar")
    with monkeypatch.context() as silent:
        silent.setattr("trainer.accreditation.services.drafts._signed", _silence)
        batch = batches.begin(registrar, approved.course)
        with pytest.raises(NotSigned):
            batches.go_on(registrar, batch, 10)
    assert session.scalars(select(Reservation.number)).all() == [1]
    assert batches.progress(batch) == batches.Progress(3, 0)
    assert batches.go_on(registrar, batch, 0) == batches.Progress(3, 1)  # one at least, whatever the time
    assert batches.go_on(registrar, batch, 60) == batches.Progress(3, 3, ended=True)
    assert sorted(session.scalars(select(Certificate.number))) == [1, 2, 3]
    assert session.scalar(select(func.count()).select_from(Reservation)) == 0
    assert batches.go_on(registrar, batch, 60).done == 3  # going on with what has ended does nothing


def _silence(*_arguments: Any) -> Any:
    raise NotSigned(services.KIND)
