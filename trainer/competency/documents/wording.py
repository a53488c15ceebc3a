"""What a portfolio says, in one language: from what is on record to the plain values that the page is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.competency.documents.portfolio import Entry, Ladder, Piece, Portfolio, Section
from trainer.competency.queries import AppealRow, AssessmentRow, ClaimRow, EvidenceRow
from trainer.competency.rules import (
    APPEAL_WORDS,
    CLAIM_WORDS,
    EVIDENCE_WORDS,
    PRIOR_WORDS,
    AppealStatus,
    ClaimStatus,
    CompetencyStanding,
    EvidenceKind,
    Kind,
)
from trainer.core.i18n import day, in_language, localised, say
from trainer.core.i18n import gettext as _
from trainer.core.text import Text, msg
from trainer.curriculum.rules import Competency, Programme

PARTS: dict[str, Text] = {
    "own": msg("My own view beside the assessors'"),
    "assessments": msg("Every assessment: level, kind of assessor and day"),
    "evidence": msg("The evidence: notes, links, sessions, names of files"),
    "reviews": msg("Claims of prior learning and appeals, with their answers"),
}
"""What a portfolio can hold beside the levels; the person chooses."""


@dataclass(frozen=True)
class Material:
    """What is on record of one person on one course."""

    name: str
    course_title: str
    provider: str
    specimen: bool
    programme: Programme
    standings: Mapping[str, CompetencyStanding]
    history: Mapping[str, Sequence[AssessmentRow]]
    evidence: Sequence[EvidenceRow]
    claims: Sequence[ClaimRow]
    appeals: Sequence[AppealRow]
    made_at: datetime


def compose(material: Material, parts: Collection[str], language: str) -> Portfolio:
    """The portfolio in `language`, with those of PARTS that were chosen. Evidence that was withdrawn is left out."""
    with in_language(language):
        programme = material.programme
        pieces = [row for row in material.evidence if row.withdrawn_at is None]
        numbers = {row.id: at for at, row in enumerate(pieces, start=1)} if "evidence" in parts else {}
        made = _("Made on %(day)s", day=day(material.made_at, "long"))
        return Portfolio(
            language=language,
            title=_("Portfolio of competencies"),
            name=material.name,
            facts=(
                (_("Course"), material.course_title),
                (_("Organised by"), material.provider),
                (_("Programme"), f"{localised(programme.title)} ({programme.version})"),
                (_("Reached"), _reached(material)),
            ),
            note=_note(material),
            key=_key(programme, parts),
            sections=tuple(
                Section(
                    f"{module.number}. {localised(module.title)}",
                    tuple(_entry(one, material, parts, pieces, numbers) for one in module.competencies),
                )
                for module in programme.modules
                if module.competencies
            ),
            lists=_lists(material, parts, pieces),
            made=f"{material.name} · {made}",
            page=lambda number: _page(number, language),
        )


def _page(number: int, language: str) -> str:
    with in_language(language):
        return str(_("Page %(num)d", num=number))


def _note(material: Material) -> str:
    said = [
        _(
            "This portfolio belongs to %(name)s, who decides who reads it. It is not a certificate.",
            name=material.name,
        )
    ]
    if material.specimen:
        said.insert(0, _("SPECIMEN: the people and organisations in it are made up."))
    return " ".join(said)


def _key(programme: Programme, parts: Collection[str]) -> str:
    levels = programme.scale.levels
    names = ", ".join(f"{at} {localised(one.title)}" for at, one in enumerate(levels, start=1))
    said = [_("Levels, from the lowest: %(names)s.", names=names)]
    if _bar(programme) <= len(levels):
        said.append(_("Reached from “%(level)s” on.", level=localised(levels[_bar(programme) - 1].title)))
    if "own" in parts:
        said.append(_("A ring is the person's own view."))
    return " ".join(said)


def _bar(programme: Programme) -> int:
    """The first passing level, counted from 1."""
    levels = programme.scale.levels
    return next((at for at, one in enumerate(levels, start=1) if one.passing), len(levels) + 1)


def _reached(material: Material) -> str:
    scale = material.programme.scale
    codes = material.programme.competency_codes
    done = sum(
        1 for code in codes if (level := material.standings[code].level_code) and scale.level(level).passing
    )
    return str(_("%(done)d of %(all)d competencies", done=done, all=len(codes)))


def _entry(
    competency: Competency,
    material: Material,
    parts: Collection[str],
    pieces: Sequence[EvidenceRow],
    numbers: Mapping[int, int],
) -> Entry:
    scale = material.programme.scale
    standing = material.standings[competency.code]
    level = (
        localised(scale.level(standing.level_code).title) if standing.level_code else _("Not assessed yet")
    )
    if standing.level_code is None and standing.voices:
        level = _("An assessment is still missing")
    own = standing.own.level_code if standing.own and "own" in parts else None
    said = level
    if own:
        said += " · " + _("own view: %(level)s", level=localised(scale.level(own).title))
    lines = []
    if "assessments" in parts:
        lines += [
            _assessment(row, material) for row in material.history.get(competency.code, ()) if _is_other(row)
        ]
    shown = [str(numbers[row.id]) for row in pieces if row.id in numbers and competency.code in row.codes]
    if shown:
        lines.append(_("Evidence: %(numbers)s", numbers=", ".join(shown)))
    return Entry(
        title=localised(competency.title),
        level=said,
        ladder=Ladder(
            steps=len(scale.levels),
            reached=scale.rank(standing.level_code) + 1 if standing.level_code else 0,
            passing=_bar(material.programme),
            own=scale.rank(own) + 1 if own else None,
            words=f"{localised(competency.title)}: {said}",
        ),
        lines=tuple(lines),
    )


def _is_other(row: AssessmentRow) -> bool:
    return row.judgement.kind != Kind.SELF


def _assessment(row: AssessmentRow, material: Material) -> str:
    one = row.judgement
    level = localised(material.programme.scale.level(one.level_code).title)
    said = f"{level} · {say(row.as_what)} · {day(one.assessed_on)}"
    return f"{said} · {_('changed after an appeal: counts no more')}" if one.overruled else said


def _lists(
    material: Material, parts: Collection[str], pieces: Sequence[EvidenceRow]
) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
    found: list[tuple[str, tuple[Piece, ...]]] = []
    if "evidence" in parts:
        found.append(
            (_("Evidence"), tuple(_piece(at, row, material) for at, row in enumerate(pieces, start=1)))
        )
    if "reviews" in parts:
        found.append((_("Prior learning"), tuple(_claim(row, material) for row in material.claims)))
        found.append((_("Appeals"), tuple(_appeal(row, material) for row in material.appeals)))
    return tuple(found)


def _piece(number: int, row: EvidenceRow, material: Material) -> Piece:
    kind = say(EVIDENCE_WORDS[row.kind])
    title = row.title if row.title else kind
    about = [kind]
    if row.session_number is not None:
        module = next((one for one in material.programme.modules if one.code == row.module_code), None)
        about[0] = _("Session %(num)d", num=row.session_number)
        if module is not None:
            about.append(localised(module.title))
    if row.happened_on is not None:
        about.append(day(row.happened_on))
    about.append(_("added %(day)s", day=day(row.added_at)))
    lines = [" · ".join(about)]
    if row.kind == EvidenceKind.LINK and row.url:
        lines.append(row.url)
    if row.kind == EvidenceKind.FILE:
        lines.append(row.file_name or _("The file was erased."))
        lines.append(f"SHA-256 {row.sha256}")
    return Piece(f"{number}. {title}", tuple(lines), row.words)


def _claim(row: ClaimRow, material: Material) -> Piece:
    lines = [_level(row.level_code, material)]
    if row.kind:
        lines.append(say(PRIOR_WORDS.get(row.kind, row.kind)))
    lines.append(_("asked %(day)s", day=day(row.asked_at)))
    answer = say(CLAIM_WORDS[row.status])
    if row.decided_at is not None and row.status != ClaimStatus.ASKED:
        answer += f", {day(row.decided_at)}"
    return Piece(_title(row.competency_code, material), (" · ".join([*lines, answer]),), row.outcome)


def _appeal(row: AppealRow, material: Material) -> Piece:
    lines = [_level(row.level_code, material), _("asked %(day)s", day=day(row.made_at))]
    answer = say(APPEAL_WORDS[row.status])
    if row.decided_at is not None and row.status in (AppealStatus.UPHELD, AppealStatus.CHANGED):
        answer += f", {day(row.decided_at)}"
    if row.outcome_level is not None:
        answer += " · " + _("New level: %(level)s", level=_level(row.outcome_level, material))
    return Piece(_title(row.competency_code, material), (" · ".join([*lines, answer]),), row.outcome)


def _title(code: str, material: Material) -> str:
    codes = material.programme.competency_codes
    return localised(material.programme.competency(code).title) if code in codes else code


def _level(code: str, material: Material) -> str:
    scale = material.programme.scale
    return localised(scale.level(code).title) if code in scale.codes else code
