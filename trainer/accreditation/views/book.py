"""The registry book: its years, and each as PDF, CSV and workbook."""

from __future__ import annotations

from flask import render_template

from trainer.accreditation import queries, services
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import BookYear, University
from trainer.accreditation.views.base import Page, bp
from trainer.core.access import access, current_actor
from trainer.core.tables import CSV_TYPE, XLSX_TYPE
from trainer.core.web import download


@bp.get("/registry/universities/<university>/book")
@access(load=queries.university_by_code, read=can_keep)
def book(thing: University) -> str:
    """The years in which the university issued, with their counts."""
    return render_template("accreditation/book.html", university=thing, years=queries.book_years(thing.id))


@bp.get("/registry/universities/<university>/book/<int:year>.csv")
@access(load=queries.book_of, read=can_keep)
def book_csv(thing: BookYear) -> Page:
    """A year's book as a table."""
    data = services.book_csv(current_actor(), thing.university, thing.year)
    return download(data, f"{thing.university.code}-{thing.year}.csv", CSV_TYPE)


@bp.get("/registry/universities/<university>/book/<int:year>.xlsx")
@access(load=queries.book_of, read=can_keep)
def book_xlsx(thing: BookYear) -> Page:
    """A year's book as a workbook."""
    data = services.book_xlsx(current_actor(), thing.university, thing.year)
    return download(data, f"{thing.university.code}-{thing.year}.xlsx", XLSX_TYPE)


@bp.get("/registry/universities/<university>/book/<int:year>.pdf")
@access(load=queries.book_of, read=can_keep)
def book_pdf(thing: BookYear) -> Page:
    """A year's book on paper, in the language of the page."""
    data = services.book_pdf(current_actor(), thing.university, thing.year)
    return download(data, f"{thing.university.code}-{thing.year}.pdf", "application/pdf")
