"""What pages with a button share: a command is tried, and what came of it is said."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash

from trainer.core.errors import Invalid, Refused, TrainerError
from trainer.core.i18n import say


def messages(error: TrainerError) -> list[str]:
    """What an error says, each problem by itself."""
    return [say(one) for one in getattr(error, "problems", [])] or [say(error.text)]


def attempt(command: Callable[[], object], done: str) -> bool:
    """Runs a command of a page with one button; flashes what came of it. True when it worked."""
    try:
        command()
    except (Invalid, Refused) as error:
        for line in messages(error):
            flash(line, "error")
        return False
    flash(done, "success")
    return True
