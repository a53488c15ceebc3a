"""Verification over HTTP: all six answers, by code and by document, as pages and as JSON; and what is kept of it."""

from __future__ import annotations

import io
import os
import random
import re
import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

import html5lib
import pikepdf
import pytest
from sqlalchemy import func, select

from tests.conftest import build_app
from tests.factories.world import World
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, CertificateLook
from trainer.accreditation.queries import looking as reading
from trainer.accreditation.rules.checks import OTHER_BYTES, Check, Result, Topic
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.rules.statuses import Answer
from trainer.accreditation.services import keys, verifying
from trainer.core import clock
from trainer.core.access import ANONYMOUS
from trainer.core.database import session, transaction

JSON = {"Accept": "application/json"}
ADDRESS = "/verify/document"


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert " style=" not in response.text
    assert " onclick=" not in response.text
    return str(response.text)


def post(client: Any, data: bytes, **headers: str) -> Any:
    form = {"document": (io.BytesIO(data), "certificate.pdf")}
    return client.post(ADDRESS, data=form, content_type="multipart/form-data", headers=headers)


@pytest.fixture
def world_database(signed_database: str) -> str:
    """Every test here begins with signed certificates."""
    return signed_database


def pdf_of(certificate: Certificate) -> bytes:
    return queries.document_of(certificate.id)


def told(client: Any, certificate: Certificate, data: bytes) -> tuple[Any, Any]:
    """What machines are told by the code and by the document."""
    return (
        client.get(f"/verify/{dashed(certificate.code)}", headers=JSON).get_json(),
        post(client, data, **JSON).get_json(),
    )


def results(document: Any, topic: str) -> list[str]:
    return [one["result"] for one in document["checks"] if one["check"] == topic]


def test_valid(signed: Certificate, client: Any) -> None:
    by_code, by_file = told(client, signed, pdf_of(signed))
    assert by_code["status"] == by_file["status"] == "valid"
    assert by_code["name"] == by_file["name"] == signed.name
    assert [(one["check"], one["result"]) for one in by_code["checks"]] == [
        ("register", "yes"),
        ("document", "not_checked"),
    ]
    assert [(one["check"], one["result"]) for one in by_file["checks"]] == [
        ("document", "yes"),
        ("signature", "yes"),
        ("signature", "yes"),
        ("keys", "not_checked"),
        ("credential", "yes"),
        ("register", "yes"),
    ]
    page = ok(post(client, pdf_of(signed)))
    for words in (
        "This certificate is valid.",
        "byte for byte",
        "Signed by Rector",
        "signed by Universitat de Prova and says the same as the register",
        "The register says: valid today.",
        "Test keys",
        signed.name,
    ):
        assert words in page


def test_revoked_and_valid_again(signed: Certificate, world: World, client: Any) -> None:
    data = pdf_of(signed)
    services.revoke(world.actor("registrar"), signed.code, "data_error", "Private words")
    for one in told(client, signed, data):
        assert (one["status"], one["reason"]) == ("revoked", "data_error")
        assert results(one, "register") == ["no"]
    page = ok(post(client, data))
    assert "Wrong data on the document" in page
    assert "Private words" not in page
    services.reinstate(world.actor("registrar"), signed.code)
    assert {one["status"] for one in told(client, signed, data)} == {"valid"}


def test_superseded_never_shows_the_name(signed: Certificate, world: World, client: Any) -> None:
    data, name = pdf_of(signed), signed.name
    services.reissue(world.actor("registrar"), signed.code)
    for one in told(client, signed, data):
        assert one["status"] == "superseded"
        assert "name" not in one
    assert name not in ok(post(client, data))
    assert name not in ok(client.get(f"/verify/{signed.code}"))


def test_expired(signed: Certificate, client: Any) -> None:
    data = pdf_of(signed)
    with transaction() as current:
        row = current.get_one(Certificate, signed.id)
        row.expires_on = clock.today() - timedelta(days=1)
    for one in told(client, signed, data):
        assert one["status"] == "expired"
        assert results(one, "register") == ["no"]
    assert "This certificate was valid until" in ok(post(client, data))


