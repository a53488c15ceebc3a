"""Venues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, select

from trainer.core import clock
from trainer.core.database import session
from trainer.scheduling.models import Session, Venue


@dataclass(frozen=True)
class VenueRow:
    """A venue to show; `ahead` counts the sessions still planned there."""

    id: int
    name: str
    address: str
    region: str
    timezone: str
    capacity: int | None
    ahead: int = 0


def venues() -> list[VenueRow]:
    """Every venue by name, with the number of planned sessions from today on. One statement."""
    # Wall times of several zones are compared here: a day's slack keeps today's sessions in everywhere.
    since = clock.now().replace(tzinfo=None) - timedelta(days=1)
    ahead = and_(Session.venue_id == Venue.id, Session.status == "planned", Session.starts_local >= since)
    rows = session.execute(
        select(
            Venue.id,
            Venue.name,
            Venue.address,
            Venue.region,
            Venue.timezone,
            Venue.capacity,
            func.count(Session.id),
        )
        .join(Session, ahead, isouter=True)
        .group_by(Venue.id, Venue.name, Venue.address, Venue.region, Venue.timezone, Venue.capacity)
        .order_by(Venue.name)
    )
    return [VenueRow(*row) for row in rows]


def venue_by_id(venue_id: int) -> Venue | None:
    """The venue, or None."""
    return session.get(Venue, venue_id)


def venue_by_name(name: str) -> Venue | None:
    """The venue of just that name, or None."""
    return session.execute(select(Venue).where(Venue.name == name)).scalar_one_or_none()
