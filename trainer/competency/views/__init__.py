"""Pages of competencies: the course's matrix, people one by one, groups, evidence, claims, appeals and portfolios."""

from trainer.competency.views.base import bp

from trainer.competency.views import (  # isort: skip
    appeals,
    assessing,
    claims,
    evidence,
    files,
    group,
    importing,
    matrix,
    person,
    portfolio,
)

__all__ = [
    "appeals",
    "assessing",
    "bp",
    "claims",
    "evidence",
    "files",
    "group",
    "importing",
    "matrix",
    "person",
    "portfolio",
]
