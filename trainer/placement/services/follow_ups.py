"""The weekly follow-up."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.placement import policy, rules
from trainer.placement.models import FollowUp, Placement
from trainer.placement.rules import monday


def record_follow_up(
    actor: Actor,
    placement: Placement,
    week: date,
    held: bool,
    minutes: int | None = None,
    note: str | None = None,
) -> FollowUp:
    """Records whether the follow-up of the week of `week` was held; recording a week again corrects it.

    `minutes` defaults to what the programme asks for, and is 0 for one that was missed. `note` is for the two alone: None
    leaves what is there. Raises Refused for who may not, and when somebody else writes a note; Invalid for a week
    outside the placement or to come.
    """
    words = None if note is None else note.strip()
    if words is not None and len(words) > rules.LONGEST_TEXT:
        raise Invalid(msg("A text is longer than %(most)d characters.", most=rules.LONGEST_TEXT))
    with transaction() as current:
        row = lock(Placement, placement.id)
        if not policy.can_follow_up(actor, row):
            raise Refused(
                msg("Only the person, the reference professional and the organisers record a follow-up.")
            )
        if words is not None and not policy.can_read_notes(actor, row):
            raise Refused(msg("The note is for the person and the reference professional alone."))
        begins = monday(week)
        course = row.enrolment.course
        if begins > clock.today(course.timezone):
            raise Invalid(msg("That week is still to come."))
        if not monday(row.starts_on) <= begins <= row.ends_on:
            raise Invalid(
                msg("The placement is from %(first)s to %(last)s.", first=row.starts_on, last=row.ends_on)
            )
        rule = programme_of(course.programme_version_id).placement or {}
        length = (
            minutes if minutes is not None else int(rule.get("follow_up_minutes", rules.FOLLOW_UP_MINUTES))
        )
        if held and (what := rules.minutes_problem(length)):
            raise Invalid(what)
        one = session.scalar(
            select(FollowUp)
            .where(FollowUp.placement_id == row.id, FollowUp.week_starts_on == begins)
            .execution_options(populate_existing=True)
        )
        if one is None:
            one = FollowUp(placement_id=row.id, week_starts_on=begins)
            current.add(one)
        one.held, one.minutes = held, length if held else 0
        one.by, one.recorded_at = actor.person_id, clock.now()
        if words is not None:
            one.private_note = words or None
        current.flush()
        record(
            actor,
            "placement.follow_up",
            f"placement:{row.id}",
            week=begins,
            held=held,
            minutes=one.minutes,
        )
        return one
