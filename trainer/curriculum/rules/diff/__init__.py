"""What differs between two versions of a programme, in words, and whom it would touch. Pure.

Wording is counted, not listed: a comma is no rule. What changes a decision is said rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from trainer.core.text import Text, msg
from trainer.curriculum.rules.diff.changes import Change, Touches, touches_words
from trainer.curriculum.rules.diff.content import leftover, modules, wording
from trainer.curriculum.rules.diff.rules import certificates, counting, gates, head, scale, things
from trainer.curriculum.rules.programme import Programme

__all__ = ["Change", "Touches", "differences", "missing_for", "touches_words"]


def differences(old: Programme, new: Programme) -> list[Change]:
    """Everything that differs, in the order of the file: rules first said one by one, wording counted at the end."""
    found = [
        *head(old, new),
        *scale(old, new),
        *counting(old, new),
        *gates(old, new),
        *things(old, new),
        *certificates(old, new),
        *modules(old, new),
        *wording(old, new),
    ]
    return [*found, *leftover(old, new, found)]


def missing_for(
    new: Programme,
    modules: Iterable[str],
    competencies: Iterable[str],
    levels: Iterable[str],
    dossier: Iterable[tuple[str, str]] = (),
) -> list[Text]:
    """Why a course that uses these codes cannot move to the new version: what it has on record must still have a name.

    `dossier` is of (kind, code) pairs; the kinds: document, portfolio, test, decision.
    """
    found = [
        msg("A session teaches the module %(code)s, which the new version does not have.", code=code)
        for code in sorted(set(modules) - {module.code for module in new.modules})
    ]
    found += [
        msg("The competency %(code)s was assessed, and the new version does not have it.", code=code)
        for code in sorted(set(competencies) - set(new.competency_codes))
    ]
    found += [
        msg("The level %(code)s was given, and the new scale does not have it.", code=code)
        for code in sorted(set(levels) - set(new.scale.codes))
    ]
    known = {
        (kind, one.code)
        for kind, things in (
            ("document", new.documents),
            ("portfolio", new.portfolio),
            ("test", new.tests),
            ("decision", new.decisions),
        )
        for one in things
    }
    return found + [
        msg("%(code)s is in somebody's dossier, and the new version does not have it.", code=code)
        for _kind, code in sorted(set(dossier) - known)
    ]
