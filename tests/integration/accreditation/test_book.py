"""The registry book: every number of a year, on paper and as a table."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.factories.world import make_world
from tests.integration.accreditation.conftest import issue_all, waive_all
from tests.integration.accreditation.test_views import ok
from trainer.accreditation import queries, services
from trainer.audit.models import AccessLog
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Refused
from trainer.people.models import Person

BOOK = "/registry/universities/UNI/book"


@pytest.fixture
def lived(ready: Any) -> Any:
    """Three certificates: one revoked, one replaced by a fourth, one with a name that a spreadsheet would run."""
    with transaction() as current:
        current.get_one(Person, ready.trainees[2].person_id).certificate_name = "=1+1 Puig"
    rows = issue_all(ready)
    registrar = ready.actor("registrar")
    services.revoke(registrar, rows[0].code, "data_error", "Només per a nosaltres")
    with transaction() as current:
        current.get_one(Person, rows[1].person_id).certificate_name = "Ηλέκτρα Παπαδοπούλου"
    services.reissue(registrar, rows[1].code)
    return rows


def table(client: Any) -> list[dict[str, str]]:
    data = client.get(f"{BOOK}/{clock.today().year}.csv").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data)))


def test_the_table_has_every_number_with_what_became_of_it(lived: Any, client_as: Any) -> None:
    rows = table(client_as("registrar"))
    year = clock.today().year
    assert [row["serial"] for row in rows] == [f"UNI-{year}-{number:06d}" for number in (1, 2, 3, 4)]
    first, replaced, running, new = rows
    assert (first["status"], first["reason"]) == ("revoked", "data_error")
    assert first["status_since"] == clock.today().isoformat()
    assert (replaced["status"], replaced["superseded_by"]) == ("superseded", new["serial"])
    assert (new["status"], new["supersedes"]) == ("valid", replaced["serial"])
    assert "Peñafiel" in replaced["name"]
    assert new["name"] == "Ηλέκτρα Παπαδοπούλου"
    assert running["name"] == "'=1+1 Puig"
    assert {row["hours"] for row in rows} == {"40"}
    assert {row["course_code"] for row in rows} == {"TEST-1"}
    kept = queries.certificate_by_serial(first["serial"])
    assert kept is not None
    assert first["fingerprint"] == kept.sha256[:16]
    assert "Només" not in str(rows)


def test_the_paper_reads_the_same_with_its_counts(lived: Any, client_as: Any) -> None:
    client = client_as("registrar")
    answer = client.get(f"{BOOK}/{clock.today().year}.pdf", headers={"Accept-Language": "ca"})
    assert answer.mimetype == "application/pdf"
    document = PdfReader(io.BytesIO(answer.data))
    assert document.trailer["/Root"]["/Lang"] in {"ca", "en"}
    [page] = document.pages
    assert page.mediabox.width > page.mediabox.height
    text = page.extract_text()
    for row in table(client):
        assert row["serial"] in text
        assert row["fingerprint"] in text
    assert "Ηλέκτρα" in text


def test_the_head_comes_again_on_every_page(ctx: Any) -> None:
    from trainer.accreditation.documents.book import Book, render_book

    words = ["UNI-2026-000001", "2 de març de 2026", "Maria dels Àngels " * 6, "Suport 王"]
    book = Book(
        language="ca",
        title="Llibre de registre 2026",
        university="Universitat de Prova",
        made="2 de març",
        columns=[("Número", 2), ("Data", 1), ("Nom", 2), ("Títol", 1)],
        rows=[words] * 90,
        counts_title="Recompte",
        counts=[("Vàlids", "90")],
        page=lambda page, pages: f"Pàgina {page} de {pages}",
    )
    document = PdfReader(io.BytesIO(render_book(book)))
    texts = [page.extract_text() for page in document.pages]
    assert len(texts) > 3
    for number, text in enumerate(texts, start=1):
        assert f"Pàgina {number} de {len(texts)}" in text
        assert "Número" in text
    assert sum(text.count("UNI-2026-000001") for text in texts) == 90
    assert "Recompte" in texts[-1]
    assert not any("Recompte" in text for text in texts[:-1])


def test_only_registrars_have_it_and_who_had_it_is_logged(lived: Any, ready: Any, client_as: Any) -> None:
    year = clock.today().year
    university = queries.university_by_code("UNI")
    assert university is not None
    for role in ("organiser", "other_registrar", "trainee"):
        for path in (BOOK, f"{BOOK}/{year}.csv", f"{BOOK}/{year}.pdf"):
            assert client_as(role).get(path).status_code == 404
        for make in (services.book_csv, services.book_pdf):
            with pytest.raises(Refused):
                make(ready.actor(role), university, year)
    registrar = client_as("registrar")
    assert str(year) in ok(registrar.get(BOOK))
    assert registrar.get(f"{BOOK}/{year - 1}.pdf").status_code == 404
    assert registrar.get(f"/registry/universities/NONE/book/{year}.pdf").status_code == 404
    registrar.get(f"{BOOK}/{year}.csv")
    logged = session.query(AccessLog).filter_by(endpoint="accreditation.book_csv").all()
    assert [one.person_id for one in logged] == [ready.person_id("registrar")]


def test_the_book_asks_the_same_for_any_number(ctx: Any, sign_in: Any, count_queries: Any) -> None:
    counts = set()
    for number in (1, 3):
        world = make_world(trainees=number, code=f"C{number}")
        waive_all(world)
        issue_all(world)
        client = sign_in(world.person_id("registrar"))
        for path in (BOOK, f"{BOOK}/{clock.today().year}.csv"):
            client.get(path)
            with count_queries() as seen:
                assert client.get(path).status_code == 200
            counts.add((path, seen.count))
    assert len(counts) == 2
