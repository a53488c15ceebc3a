"""The two-person rule of a university that has it: whoever approved does not issue. Pure."""

from __future__ import annotations

from trainer.core.text import Text, msg

SAME_PERSON = msg(
    "Whoever approved a proposal does not issue its certificate at this university: another registrar does."
)
NOBODY = msg(
    "Two people decide at this university, so it has to be known who does: act as a registrar (--as)."
)
NOBODY_APPROVED = msg(
    "It is not known who approved this, and two people decide at this university: close the proposal, and let "
    "it be proposed and approved anew."
)


def against_issuing(actor_id: int | None, approved_by: int | None, two_people: bool) -> Text | None:
    """What stands against this actor issuing, reissuing or renewing what `approved_by` approved; None when
    nothing does.

    With the rule, two different people have to be known: the command line without a person, or an approval
    whose person is gone, counts as nobody and issues nothing.
    """
    if not two_people:
        return None
    if actor_id is None:
        return NOBODY
    if approved_by is None:
        return NOBODY_APPROVED
    return SAME_PERSON if actor_id == approved_by else None


def may_issue(actor_id: int | None, approved_by: int | None, two_people: bool) -> bool:
    """Whether this actor may issue what `approved_by` approved."""
    return against_issuing(actor_id, approved_by, two_people) is None
