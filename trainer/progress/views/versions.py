"""Moving a course to another version of its programme: what differs, whom it moves, proposed by one and decided by another."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_manage, can_review_version
from trainer.cohorts.queries import course_by_code
from trainer.cohorts.services import propose_version, review_version, withdraw_version
from trainer.core.access import Actor, access, current_actor
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import say
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules.diff import differences, touches_words
from trainer.progress.policy import can_read_course
from trainer.progress.queries import versions
from trainer.progress.queries.versions import OneChange
from trainer.progress.views.base import WORDS, bp


@bp.route("/courses/<code>/version", methods=["GET", "POST"])
@access(load=course_by_code, read=can_read_course, write=can_manage)
def version(course: Course) -> str | Response | tuple[str, int]:
    """The course's version, what the files now say instead, and whom a move would take where; POST proposes it."""
    offered = versions.offered(course)
    found = versions.effects(course, offered) if offered else None
    problems: list[str] = []
    if request.method == "POST":
        try:
            if offered is None or found is None:
                raise Invalid(msg("The course is on this version already."))
            if found.problems:
                raise Invalid(found.problems[0])
            change = propose_version(
                current_actor(),
                course,
                request.form.get("reason", ""),
                {"people": found.people, "gates": found.counts()},
            )
        except (Invalid, Refused) as error:
            problems.append(say(error.text))
        else:
            flash(_("Proposed. Another organiser decides."), "success")
            return redirect(url_for("progress.version_change", code=course.code, change_id=change.id))
    own = programme_of(course.programme_version_id)
    changes = versions.changes_of(course.id)
    page = render_template(
        "progress/version.html",
        course=course,
        own=own,
        offered=offered,
        differences=differences(own, offered) if offered else [],
        effects=found,
        changes=changes,
        is_open=any(one.status == "proposed" for one in changes),
        may_propose=can_manage(current_actor(), course),
        problems=problems,
        touches_words=touches_words,
        **WORDS,
    )
    return (page, 422) if problems else page


def may_read(actor: Actor, one: OneChange) -> bool:
    """Staff of the course see how its rules came to change."""
    return can_read_course(actor, one.course)


def may_decide(actor: Actor, one: OneChange) -> bool:
    """Its organisers decide; the service asks that it is not the one who proposed."""
    return can_manage(actor, one.course)


@bp.route("/courses/<code>/version/<int:change_id>", methods=["GET", "POST"])
@access(load=versions.one_change, read=may_read, write=may_decide)
def version_change(one: OneChange) -> str | Response | tuple[str, int]:
    """One proposal: what differs, whom it moves today, and the decision."""
    actor, course, change = current_actor(), one.course, one.change
    problems: list[str] = []
    if request.method == "POST":
        decision = request.form.get("decision", "")
        try:
            if decision == "withdraw":
                withdraw_version(actor, change)
            elif decision in ("accept", "decline"):
                if decision == "accept" and change.status == "proposed":
                    # What was recorded since the proposal counts too: nothing on record may lose its name.
                    found = versions.effects(course, programme_of(change.to_version_id))
                    if found.problems:
                        raise Invalid(found.problems[0])
                review_version(actor, change, accept=decision == "accept", note=request.form.get("note", ""))
            else:
                abort(400)
        except (Invalid, Refused, Missing) as error:
            problems.append(say(error.text))
        else:
            flash(_said(decision), "success")
            return redirect(url_for("progress.version", code=course.code))
    old, new = programme_of(change.from_version_id), programme_of(change.to_version_id)
    is_open = change.status == "proposed"
    values: dict[str, Any] = {
        "course": course,
        "change": change,
        "old": old,
        "new": new,
        "differences": differences(old, new),
        "effects": versions.effects(course, new) if is_open else None,
        "may_decide": is_open and can_review_version(actor, course, change.proposed_by),
        "is_mine": actor.person_id is not None and actor.person_id == change.proposed_by,
        "proposal": next(
            (found for found in versions.changes_of(course.id) if found.id == change.id), change
        ),
        "problems": problems,
        "touches_words": touches_words,
    }
    page = render_template("progress/version_change.html", **values, **WORDS)
    return (page, 422) if problems else page


def _said(decision: str) -> str:
    words: dict[str, str] = {
        "accept": _("Done. The course has moved to the new version."),
        "decline": _("Declined. The course stays as it is."),
        "withdraw": _("Taken back. The course stays as it is."),
    }
    return words[decision]
