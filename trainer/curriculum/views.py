"""The programmes as pages: catalogue, programme, a module to walk into the room with, a handout to print.

A curriculum holds nothing about anybody, and trainees, trainers and universities all have a use for it: who
is signed in may read all of it. It is not public: where and what is taught stays the provider's to publish.

`?version=ID` shows a stored version instead of the files as they stand: the pages of a course link to the one
that the course is pinned to.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from trainer.core.access import signed_in
from trainer.core.i18n import language
from trainer.curriculum import queries
from trainer.curriculum.rules import (
    KINDS,
    Module,
    Programme,
    assessor_words,
    attendance_words,
    blocks,
    certificate_words,
    gate_words,
    placement_words,
    requirement_words,
    rule_words,
    things_words,
)

bp = Blueprint("curriculum", __name__, template_folder="templates")
bp.add_app_template_filter(blocks, "blocks")


@bp.get("/programmes")
@signed_in
def programmes() -> str:
    """The catalogue."""
    return render_template("curriculum/programmes.html", programmes=queries.catalogue())


@bp.get("/programmes/<code>")
@signed_in
def programme(code: str) -> str:
    """One programme: modules, gates in words, scale, rules."""
    shown, version = find(code)
    gates = [
        (gate, gate_words(shown, gate), [requirement_words(shown, one) for one in gate.requirements])
        for gate in shown.gates.values()
    ]
    return render_template(
        "curriculum/programme.html",
        gates=gates,
        assessors=assessor_words(shown),
        rules=rule_words(shown),
        things=things_words(shown),
        attendance=attendance_words(shown),
        certificates=certificate_words(shown),
        placement=placement_words(shown),
        kinds=KINDS,
        **shared(shown, version),
    )


@bp.get("/programmes/<code>/modules/<int:number>")
@signed_in
def module(code: str, number: int) -> str:
    """One module, with its plan on a running clock: from 0:00, or from ?start=HH:MM."""
    shown, version = find(code)
    one: Module = shown.module_number(number) or abort(404)
    start = start_time(request.args.get("start", ""))
    plan = [
        (clock(begins, start), clock(begins + item.minutes, start), item) for begins, item in one.timed_plan()
    ]
    return render_template(
        "curriculum/module.html",
        module=one,
        start=start,
        plan=plan,
        before=shown.module_number(number - 1),
        after=shown.module_number(number + 1),
        **shared(shown, version),
    )


@bp.get("/programmes/<code>/modules/<int:number>/handouts/<handout>")
@signed_in
def handout(code: str, number: int, handout: str) -> str:
    """One handout, ready to print."""
    shown, version = find(code)
    one: Module = shown.module_number(number) or abort(404)
    sheet = one.handout(handout) or abort(404)
    return render_template("curriculum/handout.html", module=one, handout=sheet, **shared(shown, version))


def find(code: str) -> tuple[Programme, int | None]:
    """The programme as its files stand, or the stored version that ?version= names; else 404."""
    wanted = request.args.get("version", "")
    if wanted:
        version = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
        found = queries.stored_programme(version)
        if found is None or found.code != code:
            abort(404)
        return found, version
    return queries.programme_by_code(code) or abort(404), None


def shared(shown: Programme, version: int | None) -> dict[str, Any]:
    """What every page of a programme needs: the language of its texts, and links that keep the version."""
    spoken = shown.language_for(language())

    def link(endpoint: str, **values: Any) -> str:
        return url_for(f"curriculum.{endpoint}", code=shown.code, version=version, **values)

    return {
        "programme": shown,
        "version": version,
        "link": link,
        "texts_in": None if spoken == language() else spoken,
    }


def start_time(text: str) -> time | None:
    """The time of day that a visitor gave as HH:MM, else None."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def clock(minutes: int, start: time | None) -> str:
    """Minutes into the session as "1:05", or the time of day they fall on."""
    if start is None:
        return f"{minutes // 60}:{minutes % 60:02d}"
    at = start.hour * 60 + start.minute + minutes
    return f"{at // 60 % 24:02d}:{at % 60:02d}"
