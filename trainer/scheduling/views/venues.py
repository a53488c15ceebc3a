"""Venues, shared by all courses of the instance."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.web import file_form, of_file, table_file
from trainer.scheduling import queries, services
from trainer.scheduling.forms import VenueForm
from trainer.scheduling.models import Venue
from trainer.scheduling.policy import can_change_venues, can_see_venues
from trainer.scheduling.views.base import bp, everything, explain

Page = str | Response | tuple[str, int]


def one_venue(venue_id: int) -> Venue | None:
    """The loader of a venue's page."""
    return queries.venue_by_id(venue_id) if venue_id < 2**31 else None


@bp.get("/venues")
@access(load=everything, read=can_see_venues)
def venues(_thing: bool) -> str:
    """All venues, and how many sessions are planned at each."""
    return render_template(
        "scheduling/venues.html", venues=queries.venues(), may_change=can_change_venues(current_actor())
    )


@bp.get("/venues.<any(csv, xlsx):form>")
@access(load=of_file(everything), read=can_see_venues)
def venues_file(_thing: bool) -> Response:
    """All venues, as the page lists them."""
    header = [_("Name"), _("Address"), _("Region"), _("Room for"), _("Sessions to come")]
    rows = [[one.name, one.address, one.region, one.capacity, one.ahead] for one in queries.venues()]
    return table_file("venues", file_form(), header, rows)


@bp.route("/venues/new", methods=["GET", "POST"])
@access(load=everything, read=can_see_venues, write=can_change_venues, write_on_get=True)
def new_venue(_thing: bool) -> Page:
    """A new venue."""
    form = VenueForm(region="ES-CT", timezone="Europe/Madrid")
    if form.validate_on_submit():
        try:
            services.add_venue(current_actor(), form.name.data or "", **_values(form))
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("%(name)s was added.", name=form.name.data), "success")
            return redirect(url_for("scheduling.venues"), 303)
    page = render_template("scheduling/venue.html", venue=None, form=form)
    return (page, 422) if form.errors else page


@bp.route("/venues/<int:venue_id>", methods=["GET", "POST"])
@access(load=one_venue, read=can_see_venues, write=can_change_venues, write_on_get=True)
def venue(thing: Venue) -> Page:
    """One venue, to be changed; a new name or address reaches every calendar."""
    form = VenueForm(obj=thing)
    if form.validate_on_submit():
        try:
            services.change_venue(current_actor(), thing, name=form.name.data or "", **_values(form))
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("scheduling.venues"), 303)
    page = render_template("scheduling/venue.html", venue=thing, form=form)
    return (page, 422) if form.errors else page


def _values(form: VenueForm) -> services.VenueValues:
    return {
        "address": form.address.data or "",
        "region": (form.region.data or "").strip().upper(),
        "timezone": (form.timezone.data or "").strip(),
        "capacity": form.capacity.data,
    }
