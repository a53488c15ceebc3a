"""Credentials: made, served, listed as revoked, and their keys."""

from __future__ import annotations

import io
import json
import threading
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.factories.world import SYSTEM, World
from trainer.accreditation import queries, services
from trainer.accreditation.documents.credential import bit, check, index_of, public_key_of
from trainer.accreditation.documents.wording import Facts, Issuer, compose
from trainer.accreditation.models import Certificate, CertificateEvent, CertificateLook, SigningKey
from trainer.accreditation.rules.codes import dashed, new_code
from trainer.accreditation.services import credentials
from trainer.audit.models import AuditEntry
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Missing, Refused
from trainer.curriculum.queries import programme_of
from trainer.extensions import db

SCHEMA = Path(__file__).parents[2] / "data" / "ob_v3p0_achievementcredential_schema.json"
JSON = {"Accept": "application/json"}


def resolver(client: Any) -> Any:
    """Keys as somebody outside finds them: in the DID document, among those for assertions."""
    document = client.get("/.well-known/did.json").get_json()
    keys = {one["id"]: one["publicKeyMultibase"] for one in document["verificationMethod"]}
    return lambda method: public_key_of(keys[method]) if method in document["assertionMethod"] else None


def codes(issued: list[Any]) -> list[str]:
    return [queries.certificate_row(row.serial).code for row in issued]  # type: ignore[union-attr]


def listed(client: Any, credential: Any) -> bool:
    """Whether the credential's own status entry is set."""
    status = credential["credentialStatus"]
    document = client.get(status["statusListCredential"].removeprefix("http://localhost")).get_json()
    assert check(document, resolver(client)).valid
    assert document["credentialSubject"]["statusPurpose"] == status["statusPurpose"]
    return bit(document["credentialSubject"]["encodedList"], int(status["statusListIndex"]))


def test_what_is_issued_is_served_as_it_was_frozen(issued: list[Any], client: Any) -> None:
    code = codes(issued)[1]
    answer = client.get(f"/credentials/{dashed(code)}")
    certificate = queries.certificate_with_credential(code)
    assert certificate is not None and certificate.credential
    assert answer.data == certificate.credential.encode()
    assert answer.mimetype == "application/vc+ld+json"
    credential = answer.get_json(force=True)
    assert check(credential, resolver(client)).valid
    schema = json.loads(SCHEMA.read_bytes())
    validator = jsonschema.Draft201909Validator(schema, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(credential)) == []
    assert credential["id"] == f"http://localhost/credentials/{dashed(code)}"
    assert credential["credentialSubject"]["identifier"][0]["identityHash"] == certificate.name
    assert credential["credentialStatus"]["statusListIndex"] == str(index_of(certificate.number))
    for name, value in {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }.items():
        assert answer.headers[name] == value
    assert "Accept" in answer.headers["Vary"] and "Set-Cookie" not in answer.headers
    assert client.get(f"/credentials/{code.lower()}", headers=JSON).mimetype == "application/json"
    looks = session.execute(select(CertificateLook.certificate_id, CertificateLook.how)).all()
    assert looks == [(certificate.id, "credential")]  # the second one within a minute is the same


def test_unknown_codes_answer_as_verification_does(issued: list[Any], client: Any) -> None:
    for code in (dashed(new_code()), "nothing", "a/b/c", "x" * 300):
        answer = client.get(f"/credentials/{code}")
        assert (answer.status_code, answer.get_json()) == (404, {"status": "unknown"})
        assert answer.get_json() == client.get(f"/verify/{code}", headers=JSON).get_json()
    assert client.get("/status/999").status_code == client.get("/status/0").status_code == 404


def test_revoked_reinstated_and_replaced(world: World, issued: list[Any], client: Any) -> None:
    registrar = world.actor("registrar")
    first, second, third = codes(issued)
    one, two, three = (
        client.get(f"/credentials/{code}").get_json(force=True) for code in (first, second, third)
    )
    assert not any(listed(client, each) for each in (one, two, three))
    services.revoke(registrar, first, "misconduct")
    assert [listed(client, each) for each in (one, two, three)] == [True, False, False]
    # The credential still shows, as the certificate does: its list tells that it was revoked.
    assert client.get(f"/credentials/{first}").status_code == 200
    services.reinstate(registrar, first)
    assert not listed(client, one)
    services.reissue(registrar, second)
    assert [listed(client, each) for each in (one, two, three)] == [False, True, False]
    answer = client.get(f"/credentials/{second}")
    assert (answer.status_code, answer.get_json()) == (410, {"status": "superseded"})
    newer = client.get(f"/credentials/{newest_code()}").get_json(force=True)
    assert not listed(client, newer)


