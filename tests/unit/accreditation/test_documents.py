"""Names in many scripts, and the certificate as a PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from trainer.accreditation.documents import (
    Attachment,
    Labels,
    Logo,
    Part,
    Sheet,
    Signatory,
    check_name,
    render,
    sheet_from,
)
from trainer.accreditation.documents import names as names_of
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.names import language_of
from trainer.accreditation.documents.qr import QUIET_ZONE, draw_qr
from trainer.core.errors import Invalid
from trainer.core.pdf.faces import SANS, SERIF
from trainer.core.pdf.tints import contrast_with_white, tint
from trainer.core.pdf.typeset import fit, runs, width, wrap

CODE = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-23"
ADDRESS = f"https://training.example.org/verify/{CODE}"
SHEET = Sheet(
    language="ca",
    title="Certificat d'acreditació",
    lead="La Universitat de Prova fa constar que",
    name="Núria Peñafiel i Puig-Antich",
    body=("ha completat el curs «Suport entre iguals», de 40 hores,", "i ha assolit totes les competències."),
    university="Universitat de Prova",
    accent="#14555a",
    place_and_date="Vic, 21 de novembre de 2026",
    serial="UNI-2026-000001",
    code=CODE,
    address=ADDRESS,
    labels=Labels("Número de sèrie", "Codi de verificació", "Comproveu-lo a", "Pàgina %(page)d de %(pages)d"),
    signatories=(Signatory("Montserrat Puigdomènech", "Rectora"), Signatory("Iñaki Sagarra", "Secretari")),
    facts=(("Càrrega de treball", "40 h · 1,6 ECTS"), ("Participació", "Presencial, en grup")),
    supplement_title="Què hi ha darrere",
    parts=tuple(Part(f"{n}. Mòdul", "4 h", ("Explica la recuperació.",) * 5) for n in range(1, 11)),
)
PRINTABLE = (
    "Núria Peñafiel i Puig-Antich",
    "Gal·la d'Àngels Vall-llossera",
    "Łukasz Żółć",
    "Ðorđe Ŀópeẑ Ș’ț",
    "Γιώργος Παπαδόπουλος",
    "Олександр Їжакевич",
    "Nguyễn Thị Ánh",
    "Ọlá Ọ̀ṣun-Àjàyí",
    "Հայկ Մարտիրոսյան",
    "გიორგი ბერიძე",
    "محمد بن عبد الله الأندلسي",
    "יעקב בן־דוד",
    "क्षितिज त्रिपाठी",
    "王小明",
    "山田 たろう",
    "マリア・デル・カルメン",
    "김철수",
    "李 (Lee) Núria",
    "محمد العلوي (Mohamed Alaoui)",
)


def text_of(pdf: bytes, page: int = 0) -> str:
    return unicodedata.normalize("NFC", PdfReader(io.BytesIO(pdf)).pages[page].extract_text())


@pytest.mark.parametrize("name", PRINTABLE)
def test_names_that_print(name: str) -> None:
    assert check_name(name) == unicodedata.normalize("NFC", name)
    assert render(replace(SHEET, name=check_name(name))).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("𠮷田太郎", "U+20BB7"),
        ("㐀", "U+3400"),
        ("สมชาย", "U+0E2A"),
        ("Ana \u202eB", "RIGHT-TO-LEFT OVERRIDE"),
        ("Ana\u0007", "U+0007"),
        ("Ana 🙂", "U+1F642"),
        ("   ", "no name"),
        ("a" * 201, "201 characters"),
        ("\u0301a", "U+0301"),
    ],
)
def test_names_that_do_not_print_are_refused_in_words(name: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_name(name)
    assert said in str(caught.value.text)


def test_names_are_tidied_to_composed_form() -> None:
    assert check_name("  Nu\u0301ria \t Pen\u0303afiel ") == "Núria Peñafiel"


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_name_prints_or_is_refused(name: str) -> None:
    if names_of.name_problem(name) is None:
        assert runs(names_of.tidy_name(name), SERIF)


@pytest.mark.parametrize("name", ["Núria Peñafiel i Puig-Antich", "Γιώργος Παπαδόπουλος", "Łukasz Żółć"])
def test_the_text_can_be_searched(name: str) -> None:
    pdf = render(replace(SHEET, name=name))
    text = text_of(pdf)
    for words in (name, SHEET.title, SHEET.university, SHEET.serial, CODE, "Montserrat Puigdomènech"):
        assert words in text
    assert "5. Mòdul" in text_of(pdf, 1)


def test_letters_that_join_read_as_letters() -> None:
    """Each glyph of a shaped name stands for its letter, in whatever form it is drawn."""
    name = "محمد بن عبد الله"
    found = text_of(render(replace(SHEET, name=name)))
    assert sorted(name.replace(" ", "")) == sorted(c for c in found if "\u0600" <= c <= "\u06ff")


def test_the_properties_of_the_file() -> None:
    reader = PdfReader(io.BytesIO(render(SHEET)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificat d'acreditació UNI-2026-000001"
    assert reader.metadata["/Keywords"] == f"UNI-2026-000001 {CODE}"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ca"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]
    assert links == [ADDRESS]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Núria Peñafiel", ""),
        ("Γιώργος", "el"),
        ("יעקב בן־דוד", "he"),
        ("محمد بن عبد الله", "ar"),
        ("پرویز مشرف", ""),  # Persian or Urdu
        ("क्षितिज", "hi"),
        ("Іван Їжакевич", "uk"),
        ("Иван Петров", ""),
        ("김철수", "ko"),
        ("山田 たろう", "ja"),
        ("王小明", ""),  # Chinese or Japanese
        ("محمد (Mohamed)", ""),
    ],
)
def test_the_language_of_a_name_is_said_only_when_its_letters_tell(name: str, language: str) -> None:
    assert language_of(name) == language
    with pikepdf.open(io.BytesIO(render(replace(SHEET, name=name, parts=())))) as document:
        said = [str(one.Lang) for one in document.Root.StructTreeRoot.K.K if "/Lang" in one]
    assert said == ([language] if language else [])


def test_a_document_says_about_itself_what_its_page_says() -> None:
    sheet = replace(SHEET, title="Certificat d'R & D <1>", university="Universitat (de) Prova")
    held = Attachment("credential.json", b"{}", "application/ld+json", "Credencial de la Núria")
    with pikepdf.open(io.BytesIO(render(sheet, attachment=held))) as document:
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == "Certificat d'R & D <1> UNI-2026-000001"
            assert metadata["dc:creator"] == ["Universitat (de) Prova"]
            assert metadata["dc:language"] == {"ca"}
            assert metadata["pdfaid:part"] == "3"
        assert str(document.docinfo.Title) == "Certificat d'R & D <1> UNI-2026-000001"
        assert str(document.docinfo.Author) == "Universitat (de) Prova"
        (file,) = document.Root.AF
        assert (str(file.UF), str(file.Desc)) == ("credential.json", "Credencial de la Núria")
        assert file.AFRelationship == "/Data"
        assert file.EF.F.Subtype == "/application/ld+json"
        assert file.EF.F.read_bytes() == b"{}"


def test_every_file_has_an_identity_of_its_own() -> None:
    first, second = (PdfReader(io.BytesIO(render(replace(SHEET, serial=one)))) for one in ("A-1", "A-2"))
    assert first.trailer["/ID"] != second.trailer["/ID"]


def test_letters_beyond_the_common_ones_come_along() -> None:
    """More than one subset's worth of them."""
    many = "".join(chr(one) for one in range(0x4E00, 0x4E00 + 300))
    text = text_of(render(replace(SHEET, body=(many, "Łódź ΑΒΓ абв"), parts=())))
    assert many in text.replace("\n", "")
    assert "Łódź ΑΒΓ абв" in text


