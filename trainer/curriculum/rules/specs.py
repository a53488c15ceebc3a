"""What people hand in, sit and are asked, as a programme says it: documents, portfolio, tests, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.curriculum.rules.modules import Localised


@dataclass(frozen=True)
class DocumentSpec:
    """A document that is asked for. `valid_for`: {"months": N} or {"years": N} from the day it is accepted; None: for ever."""

    code: str
    title: Localised
    what: Localised | None = None
    valid_for: Mapping[str, int] | None = None


@dataclass(frozen=True)
class PortfolioPart:
    """One part of a person's portfolio; `what` says what belongs in it."""

    code: str
    title: Localised
    what: Localised | None = None


@dataclass(frozen=True)
class TestSpec:
    """A test of `out_of` points; `attempts`: how often it can be taken, None for as often as needed."""

    __test__ = False  # not a class of tests, whatever pytest thinks of its name

    code: str
    title: Localised
    out_of: int
    attempts: int | None = None


@dataclass(frozen=True)
class DecisionSpec:
    """A question that a role answers with yes or not yet. `by`: organiser, trainer, assessor or registrar."""

    code: str
    title: Localised
    question: Localised
    by: str
