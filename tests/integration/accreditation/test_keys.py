"""Keys of a university: made, taken in, rotated, retired; what they sign, looked at by other programs."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select

from tests.factories.stamps import certificate, running
from tests.factories.world import World
from tests.unit.accreditation.test_keyfiles import authority, file_of
from tests.unit.accreditation.test_signing import blank
from trainer.accreditation.documents.signing import NotSigned, SigningKit, check_signatures, sign
from trainer.accreditation.models import SigningKey
from trainer.accreditation.queries import University, university_by_code
from trainer.accreditation.queries.keys import keys_of
from trainer.accreditation.services import keys as service
from trainer.accreditation.services import save_profile
from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused

DAY = timedelta(days=1)


@pytest.fixture
def university(world: World) -> University:
    found = university_by_code("UNI")
    assert found is not None
    return found


@pytest.fixture
def registrar(world: World) -> Any:
    return world.actor("registrar")


def kit_of(university: University) -> SigningKit:
    kit = service.signing_kit(university.id)
    assert kit is not None
    return kit


def signed(kit: SigningKit) -> bytes:
    return sign(blank(), kit, reason="Issued", location="Vic", language="en")[0]


def some_key(name: str = "Núria Exemple", **values: Any) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return file_of(key, certificate(name, key, authority(), **values), authority()[1])


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What an independent program says about the signatures."""
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
    return done.stdout


def test_no_key_no_signature(university: University) -> None:
    assert service.signing_kit(university.id) is None
    assert service.roots_of(university.id) == ()


def test_a_test_authority_signs_and_others_call_it_valid(
    registrar: Any, university: University, tmp_path: Path
) -> None:
    save_profile(registrar, university, signatories=[{"name": "Núria Exemple", "position": "Rectora"}])
    service.create_test_authority(registrar, university)
    assert kit_of(university).places == (1,)
    service.import_key(registrar, university, 2, some_key("Pere Model"))
    pdf, told = sign(blank(), kit_of(university), reason="Issued", location="Vic", language="ca")
    assert [(one["place"], one["label"], one["level"]) for one in told] == [
        (1, "Núria Exemple", "B-B"),
        (2, "Pere Model", "B-B"),
    ]
    said = pdfsig(pdf, tmp_path)
    assert said.count("Signature is Valid") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said
    assert all(one.good for one in check_signatures(pdf, service.roots_of(university.id)))
    rows = keys_of(university.id)
    assert [(row.place, row.test, row.algorithm) for row in rows] == [
        (1, True, "EC P-256"),
        (2, False, "EC P-256"),
    ]


def test_without_signatories_a_rector_and_a_secretary(registrar: Any, university: University) -> None:
    service.create_test_authority(registrar, university)
    assert [key.label for key in kit_of(university).keys] == ["Rector", "Secretary"]
    with pytest.raises(Invalid, match="in use already"):
        service.create_test_authority(registrar, university)


def test_what_was_signed_before_a_rotation_stays_valid(registrar: Any, university: University) -> None:
    begin, end = datetime.now(UTC) - 9 * DAY, datetime.now(UTC) + 9 * DAY
    service.import_key(registrar, university, 1, some_key("The old one", begin=begin, end=end))
    service.import_key(registrar, university, 2, some_key("Pere"))
    old, moment = signed(kit_of(university)), clock.now()
    with pytest.raises(Invalid, match="Rotate it"):
        service.import_key(registrar, university, 1, some_key())
    with pytest.raises(Invalid, match="give the file"):
        service.rotate(registrar, university, 1)
    service.rotate(registrar, university, 1, some_key("The new one"))
    assert [key.label for key in kit_of(university).keys] == ["The new one", "Pere"]
    assert [row.retired_at is None for row in keys_of(university.id)] == [True, True, False]
    roots = service.roots_of(university.id)
    # The old key's certificate has ended meanwhile: the moment of issue, which the register keeps, counts.
    with clock.frozen(end + DAY):
        assert all(one.good for one in check_signatures(old, roots, moment))
        assert not any(one.good for one in check_signatures(old, roots)[:1])