def test_withheld(signed: Certificate, world: World, client: Any) -> None:
    name, data = signed.name, pdf_of(signed)
    with transaction() as current:
        current.get_one(Certificate, signed.id).withheld = True
    for one in told(client, signed, data):
        assert (one["status"], one["withheld"]) == ("valid", True)
        assert not {"name", "title"} & set(one)
    for page in (ok(post(client, data)), ok(client.get(f"/verify/{signed.code}"))):
        assert name not in page


def test_unknown(client: Any) -> None:
    stranger = b"%PDF-1.7\nnothing of ours\n%%EOF"
    answer = post(client, stranger, **JSON)
    assert (answer.status_code, answer.get_json()["status"]) == (404, "unknown")
    assert "No certificate was found." in ok(post(client, stranger), 404)
    locked = io.BytesIO()
    document = pikepdf.new()
    document.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    assert "The file is locked" in ok(post(client, locked.getvalue()), 404)


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_the_languages(signed: Certificate, client: Any, language: str) -> None:
    page = ok(post(client, pdf_of(signed), **{"Accept-Language": language}))
    assert f'<html lang="{language}"' in page
    # A file is not kept, so the language cannot be changed on its answer: one comes back to the form.
    assert 'name="next" value="/verify"' in page


def test_altered_tells_what_and_not_whose(signed: Certificate, client: Any) -> None:
    data = pdf_of(signed)
    again = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(again)
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        page = document.pages[0]
        page.contents_add(document.make_stream(b"q 0 0 100 100 re f Q"))
        document.save(changed)
    cases = {
        "added": data + b"\n%more",
        "cut": data[:-50],
        "saved_anew": again.getvalue(),
        "pages": changed.getvalue(),
    }
    for kind, file in cases.items():
        found = post(client, file, **JSON).get_json()
        assert (found["status"], found["code"], found["serial"]) == (
            "altered",
            dashed(signed.code),
            signed.serial,
        ), kind
        assert not {"name", "title", "university", "sha256"} & set(found)
        words = found["checks"][0]["words"]
        assert words == str(OTHER_BYTES[kind]) or (kind == "pages" and "page 1 is not" in words), kind
        page = ok(post(client, file))
        assert signed.name not in page
        assert "Do not rely on this file" in page
    assert "no" in results(post(client, changed.getvalue(), **JSON).get_json(), "signature")


def test_a_document_that_bears_a_serial_alone_gives_no_code_away(signed: Certificate, client: Any) -> None:
    """Serials count upwards, so anybody can write one into a file; the code stays with whoever was shown it."""
    file = b"%PDF-1.7\nNo. " + signed.serial.encode() + b"\n%%EOF"
    answer = post(client, file, **JSON)
    assert answer.get_json()["status"] == "altered"
    assert signed.code not in answer.text.replace("-", "")
    assert signed.code not in ok(post(client, file)).replace("-", "")
    assert looks(signed) == []


def test_a_register_that_was_tampered_with_is_told_by_the_signatures(
    signed: Certificate, client: Any
) -> None:
    """Somebody with the database alone puts another document in: its hash fits, and what is signed does not."""
    forged = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(signed))) as document:
        document.pages[0].contents_add(document.make_stream(b"q 0 0 100 100 re f Q"))
        document.save(forged)
    with transaction() as current:
        row = current.get_one(Certificate, signed.id)
        row.pdf, row.sha256 = forged.getvalue(), sha256(forged.getvalue())
    found = post(client, forged.getvalue(), **JSON).get_json()
    assert found["status"] == "altered"
    assert "no" in results(found, "signature")
    assert "name" not in found


