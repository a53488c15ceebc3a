"""Parts that come one after another: each begins only once the one before is done. Pure.

Source: docs/domain.md, "Programmes are data": modules in a fixed order, one placement after the other, a test after each part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from trainer.core.text import Text, msg, nmsg
from trainer.gates.rules import Status


@dataclass(frozen=True, slots=True)
class Run:
    """One time that somebody did a part. `done`: None while it is under way.

    `unclear`: done, but for what the team has still to record (a mark, a signature). `tentative`: not even that it was begun
    is certain.
    """

    begun: date
    done: date | None = None
    unclear: bool = False
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One part, and every time it was done: a part that came too early can be done again."""

    kind: str
    code: str
    title: Any
    runs: tuple[Run, ...] = ()


class StepState(StrEnum):
    DONE = "done"
    WAITING = "waiting"  # to be recorded
    UNDER_WAY = "under_way"
    TO_COME = "to_come"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class StepDays:
    """One part as it stands: the days of the time that counts."""

    step: Step
    state: StepState
    begun: date | None = None
    done: date | None = None


@dataclass(frozen=True, slots=True)
class InOrder:
    """All parts. `early` came before `open` was done, where the order was not kept."""

    status: Status
    steps: tuple[StepDays, ...]
    early: StepDays | None = None
    open: StepDays | None = None

    @property
    def done(self) -> int:
        """How many parts are done, from the first on, each after the one before."""
        number = 0
        for one in self.steps:
            if one.state is not StepState.DONE:
                break
            number += 1
        return number

    @property
    def current(self) -> StepDays | None:
        """The first part that is not done."""
        return next((one for one in self.steps if one.state is not StepState.DONE), None)


def in_order(steps: Sequence[Step], today: date) -> InOrder:
    """Whether the parts were done one after the other, as recorded up to `today`.

    A part may begin on the day on which the one before is done. Of several times the one counts that ends first and was not
    begun too early. What only waits to be recorded puts nothing out of reach.
    """
    found: list[StepDays] = []
    reached = date.min
    for place, step in enumerate(steps):
        fits = [
            run for run in step.runs if run.done is not None and run.begun >= reached and not run.tentative
        ]
        sure = [run for run in fits if not run.unclear]
        # What is certain comes first, so long as it does not end later than what is not.
        best = min(sure or fits, key=_end, default=None)
        first = min(fits, key=_end, default=None)
        if best is not None and first is not None:
            rest = in_order_from(steps, place + 1, _end(best)) if best is not first else True
            best = best if rest else first
            state = StepState.WAITING if best.unclear else StepState.DONE
            found.append(StepDays(step, state, best.begun, None if best.unclear else best.done))
            reached = _end(best)
            continue
        return _stopped(steps, place, found, reached, today)
    waiting = any(one.state is StepState.WAITING for one in found)
    return InOrder(Status.NOT_YET if waiting else Status.MET, tuple(found))


def in_order_from(steps: Sequence[Step], place: int, reached: date) -> bool:
    """True when every part from that place on was done in order after that day, or what is not was never begun."""
    for step in steps[place:]:
        if not step.runs:
            return True
        fits = [_end(run) for run in step.runs if run.done is not None and run.begun >= reached]
        if not fits:
            return False
        reached = min(fits)
    return True


def _end(run: Run) -> date:
    return run.done or date.max


def _stopped(
    steps: Sequence[Step], place: int, found: Sequence[StepDays], reached: date, today: date
) -> InOrder:
    """The way stops at a part that is not done in its turn: it is to come, under way, or came too early."""
    step = steps[place]
    here: StepDays
    tentative = any(run.tentative for run in step.runs)
    under_way = min(
        (run.begun for run in step.runs if run.done is None and run.begun >= reached), default=None
    )
    too_soon = min(
        (run.begun for run in step.runs if run.begun < reached and not run.tentative), default=None
    )
    if tentative:
        here = StepDays(step, StepState.WAITING)
    elif under_way is not None:
        here = StepDays(step, StepState.UNDER_WAY, under_way)
    elif too_soon is not None:
        here = StepDays(step, StepState.TOO_EARLY, too_soon)
    else:
        here = StepDays(step, StepState.TO_COME)
    after = [_later(one, today, blind=tentative) for one in steps[place + 1 :]]
    whole = (*found, here, *after)
    if here.state is StepState.TOO_EARLY:
        return InOrder(Status.UNREACHABLE, whole, here, found[-1])
    early = next((one for one in after if one.state is StepState.TOO_EARLY), None)
    if early is not None:
        return InOrder(Status.UNREACHABLE, whole, early, here)
    return InOrder(Status.NOT_YET, whole)


def _later(step: Step, today: date, *, blind: bool) -> StepDays:
    """A part that comes after one that is not done: nothing of it should have been begun before today."""
    begun = min((run.begun for run in step.runs if not run.tentative), default=None)
    if begun is None:
        return StepDays(step, StepState.WAITING if step.runs else StepState.TO_COME)
    if blind:
        return StepDays(step, StepState.WAITING, begun)
    return StepDays(step, StepState.TOO_EARLY if begun < today else StepState.UNDER_WAY, begun)


def explain_order(found: InOrder) -> Text:
    """How far the parts are, or which of them came before its turn, in words."""
    if found.status is Status.MET:
        return msg("Every part was done in its order.")
    if found.early is not None and found.open is not None:
        values = {"early": found.early.step.title, "day": found.early.begun, "before": found.open.step.title}
        if found.open.done is not None:
            return msg(
                "“%(early)s” was begun on %(day)s, before “%(before)s” was done on %(done)s.",
                done=found.open.done,
                **values,
            )
        return msg("“%(early)s” was begun on %(day)s, before “%(before)s” was done.", **values)
    return nmsg(
        "%(done)s of %(num)d part is done, in its order.",
        "%(done)s of %(num)d parts are done, in their order.",
        len(found.steps),
        done=str(found.done),
    )


def step_order(found: InOrder) -> Text | None:
    """What to do next; None once every part was done in its order."""
    if found.status is Status.MET:
        return None
    if found.early is not None and found.open is not None:
        return msg(
            "Talk with the training team: “%(early)s” can be done again after “%(before)s”, or the order can be waived.",
            early=found.early.step.title,
            before=found.open.step.title,
        )
    current = found.current
    if current is None:  # cannot be while it is not met; a next step is never missing
        return msg("Ask the training team what comes next.")
    if current.state is StepState.WAITING:
        return msg("“%(step)s” waits to be recorded by the training team.", step=current.step.title)
    if current.state is StepState.UNDER_WAY:
        return msg("Go on with “%(step)s”.", step=current.step.title)
    return msg("Next comes “%(step)s”.", step=current.step.title)
