"""The documents of one programme: own words, credits, signatures, logo and colour; the preview; national ids."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import html5lib
import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select

from tests.integration.accreditation.conftest import issue_all
from tests.unit.accreditation.test_documents import picture
from trainer.accreditation import queries, services
from trainer.accreditation.models import Certificate, ProgrammeFace, Proposal, UniversityProfile
from trainer.accreditation.queries import University
from trainer.accreditation.rules.elements import Element, missing
from trainer.audit.models import AuditEntry
from trainer.core.crypto import seal
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.rules import Programme
from trainer.people.models import Person
from trainer.people.queries import SEALED_FOR

CODE = "peer-support-worker"
PAGE = f"/registry/universities/UNI/programmes/{CODE}"
PROFILE = "/registry/universities/UNI/profile"
PICTURE = "/registry/universities/UNI/preview.png"
JSON = {"Accept": "application/json"}
OWN = {
    "accreditation": {
        "title": {"ca": "Diploma de suport entre iguals"},
        "lines": {
            "ca": "El Rectorat de {university} reconeix que\n{name}\nha fet {hours} hores de «{course}» "
            "amb {provider}, del {from} al {to},\ndins el programa «{programme}»."
        },
        "ects": "2",
        "eqf_level": 4,
        "quality_assurance": {"ca": "Segons l'estàndard propi de la universitat."},
    }
}


def ok(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert " style=" not in response.text
    return str(response.text)


def university() -> University:
    found = queries.university_by_code("UNI")
    assert found is not None
    return found


def programme() -> Programme:
    found = services.programme_for(university().id, CODE)
    assert found is not None
    return found


def document(code: str | None) -> str:
    found = session.scalars(select(Certificate).where(Certificate.code == code)).one()
    pages = PdfReader(io.BytesIO(found.pdf)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_a_programmes_documents_say_their_own(ready: Any) -> None:
    registrar, here = ready.actor("registrar"), university()
    services.save_profile(
        registrar,
        here,
        accent="#7A1F3D",
        signatories=[{"name": "Montserrat Puig", "position": {"ca": "Rectora"}}],
        wording={"ca": "De la casa.", "es": "De la casa."},
        logo=picture("PNG"),
    )
    with pytest.raises(Refused):
        services.save_face(ready.actor("other_registrar"), here, programme(), kinds=OWN)
    services.save_face(
        registrar,
        here,
        programme(),
        accent="#7a1f3d",
        signatories=[
            {"name": "Iñaki Sagarra", "position": {"ca": "Degà"}},
            {"name": "Gal·la Ŀopis", "position": {"ca": "Secretària"}},
        ],
        closing={"ca": "D'aquest programme.".replace("programme", "programa"), "es": "De la casa."},
        kinds=OWN,
    )
    face = session.scalars(select(ProgrammeFace)).one()
    # What is as in the profile or in the programme is not kept: it follows them when they change.
    assert (face.accent, face.closing) == (None, {"ca": "D'aquest programa."})
    assert set(face.kinds) == {"accreditation"}
    text = document(issue_all(ready)[0].code)
    for words in (
        "Diploma de suport entre iguals",
        "El Rectorat de Universitat de Prova reconeix que",
        "2 ECTS",
        "Iñaki Sagarra",
        "Gal·la Ŀopis",
        "Secretària",
        "estàndard propi",
        "D'aquest programa.",
    ):
        assert words in text, words
    assert "Montserrat Puig" not in text
    frozen = session.scalars(select(Certificate.frozen)).first()
    assert frozen is not None
    assert (frozen["credential"]["ects"], frozen["credential"]["eqf_level"]) == ("2", 4)
    actions = set(session.scalars(select(AuditEntry.action)))
    assert "programme_face.saved" in actions


def test_everything_that_is_wrong_is_told_at_once(ready: Any) -> None:
    with pytest.raises(Invalid) as caught:
        services.save_face(
            ready.actor("registrar"),
            university(),
            programme(),
            accent="red",
            signatories=[{"name": f"Persona {number} \ue000", "position": "x"} for number in range(5)],
            kinds={
                "accreditation": {
                    "lines": {"ca": "{name}\n{pensum}"},
                    "ects": "molts",
                    "eqf_level": 9,
                    "title": {"ca": "\ue001"},
                }
            },
        )
    said = " ".join(str(problem) for problem in caught.value.problems)
    for words in ("#14555a", "U+E000", "U+E001", "{pensum}", "number such as 1.6", "4 signatures", "1 to 8"):
        assert words in said, words
    assert session.scalar(select(func.count()).select_from(ProgrammeFace)) == 0


def test_the_document_carries_the_eleven_elements(ready: Any) -> None:
    """Council Recommendation 2022/C 243/02, annex I, one by one, on paper and in what is frozen."""
    registrar = ready.actor("registrar")
    services.save_profile(registrar, university(), city="Vic")
    services.save_face(registrar, university(), programme(), kinds=OWN)
    face = queries.face_of(university().id, CODE)
    assert missing(programme(), services.wording_of(programme(), "accreditation", face)) == ()
    row = issue_all(ready)[0]
    text = document(row.code)
    carried = {
        Element.LEARNER: "Núria00 Peñafiel i Puig",
        Element.TITLE: "Diploma de suport entre iguals",
        Element.COUNTRY: "Espanya",
        Element.AWARDING_BODY: "Universitat de Prova",
        Element.DATE: "Vic, ",
        Element.OUTCOMES: "Actuar amb ètica, respecte als drets",
        Element.WORKLOAD: "2 ECTS",
        Element.LEVEL: "Marc Europeu de Qualificacions, nivell 4",
        Element.ASSESSMENT: "Avaluació de cada competència",
        Element.PARTICIPATION: "Presencial, en grup",
        Element.QUALITY_ASSURANCE: "Segons l'estàndard propi",
    }
    assert set(carried) == set(Element)
    for element, words in carried.items():
        found = words in text
        if element is Element.LEVEL and not found:  # however the label is translated, the level is there
            found = re.search(r"(?i)(qualifica|cualifica).{0,40}4", text) is not None
        assert found, element
    pages = PdfReader(io.BytesIO(session.scalars(select(Certificate.pdf)).first() or b"")).pages
    assert "Actuar amb ètica" in " ".join(pages[1].extract_text().split())


def test_the_national_id_is_printed_masked_where_the_university_asks(ready: Any, client_as: Any) -> None:
    services.save_profile(ready.actor("registrar"), university(), city="Vic")
    people = [one.person_id for one in ready.trainees]
    with transaction() as current:
        current.get_one(Person, people[0]).national_id_encrypted = seal("12345678Z", SEALED_FOR)
        profile = current.get_one(UniversityProfile, university().id)
        profile.national_id = True
    profile = queries.profile_of(university().id)
    assert services.masked_id(session.get_one(Person, people[0]), profile) == "***4567**"
    services.propose(ready.actor("organiser"), ready.course)
    said = [
        "none is known of this person" in ok(client_as("registrar").get(f"/registry/proposals/{proposal_id}"))
        for proposal_id in session.scalars(select(Proposal.id).order_by(Proposal.enrolment_id))
    ]
    assert said == [False, True, True]
    rows = issue_all(ready)
    assert "***4567**" in document(rows[0].code)
    assert "***" not in document(rows[1].code)
    for frozen in session.scalars(select(Certificate.frozen)):
        assert "12345678" not in str(frozen)


def test_nothing_is_printed_where_it_is_not_asked_for(ready: Any) -> None:
    with transaction() as current:
        person = current.get_one(Person, ready.trainees[0].person_id)
        person.national_id_encrypted = seal("12345678Z", SEALED_FOR)
    assert services.masked_id(session.get_one(Person, ready.trainees[0].person_id), None) == ""


def test_the_page_of_a_programme(ready: Any, client_as: Any) -> None:
    registrar = client_as("registrar")
    assert PAGE in ok(registrar.get(PROFILE))
    page = ok(registrar.get(PAGE))
    assert "ha completat el curs «{course}»" in page  # the text as it is, ready to be changed
    assert "Not on this document yet" in page
    form = shown(page)
    assert registrar.post(PAGE, data=form).status_code == 303
    kept = queries.face_of(university().id, CODE)
    assert kept is not None
    assert (kept.kinds, kept.signatories, kept.closing, kept.accent) == ({}, [], {}, None)
    changed = {
        **form,
        "accreditation__ects": "2,5",
        "accreditation__eqf_level": "4",
        "signatory_1": "Iñaki Sagarra",
        "accent": "#7a1f3d",
        "logo": (io.BytesIO(picture("PNG")), "logo.png"),
    }
    assert registrar.post(PAGE, data=changed, content_type="multipart/form-data").status_code == 303
    page = ok(registrar.get(PAGE))
    assert "In the programme: 1.6" in page
    assert 'value="2.5"' in page
    assert registrar.get(f"{PAGE}/logo").mimetype == "image/png"
    assert "With something of their own" in ok(registrar.get(PROFILE))
    page = ok(registrar.post(PAGE, data={**form, "accreditation__lines_ca": "{nom}"}), 422)
    assert "{nom}" in page
    assert registrar.get("/registry/universities/UNI/programmes/unheard-of").status_code == 404


def shown(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands, but for files and unticked boxes."""
    found: dict[str, str] = {}
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in tree.iter("form") if one.get("enctype"))
    for field in form.iter():
        name = field.get("name")
        if not name:
            continue
        if field.tag == "textarea":
            found[name] = (field.text or "").lstrip("\n")
        elif field.tag == "select":
            options = list(field.iter("option"))
            chosen = next((one for one in options if one.get("selected") is not None), options[0])
            found[name] = chosen.get("value") or ""
        elif field.get("type") not in ("checkbox", "file"):
            found[name] = field.get("value") or ""
    return found


