"""The command `trainer`: thin, over the services that the pages use."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

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
    people,
    placements,
    progress,
    sessions,
)
from trainer.cli.common import LANGUAGES, AnswerNo
from trainer.config import SettingsError
from trainer.core.errors import TrainerError
from trainer.core.i18n import in_language, say


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
    imports,
    progress,
    certificates,
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
        root.main(args=arguments, prog_name="trainer", standalone_mode=False)
    except AnswerNo as answer:
        if str(answer):
            click.echo(str(answer), err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 2
    except SettingsError as error:
        click.echo(f"trainer: {error}", err=True)
        return 2
    except TrainerError as error:
        _explain(error, arguments)
        return 2
    except (OperationalError, ProgrammingError) as error:
        click.echo(f"trainer: the database refused: {error.orig}. Was `trainer init` run?", err=True)
        return 2
    except OSError as error:
        click.echo(f"trainer: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        return 2
    return 0


def _explain(error: TrainerError, arguments: list[str]) -> None:
    from trainer.cli.common import application

    lang = arguments[arguments.index("--lang") + 1] if "--lang" in arguments[:-1] else "en"
    with application().app_context(), in_language(lang):
        click.echo(f"trainer: {say(error.text)}", err=True)
        for problem in getattr(error, "problems", []):
            click.echo(f"  {say(problem)}", err=True)