def newest_code() -> str:
    return session.scalars(select(Certificate.code).order_by(Certificate.id.desc()).limit(1)).one()


def test_reinstated_from_a_later_day(world: World, issued: list[Any], client: Any) -> None:
    registrar, code = world.actor("registrar"), codes(issued)[0]
    credential = client.get(f"/credentials/{code}").get_json(force=True)
    services.revoke(registrar, code, "data_error")
    services.reinstate(registrar, code, clock.today() + timedelta(days=3))
    assert listed(client, credential)
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert not bit(encoded(1), index_of(1))


def encoded(number: int) -> str:
    document = json.loads(credentials.status_list(number).text)
    return str(document["credentialSubject"]["encodedList"])


def test_what_the_holder_keeps_back_names_nobody(world: World, issued: list[Any], client: Any) -> None:
    holder, registrar = world.actor("trainee"), world.actor("registrar")
    first, second, _ = codes(issued)
    serial = queries.code_and_serial(queries.certificate_by_code(first).id)[1]  # type: ignore[union-attr]
    services.set_withheld(holder, serial, True)
    services.revoke(registrar, second, "holder_request")
    for code, status, told in (
        (first, 403, {"status": "valid", "withheld": True}),
        (second, 410, {"status": "revoked"}),
    ):
        answer = client.get(f"/credentials/{code}")
        assert (answer.status_code, answer.get_json()) == (status, told)
        assert answer.mimetype == "application/json"
        assert answer.headers["Cache-Control"] == "no-store"
    services.set_withheld(holder, serial, False)
    assert client.get(f"/credentials/{first}").status_code == 200


