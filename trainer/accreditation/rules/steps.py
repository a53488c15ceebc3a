"""A proposal's way through the two institutions: every step, by whom and when. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trainer.accreditation.rules.threads import Message, Side


@dataclass(frozen=True)
class Step:
    """One step: proposed, asked, answered, written, approved, issued, reissued or withdrawn. `by` is None for
    somebody who was erased, or the command line; `serial` what was issued."""

    what: str
    at: datetime
    by: str | None
    serial: str = ""


class Proposed(Protocol):
    """What a timeline needs of a proposal."""

    @property
    def proposed_at(self) -> datetime: ...
    @property
    def proposed_by(self) -> str | None: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def approved_by(self) -> str | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def withdrawn_by(self) -> str | None: ...


@dataclass(frozen=True)
class Issue:
    """A certificate that came of a proposal; `again` when it replaced an earlier one."""

    serial: str
    at: datetime
    by: str | None
    again: bool


def timeline(
    proposal: Proposed, messages: Sequence[Message] = (), issues: Sequence[Issue] = ()
) -> list[Step]:
    """Every step of a proposal, oldest first."""
    steps = [Step("proposed", proposal.proposed_at, proposal.proposed_by)]
    asked = False
    for one in messages:
        asked = asked or one.side == Side.UNIVERSITY
        what = "asked" if one.side == Side.UNIVERSITY else "answered" if asked else "written"
        steps.append(Step(what, one.at, one.by))
    if proposal.approved_at is not None:
        steps.append(Step("approved", proposal.approved_at, proposal.approved_by))
    steps += [Step("reissued" if one.again else "issued", one.at, one.by, one.serial) for one in issues]
    if proposal.withdrawn_at is not None:
        steps.append(Step("withdrawn", proposal.withdrawn_at, proposal.withdrawn_by))
    return sorted(steps, key=lambda step: step.at)
