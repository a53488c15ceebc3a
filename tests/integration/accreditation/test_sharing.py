"""Share links: what is chosen and nothing else, until they are withdrawn or over; and the holder's page of a certificate."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from sqlalchemy import select

from tests.factories.world import World
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, CertificateEvent, CertificateLook
from trainer.accreditation.queries import looking as reading
from trainer.accreditation.rules.sharing import Shows
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused

PARTS = [str(one) for one in Shows]


@pytest.fixture
def world_database(signed_database: str) -> str:
    """Every test here begins with signed certificates."""
    return signed_database


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert " style=" not in response.text
    return str(response.text)


@pytest.fixture
def make(world: World, signed: Certificate) -> Any:
    """`make(["name"])`: the address of a link of the trainee's certificate."""

    def link(shows: list[str], **values: Any) -> str:
        return "/share/" + services.create_link(world.actor("trainee"), signed.serial, "", shows, **values)

    return link


def marks(certificate: Certificate) -> dict[str, str]:
    """Words of each part that stand on the page when it is shown, and nowhere else."""
    return {
        "name": certificate.name,
        "details": certificate.frozen["sheet"]["title"],
        "outcomes": certificate.frozen["outcomes"][0],
        "document": "Download the PDF",
    }


def shown(page: str, certificate: Certificate) -> set[str]:
    return {part for part, words in marks(certificate).items() if words in page.replace("&#39;", "'")}


@pytest.mark.parametrize("part", PARTS)
def test_a_link_shows_what_is_chosen_and_the_status(
    signed: Certificate, make: Any, client: Any, part: str
) -> None:
    address = make([part])
    page = ok(client.get(address))
    assert "This certificate is valid." in page
    assert shown(page, signed) == {part}
    assert signed.code not in page.replace("-", "")
    document = client.get(f"{address}/document.pdf")
    if part == "document":
        assert document.data == queries.document_of(signed.id)
    else:
        assert document.status_code == 404


def test_everything_and_its_headers(signed: Certificate, make: Any, client: Any) -> None:
    address = make(PARTS)
    assert shown(ok(client.get(address)), signed) == set(PARTS)
    for path in (address, f"{address}/document.pdf"):
        response = client.get(path)
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_what_is_no_link_any_more_cannot_be_told_from_what_never_was(
    signed: Certificate, world: World, make: Any, client: Any
) -> None:
    withdrawn, over, open_today = make(PARTS), make(PARTS, expires_on=clock.today()), make(PARTS)
    assert client.get(over).status_code == 200  # the whole of its last day
    links = reading.links_of(signed.id)
    services.withdraw_link(world.actor("trainee"), signed.serial, links[-1].id)
    services.withdraw_link(world.actor("trainee"), signed.serial, links[-1].id)  # twice is once
    pages = set()
    with clock.frozen(clock.now() + timedelta(days=1)):
        for address in (withdrawn, over, "/share/none", "/share/" + "x" * 400):
            page = ok(client.get(address), 404)
            pages.add(re.sub(r'<input type="hidden"[^>]*>', "", page))
            assert client.get(f"{address}/document.pdf").status_code == 404
    assert len(pages) == 1
    assert client.get(open_today).status_code == 200


def test_a_hidden_name_still_shows_where_the_holder_chose_it(
    signed: Certificate, world: World, make: Any, client: Any
) -> None:
    address, without = make(["name"]), make(["details"])
    services.set_withheld(world.actor("trainee"), signed.serial, True)
    assert signed.name in ok(client.get(address))
    assert signed.name not in ok(client.get(without))
    assert signed.name not in ok(client.get(f"/verify/{signed.code}"))


def test_a_replaced_certificate_shows_its_status_and_nothing_personal(
    signed: Certificate, world: World, make: Any, client: Any
) -> None:
    address, said = make(PARTS), marks(signed)
    services.reissue(world.actor("registrar"), signed.code)
    page = ok(client.get(address))
    assert "was replaced by a newer one" in page
    assert not [words for words in said.values() if words in page]
    assert client.get(f"{address}/document.pdf").status_code == 404
    with pytest.raises(Refused):
        make(["name"])


def test_a_revoked_certificate_says_so_and_is_not_handed_out(
    signed: Certificate, world: World, make: Any, client: Any
) -> None:
    address = make(PARTS)
    services.revoke(world.actor("registrar"), signed.code, "data_error", "Private words")
    page = ok(client.get(address))
    assert "Wrong data on the document" in page
    assert "Private words" not in page
    assert shown(page, signed) == {"name", "details"}
    assert client.get(f"{address}/document.pdf").status_code == 404
    services.reinstate(world.actor("registrar"), signed.code)
    assert shown(ok(client.get(address)), signed) == set(PARTS)
    services.revoke(world.actor("registrar"), signed.code, "holder_request")
    assert shown(ok(client.get(address)), signed) == set()


