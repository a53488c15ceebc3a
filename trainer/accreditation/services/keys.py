"""The keys that a university signs its documents with: taken in, sealed, put to use, retired.

The private half is sealed with the secret that lies outside the instance (docs/deploying.md), so neither the
database nor a backup holds it in clear. A retired key signs nothing any more; what it signed stays valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.models import SigningKey, UniversityProfile
from trainer.accreditation.policy import can_keep_keys
from trainer.accreditation.queries import University
from trainer.accreditation.queries.keys import SIGNATURE, chains_of, keys_in_use, stamp_settings
from trainer.accreditation.services.eligibility import require
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import seal, unseal
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import LANGUAGES, in_language
from trainer.core.i18n import gettext as _
from trainer.core.text import msg
from trainer.people.models import Organisation

if TYPE_CHECKING:
    from trainer.accreditation.documents.signing import KeyMaterial, SigningKit

# The documents' signing is imported where it is used: it takes as long to load as all the rest.
PURPOSE = "signing-key"
MOST_PLACES = 4
LONGEST_ADDRESS = 300
WARN_DAYS = 60
LARGEST_FILE = 64 * 2**10


def signing_kit(university_id: int) -> SigningKit | None:
    """What signs the university's documents now, opened and prepared for any number of them; None when no
    key is in use.

    Raises Refused when the sealing key of the instance does not open them, and NotSigned when a key is not
    in force.
    """
    from trainer.accreditation.documents.signing import DocumentKey, SigningKit, parse

    rows = keys_in_use(university_id)
    if not rows:
        return None
    profile = queries.profile_of(university_id)
    signatories: list[Mapping[str, Any]] = list(profile.signatories) if profile else []
    keys = []
    for row in rows:
        material = parse(unseal(row.private_sealed, PURPOSE), row.chain)
        position = _position(signatories, row.place, material.label)
        keys.append(DocumentKey(row.place, material, captions=_captions(row.test), position=position))
    stamps = stamp_settings(university_id)
    kit = SigningKit(keys, timestamp_url=stamps.timestamp_url, long_term=stamps.long_term)
    kit.check(clock.now())
    return kit


def _position(signatories: list[Mapping[str, Any]], place: int, label: str) -> dict[str, str]:
    """What the owner of a key is: said only when the profile names the same person at that place."""
    if place > len(signatories) or str(signatories[place - 1].get("name", "")).casefold() != label.casefold():
        return {}
    position = signatories[place - 1].get("position") or {}
    return dict(position) if isinstance(position, Mapping) else {}


def _captions(test: bool) -> dict[str, str]:
    """The line above a signer's name on the page, in every language that documents have."""
    said = {}
    for code in LANGUAGES:
        with in_language(code):
            said[code] = _("Signed with a test key by") if test else _("Signed digitally by")
    return said


