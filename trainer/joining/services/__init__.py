"""Commands of joining: openings, interest, applications, references, decisions, erasure. Every one is audited."""

from trainer.joining.services.application import (
    Application,
    ReferenceInput,
    apply,
    choose_session,
    come_back,
    erase_own,
    say_yes,
    withdraw,
)
from trainer.joining.services.decisions import (
    accept,
    accept_for,
    confirm_on_paper,
    decide,
    decide_all,
    decline,
    mark_came,
    mark_told,
    set_entity,
)
from trainer.joining.services.erasure import erase, erase_due
from trainer.joining.services.interest import add_by_hand, leave_interest, propose, send_link
from trainer.joining.services.openings import (
    InfoInput,
    OpeningInput,
    cancel_info_session,
    close_opening,
    save_info_session,
    save_opening,
)
from trainer.joining.services.references import ask_again, give_reference

__all__ = [
    "Application",
    "InfoInput",
    "OpeningInput",
    "ReferenceInput",
    "accept",
    "accept_for",
    "add_by_hand",
    "apply",
    "ask_again",
    "cancel_info_session",
    "choose_session",
    "close_opening",
    "come_back",
    "confirm_on_paper",
    "decide",
    "decide_all",
    "decline",
    "erase",
    "erase_due",
    "erase_own",
    "give_reference",
    "leave_interest",
    "mark_came",
    "mark_told",
    "propose",
    "save_info_session",
    "save_opening",
    "say_yes",
    "send_link",
    "set_entity",
    "withdraw",
]
