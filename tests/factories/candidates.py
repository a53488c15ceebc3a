"""Candidates of a course, made through the services that people use."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from trainer.core import clock
from trainer.core.database import session
from trainer.joining import services
from trainer.joining.models import Candidate, InfoSession, Opening
from trainer.joining.services import Application, InfoInput, OpeningInput, ReferenceInput
from trainer.joining.services.common import link_of
from trainer.messages.models import Outbox


def open_course(world: Any, places: int = 10, **values: Any) -> Opening:
    """Opens the world's course from yesterday for a month; everybody on it holds a place already."""
    today = clock.today()
    new: dict[str, Any] = {
        "opens_on": today - timedelta(days=1),
        "closes_on": today + timedelta(days=30),
        "keep_until": today + timedelta(days=90),
        "places": places,
        "answers": {"pay": {"ca": "Sense cost.", "en": "It costs nothing."}},
        "welcome": {"ca": "Benvinguda."},
        **values,
    }
    return services.save_opening(world.actor("organiser"), world.course, OpeningInput(**new))


def info_session(world: Any, capacity: int | None = None, days: int = 7, url: str = "") -> InfoSession:
    """An information session some days from now, at five in the afternoon."""
    starts = datetime.combine(clock.today() + timedelta(days=days), time(17))
    new = InfoInput(starts, 60, "Casal", url, capacity)
    return services.save_info_session(world.actor("organiser"), world.course, new)


def candidate(world: Any, name: str = "Iolanda", entity_id: int | None = None) -> Candidate:
    """Somebody who left their interest."""
    email = f"{name.lower()}@example.net"
    services.leave_interest(world.course, given_name=name, family_name="Roca", email=email, language="ca")
    one = session.scalars(select(Candidate).where(Candidate.email == email)).one()
    if entity_id is not None:
        services.set_entity(world.actor("organiser"), one, entity_id)
    return one


def application(**values: Any) -> Application:
    """A whole application with one reference."""
    new: dict[str, Any] = {
        "motivation": "Vull acompanyar.",
        "adjustments": "Pauses llargues",
        "language": "ca",
        "references": [ReferenceInput("Berta Pons", "berta@example.net", "Companya")],
        "consent": True,
        **values,
    }
    return Application(**new)


def apply(one: Candidate, **values: Any) -> Candidate:
    """The candidate applies."""
    return services.apply(one, application(**values))


def applicant(world: Any, name: str, entity_id: int | None = None) -> Candidate:
    """Somebody who applied, without references."""
    return apply(candidate(world, name, entity_id), references=[])


def page_of(world: Any, one: Candidate) -> str:
    """The path of the candidate's own page."""
    return link_of(world.course, one)


def mails(to: str | None = None) -> list[tuple[str, str, str]]:
    """(subject, body, language) of the mails that wait, the newest last."""
    statement = select(Outbox.subject, Outbox.body, Outbox.language).order_by(Outbox.id)
    if to is not None:
        statement = statement.where(Outbox.email == to)
    return [(subject, body, language) for subject, body, language in session.execute(statement)]