def roots_of(university_id: int | None = None) -> tuple[bytes, ...]:
    """The certificates (DER) of all keys that ever signed documents of the university, or of any: what
    `check_signatures` may trust.

    They are the signers' own, not those of the authorities above them, which certify others too.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    return tuple(
        x509.load_pem_x509_certificate(chain.encode()).public_bytes(Encoding.DER)
        for _owner, chain in chains_of(university_id)
    )


def create_test_authority(actor: Actor, university: University) -> list[int]:
    """A test authority of the university's own and a key for each of its signatories (without any, a rector
    and a secretary); gives the ids of the keys.

    They prove nothing to anybody outside, and are marked as such. Raises Refused, Invalid when a key is in
    use already.
    """
    _may(actor, university)
    with transaction():
        lock(Organisation, university.id)
        if keys_in_use(university.id):
            raise Invalid(
                msg("This university has keys in use already. Retire them first, or rotate one of them.")
            )
        made = _test_keys(university, None)
        return [_add(actor, university, place, one, test=True) for place, one in sorted(made.items())]


def _test_keys(university: University, only: int | None) -> dict[int, KeyMaterial]:
    from trainer.accreditation.documents.signing import make_test_keys

    profile = queries.profile_of(university.id)
    names = [str(one.get("name", "")) for one in profile.signatories] if profile else []
    wanted = dict(enumerate(names[:MOST_PLACES] or [_("Rector"), _("Secretary")], start=1))
    if only is not None:
        wanted = {only: wanted.get(only) or _("Signature %(number)d", number=only)}
    return make_test_keys(university.name, wanted, clock.now())


def import_key(
    actor: Actor,
    university: University,
    place: int,
    data: bytes,
    passphrase: str | None = None,
    *,
    replace: bool = False,
) -> int:
    """Takes in the key of a file (PKCS#12 or PEM) for a place (1 certifies, the others approve); gives its
    id. With `replace`, the key that is in use there is retired in the same moment.

    Raises Refused, and Invalid that says what is wrong with the file, or that the place is taken.
    """
    from trainer.accreditation.documents.signing import read_key_file

    _may(actor, university)
    _place(place)
    material = read_key_file(data, passphrase, clock.now())
    with transaction():
        lock(Organisation, university.id)
        current = _in_use(university.id, place)
        if current is not None:
            if not replace:
                raise Invalid(
                    msg(
                        "A key of %(name)s signs at place %(place)d already. Rotate it, or retire it first.",
                        name=current.label,
                        place=place,
                    )
                )
            _retire(actor, current)
        return _add(actor, university, place, material, test=False)


def rotate(
    actor: Actor,
    university: University,
    place: int,
    data: bytes | None = None,
    passphrase: str | None = None,
) -> int:
    """A new key in the place of the one in use, which is retired in the same moment; gives the new one's
    id. Without `data`, which only a test key allows, a new test key is made.

    Raises Missing when no key is in use there, Refused, Invalid.
    """
    _may(actor, university)
    _place(place)
    current = _in_use(university.id, place)
    if current is None:
        raise Missing(msg("No key is in use at place %(place)d.", place=place))
    if data is not None:
        return import_key(actor, university, place, data, passphrase, replace=True)
    if not current.test:
        raise Invalid(
            msg("The key in use comes from outside, so its successor does too: give the file of the new one.")
        )
    with transaction():
        lock(Organisation, university.id)
        current = _in_use(university.id, place)
        if current is None or not current.test:
            raise Missing(msg("No test key is in use at place %(place)d any more.", place=place))
        _retire(actor, current)
        return _add(actor, university, place, _test_keys(university, place)[place], test=True)


def retire(actor: Actor, university: University, place: int) -> None:
    """Takes the key at a place out of use: nothing is signed with it from now on, and what it signed stays
    valid. Raises Missing when no key is in use there, Refused."""
    _may(actor, university)
    with transaction():
        lock(Organisation, university.id)
        current = _in_use(university.id, place)
        if current is None:
            raise Missing(msg("No key is in use at place %(place)d.", place=place))
        _retire(actor, current)


def set_stamping(actor: Actor, university: University, timestamp_url: str, long_term: bool) -> None:
    """The time stamp service whose stamps signatures bear from now on (empty: none), and whether what later
    years need to check them is put in too. An address inside the instance's own network is for administrators
    to give. Raises Refused, Invalid for an address that cannot be one."""
    from trainer.accreditation.documents.signing import is_inside, usable_address

    _may(actor, university)
    address = timestamp_url.strip()
    if address and (len(address) > LONGEST_ADDRESS or not usable_address(address)):
        raise Invalid(
            msg("The address of a time stamp service begins with http:// or https:// and names a host.")
        )
    inside = bool(address) and is_inside(address) and address != stamp_settings(university.id).timestamp_url
    require(
        actor.is_admin or not inside,
        msg("This address is inside the network of this instance: an administrator can give it."),
    )
    if long_term and not address:
        raise Invalid(msg("Signatures for the long term need a time stamp service: give its address."))
    with transaction() as current:
        lock(Organisation, university.id)
        profile = current.get(UniversityProfile, university.id)
        if profile is None:
            profile = UniversityProfile(organisation_id=university.id, display_names={}, wording={})
            profile.signatories, profile.city, profile.accent = [], "", "#14555a"
            current.add(profile)
        if (profile.timestamp_url or "", bool(profile.long_term)) == (address, long_term):
            return
        profile.timestamp_url, profile.long_term = address, long_term
        profile.updated_at = clock.now()
        record(
            actor,
            "university_profile.stamping",
            f"organisation:{university.id}",
            service=address,
            long_term=long_term,
        )


def _may(actor: Actor, university: University) -> None:
    require(
        can_keep_keys(actor, university),
        msg("Only administrators and the university's registrars keep keys."),
    )


def _place(place: int) -> None:
    if not 1 <= place <= MOST_PLACES:
        raise Invalid(msg("A place is a number from 1 to %(most)d.", most=MOST_PLACES))


def _in_use(university_id: int, place: int) -> SigningKey | None:
    return session.scalar(
        select(SigningKey).where(
            SigningKey.organisation_id == university_id,
            SigningKey.purpose == SIGNATURE,
            SigningKey.place == place,
            SigningKey.retired_at.is_(None),
        )
    )


def _add(actor: Actor, university: University, place: int, material: KeyMaterial, *, test: bool) -> int:
    known = session.scalar(
        select(SigningKey.id).where(
            SigningKey.organisation_id == university.id, SigningKey.fingerprint == material.fingerprint
        )
    )
    if known is not None:
        raise Invalid(
            msg("This key was taken in before. A retired key does not come back: ask for a new one.")
        )
    row = SigningKey(
        organisation_id=university.id,
        purpose=SIGNATURE,
        place=place,
        label=material.label,
        algorithm=material.algorithm,
        chain=material.chain_pem(),
        public_key="",
        private_sealed=seal(material.private_pem(), PURPOSE),
        fingerprint=material.fingerprint,
        test=test,
        not_before=material.not_before,
        not_after=material.not_after,
        added_at=clock.now(),
        added_by=actor.person_id,
    )
    current = session()
    current.add(row)
    current.flush()
    record(
        actor,
        "signing_key.added",
        f"organisation:{university.id}",
        key=row.id,
        place=place,
        algorithm=row.algorithm,
        fingerprint=row.fingerprint,
        test=test,
        until=row.not_after,
    )
    return row.id


def _retire(actor: Actor, key: SigningKey) -> None:
    key.retired_at, key.retired_by = clock.now(), actor.person_id
    # The index allows one key in use a place: the old one has to leave before the new one comes.
    session().flush()
    record(
        actor,
        "signing_key.retired",
        f"organisation:{key.organisation_id}",
        key=key.id,
        place=key.place,
        fingerprint=key.fingerprint,
    )