def test_the_status_list_is_signed_once_and_kept(
    world: World, issued: list[Any], client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/status/1")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    with monkeypatch.context() as patch:
        patch.setattr(credentials, "signed", lambda *_: pytest.fail("signed again"))
        assert client.get("/status/1").data == first.data
    again = client.get("/status/1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    credentials._kept.clear()  # another process signs the same text
    assert client.get("/status/1").data == first.data
    services.revoke(world.actor("registrar"), codes(issued)[0], "other")
    changed = client.get("/status/1", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.data != first.data


def test_a_step_that_was_numbered_earlier_and_became_visible_later_shows_in_the_list(
    issued: list[Any], client: Any
) -> None:
    """Two at once on PostgreSQL: whoever got the lower number may commit last."""

    def step(number: int, certificate_id: int, event: str) -> None:
        with transaction() as current:
            row = current.get_one(Certificate, certificate_id)
            if event == "revoked":
                row.status, row.reason_code, row.revoked_on = "revoked", "other", clock.today()
            current.add(
                CertificateEvent(id=number, certificate_id=certificate_id, event=event, at=clock.now())
            )
            record(SYSTEM, f"certificate.{event}", f"certificate:{certificate_id}")

    one, other = (row.certificate_id for row in issued[:2])
    step(2000, one, "shown")
    first = client.get("/status/1").data
    step(1999, other, "revoked")
    assert client.get("/status/1").data != first


def test_rotation_keeps_what_was_signed(world: World, issued: list[Any], client: Any) -> None:
    code = codes(issued)[0]
    old = client.get(f"/credentials/{code}").get_json(force=True)
    with pytest.raises(Refused):
        credentials.rotate_key(world.actor("organiser"), world.university.id)
    with pytest.raises(Refused):
        credentials.rotate_key(world.actor("other_registrar"), world.university.id)
    with pytest.raises(Missing):
        credentials.rotate_key(SYSTEM, world.host.id)
    assert credentials.rotate_key(world.actor("registrar"), world.university.id) == "UNI-2"
    services.reissue(world.actor("registrar"), code)
    new = client.get(f"/credentials/{newest_code()}").get_json(force=True)
    assert old["proof"][0]["verificationMethod"] == "did:web:localhost#UNI-1"
    assert new["proof"][0]["verificationMethod"] == "did:web:localhost#UNI-2"
    assert check(old, resolver(client)).valid and check(new, resolver(client)).valid
    assert listed(client, old) and not listed(client, new)
    answer = client.get("/.well-known/did.json")
    assert answer.get_json()["assertionMethod"] == ["did:web:localhost#UNI-1", "did:web:localhost#UNI-2"]
    assert (
        client.get("/.well-known/did.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("signing_key")))
    assert list(actions) == ["signing_key.added", "signing_key.retired", "signing_key.added"]
    sealed = session.scalars(select(SigningKey.private_sealed)).all()
    assert len(set(sealed)) == 2 and all(one.startswith("gAAAA") for one in sealed)


def test_two_at_once_make_one_key(world: World, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen that there is none when the first one writes it."""
    university = world.university.id
    session.rollback()
    meeting = threading.Barrier(2)
    count = queries.credential_key_count

    def meet(university_id: int) -> int:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(1)  # on SQLite the other one waits before it looks: nobody comes
        return count(university_id)

    monkeypatch.setattr(queries, "credential_key_count", meet)
    found: list[Any] = []

    def work() -> None:
        with app.app_context():
            try:
                found.append(credentials.issuer_kit(university).key.private_bytes_raw())
            except Exception as error:  # shown by the assertion
                found.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2 and found[0] == found[1], found
    assert len(session.scalars(select(SigningKey.id)).all()) == 1


def test_an_achievement_is_described_without_people(issued: list[Any], client: Any) -> None:
    credential = client.get(f"/credentials/{codes(issued)[0]}").get_json(force=True)
    achievement = credential["credentialSubject"]["achievement"]
    address = achievement["id"].removeprefix("http://localhost")
    answer = client.get(address)
    assert answer.status_code == 200
    told = answer.get_json(force=True)
    assert told == {"@context": credential["@context"], **achievement}
    assert "Peñafiel" not in answer.text
    assert client.get(address + "/specimen").status_code == 404
    assert client.get(address[:-2] + "xx").status_code == 404


def test_files_for_a_wallet(issued: list[Any]) -> None:
    certificate = queries.certificate_with_credential(codes(issued)[0])
    assert certificate is not None
    name, data = credentials.credential_file(certificate.id)
    assert (name, data.decode()) == (f"{certificate.serial}.json", certificate.credential)
    name, data = credentials.badge_png(certificate.id)
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert name == f"{certificate.serial}.png"
    assert picture.text["openbadgecredential"] == certificate.credential  # type: ignore[attr-defined]
    with pytest.raises(Missing):
        credentials.credential_file(10**6)


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_what_is_about_the_person_stays_out_of_the_achievement(world: World, language: str) -> None:
    programme = programme_of(world.course.programme_version_id)
    day = date(2026, 11, 22)
    for kind, minutes in (("accreditation", None), ("attendance", 1234)):
        said = Facts(
            kind, "Núria Peñafiel", "Curs secret", "Prov", day, day, day, "S-1", dashed(new_code()), "http://x", False,
            "***4567**", minutes, date(2027, 1, 5),
        )  # fmt: skip
        sheet = compose(programme, Issuer("Universitat", {}, "#14555a", "", (), {}), said, language)
        frozen = {
            "kind": kind,
            "programme": {"code": "p", "version": "1"},
            "credential": {"country": "ES", "ects": ""},
        }
        text = credentials.make(
            credentials.issuer_kit(world.university.id), sheet, frozen, code=said.code, number=1, counter_id=1,
            year=2026, issued_at=clock.now(), issued_on=day, expires_on=said.expires_on, email=None,
        )  # fmt: skip
        subject = json.loads(text)["credentialSubject"]
        narrative = subject["achievement"].pop("criteria")["narrative"]
        assert len(narrative.split("\n\n")) == len(sheet.facts) - (2 if minutes else 1)
        assert ("narrative" in subject) is (minutes is not None)
        if minutes:
            assert "20 " in subject.pop("narrative")  # 20 h 34 min
        assert (
            "4567" not in text and "secret" not in text and "2027" not in narrative and "20 " not in narrative
        )


def test_made_again_it_is_the_same(world: World, issued: list[Any]) -> None:
    """A certificate that was interrupted is made again, and so is its credential."""
    from trainer.accreditation.documents.sheet import sheet_from

    certificate = queries.certificate_with_credential(codes(issued)[0])
    assert certificate is not None
    again = credentials.make(
        credentials.issuer_kit(world.university.id),
        sheet_from(certificate.frozen["sheet"]),
        certificate.frozen,
        code=certificate.code,
        number=certificate.number,
        counter_id=1,
        year=certificate.year,
        issued_at=certificate.issued_at,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        email=world.trainees[0].person.email,
    )
    assert again == certificate.credential