def test_an_expired_certificate_says_so(signed: Certificate, make: Any, client: Any) -> None:
    address = make(PARTS)
    with transaction() as current:
        current.get_one(Certificate, signed.id).expires_on = clock.today() - timedelta(days=1)
    page = ok(client.get(address))
    assert "This certificate was valid until" in page
    assert shown(page, signed) == set(PARTS)


def test_what_a_link_may_not_be(signed: Certificate, world: World) -> None:
    def create(role: str, shows: list[str], label: str = "", days: int | None = None) -> str:
        last = None if days is None else clock.today() + timedelta(days=days)
        return services.create_link(world.actor(role), signed.serial, label, shows, last)

    for wrong in (
        ([], "", None),
        (["name", "marks"], "", None),
        (["name"], "x" * 81, None),
        (["name"], "", -1),
    ):
        with pytest.raises(Invalid):
            create("trainee", wrong[0], wrong[1], wrong[2])
    for role in ("other_trainee", "registrar", "organiser", "admin"):
        with pytest.raises(Missing):
            create(role, ["name"])
    for _number in range(20):
        create("trainee", ["name"])
    with pytest.raises(Refused, match="20 links"):
        create("trainee", ["name"])
    link = reading.links_of(signed.id)[0]
    other = queries.certificates_of_person(world.person_id("other_trainee"))[0]
    with pytest.raises(Missing):
        services.withdraw_link(world.actor("other_trainee"), other.serial, link.id)
    services.withdraw_link(world.actor("trainee"), signed.serial, link.id)
    create("trainee", ["name"])


def test_from_making_a_link_to_withdrawing_it_by_the_page(
    signed: Certificate, client_as: Any, client: Any
) -> None:
    holder, here = client_as("trainee"), f"/me/certificates/{signed.serial}"
    page = ok(holder.get(here))
    assert re.search(r'value="name"[^>]*checked|checked[^>]*value="name"', page)
    ok(holder.post(f"{here}/links", data={"label": "x"}), 422)
    ok(holder.post(f"{here}/links", data={"shows": ["name"], "expires_on": "2001-01-01"}), 422)
    made = holder.post(f"{here}/links", data={"shows": ["name", "details"], "label": "Associació Ànima"})
    assert made.status_code == 303
    page = ok(holder.get(here))
    found = re.search(r'value="http://localhost(/share/[^"]+)"', page)
    assert found is not None
    assert "Associació Ànima" in page
    assert "Not opened yet." in page
    assert shown(ok(client.get(found.group(1))), signed) == {"name", "details"}
    ok(holder.get(found.group(1)))  # the holder's own look does not count
    page = ok(holder.get(here))
    assert "Opened once." in page
    assert "by your link “Associació Ànima”" in page
    withdraw = re.search(r'action="(/me/[^"]+/withdraw)"', page)
    assert withdraw is not None
    assert client_as("other_trainee").post(withdraw.group(1)).status_code == 404
    assert holder.post(withdraw.group(1)).status_code == 303
    assert client.get(found.group(1)).status_code == 404
    page = ok(holder.get(here))
    assert found.group(1) not in page
    assert "withdrawn on" in page
    session.rollback()
    events = session.scalars(
        select(CertificateEvent.event)
        .where(CertificateEvent.certificate_id == signed.id)
        .order_by(CertificateEvent.id)
    )
    assert list(events)[-2:] == ["shared", "unshared"]
    assert list(session.scalars(select(CertificateLook.how))) == ["link"]


def test_the_page_of_a_certificate(signed: Certificate, world: World, client_as: Any) -> None:
    holder, here = client_as("trainee"), f"/me/certificates/{signed.serial}"
    assert f'href="{here}"' in ok(holder.get("/me/certificates"))
    page = ok(holder.get(here))
    for words in ("Download the PDF", "For a wallet", "issued by the university", signed.name):
        assert words in page
    credential = holder.get(f"{here}/credential.json")
    assert credential.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(credential.data)["credentialSubject"]
    badge = holder.get(f"{here}/badge.png")
    assert badge.data.startswith(b"\x89PNG")
    for role in ("other_trainee", "registrar", "organiser", "admin"):
        for path in ("", "/credential.json", "/badge.png"):
            assert client_as(role).get(here + path).status_code == 404
    services.revoke(world.actor("registrar"), signed.code, "misconduct", "Private words")
    page = ok(holder.get(here))
    assert "revoked by the university: Misconduct" in page
    assert "Private words" not in page
    assert "Make a link" not in page


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_the_languages(make: Any, client: Any, language: str) -> None:
    page = ok(client.get(make(PARTS), headers={"Accept-Language": language}))
    assert f'<html lang="{language}"' in page
