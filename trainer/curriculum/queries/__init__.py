"""Programmes from their folders, and the versions that courses are pinned to."""

from trainer.curriculum.queries.folders import (
    catalogue,
    programme_by_code,
    report_for,
    reports,
)
from trainer.curriculum.queries.reading import Problem, Report, read_programme
from trainer.curriculum.queries.shape import module_schema, schema
from trainer.curriculum.queries.stored import pinned, programme_of, stored_programme

__all__ = [
    "Problem",
    "Report",
    "catalogue",
    "module_schema",
    "pinned",
    "programme_by_code",
    "programme_of",
    "read_programme",
    "report_for",
    "reports",
    "schema",
    "stored_programme",
]
