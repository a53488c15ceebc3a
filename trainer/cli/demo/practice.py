"""The placements of the demo: agreements, weeks of log, follow-ups."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from trainer.cli.demo import data
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.placement import services as placement

if TYPE_CHECKING:
    from trainer.cli.demo.seed import Cast

WEEKS = 26
# A week of ten hours, in minutes: what, when after Monday, how long.
WEEK = (
    ("direct", 1, 240, "Acompanyament i grup de suport"),
    ("team", 2, 60, "Reunió d’equip"),
    ("direct", 3, 240, "Acompanyament al territori"),
    ("supervision", 4, 60, "Supervisió amb la persona referent"),
)


def play_placements(
    cast: Cast, course: Course, people: tuple[data.Trainee, ...], enrolments: list[Enrolment], start: date
) -> None:
    """Opens a placement for everybody whose story has one, and fills it until today."""
    start -= timedelta(days=start.weekday())
    for number, (one, enrolment) in enumerate(zip(people, enrolments, strict=True)):
        if one.story not in ("completed", "in_placement", "one_competency", "waiver"):
            continue
        begins = start if one.story != "in_placement" else start + timedelta(weeks=14)
        _placement(cast, enrolment, data.HOSTS[number % 2][0], begins, one.story)


def _placement(cast: Cast, enrolment: Enrolment, host: str, start: date, story: str) -> None:
    from trainer.cli.demo.seed import at

    def moment(day: date) -> datetime:
        return datetime.combine(day, time(17), UTC)

    with at(moment(start - timedelta(days=3))):
        agreement = placement.open_placement(
            cast.actor("organiser"),
            enrolment,
            host=cast.organisations[host],
            reference=cast.people["supervisor"] if host == data.HOSTS[0][0] else None,
            service="Servei de rehabilitació comunitària",
            starts_on=start,
            ends_on=start + timedelta(weeks=WEEKS + 2, days=4),
            weekly_minutes=600,
        )
    today = clock.today()
    for week in range(WEEKS):
        monday = start + timedelta(weeks=week)
        if monday + timedelta(days=6) > today:
            break
        if story == "one_competency" and week >= 8:
            break
        with at(moment(monday + timedelta(days=5))):
            ids = [
                placement.add_log(
                    cast.actor("organiser"), agreement, monday + timedelta(days=offset), minutes, kind, tasks
                ).id
                for kind, offset, minutes, tasks in WEEK
            ]
            recent = monday + timedelta(weeks=2) > today
            if agreement.reference_id and not recent:
                placement.sign_off(cast.actor("supervisor"), agreement, ids)
            elif not agreement.reference_id:
                placement.sign_off(cast.actor("admin"), agreement, ids)
            if agreement.reference_id and not recent:
                placement.record_follow_up(
                    cast.actor("supervisor"),
                    agreement,
                    monday,
                    held=week % 9 != 8,
                    minutes=60 if week % 9 != 8 else 0,
                )
