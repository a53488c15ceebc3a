"""The page of a person's waivers."""

from __future__ import annotations

import pytest

from tests.factories.world import make_world
from trainer.gates.queries import standings, waivers_of


@pytest.fixture
def where(world):
    return f"/courses/TEST-1/people/{world.trainees[0].id}/waivers"


def test_grant_and_revoke(client_as, world, where):
    client = client_as("organiser")
    page = client.get(where)
    assert page.status_code == 200
    assert 'value="placement/attendance"' in page.text
    assert client.post(where, data={"what": "placement", "reason": ""}).status_code == 422
    assert client.post(where, data={"what": "elsewhere", "reason": "x"}).status_code == 422
    done = client.post(where, data={"what": "placement", "reason": "agreed"}, follow_redirects=True)
    assert "The waiver is granted." in done.text
    assert "In force" in done.text
    (waiver,) = waivers_of(world.trainees[0].id)
    again = client.post(where, data={"what": "placement", "reason": "agreed"})
    assert again.status_code == 422
    revoked = client.post(f"{where}/{waiver.id}/revoke", follow_redirects=True)
    assert "Revoked by Organiser Prova" in revoked.text
    assert not standings(world.course)[world.trainees[0].id]["placement"].passed


def test_who_may(client_as, world, where):
    for role in ("registrar", "reference", "other_organiser", "trainee"):
        assert client_as(role).get(where).status_code == 404
        assert client_as(role).post(where, data={"what": "placement", "reason": "x"}).status_code == 404
    for role in ("trainer", "assessor"):
        page = client_as(role).get(where)
        assert page.status_code == 200
        assert "Grant a waiver" not in page.text
        assert client_as(role).post(where, data={"what": "placement", "reason": "x"}).status_code == 403


def test_a_waiver_belongs_to_its_person(client_as, world, where):
    client = client_as("organiser")
    client.post(where, data={"what": "placement", "reason": "agreed"})
    (waiver,) = waivers_of(world.trainees[0].id)
    other = f"/courses/TEST-1/people/{world.trainees[1].id}/waivers/{waiver.id}/revoke"
    assert client.post(other).status_code == 404
    make_world(trainees=0, code="TEST-2")
    assert client.get(where.replace("TEST-1", "TEST-2")).status_code == 404
