"""The errors that services raise. Commands print them and exit with 2; pages show them with 422, 403 or 404."""

from __future__ import annotations

from collections.abc import Sequence

from trainer.core.text import Text


class TrainerError(Exception):
    """Something the user can read and mend: `text` says what and how."""

    status = 400

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class Invalid(TrainerError):
    """Bad input; `problems` lists every single one (a row of a file, a field of a form)."""

    status = 422

    def __init__(self, text: Text, problems: Sequence[Text] = ()) -> None:
        super().__init__(text)
        self.problems = list(problems)


class Refused(TrainerError):
    """The rule, or the actor's rights, say no."""

    status = 403


class Missing(TrainerError):
    """There is no such thing, or not for this actor."""

    status = 404
