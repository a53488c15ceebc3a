"""What a programme is, what makes its source right, and how its rules are said in words. Pure."""

from trainer.curriculum.rules.canonical import FORMAT, canonical, canonical_json, content_hash
from trainer.curriculum.rules.certificates import PLACEHOLDERS, fill, placeholders
from trainer.curriculum.rules.checks import Finding, check
from trainer.curriculum.rules.modules import (
    Activity,
    Competency,
    Handout,
    Localised,
    Module,
    Reading,
    Source,
    TaughtBy,
)
from trainer.curriculum.rules.numbers import exact_fraction, percent_text
from trainer.curriculum.rules.programme import (
    AssessorRule,
    CertificateWording,
    CreditSpec,
    GateSpec,
    Level,
    Programme,
    Scale,
    programme_from,
    summary,
)
from trainer.curriculum.rules.prose import Block, Span, blocks
from trainer.curriculum.rules.specs import DecisionSpec, DocumentSpec, PortfolioPart, TestSpec
from trainer.curriculum.rules.words import (
    KINDS,
    assessor_words,
    attendance_words,
    certificate_words,
    gate_words,
    placement_words,
    requirement_words,
    rule_words,
    things_words,
)

__all__ = [
    "FORMAT",
    "KINDS",
    "PLACEHOLDERS",
    "Activity",
    "AssessorRule",
    "Block",
    "CertificateWording",
    "Competency",
    "CreditSpec",
    "DecisionSpec",
    "DocumentSpec",
    "Finding",
    "GateSpec",
    "Handout",
    "Level",
    "Localised",
    "Module",
    "PortfolioPart",
    "Programme",
    "Reading",
    "Scale",
    "Source",
    "Span",
    "TaughtBy",
    "TestSpec",
    "assessor_words",
    "attendance_words",
    "blocks",
    "canonical",
    "canonical_json",
    "certificate_words",
    "check",
    "content_hash",
    "exact_fraction",
    "fill",
    "gate_words",
    "percent_text",
    "placeholders",
    "placement_words",
    "programme_from",
    "requirement_words",
    "rule_words",
    "summary",
    "things_words",
]
