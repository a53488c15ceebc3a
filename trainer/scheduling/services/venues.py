"""Adding and changing venues."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.scheduling.models import Session, Venue
from trainer.scheduling.policy import can_change_venues
from trainer.scheduling.queries import venue_by_name
from trainer.scheduling.rules import is_zone, next_stamp
from trainer.scheduling.services.holidays import is_region

LONGEST_NAME = 120


class VenueValues(TypedDict):
    """What a venue has beside its name; `capacity` in people, None for not known."""

    address: str
    region: str
    timezone: str
    capacity: int | None


def ensure_venue(actor: Actor, name: str, *, timezone: str = "Europe/Madrid", region: str = "ES-CT") -> Venue:
    """The venue of that name, made if there is none. Raises Invalid for an empty or overlong name.

    Called inside a transaction, by a service that has asked whether the actor may.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(msg("A venue needs a name of at most %(most)s characters.", most=LONGEST_NAME))
    if (found := venue_by_name(name)) is not None:
        return found
    venue = Venue(name=name, region=region, timezone=timezone)
    try:
        with session.begin_nested():
            session.add(venue)
    except IntegrityError:  # made by someone else in the same moment
        return session.execute(select(Venue).where(Venue.name == name)).scalar_one()
    record(actor, "venue.added", f"venue:{venue.id}", region=region)
    return venue


def add_venue(
    actor: Actor,
    name: str,
    *,
    address: str = "",
    region: str = "ES-CT",
    timezone: str = "Europe/Madrid",
    capacity: int | None = None,
) -> Venue:
    """A new venue. Raises Invalid for a taken name, an unknown region or zone, Refused for who may not."""
    with transaction():
        _allowed(actor)
        if venue_by_name(" ".join(name.split())) is not None:
            raise Invalid(msg("There is a venue called %(name)s already.", name=name))
        _check(region, timezone, capacity)
        venue = ensure_venue(actor, name, timezone=timezone, region=region)
        venue.address, venue.capacity = address.strip(), capacity
        return venue


def change_venue(
    actor: Actor, venue: Venue, *, name: str, address: str, region: str, timezone: str, capacity: int | None
) -> Venue:
    """Changes a venue. A new name or address is a change of every session there that calendars follow."""
    with transaction():
        _allowed(actor)
        venue = lock(Venue, venue.id)
        name, address = " ".join(name.split()), address.strip()
        if not name or len(name) > LONGEST_NAME:
            raise Invalid(msg("A venue needs a name of at most %(most)s characters.", most=LONGEST_NAME))
        other = venue_by_name(name)
        if other is not None and other.id != venue.id:
            raise Invalid(msg("There is a venue called %(name)s already.", name=name))
        _check(region, timezone, capacity)
        moved = (venue.name, venue.address) != (name, address)
        venue.name, venue.address, venue.region = name, address, region
        venue.timezone, venue.capacity = timezone, capacity
        if moved:
            now = clock.now()
            meetings = select(Session).where(Session.venue_id == venue.id).order_by(Session.id)
            for one in session.scalars(meetings.with_for_update(key_share=True)):
                one.sequence += 1
                one.updated_at = next_stamp(one.updated_at, now)
        record(actor, "venue.changed", f"venue:{venue.id}", region=region)
        return venue


def _allowed(actor: Actor) -> None:
    if not can_change_venues(actor):
        raise Refused(msg("Only organisers may change venues."))


def _check(region: str, timezone: str, capacity: int | None) -> None:
    if not is_region(region):
        raise Invalid(
            msg("No public holidays are known for the region %(region)s. Write it like ES-CT.", region=region)
        )
    if not is_zone(timezone):
        raise Invalid(
            msg("There is no time zone called %(zone)s. Write it like Europe/Madrid.", zone=timezone)
        )
    if capacity is not None and capacity < 1:
        raise Invalid(msg("A venue has room for at least one person."))