def test_sheets_frozen_before_pictures_were_named_still_thaw() -> None:
    old = SHEET.document()
    for name in ("logo", "symbol", "link", "signature"):
        del old["labels"][name]
    assert render(sheet_from(old), places=(1,)).startswith(b"%PDF-1.7")


def test_every_face_is_embedded_as_a_subset() -> None:
    reader = PdfReader(io.BytesIO(render(SHEET)))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            assert "+Noto" in font.get_object()["/BaseFont"]


def test_mark_up_is_text() -> None:
    name = "<b>Ana</b> &amp; <img src='/etc/hostname'/>"
    assert name in text_of(render(replace(SHEET, name=name)))


def test_a_specimen_says_so_in_words_that_can_be_read() -> None:
    labels = replace(SHEET.labels, specimen="SPECIMEN", specimen_note="Mostra sense validesa")
    text = text_of(render(replace(SHEET, labels=labels)))
    assert "SPECIMEN" in text
    assert "SPECIMEN" not in text_of(render(SHEET))


def test_it_is_made_without_logo_signatories_or_modules() -> None:
    bare = replace(SHEET, signatories=(), facts=(), parts=(), closing="")
    assert len(PdfReader(io.BytesIO(render(bare))).pages) == 1


def test_long_texts_shrink_wrap_and_do_not_overlap() -> None:
    long = "Maria del Carme Immaculada Concepció de Puigdomènech-Güell i Santllorençà de Montserrat Vall"
    assert len(long) > 90
    huge = replace(
        SHEET,
        name=(long + " ") * 2 + "Fi",
        university="Universitat Internacional de Formació Permanent i Recerca de la Catalunya Central",
        body=("ha completat un curs de nom llarguíssim " * 12,) * 2,
        closing="Aquest certificat s'emet d'acord amb la normativa. " * 6,
    )
    drawn: list[tuple[float, float]] = []

    def note(text, cm, tm, font, size):  # type: ignore[no-untyped-def]
        if text.strip() and tm[4] < 600:
            drawn.append((round(tm[5], 1), size))

    PdfReader(io.BytesIO(render(huge))).pages[0].extract_text(visitor_text=note)
    baselines = sorted({place for place, _ in drawn}, reverse=True)
    assert min(baselines) > 20
    for above, below in pairwise(baselines):
        assert above - below > 4, (above, below)