def test_test_keys_rotate_by_themselves_and_retired_ones_stay_away(
    registrar: Any, university: University
) -> None:
    service.create_test_authority(registrar, university)
    before = kit_of(university).keys[1].fingerprint
    service.rotate(registrar, university, 2)
    assert kit_of(university).keys[1].fingerprint != before
    service.retire(registrar, university, 1)
    assert kit_of(university).places == (2,)
    with pytest.raises(Missing):
        service.retire(registrar, university, 1)
    with pytest.raises(Missing):
        service.rotate(registrar, university, 1)
    data = some_key()
    service.import_key(registrar, university, 1, data)
    service.retire(registrar, university, 1)
    with pytest.raises(Invalid, match="taken in before"):
        service.import_key(registrar, university, 1, data)
    actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("signing_key%"))))
    assert actions.count("signing_key.added") == 4 and actions.count("signing_key.retired") == 3


def test_a_key_that_ended_stops_the_batch_in_words(registrar: Any, university: University) -> None:
    service.import_key(registrar, university, 1, some_key(end=datetime.now(UTC) + DAY))
    with clock.frozen(datetime.now(UTC) + 2 * DAY), pytest.raises(NotSigned, match="ended on"):
        service.signing_kit(university.id)


def test_only_administrators_and_the_universitys_registrars(world: World, university: University) -> None:
    for role in ("organiser", "other_registrar", "trainee"):
        actor = world.actor(role)
        with pytest.raises(Refused):
            service.create_test_authority(actor, university)
        with pytest.raises(Refused):
            service.import_key(actor, university, 1, some_key())
        with pytest.raises(Refused):
            service.retire(actor, university, 1)
        with pytest.raises(Refused):
            service.set_stamping(actor, university, "", False)
    service.create_test_authority(world.actor("admin"), university)


def test_the_private_half_is_sealed_with_what_lies_outside(
    registrar: Any, university: University, ctx: Flask
) -> None:
    data = some_key()
    service.import_key(registrar, university, 1, data)
    row = session.scalars(select(SigningKey)).one()
    secret = data.split(b"-----BEGIN PRIVATE KEY-----")[1].split(b"-----END")[0].strip().split(b"\n")[0]
    kept = " ".join(str(getattr(row, column.key)) for column in SigningKey.__table__.columns)
    assert secret.decode() not in kept and "PRIVATE" not in kept
    ctx.config["SEAL_KEY"] = "another sealing key, which was lost and made anew"
    with pytest.raises(Refused, match="sealing key"):
        service.signing_kit(university.id)


def test_time_stamps_and_the_long_term(
    world: World, registrar: Any, university: University, tmp_path: Path
) -> None:
    service.create_test_authority(registrar, university)
    roots = service.roots_of(university.id)
    with running() as stamps:
        service.set_stamping(world.actor("admin"), university, stamps.url, False)
        kit = kit_of(university)
        pdf = signed(kit)
        signed(kit)
        assert stamps.asked == 5  # one to know how large a stamp is, then one a signature
        assert [(one.good, one.level) for one in check_signatures(pdf, roots)] == [(True, "B-T")] * 2
        assert pdfsig(pdf, tmp_path).count("Signature is Valid") == 2
        service.set_stamping(registrar, university, stamps.url, True)
        kit = kit_of(university)
        pdf, told = sign(blank(), kit, reason="", location="", language="en")
        assert {one["level"] for one in told} == {"B-LTA"}
        found = check_signatures(pdf, roots)
        assert [(one.good, one.level) for one in found] == [(True, "B-LTA")] * 2
        assert all(abs(one.stamped_at - clock.now()) < DAY for one in found if one.stamped_at)
        assert pdfsig(pdf, tmp_path).count("Signature is Valid") == 2
        with pikepdf.open(io.BytesIO(pdf)) as document:
            # The revocation lists of the university's test authority and of the service's.
            assert len(document.Root.DSS.CRLs) == 2
        for mode in ("nonsense", "other", "error", "elsewhere", "endless"):
            stamps.mode = mode
            with pytest.raises(NotSigned, match="no time stamp"):
                signed(kit_of(university))
        stamps.mode, stamps.list = "stamp", b"no list"
        with pytest.raises(NotSigned, match="in later years"):
            signed(kit_of(university))
    service.set_stamping(registrar, university, "", False)
    assert kit_of(university).level == "B-B"


