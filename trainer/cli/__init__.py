"""The command `trainer`: thin, over the services that the pages use."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from trainer.cli import (
    audit,
    backup,
    calendar,
    certificates,
    courses,
    curriculum,
    demo,
    imports,
    instance,
    joining,
    keys,
    make_ups,
    people,
    placements,
    progress,
    sessions,
)
from trainer.cli.common import LANGUAGES, AnswerNo
from trainer.config import SettingsError
from trainer.core.errors import TrainerError
from trainer.core.i18n import in_language, say
from trainer.core.text import Text


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="en", help="Language of what is printed.")
@click.version_option(package_name="trainer")
def root(lang: str) -> None:
    """Runs the training of peer support workers."""


for _module in (
    instance,
    demo,
    curriculum,
    people,
    courses,
    sessions,
    calendar,
    placements,
    joining,
    make_ups,
    imports,
    progress,
    certificates,
    keys,
    audit,
    backup,
):
    for _command in _module.COMMANDS:
        root.add_command(_command)


def main() -> None:
    """Entry point: every error that a user can mend is one message on standard error, and the exit code says which."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command; gives its exit code."""
    try:
        # Without standalone mode click gives back the code of an Exit that was raised.
        code = root.main(args=arguments, prog_name="trainer", standalone_mode=False)
    except AnswerNo as answer:
        if str(answer):
            click.echo(str(answer), err=True)
        return 1
    except click.ClickException as error:
        error.show()
    except click.Abort:
        pass
    except SettingsError as error:
        click.echo(f"trainer: {error}", err=True)
    except TrainerError as error:
        _explain(error, _language(arguments))
    except (OperationalError, ProgrammingError) as error:
        click.echo(f"trainer: the database refused: {error.orig}. Was `trainer init` run?", err=True)
    except DatabaseError as error:
        click.echo(f"trainer: the database refused: {error.orig}", err=True)
    except UnicodeEncodeError:  # a byte that the terminal handed over and that is no UTF-8
        click.echo("trainer: an argument holds characters that are not UTF-8", err=True)
    except OSError as error:
        click.echo(f"trainer: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
    else:
        return code if isinstance(code, int) else 0
    return 2


def _language(arguments: list[str]) -> str:
    """The language asked for before the command, however it was written."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--lang" and following in LANGUAGES:
            return following
        if word.startswith("--lang=") and word.removeprefix("--lang=") in LANGUAGES:
            return word.removeprefix("--lang=")
    return "en"


def _explain(error: TrainerError, language: str) -> None:
    texts: list[Text] = [error.text, *getattr(error, "problems", [])]
    from trainer.cli.common import application

    try:
        with application().app_context(), in_language(language):
            first, *others = [say(text) for text in texts]
    except SettingsError:  # no instance, so no catalogues: a backup that cannot be read, say
        first, *others = [str(text) for text in texts]
    click.echo(f"trainer: {first}", err=True)
    for other in others:
        click.echo(f"  {other}", err=True)
