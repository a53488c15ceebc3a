"""What becomes of a certificate after issue: reinstated from a day, renewed, reminded of."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from tests.factories.programme import spoil, write_programme
from tests.factories.world import SYSTEM
from tests.integration.accreditation.conftest import issue_all, waive_all
from trainer import cli
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, CertificateEvent
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.sharing import Shows
from trainer.accreditation.rules.statuses import Answer
from trainer.accreditation.services.sharing import create_link
from trainer.audit.queries import verify as audit_verify
from trainer.cli import common
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.services import pin
from trainer.messages.models import Outbox
from trainer.people.models import Person

TODAY = date(2026, 11, 21)


@contextmanager
def on(day: date) -> Iterator[None]:
    """At noon of a day."""
    with clock.frozen(datetime(day.year, day.month, day.day, 11, tzinfo=UTC)):
        yield


def certificate(code: str) -> Certificate:
    session.rollback()
    found = queries.certificate_by_code(code)
    assert found is not None
    return found


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    return str(response.text)


def mails(words: str) -> list[Outbox]:
    session.rollback()
    return list(session.scalars(select(Outbox).where(Outbox.body.contains(words)).order_by(Outbox.id)))


@pytest.fixture
def ending(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Three certificates, issued on 31 August 2026, of a programme that says: six months, and remind 90 and
    30 days before. They end on 28 February 2027."""
    monkeypatch.setenv("TRAINER_CURRICULA", str(tmp_path / "more"))
    main = write_programme(tmp_path / "more" / "small")
    spoil(
        main,
        'accreditation:\n    title: {ca: "Certificat"',
        "accreditation:\n    valid_for: {months: 6}\n    remind_days: [90, 30]\n"
        '    renewal: {note: {ca: "Feu arribar vint hores de pràctica.", en: "Send in twenty hours."}}\n'
        '    title: {ca: "Certificat"',
    )
    version_id = pin("small").id
    with transaction() as current:
        current.get_one(Course, world.course.id).programme_version_id = version_id
        current.execute(update(Enrolment).values(joined_on=date(2026, 8, 1)))
    with on(date(2026, 8, 31)):
        waive_all(world)
        return issue_all(world)


# ------------------------------------------------------------------- reinstating


