"""The eleven elements that every micro-credential carries (Council Recommendation 2022/C 243/02, annex I). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from trainer.core.text import Text, msg
from trainer.curriculum.rules import CertificateWording, Programme


class Element(StrEnum):
    """In the order of the annex."""

    LEARNER = "learner"
    TITLE = "title"
    COUNTRY = "country"
    AWARDING_BODY = "awarding_body"
    DATE = "date"
    OUTCOMES = "outcomes"
    WORKLOAD = "workload"
    LEVEL = "level"
    ASSESSMENT = "assessment"
    PARTICIPATION = "participation"
    QUALITY_ASSURANCE = "quality_assurance"


WORDS: dict[Element, Text] = {
    Element.LEARNER: msg("Who has learned: name and, where the university asks for it, masked national id"),
    Element.TITLE: msg("Title"),
    Element.COUNTRY: msg("Country of the issuer"),
    Element.AWARDING_BODY: msg("Awarding body"),
    Element.DATE: msg("Date of issue"),
    Element.OUTCOMES: msg("Learning outcomes"),
    Element.WORKLOAD: msg("Workload in ECTS credits"),
    Element.LEVEL: msg("Level"),
    Element.ASSESSMENT: msg("Type of assessment"),
    Element.PARTICIPATION: msg("Form of participation"),
    Element.QUALITY_ASSURANCE: msg("Type of quality assurance"),
}
# The annex asks for the level "where applicable" and for ECTS "wherever possible".
CONDITIONAL = frozenset({Element.LEVEL, Element.WORKLOAD})


def missing(programme: Programme, wording: CertificateWording) -> tuple[Element, ...]:
    """The elements that a certificate with this wording does not carry in every language of the programme.

    Learner, awarding body and date are facts of every certificate: they cannot be missing.
    """
    spec = wording.credential
    outcomes = wording.outcomes or [one for module in programme.modules for one in module.outcomes]
    there = {
        Element.TITLE: _everywhere(wording.title, programme.languages),
        Element.COUNTRY: bool(spec.country),
        Element.OUTCOMES: bool(outcomes),
        Element.WORKLOAD: bool(spec.ects and spec.ects.strip("0.")),
        Element.LEVEL: spec.eqf_level is not None,
        Element.ASSESSMENT: _everywhere(spec.assessment, programme.languages),
        Element.PARTICIPATION: _everywhere(spec.participation, programme.languages),
        Element.QUALITY_ASSURANCE: _everywhere(spec.quality_assurance, programme.languages),
    }
    return tuple(element for element in Element if not there.get(element, True))


def _everywhere(words: dict[str, str], languages: Sequence[str]) -> bool:
    return all(words.get(code, "").strip() for code in languages)
