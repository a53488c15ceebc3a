"""Issuing for many people: how far a batch is, and going on with it."""

from __future__ import annotations

from flask import Response, flash, jsonify, redirect, render_template, request, url_for

from trainer.accreditation import queries
from trainer.accreditation.policy import can_decide_on
from trainer.accreditation.queries import BatchRow
from trainer.accreditation.rules.two_people import SAME_PERSON
from trainer.accreditation.services import batches
from trainer.accreditation.services.batches import Progress
from trainer.accreditation.views.base import Page, bp, failed, kind_titles
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say

# How long one request issues: short enough to show that it moves, and to stop soon when the page is left.
SECONDS = 2.0


@bp.get("/registry/batches/<int:batch_id>")
@access(load=queries.batch_row, read=can_decide_on)
def registry_batch(thing: BatchRow) -> str:
    """How far a batch is and who stands in its way. Nothing is issued by looking."""
    return render_template(
        "accreditation/batch.html",
        batch=thing,
        title=dict(kind_titles(thing.course)).get(thing.kind, {}),
        progress=batches.progress(thing.id),
        going=request.args.get("go") == "1",
    )


@bp.post("/registry/batches/<int:batch_id>")
@access(load=queries.batch_row, read=can_decide_on)
def go_on(thing: BatchRow) -> Page:
    """Issues for about two seconds; the page's script asks again until the batch is done, and without a script
    the button does."""
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    try:
        progress = batches.go_on(current_actor(), thing.id, SECONDS)
    except TrainerError as error:
        if wants_json:
            response = jsonify(error=say(error.text))
            response.status_code = error.status
            return response
        failed(error)
    else:
        if wants_json:
            return told(progress)
        if progress.for_another:
            flash(say(SAME_PERSON), "info")
            return redirect(url_for("accreditation.registry_batch", batch_id=thing.id), 303)
    return redirect(url_for("accreditation.registry_batch", batch_id=thing.id, go=1), 303)


def told(progress: Progress) -> Response:
    """Progress for the script: numbers, and everything that is said already in the reader's language."""
    return jsonify(
        total=progress.total,
        done=progress.done,
        ended=progress.ended,
        for_another=progress.for_another,
        words=_("%(done)d of %(total)d issued", done=progress.done, total=progress.total),
        problems=[{"name": name, "why": say(why)} for name, why in progress.problems],
    )
