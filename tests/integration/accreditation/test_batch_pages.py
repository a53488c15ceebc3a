"""Issuing for many over HTTP: progress, an interruption in between, going on by somebody else, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.world import SYSTEM, make_world
from tests.integration.accreditation.conftest import waive_all
from tests.integration.accreditation.test_views import JSON, REGISTRY, ok
from trainer.accreditation import services
from trainer.accreditation.models import Certificate, IssueBatch
from trainer.accreditation.services import batches
from trainer.accreditation.views import batches as views
from trainer.core.database import session, transaction
from trainer.people.models import Person
from trainer.people.services import add_user

ISSUE = {"kind": "accreditation", "action": "issue"}


@pytest.fixture
def approved(ready: Any) -> Any:
    services.propose(ready.actor("organiser"), ready.course)
    services.approve(ready.actor("registrar"), ready.course)
    return ready


@pytest.fixture
def one_at_a_time(monkeypatch: Any) -> None:
    """Each request issues one certificate, as if making it took all of the time."""
    monkeypatch.setattr(views, "SECONDS", 0.0)


def issued() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


def test_a_batch_is_left_and_gone_on_with_by_another(
    approved: Any, client_as: Any, sign_in: Any, one_at_a_time: None
) -> None:
    registrar = client_as("registrar")
    begun = registrar.post(REGISTRY, data=ISSUE)
    assert begun.status_code == 303
    assert begun.location.endswith("?go=1")
    batch = begun.location.split("?")[0]
    page = ok(registrar.get(begun.location))
    assert 'data-going="yes"' in page
    assert "0 of 3 issued" in page
    assert issued() == 0  # looking issues nothing
    told = registrar.post(batch, headers=JSON).get_json()
    assert (told["done"], told["total"], told["ended"], told["words"]) == (1, 3, False, "1 of 3 issued")
    # she leaves; a colleague finds it on the page of the course
    colleague = sign_in(add_user(SYSTEM, "second@example.org", "Segona", "registrar", "UNI").id)
    page = ok(colleague.get(REGISTRY))
    assert "A batch is not finished" in page
    assert "1 of 3 issued" in page
    assert batch in page
    page = ok(colleague.get(batch))
    assert 'data-going="no"' in page
    assert '<progress max="3" value="1"' in page
    assert colleague.post(batch).status_code == 303
    assert issued() == 2
    # both at once, and once more than needed
    registrar.post(batch, headers=JSON)
    for _ in range(2):
        told = colleague.post(batch, headers=JSON).get_json()
        assert (told["done"], told["ended"], told["problems"]) == (3, True, [])
    assert issued() == 3
    assert sorted(session.scalars(select(Certificate.number))) == [1, 2, 3]
    assert "Everything is issued." in ok(registrar.get(batch))
    assert "A batch is not finished" not in ok(registrar.get(REGISTRY))


def test_who_cannot_be_issued_is_named_with_why(approved: Any, client_as: Any) -> None:
    registrar = client_as("registrar")
    batch = registrar.post(REGISTRY, data=ISSUE).location.split("?")[0]
    with transaction() as current:
        current.get_one(Person, approved.trainees[1].person_id).certificate_name = "\U00013000"
    told = registrar.post(batch, headers=JSON).get_json()
    assert (told["done"], told["ended"]) == (2, True)
    assert [one["name"] for one in told["problems"]] == [approved.trainees[1].person.display_name]
    assert told["problems"][0]["why"]
    page = ok(registrar.get(batch))
    assert "Not issued, and why" in page
    assert "\U00013000" in page


def test_one_person_is_issued_at_once(approved: Any, client_as: Any) -> None:
    registrar = client_as("registrar")
    answer = registrar.post(REGISTRY, data=ISSUE | {"enrolment": str(approved.trainees[0].id)})
    assert answer.location == REGISTRY
    assert issued() == 1
    assert session.scalar(select(func.count()).select_from(IssueBatch)) == 0


def test_an_error_is_said_to_the_script_and_on_the_page(
    approved: Any, client_as: Any, monkeypatch: Any
) -> None:
    from trainer.core.errors import Refused
    from trainer.core.text import msg

    registrar = client_as("registrar")
    batch = registrar.post(REGISTRY, data=ISSUE).location.split("?")[0]

    def closed(*_arguments: Any) -> None:
        raise Refused(msg("The keys do not open."))

    monkeypatch.setattr(batches, "go_on", closed)
    answer = registrar.post(batch, headers=JSON)
    assert (answer.status_code, answer.get_json()) == (403, {"error": "The keys do not open."})
    assert registrar.post(batch).status_code == 303
    assert "The keys do not open." in ok(registrar.get(batch))


def test_the_page_asks_the_same_for_any_number(ctx: Any, sign_in: Any, count_queries: Any) -> None:
    counts = set()
    for number in (2, 6):
        world = make_world(trainees=number, code=f"C{number}")
        waive_all(world)
        services.propose(world.actor("organiser"), world.course)
        services.approve(world.actor("registrar"), world.course)
        batch_id = batches.begin(world.actor("registrar"), world.course)
        client = sign_in(world.person_id("registrar"))
        client.get(f"/registry/batches/{batch_id}")
        with count_queries() as seen:
            ok(client.get(f"/registry/batches/{batch_id}"))
        counts.add(seen.count)
    assert len(counts) == 1
