"""A person's portfolio as a document."""

from trainer.competency.documents.portfolio import Entry, Ladder, Piece, Portfolio, Section, render
from trainer.competency.documents.wording import PARTS, Material, compose

__all__ = [
    "PARTS",
    "Entry",
    "Ladder",
    "Material",
    "Piece",
    "Portfolio",
    "Section",
    "compose",
    "render",
]