def test_reinstated_from_a_later_day(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    later = TODAY + timedelta(days=10)
    with on(TODAY):
        services.revoke(registrar, code, "misconduct")
        with pytest.raises(Invalid):
            services.reinstate(registrar, code, TODAY - timedelta(days=1))
        services.reinstate(registrar, code, later)
        told = services.verify(code).document()
        assert (told["status"], told["valid_again_from"]) == ("revoked", later.isoformat())
        [row] = [one for one in services.eligible(ready.course) if one.row.code == code]
        assert row.standing is Standing.REVOKED
        with pytest.raises(Refused):
            services.reissue(registrar, code)
        assert "2026" in mails(issued[0].serial)[-1].body  # the holder is told from when
    with on(later - timedelta(days=1)):
        assert services.verify(code).answer is Answer.REVOKED
        assert services.flag_for_review(SYSTEM, row.enrolment_id) == 0
    with on(later):
        told = services.verify(code).document()
        assert told["status"] == "valid"
        assert told["was_revoked"] == {"from": TODAY.isoformat(), "until": later.isoformat()}
        assert "misconduct" not in str(told)
        [row] = [one for one in services.eligible(ready.course) if one.row.code == code]
        assert row.standing is Standing.ISSUED
        assert certificate(code).status == "revoked"  # nobody has written it into the register yet
        assert services.flag_for_review(SYSTEM, row.enrolment_id) == 1
        services.mark_reviewed(registrar, code)  # whoever decides about it does
        assert (certificate(code).status, certificate(code).reason_code) == ("valid", None)
        assert services.verify(code).was_revoked == (TODAY, later)
    with on(later + timedelta(days=1)):
        services.revoke(registrar, code, "data_error")
        assert services.verify(code).document()["revoked_on"] == (later + timedelta(days=1)).isoformat()
        assert certificate(code).reinstated_from is None
    assert audit_verify().broken_at is None


def test_one_that_is_good_again_by_its_date_can_be_reissued(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    with on(TODAY):
        services.revoke(registrar, code, "other")
        services.reinstate(registrar, code, TODAY + timedelta(days=3))
    with on(TODAY + timedelta(days=3)):
        assert session.get_one(Certificate, services.reissue(registrar, code)).number == 4
        assert services.verify(code).answer is Answer.SUPERSEDED


def test_the_day_can_be_changed_and_dropped_until_it_comes(ready: Any, issued: list[Any]) -> None:
    registrar, code = ready.actor("registrar"), issued[0].code
    with on(TODAY):
        services.revoke(registrar, code, "other")
        services.reinstate(registrar, code, TODAY + timedelta(days=30))
        services.reinstate(registrar, code, TODAY + timedelta(days=5))
        assert services.verify(code).valid_again_from == TODAY + timedelta(days=5)
        services.revoke(registrar, code, "misconduct")
        told = services.verify(code)
        assert (told.reason, told.valid_again_from, told.revoked_on) == ("misconduct", None, TODAY)
    with on(TODAY + timedelta(days=6)):
        assert services.verify(code).answer is Answer.REVOKED
        services.reinstate(registrar, code, TODAY)  # from the day it was revoked: it never counts
        assert services.verify(code).answer is Answer.VALID
        assert services.verify(code).was_revoked is None
        with pytest.raises(Refused):
            services.reinstate(registrar, code)
    assert [event.event for event, _by in queries.events_of(certificate(code).id)] == [
        *("issued", "revoked", "reinstated", "reinstated", "revoked", "reinstated")
    ]


def test_the_page_reinstates_from_a_day(ready: Any, issued: list[Any], client_as: Any) -> None:
    client, address = client_as("registrar"), f"/registry/certificates/{issued[0].serial}"
    later = clock.today() + timedelta(days=14)
    client.post(f"{address}/revoke", data={"reason": "data_error"})
    assert 'type="date"' in ok(client.get(address))
    assert "Not a valid date" in ok(client.post(f"{address}/reinstate", data={"from_day": "soon"}), 422)
    early = client.post(f"{address}/reinstate", data={"from_day": "2020-01-01"}, follow_redirects=True)
    assert "not from one before" in ok(early)
    said = client.post(f"{address}/reinstate", data={"from_day": later.isoformat()}, follow_redirects=True)
    page = ok(said)
    assert "It will be valid again from" in page
    assert "Another day" in page
    assert "Leave it revoked" in page
    client.post(f"{address}/reinstate", data={"from_day": ""})
    assert services.verify(issued[0].code).answer is Answer.VALID
    assert "Valid again from" in ok(client.get(address))


# ------------------------------------------------------------------- correction


def test_after_a_correction_no_public_path_shows_the_old_name(
    ready: Any, issued: list[Any], client: Any
) -> None:
    registrar, row = ready.actor("registrar"), issued[0]
    holder = replace(registrar, person_id=row.person_id)
    token = create_link(holder, row.serial, "Feina", list(Shows))
    _name, document = services.export(registrar, row.code)
    mark = b"ria00 Pe"  # of the old name, in letters that no JSON spells otherwise
    paths = {
        "page": lambda: client.get(f"/verify/{row.code}"),
        "json": lambda: client.get(f"/verify/{row.code}", headers={"Accept": "application/json"}),
        "credential": lambda: client.get(f"/credentials/{row.code}"),
        "link": lambda: client.get(f"/share/{token}"),
        "linked document": lambda: client.get(f"/share/{token}/document.pdf"),
        "file": lambda: client.post("/verify/document", data={"document": (io.BytesIO(document), "c.pdf")}),
    }
    before = {name: ask() for name, ask in paths.items()}
    assert {name for name, said in before.items() if mark in said.data} >= {
        "page",
        "json",
        "link",
        "file",
    }
    assert all(said.status_code == 200 for said in before.values()), before
    with transaction() as current:
        current.get_one(Person, row.person_id).certificate_name = "Noa Peñafiel i Puig"
    new = session.get_one(Certificate, services.reissue(registrar, row.code))
    for name, ask in paths.items():
        said = ask()
        assert mark not in said.data, name
        assert new.code.encode() not in said.data.replace(b"-", b""), name  # nor the way to the new one
    assert paths["credential"]().status_code == 410
    assert paths["linked document"]().status_code == 404
    assert paths["json"]().json["status"] == "superseded"


# ------------------------------------------------------------------- validity and renewal


def test_it_ends_when_the_programme_says(world: Any, ending: list[Any]) -> None:
    code = ending[0].code
    found = certificate(code)
    assert found.expires_on == date(2027, 2, 28)
    assert "2027" in PdfReader(io.BytesIO(found.pdf)).pages[0].extract_text()
    for day, answer in (
        (date(2027, 2, 28), Answer.VALID),
        (date(2027, 3, 1), Answer.EXPIRED),
    ):
        with on(day):
            assert services.verify(code).answer is answer
    with on(date(2026, 10, 1)):
        new = session.get_one(Certificate, services.reissue(world.actor("registrar"), code))
        assert new.expires_on == date(2027, 2, 28)  # a correction gives no further time


def test_renewing(world: Any, ending: list[Any]) -> None:
    registrar = world.actor("registrar")
    with on(date(2026, 11, 29)), pytest.raises(Refused) as caught:
        services.renew(registrar, ending[0].code)
    assert caught.value.text.values["day"] == date(2026, 11, 30)
    with on(date(2026, 11, 30)):
        with pytest.raises(Refused):
            services.renew(world.actor("organiser"), ending[0].code)
        new = session.get_one(Certificate, services.renew(registrar, ending[0].code))
        assert (new.number, new.expires_on) == (4, date(2027, 8, 28))  # counted from the old end
        assert services.verify(ending[0].code).answer is Answer.SUPERSEDED
        with pytest.raises(Refused):
            services.renew(registrar, ending[0].code)
        with pytest.raises(Refused):
            services.renew(registrar, new.code)  # its own time comes later
        assert [event.event for event, _by in queries.events_of(new.id)] == ["renewed"]
    with on(date(2027, 5, 31)):  # long after the end: counted from today
        late = session.get_one(Certificate, services.renew(registrar, ending[1].code))
        assert late.expires_on == date(2027, 11, 30)
        services.revoke(registrar, ending[2].code, "other")
        with pytest.raises(Refused):
            services.renew(registrar, ending[2].code)
    assert audit_verify().broken_at is None


def test_what_does_not_end_is_not_renewed(ready: Any, issued: list[Any]) -> None:
    with pytest.raises(Refused):
        services.renew(ready.actor("registrar"), issued[0].code)
    assert services.remind() == services.Reminded(0, 0)


def test_reminders_go_out_once_each(world: Any, ending: list[Any]) -> None:
    registrar = world.actor("registrar")
    services.revoke(registrar, ending[2].code, "other")
    with transaction() as current:
        current.get_one(Person, ending[1].person_id).email = None
    serial = ending[0].serial
    sent: dict[date, tuple[int, int]] = {}
    day = date(2026, 11, 28)
    while day < date(2027, 3, 4):
        with on(day):
            told = services.remind()
            assert services.remind().sent == 0
        if told.sent:
            sent[day] = (told.sent, told.without_address)
        day += timedelta(days=1)
    assert sent == {date(2026, 11, 30): (1, 1), date(2027, 1, 29): (1, 1)}
    notes = session.scalars(
        select(CertificateEvent.note)
        .where(CertificateEvent.event == "reminded")
        .order_by(CertificateEvent.id)
    )
    assert list(notes) == ["90", "30"]
    [first, second] = mails("Feu arribar vint hores")
    assert serial in first.subject
    assert (first.email, second.email) == (ending[0].email, ending[0].email)


def test_whoever_was_missed_is_reminded_once_and_the_renewed_not_at_all(
    world: Any, ending: list[Any]
) -> None:
    with on(date(2027, 2, 1)):
        services.renew(world.actor("registrar"), ending[0].code)
        assert services.remind(clock.now()).sent == 2
    assert len(mails("Feu arribar")) == 2


def test_reminding_settles_what_is_good_again(ready: Any, issued: list[Any]) -> None:
    with on(TODAY):
        services.revoke(ready.actor("registrar"), issued[0].code, "other")
        services.reinstate(ready.actor("registrar"), issued[0].code, TODAY + timedelta(days=1))
        services.remind()
        assert certificate(issued[0].code).status == "revoked"
    with on(TODAY + timedelta(days=1)):
        services.remind()
        assert certificate(issued[0].code).status == "valid"


def test_the_pages_of_what_ends(ending: list[Any], client_as: Any, count_queries: Any) -> None:
    client = client_as("registrar")
    address = f"/registry/certificates/{ending[0].serial}"
    listed = "/registry/universities/UNI/certificates?show=ending"
    with on(date(2026, 11, 1)):
        page = ok(client.get(address))
        assert "Good until" in page
        assert "can be renewed from" in page
        assert "Nothing ends about now" in ok(client.get(listed))
    with on(date(2027, 1, 5)):
        with count_queries() as seen:
            page = ok(client.get(listed))
        assert page.count("UNI-2026-0000") >= 3
        assert "Send in" not in page
        response = client.post(f"{address}/renew")
        assert response.status_code == 303
        assert response.headers["Location"].endswith("UNI-2027-000001")
        page = ok(client.get(response.headers["Location"]))
        assert "Issued as a renewal" in page
        assert ending[0].serial in page  # what it replaces
        with count_queries() as again:
            assert ending[0].serial not in ok(client.get(listed))
        assert again.count == seen.count


def test_the_commands(ending: list[Any], app: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(common, "application", lambda: app)

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = cli.run(["certificates", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    by = ("--as", "registrar@example.org")
    first, second, _third = (row.code for row in ending)
    with on(date(2026, 10, 1)):
        assert run("renew", first, *by)[0] == 2
        assert json.loads(run("remind", "--format", "json")[1]) == {"sent": 0, "without_address": 0}
        assert run("revoke", second, *by, "--reason", "other")[0] == 0
        assert run("reinstate", second, *by, "--from", "2026-09-30")[0] == 2
        assert run("reinstate", second, *by, "--from", "10/01/2026")[0] == 2
        code, out, _err = run("reinstate", second, *by, "--from", "2026-10-05")
        assert (code, out.strip()) == (0, "valid from 2026-10-05 on")
        code, out, _err = run("verify", second)
        assert code == 1
        assert "valid again from" in out
    with on(date(2026, 10, 5)):
        code, out, _err = run("verify", second)
        assert code == 0
        assert "was revoked from" in out
    with on(date(2026, 12, 1)):
        assert run("remind")[1].strip() == "3 reminded, 0 without an address"
        code, out, _err = run("renew", first, *by, "--format", "json")
        assert code == 0
        new = json.loads(out)
        assert new["serial"] == "UNI-2026-000004"
        assert run("verify", new["code"])[0] == 0
        assert run("verify", first)[0] == 1
