"""What nobody types: answered like any other mistake, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from trainer.accreditation import services
from trainer.accreditation.models import Proposal, ShareLink
from trainer.core.database import session

HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        "/share/a%00b",
        "/share/a%00b/document.pdf",
        "/verify/a%00b",
        "/credentials/a%00b/c",
        "/achievements/UNI/a%00b/1/accreditation/ca",
        "/achievements/UNI/a/1/accreditation/%00",
        f"/status/{HUGE}",
    ],
)
def test_public_addresses_with_a_nul(world: Any, client_as: Any, path: str) -> None:
    assert client_as("visitor").get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/registry/certificates/a%00b",
        "/registry/courses/a%00b",
        "/registry/universities/UNI%00/certificates",
        "/registry/universities/UNI/programmes/a%00b",
        f"/registry/batches/{HUGE}",
        f"/registry/universities/UNI/book/{HUGE}.csv",
    ],
)
def test_the_registrars_addresses_with_a_nul_or_a_number_too_large(
    world: Any, client_as: Any, path: str
) -> None:
    assert client_as("registrar").get(path).status_code == 404


def test_searches_with_a_nul_and_pages_too_far(issued: list[Any], client_as: Any) -> None:
    registrar, holder = client_as("registrar"), client_as("trainee")
    address = "/registry/universities/UNI/certificates"
    for query in ("serial=UNI%00", f"page={HUGE}", f"page={HUGE}&show=ending", "page=-1", "page=x"):
        assert registrar.get(f"{address}?{query}").status_code == 200, query
    assert holder.get(f"/me/certificates/{issued[0].serial}?page={HUGE}").status_code in {200, 404}


def test_words_with_a_nul_are_kept_without_it(ready: Any, issued: list[Any], client_as: Any) -> None:
    mine = next(one for one in issued if one.person_id == ready.person_id("trainee"))
    sent = {"label": "Ajunta\0ment", "shows": "name"}
    answer = client_as("trainee").post(f"/me/certificates/{mine.serial}/links", data=sent)
    assert answer.status_code == 303
    assert session.scalars(select(ShareLink.label)).one() == "Ajuntament"
    sent = {"action": "ask", "words": "Falta\0 res?", "kind": "accreditation"}
    assert client_as("registrar").post("/registry/courses/" + ready.course.code, data=sent).status_code == 303
    note = {"reason": "other", "note": "\0"}
    assert (
        client_as("registrar").post(f"/registry/certificates/{mine.serial}/revoke", data=note).status_code
        == 303
    )


@pytest.mark.parametrize("ticked", [HUGE, "9" * 6000, "x", "-1", "٣" * 30, ""])
def test_a_tick_that_is_nobodys_chooses_nobody(ready: Any, client_as: Any, ticked: str) -> None:
    services.propose(ready.actor("organiser"), ready.course)
    for role, path, action in (
        ("organiser", f"/courses/{ready.course.code}/accreditation", "propose"),
        ("registrar", f"/registry/courses/{ready.course.code}", "approve"),
        ("registrar", f"/registry/courses/{ready.course.code}", "issue"),
    ):
        sent = {"action": action, "enrolment": ticked, "kind": "accreditation"}
        assert client_as(role).post(path, data=sent).status_code == 303
    session.rollback()
    assert set(session.scalars(select(Proposal.status))) == {"proposed"}


def test_a_file_full_of_codes_and_serials_costs_few_statements(issued: list[Any], count_queries: Any) -> None:
    codes = b" ".join(b"%04d-0000-0000-0000-0000-0000-00" % number for number in range(300))
    serials = b" ".join(b"OTHER-2026-%06d" % number for number in range(300))
    with count_queries() as counted:
        found = services.verify_file(b"%PDF-1.7\n" + codes + b"\n" + serials)
    assert found.answer == "unknown"
    assert counted.count <= 10
    last = services.verify_file(b"%PDF-1.7\nOTHER-2026-000001 " + issued[0].serial.encode())
    assert last.serial == issued[0].serial
