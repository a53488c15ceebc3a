"""What the university signs its documents with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from trainer.accreditation import queries
from trainer.accreditation.forms import KeyForm, StampForm
from trainer.accreditation.policy import can_keep_keys
from trainer.accreditation.queries import University
from trainer.accreditation.queries.keys import SIGNATURE, keys_of, stamp_settings
from trainer.accreditation.services import keys as service
from trainer.accreditation.services.credentials import rotate_key
from trainer.accreditation.views.base import Page, bp
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say


@bp.route("/registry/universities/<university>/keys", methods=["GET", "POST"])
@access(load=queries.university_by_code, read=can_keep_keys)
def keys(thing: University) -> Page:
    """The keys in use and the retired ones; POST takes the key of a file in, in the place of the one there."""
    form = _key_form(thing)
    if request.method == "GET":
        return _page(thing, form)
    file = request.files.get("file")
    if not form.validate():
        return _page(thing, form, wrong=True)
    data = file.read() if file is not None and file.filename else b""
    place = int(form.place.data)
    return _try(
        thing,
        lambda: service.import_key(
            current_actor(), thing, place, data, form.passphrase.data or None, replace=True
        ),
        _("The key was taken in. What is issued from now on is signed with it."),
        form,
    )


@bp.post("/registry/universities/<university>/keys/test")
@access(load=queries.university_by_code, read=can_keep_keys)
def test_keys(thing: University) -> Page:
    """Makes a test authority of the university's own and keys for its signatories."""
    return _try(
        thing,
        lambda: service.create_test_authority(current_actor(), thing),
        _("Test keys were made. They prove nothing to anybody outside."),
    )


@bp.post("/registry/universities/<university>/keys/<int:place>/rotate")
@access(load=lambda university, place: queries.university_by_code(university), read=can_keep_keys)
def rotate_key_of(thing: University) -> Page:
    """A new test key in the place of one in use; place 0 is the key of the credentials."""
    place = _place()
    if place == 0:
        return _try(
            thing,
            lambda: rotate_key(current_actor(), thing.id),
            _("There is a new key for credentials. Those that were issued stay valid."),
        )
    return _try(
        thing,
        lambda: service.rotate(current_actor(), thing, place),
        _("There is a new key. What the old one signed stays valid."),
    )


@bp.post("/registry/universities/<university>/keys/<int:place>/retire")
@access(load=lambda university, place: queries.university_by_code(university), read=can_keep_keys)
def retire_key(thing: University) -> Page:
    """Takes the key of a place out of use."""
    place = _place()
    return _try(
        thing,
        lambda: service.retire(current_actor(), thing, place),
        _("The key signs no more. What it signed stays valid."),
    )


@bp.post("/registry/universities/<university>/keys/stamps")
@access(load=queries.university_by_code, read=can_keep_keys)
def stamps(thing: University) -> Page:
    """The time stamp service, and signatures for the long term."""
    form = StampForm()
    if not form.validate():
        return _page(thing, _key_form(thing), stamp_form=form, wrong=True)
    return _try(
        thing,
        lambda: service.set_stamping(
            current_actor(), thing, form.timestamp_url.data or "", bool(form.long_term.data)
        ),
        _("The time stamps were saved. They hold for what is issued from now on."),
        stamp_form=form,
    )


def _place() -> int:
    return int((request.view_args or {})["place"])


def _try(
    university: University,
    change: Callable[[], Any],
    done: str,
    form: KeyForm | None = None,
    stamp_form: StampForm | None = None,
) -> Page:
    """Makes the change and goes back to the page, or shows the page with what stands against it."""
    try:
        change()
    except TrainerError as error:
        problems = [say(error.text), *(say(one) for one in getattr(error, "problems", []))]
        return _page(university, form or _key_form(university), problems, stamp_form, wrong=True)
    flash(done, "success")
    return redirect(url_for("accreditation.keys", university=university.code), 303)


def _key_form(university: University) -> KeyForm:
    """The upload, with its places named after who signs there."""
    profile = queries.profile_of(university.id)
    names = [str(one.get("name", "")) for one in profile.signatories] if profile else []
    form = KeyForm()
    form.place.choices = [
        (str(place), f"{place} · {names[place - 1]}" if place <= len(names) else str(place))
        for place in range(1, service.MOST_PLACES + 1)
    ]
    return form


def _page(
    university: University,
    form: KeyForm,
    problems: list[str] | None = None,
    stamp_form: StampForm | None = None,
    *,
    wrong: bool = False,
) -> Page:
    now = clock.now()
    kept = keys_of(university.id)
    in_use = [row for row in kept if row.retired_at is None]
    if stamp_form is None:
        settings = stamp_settings(university.id)
        stamp_form = StampForm(formdata=None, data=settings.__dict__)
    signing = [row for row in in_use if row.purpose == SIGNATURE]
    page = render_template(
        "accreditation/keys.html",
        university=university,
        signing=signing,
        credential=[row for row in in_use if row.purpose != SIGNATURE],
        retired=[row for row in kept if row.retired_at is not None],
        left={row.id: row.days_left(now) for row in in_use},
        warn=service.WARN_DAYS,
        form=form,
        stamp_form=stamp_form,
        problems=problems,
    )
    return (page, 422) if wrong else page