@pytest.mark.parametrize("address", ["ftp://stamps.example.org", "https://", "https://u:p@host/", "x" * 400])
def test_addresses_that_are_no_service(registrar: Any, university: University, address: str) -> None:
    with pytest.raises(Invalid):
        service.set_stamping(registrar, university, address, False)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/",
        "http://[::1]/",
        "http://localhost/tsr",
        "http://169.254.169.254/latest",
        "http://10.1.2.3/",
        "http://[fd00::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.0x1/",
        "http://database:5432/",
        "http://127.0.0.1./",
    ],
)
def test_an_address_inside_is_for_administrators(
    world: World, registrar: Any, university: University, address: str
) -> None:
    with pytest.raises(Refused, match="administrator"):
        service.set_stamping(registrar, university, address, False)
    service.set_stamping(world.actor("admin"), university, address, False)
    # The registrar may go on with what an administrator gave, and with any service outside.
    service.set_stamping(registrar, university, address, True)
    service.set_stamping(registrar, university, "https://stamps.example.org/tsr", False)
    service.set_stamping(registrar, university, "http://80.58.0.33/tsr", False)


def test_the_long_term_needs_a_service(registrar: Any, university: University) -> None:
    with pytest.raises(Invalid, match="need a time stamp service"):
        service.set_stamping(registrar, university, "", True)


class TestPage:
    ADDRESS = "/registry/universities/UNI/keys"

    def test_make_take_in_retire(self, client_as: Any, university: University) -> None:
        registrar = client_as("registrar")
        page = registrar.get(self.ADDRESS).text
        assert "No key is in use" in page
        assert registrar.post(f"{self.ADDRESS}/test").status_code == 303
        page = registrar.get(self.ADDRESS).text
        assert "proves nothing to anybody outside" in page and "Rector" in page
        sent = {"place": "1", "passphrase": "", "file": (io.BytesIO(some_key()), "key.pem")}
        assert registrar.post(self.ADDRESS, data=sent).status_code == 303
        assert registrar.post(f"{self.ADDRESS}/2/retire").status_code == 303
        page = registrar.get(self.ADDRESS).text
        assert "Núria Exemple" in page and "Retired" in page
        assert kit_of(university).places == (1,)
        assert registrar.post(f"{self.ADDRESS}/1/rotate").status_code == 422  # a key from outside

    def test_what_is_wrong_is_said(self, client_as: Any, university: University) -> None:
        registrar = client_as("registrar")
        answer = registrar.post(self.ADDRESS, data={"place": "1"})
        assert answer.status_code == 422 and "Choose a file first" in answer.text
        sent = {"place": "1", "passphrase": "x", "file": (io.BytesIO(b"nonsense"), "key.p12")}
        answer = registrar.post(self.ADDRESS, data=sent)
        assert answer.status_code == 422 and "no key file" in answer.text
        answer = registrar.post(f"{self.ADDRESS}/stamps", data={"timestamp_url": "", "long_term": "y"})
        assert answer.status_code == 422 and "need a time stamp service" in answer.text
        sent = {"timestamp_url": "https://stamps.example.org/tsr", "long_term": "y"}
        assert registrar.post(f"{self.ADDRESS}/stamps", data=sent).status_code == 303
        assert "https://stamps.example.org/tsr" in registrar.get(self.ADDRESS).text

    def test_a_key_that_ends_soon(self, world: World, client_as: Any, university: University) -> None:
        soon = some_key(end=datetime.now(UTC) + 30 * DAY)
        service.import_key(world.actor("registrar"), university, 1, soon)
        assert "A key ends soon" in client_as("registrar").get(self.ADDRESS).text