_LETTERS = {
    "Latin": "aàbçdeéfghiïjklŀmnñoòpqrsștuüvwxyzŁÞ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψω",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщьюяїє",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "Devanagari": "अआइईउऊकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "East Asian": "王小明山田太郎김철수マリアたろう",
}


@settings(max_examples=40, deadline=None)
@given(
    letters=st.sampled_from(sorted(_LETTERS)),
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=8),
    body=st.integers(0, 40),
    signatories=st.integers(0, 5),
    places=st.sets(st.integers(1, 4)),
    closing=st.integers(0, 40),
    data=st.data(),
)
def test_nothing_overlaps_whoever_it_is_for_and_whoever_signs(
    letters: str,
    lengths: list[int],
    body: int,
    signatories: int,
    places: set[int],
    closing: int,
    data: st.DataObject,
) -> None:
    alphabet = _LETTERS[letters]
    first = data.draw(st.integers(0, len(alphabet) - 1))
    name = " ".join((alphabet[first:] + alphabet * 2)[:length] for length in lengths)[:200].strip()
    one = Signatory("Montserrat Puigdomènech i Santllorençà", "Directora de l'Institut de Ciències")
    sheet = replace(
        SHEET,
        name=name,
        body=("ha completat el curs " * body, "i és apta"),
        closing="segons la normativa " * closing,
        signatories=(one,) * signatories,
        parts=(),
    )
    with pikepdf.open(io.BytesIO(render(sheet, places=sorted(places)))) as document:
        page = document.pages[0]
        lines = sorted(
            {
                (round(float(y), 1), round(float(size), 1))
                for x, y, size in re.findall(
                    r"BT 1 0 0 1 ([\d.]+) ([\d.]+) Tm (?:T\* )?/F\S+ ([\d.]+) Tf",
                    page.Contents.read_bytes().decode("latin-1"),
                )
                if float(x) < 600
            },
            reverse=True,
        )
        fields = {
            str(note.T): [float(part) for part in note.Rect]
            for note in page.Annots
            if note.Subtype == "/Widget"
        }
    assert len(lines) > 5
    assert lines[0][0] + lines[0][1] < 595
    assert lines[-1][0] > 20
    for above, below in pairwise(lines):
        # Lines of one height stand beside one another; of others, the lower must end below the upper one.
        assert above[0] - below[0] > below[1] * 0.9, (above, below)
    assert set(fields) == {f"Signature{place}" for place in places}
    for place in places:
        left, bottom, right, top = fields[f"Signature{place}"]
        if place > min(signatories, 4):
            assert (left, bottom, right, top) == (0, 0, 0, 0)
            continue
        assert right - left > 90
        assert top - bottom >= 34
        for y, size in lines:
            assert y + size * 0.8 <= bottom or y - size * 0.3 >= top, (y, size, bottom, top)