def test_the_preview_follows_the_form_and_keeps_nothing(ready: Any, client_as: Any) -> None:
    registrar = client_as("registrar")
    kept = registrar.get(PICTURE)
    assert kept.mimetype == "image/png"
    assert Image.open(io.BytesIO(kept.data)).size == (1287, 910)
    form = shown(ok(registrar.get(PROFILE)))
    typed = registrar.post(PICTURE, data={**form, "accent": "#7a1f3d"}, headers=JSON)
    assert typed.mimetype == "image/png"
    assert typed.data != kept.data
    logo = {**form, "logo": (io.BytesIO(picture("PNG")), "logo.png")}
    with_logo = registrar.post(PICTURE, data=logo, content_type="multipart/form-data")
    assert with_logo.data not in (kept.data, typed.data)
    own = shown(ok(registrar.get(PAGE)))
    pictures = {
        registrar.post(PICTURE, data={**own, **change}, headers=JSON).data
        for change in (
            {},
            {"preview_page": "2"},
            {"preview_name": "long"},
            {"preview_language": "es"},
            {"preview_kind": "completion"},
            {"preview_kind": "attendance"},
            {"accreditation__title_ca": "Diploma", "preview_language": "ca"},
        )
    }
    assert len(pictures) == 7
    assert session.scalar(select(func.count()).select_from(ProgrammeFace)) == 0
    assert queries.profile_of(university().id) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"accent": "red"}, "A colour reads like"),
        ({"city": "\ue000"}, "U+E000"),
        ({"programme": CODE, "accreditation__lines_ca": "{name}\n{que}"}, "{que}"),
    ],
)
def test_what_cannot_be_shown_is_told_in_words(
    ready: Any, client_as: Any, change: dict[str, str], said: str
) -> None:
    registrar = client_as("registrar")
    page = PAGE if "programme" in change else PROFILE
    form = {**shown(ok(registrar.get(page))), **change}
    told = registrar.post(PICTURE, data=form, headers=JSON)
    assert told.status_code == 422
    assert any(said in words for words in told.json["problems"])
    # Without the script the same words come as a page.
    assert said in ok(registrar.post(PICTURE, data=form, headers={"Accept": "text/html"}), 422)


def test_the_pages_ask_the_same_for_any_number_of_courses(
    ready: Any, client_as: Any, count_queries: Any
) -> None:
    from tests.factories.world import make_world

    registrar = client_as("registrar")
    counts = []
    for number in (1, 3):
        for more in range(number - 1):
            make_world(trainees=0, code=f"MORE-{number}-{more}")
        registrar.get(PAGE)
        with count_queries() as seen:
            ok(registrar.get(PROFILE))
            ok(registrar.get(PAGE))
        counts.append(seen.count)
    assert counts[0] == counts[1]