def test_two_hundred_flipped_bits(signed: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any single bit, anywhere: never valid, and altered, since its code is still readable. Every twentieth flip is looked
    into whole, down to the signatures; for the others the explanation, which takes long, is left out."""
    from trainer.accreditation.documents.signing import check_signatures

    data = pdf_of(signed)
    chance = random.Random(20260527)
    whole = verifying._checks_of_another

    def brief(*_arguments: Any) -> tuple[Check, ...]:
        return (Check(Topic.DOCUMENT, Result.NO, OTHER_BYTES["pages"]),)

    roots = keys.roots_of(signed.university_id)
    first_signed = [int(part) for part in re.findall(rb"/ByteRange ?\[([\d ]+)\]", data)[0].split()]
    signed_bytes = [
        range(first_signed[0], first_signed[1]),
        range(first_signed[2], first_signed[2] + first_signed[3]),
    ]
    for number in range(200):
        at = chance.randrange(8 * len(data))
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << (at % 8)
        monkeypatch.setattr(verifying, "_checks_of_another", whole if number % 20 == 0 else brief)
        found = services.verify_file(bytes(flipped))
        assert found.answer is Answer.ALTERED, at
        assert found.serial == signed.serial
        if number % 20 == 1 and any(at // 8 in part for part in signed_bytes):
            reports = check_signatures(bytes(flipped), roots, signed.issued_at)
            assert not any(one.field == "Signature1" and one.good for one in reports), at


# ---------------------------------------------------------------- how a file comes in


def test_a_file_comes_as_a_form_or_as_the_body(signed: Certificate, client: Any) -> None:
    data = pdf_of(signed)
    for kind in ("application/pdf", "application/octet-stream"):
        answer = client.post(ADDRESS, data=data, content_type=kind, headers=JSON)
        assert (answer.status_code, answer.get_json()["status"]) == (200, "valid")
    assert ok(client.post(ADDRESS, data=data, content_type="application/pdf"))


def test_what_is_not_a_certificate_at_all_is_said_so(client: Any) -> None:
    assert "Choose the certificate" in ok(client.post(ADDRESS, data={}), 422)
    for data in (b"hello", b"\x89PNG\r\n" * 100):
        assert "This is no PDF." in ok(post(client, data), 415)
        answer = post(client, data, **JSON)
        assert answer.get_json()["status"] == "unknown"
        assert "no PDF" in answer.get_json()["error"]
    big = b"%PDF-1.7\n" + b"x" * (services.LARGEST_FILE + 1)
    assert "larger than 16 MB" in ok(post(client, big), 413)
    answer = client.post(ADDRESS, data=big, content_type="application/pdf", headers=JSON)
    assert (answer.status_code, answer.get_json()["status"]) == (413, "unknown")
    huge = b"%PDF-1.7\n" + b"x" * (services.LARGEST_FILE + 2**20)
    assert post(client, huge, **JSON).status_code == 413


def test_no_file_touches_the_disk(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_keywords: Any) -> Any:
        raise AssertionError("a file would have been written")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse, raising=False)
    before = set(os.listdir(tempfile.gettempdir()))
    ok(post(client, b"%PDF-1.7\n" + b"x" * (12 * 2**20)), 404)
    assert {one for one in os.listdir(tempfile.gettempdir()) if one.startswith("tmp")} <= before


def test_programs_post_without_a_token_and_are_limited(database_url: str, tmp_path: Any) -> None:
    app = build_app(tmp_path, database_url, WTF_CSRF_ENABLED=True, RATELIMIT_ENABLED=True)
    client = app.test_client()
    statuses = [post(client, b"%PDF-1.7\n", **JSON).status_code for _ in range(62)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_headers_of_what_anybody_may_open(signed: Certificate, client: Any) -> None:
    for response in (
        client.get("/verify"),
        client.get(f"/verify/{signed.code}"),
        client.get("/verify/none"),
        post(client, pdf_of(signed)),
        post(client, pdf_of(signed), **JSON),
    ):
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_language_changes_without_a_referrer(database_url: str, tmp_path: Any) -> None:
    """Verification pages keep their address to themselves, so the form for the language comes without one."""
    app = build_app(tmp_path, database_url, WTF_CSRF_ENABLED=True)
    client = app.test_client()
    where = {"base_url": "https://localhost"}
    page = client.get("/verify", **where).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    data = {"language": "es", "next": "/verify", "csrf_token": found.group(1)}
    assert client.post("/language", data=data, **where).status_code == 303
    assert '<html lang="es"' in client.get("/verify", **where).text
    assert client.post("/language", data={**data, "csrf_token": "x"}, **where).status_code == 400


# ---------------------------------------------------------------- what is kept of a look


def looks(certificate: Certificate) -> list[str]:
    session.rollback()
    return list(
        session.scalars(
            select(CertificateLook.how)
            .where(CertificateLook.certificate_id == certificate.id)
            .order_by(CertificateLook.id)
        )
    )


def test_looks_from_outside_are_kept_once_a_minute(signed: Certificate, client: Any) -> None:
    data, altered = pdf_of(signed), pdf_of(signed) + b" "
    began = datetime(2026, 11, 20, 10, tzinfo=UTC)
    with clock.frozen(began):
        client.get(f"/verify/{signed.code}")
        client.get(f"/verify/{signed.code}", headers=JSON)
        client.head(f"/verify/{signed.code}")
        post(client, data)
        post(client, altered)
    assert looks(signed) == ["code", "document"]
    with clock.frozen(began + timedelta(seconds=61)):
        client.head(f"/verify/{signed.code}")
        client.get(f"/verify/{signed.code}")
    assert looks(signed) == ["code", "document", "code"]
    client.get("/verify/none")
    post(client, b"%PDF-1.7\n")
    assert session.scalar(select(func.count()).select_from(CertificateLook)) == 3


def test_the_holder_and_the_staff_do_not_count(signed: Certificate, client_as: Any, world: World) -> None:
    for role in ("trainee", "registrar", "organiser", "admin"):
        ok(client_as(role).get(f"/verify/{signed.code}"))
        ok(post(client_as(role), pdf_of(signed)))
    assert looks(signed) == []
    for role in ("other_trainee", "other_registrar"):
        ok(client_as(role).get(f"/verify/{signed.code}"))
    assert looks(signed) == ["code"]


def test_a_look_that_cannot_be_noted_spoils_nothing(
    signed: Certificate, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    class Busy:
        def connect(self) -> Any:
            raise OperationalError("insert", {}, Exception("database is locked"))

    class Database:
        engine = Busy()

    monkeypatch.setattr("trainer.accreditation.services.noting.db", Database())
    assert "This certificate is valid." in ok(client.get(f"/verify/{signed.code}"))


def test_the_holder_sees_when_and_how(signed: Certificate, world: World, client: Any, client_as: Any) -> None:
    address = f"/me/certificates/{signed.serial}"
    holder = client_as("trainee")
    assert "Nobody has looked it up yet." in ok(holder.get(address))
    began = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for number in range(reading.LOOKS_PAGE + 3):
        with clock.frozen(began + timedelta(hours=number)):
            services.note_look(ANONYMOUS, signed.id, "code" if number else "document")
    page = ok(holder.get(address))
    assert f"Looked up {reading.LOOKS_PAGE + 3} times" in page
    assert "by its file" not in page
    assert "by its file" in ok(holder.get(f"{address}?page=2"))


def test_statements_do_not_grow(
    signed: Certificate, world: World, client: Any, client_as: Any, count_queries: Any
) -> None:
    holder, counts = client_as("trainee"), []
    address = f"/me/certificates/{signed.serial}"
    for more in (1, 3, 30):
        for number in range(more):
            with clock.frozen(datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=more, minutes=2 * number)):
                services.note_look(ANONYMOUS, signed.id, "code")
        for _number in range(min(more, 8)):
            services.create_link(world.actor("trainee"), signed.serial, "", ["name"])
        holder.get(address)
        with count_queries() as seen:
            ok(holder.get(address))
        counts.append(seen.count)
    assert counts[0] == counts[1] == counts[2]
