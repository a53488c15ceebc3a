"""The registry book of a university's year, for its registrars: on paper, and as a table."""

from __future__ import annotations

from trainer.accreditation import queries
from trainer.accreditation.documents.book import Book, render_book
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import BookRow, University
from trainer.accreditation.rules.book import FINGERPRINT, counts, signed_by, standing
from trainer.accreditation.rules.statuses import REASONS, Answer
from trainer.accreditation.services.eligibility import require
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.i18n import day, daytime, language, say
from trainer.core.i18n import gettext as _
from trainer.core.tables import write_csv, write_xlsx
from trainer.core.text import msg

# The CSV's columns are named once and for all, whatever the reader's language: other programs read them.
COLUMNS = (
    *(
        "serial",
        "issued_on",
        "name",
        "kind",
        "title",
        "course_code",
        "course",
        "hours",
        "status",
        "status_since",
    ),
    *("reason", "expires_on", "supersedes", "superseded_by", "fingerprint", "signed_by"),
)
_ANSWERS = {
    Answer.VALID: msg("Valid"),
    Answer.EXPIRED: msg("Expired"),
    Answer.SUPERSEDED: msg("Superseded"),
    Answer.REVOKED: msg("Revoked"),
}


def _rows(actor: Actor, university: University, year: int) -> list[BookRow]:
    require(can_keep(actor, university), msg("Only registrars of the university have its registry book."))
    return queries.book_rows(university.id, year)


def book_csv(actor: Actor, university: University, year: int) -> bytes:
    """The book as CSV. Raises Refused when the actor is no registrar of the university."""
    return write_csv(COLUMNS, _lines(actor, university, year))


def book_xlsx(actor: Actor, university: University, year: int) -> bytes:
    """The book as a workbook. Raises Refused when the actor is no registrar of the university."""
    return write_xlsx(f"{university.code} {year}", COLUMNS, _lines(actor, university, year))


def _lines(actor: Actor, university: University, year: int) -> list[list[object]]:
    today = clock.today()
    lines: list[list[object]] = []
    for row in _rows(actor, university, year):
        answer, since = standing(row, today)
        lines.append(
            [
                *(
                    row.serial,
                    row.issued_on,
                    row.name,
                    row.kind,
                    row.title,
                    row.course_code,
                    row.course_title,
                ),
                *(row.hours, str(answer), since, row.reason_code, row.expires_on, row.supersedes),
                *(row.superseded_by, row.sha256[:FINGERPRINT], signed_by(row)),
            ]
        )
    return lines


def book_pdf(actor: Actor, university: University, year: int) -> bytes:
    """The book as a PDF in the current language. Raises Refused when the actor is no registrar of the
    university."""
    rows, today = _rows(actor, university, year), clock.today()
    waiting = queries.waiting_numbers(university.id, year)
    counted = counts(rows, today)
    totals = [(_("Certificates"), str(len(rows)))]
    if rows:
        totals.append((_("Numbers"), f"{rows[0].number}–{rows[-1].number}"))
    totals += [(say(words), str(counted[answer])) for answer, words in _ANSWERS.items()]
    if waiting:
        totals.append((_("Numbers given out whose document is being made"), ", ".join(waiting)))
    return render_book(
        Book(
            language=language(),
            title=_("Registry book %(year)s", year=str(year)),
            university=university.name,
            made=_("As it stood on %(moment)s", moment=daytime(clock.now())),
            columns=[
                (_("Serial"), 88),
                (_("Issued on"), 50),
                (_("Name"), 120),
                (_("Certificate"), 112),
                (_("Course"), 92),
                (_("Hours"), 30),
                (_("Status"), 108),
                (_("Fingerprint"), 74),
                (_("Signed by"), 96),
            ],
            rows=[_line(row) for row in rows],
            counts_title=_("Counts"),
            counts=totals,
            page=_page,
        )
    )


def _page(page: int, pages: int) -> str:
    return str(_("Page %(page)d of %(pages)d", page=page, pages=pages))


def _line(row: BookRow) -> list[str]:
    answer, since = standing(row, clock.today())
    said = say(_ANSWERS[answer])
    if since:
        said = _("%(status)s since %(day)s", status=said, day=day(since))
    status = [said]
    if answer is Answer.REVOKED and row.reason_code:
        status.append(say(REASONS[row.reason_code]))
    if row.supersedes:
        status.append(_("Replaces %(serial)s", serial=row.supersedes))
    if row.superseded_by:
        status.append(_("Replaced by %(serial)s", serial=row.superseded_by))
    if row.expires_on and answer is not Answer.EXPIRED:
        status.append(_("Valid until %(day)s", day=day(row.expires_on)))
    return [
        row.serial,
        day(row.issued_on),
        row.name,
        row.title,
        f"{row.course_code}\n{row.course_title}",
        "" if row.hours is None else str(row.hours),
        "\n".join(status),
        row.sha256[:FINGERPRINT],
        signed_by(row).replace("; ", "\n") or "–",
    ]