@settings(max_examples=60, deadline=None)
@given(st.text("aàbçdeéfg hiïjklm nñoòpqrstuüvw xyz-'", min_size=1, max_size=120), st.floats(40, 400))
def test_wrapping_keeps_every_letter_and_the_room(text: str, room: float) -> None:
    lines = wrap(text, SANS, 12, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert width(line, SANS, 12) <= room or len(line) == 1


def test_fitting_prefers_one_line_then_fewer() -> None:
    assert fit("Ana", SERIF, (34, 20), 500, 2) == (34, ["Ana"])
    size, lines = fit("Maria del Carme " * 5, SERIF, (34, 28, 20), 500, 2)
    assert (size, len(lines)) == (20, 2)


def test_the_symbol_is_the_matrix_with_its_quiet_zone() -> None:
    import segno

    pen = SimpleNamespace(_code=[])
    draw_qr(pen, ADDRESS, 100, 200, 120)  # type: ignore[arg-type]
    ground, grid, *dark, end = pen._code
    assert ground == "q 1 g 100.00 200.00 120.00 120.00 re f 0 g"
    assert end == "f Q"
    matrix = [list(row) for row in segno.make_qr(ADDRESS, error="m", mask=4).matrix]
    module = 120 / (len(matrix) + 2 * QUIET_ZONE)
    wide, _, _, tall, left, top = (float(part) for part in grid.split()[:6])
    assert (wide, -tall) == pytest.approx((module, module), abs=1e-4)
    assert (left - 100, 320 - top) == pytest.approx((QUIET_ZONE * module,) * 2, abs=1e-4)
    seen = [[0] * len(matrix) for _ in matrix]
    for line in dark:
        start, down, across, _ = (int(part) for part in line.split()[:4])
        for one in range(across):
            seen[down][start + one] = 1
    assert seen == matrix
    assert QUIET_ZONE >= 4


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_stays_legible(number: int) -> None:
    found = tint(f"#{number:06x}")
    assert contrast_with_white(found.dark) >= 5.5
    assert min(found.pale) >= 0.9


def test_a_colour_that_is_none_is_refused() -> None:
    for bad in ("red", "#12345", "#1234567", "14555a"):
        with pytest.raises(ValueError):
            tint(bad)


def test_the_sheet_freezes_and_thaws() -> None:
    import json

    assert sheet_from(json.loads(json.dumps(SHEET.document()))) == SHEET


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (400, 200)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else None).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_logos_are_made_anew_and_drawn(form: str, mode: str) -> None:
    kept = read_logo(picture(form, mode))
    assert kept.mimetype == ("image/jpeg" if form == "JPEG" else "image/png")
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (400, 200)
    assert b"/Subtype /Image" in render(SHEET, kept)


def test_large_logos_are_made_smaller() -> None:
    with Image.open(io.BytesIO(read_logo(picture("PNG", size=(4000, 1000))).data)) as image:
        assert image.size == (900, 225)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + b"0" * 100,
        picture("GIF"),
        picture("PNG")[:-30],
        picture("PNG", size=(7000, 10)),
        b"\xff\xd8\xff" + b"0" * (3 * 2**20),
    ],
)
def test_what_is_no_logo_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_logo(data)


def test_a_logo_in_a_log_line_is_short() -> None:
    assert "xxx" not in repr(Logo(b"x" * 10))
