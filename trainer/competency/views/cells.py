"""A competency of a person as a cell of the matrix, a ladder or a row of a spreadsheet, and the words that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from trainer.competency.rules import CompetencyStanding, missing_text
from trainer.core.i18n import localised, say
from trainer.core.text import Text, msg
from trainer.curriculum.rules import Competency, Programme


@dataclass(frozen=True)
class Cell:
    """One person in one competency; ranks count from 0, the lowest level.

    `rank`: the level that decides, or as long as an assessment is missing (`waiting`) the newest that was given.
    """

    rank: int | None = None
    own: int | None = None
    passing: bool = False
    waiting: bool = False
    differs: bool = False
    level: str = ""
    own_level: str = ""
    words: str = ""


def passing_rank(programme: Programme) -> int:
    """The rank of the first level that passes; past the last where none does."""
    return next(
        (rank for rank, level in enumerate(programme.scale.levels) if level.passing),
        len(programme.scale.levels),
    )


def cell(programme: Programme, standing: CompetencyStanding | None) -> Cell:
    """What is shown of a standing; None where nobody has assessed."""
    if standing is None or not (standing.voices or standing.own):
        return Cell(words=_("not assessed yet"))
    scale = programme.scale
    newest = standing.voices[0].level_code if standing.voices else None
    code = standing.level_code or newest
    rank = scale.rank(code) if code else None
    level = localised(scale.level(code).title) if code else ""
    own_code = standing.own.level_code if standing.own else None
    own_level = localised(scale.level(own_code).title) if own_code else ""
    waiting = standing.level_code is None and newest is not None
    words = [level or _("not assessed yet")]
    if waiting:
        words.append(_("not decided: %(missing)s", missing=say(missing_text(standing.missing))))
    if standing.disagreement:
        words.append(_("assessors differ"))
    if own_level:
        words.append(_("own view: %(level)s", level=own_level))
    return Cell(
        rank=rank,
        own=scale.rank(own_code) if own_code else None,
        passing=not waiting and rank is not None and rank >= passing_rank(programme),
        waiting=waiting,
        differs=standing.disagreement,
        level=level,
        own_level=own_level,
        words="; ".join(words),
    )


def cells(programme: Programme, standings: Mapping[str, CompetencyStanding]) -> dict[str, Cell]:
    """Every competency of the programme for one person."""
    return {code: cell(programme, standings.get(code)) for code in programme.competency_codes}


def next_words(
    programme: Programme, competency: Competency, standing: CompetencyStanding | None
) -> Text | None:
    """What comes next in this competency: who else is to assess, or what the level that is asked for looks like. None when
    it is reached."""
    bar = passing_rank(programme)
    levels = programme.scale.levels
    if standing is not None and standing.voices and standing.missing:
        return msg("Next: an assessment by %(missing)s.", missing=missing_text(standing.missing))
    rank = programme.scale.rank(standing.level_code) if standing and standing.level_code else -1
    if rank >= bar or bar >= len(levels):
        return None
    wanted = levels[bar]
    looks = competency.descriptors.get(wanted.code)
    if looks:
        return msg("Towards “%(level)s”: %(looks)s", level=localised(wanted.title), looks=localised(looks))
    return msg("Towards “%(level)s”: to be assessed.", level=localised(wanted.title)) if rank < 0 else None
