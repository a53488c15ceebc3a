"""What every command shares: the application, the actor, JSON, and exit codes.

0 done; 1 the answer is no; 2 bad call, bad input, or an actor who may not. Never a traceback for bad input.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask import Flask

from trainer.core.access import Actor
from trainer.core.errors import Missing
from trainer.core.i18n import LANGUAGES, in_language
from trainer.core.text import msg

F = TypeVar("F", bound=Callable[..., Any])


class AnswerNo(Exception):
    """The command worked and the answer is no: exit 1. A message, if any, goes to standard error."""


@functools.cache
def application() -> Flask:
    """The application of this process, on the instance that the environment names."""
    from trainer import create_app

    return create_app()


def with_app(command: F) -> F:
    """Runs the command inside the application, in English unless --lang."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        code = context.find_root().params.get("lang") or "en"
        with application().app_context(), in_language(code):
            return command(*args, **kwargs)

    return run  # type: ignore[return-value]


def actor_option(command: F) -> F:
    """Adds --as EMAIL and passes `actor`: that person's rights, or the command line's own. Put it below with_app."""

    @click.option("--as", "as_email", metavar="EMAIL", help="The person whose rights apply.")
    @functools.wraps(command)
    def run(*args: Any, as_email: str | None, **kwargs: Any) -> Any:
        return command(*args, actor=find_actor(as_email), **kwargs)

    return run  # type: ignore[return-value]


def find_actor(email: str | None) -> Actor:
    """The actor behind --as. Raises Missing when nobody has that address."""
    from dataclasses import replace

    from trainer.people.queries import actor_for_email
    from trainer.people.signin import command_actor, os_user

    if email is None:
        return command_actor()
    actor = actor_for_email(email)
    if actor is None:
        raise Missing(msg("Nobody here has the address %(email)s.", email=email))
    return replace(actor, os_user=os_user())


def format_option(*formats: str) -> Callable[[F], F]:
    """Adds --format; the first is the default. Passes `output_format`."""

    def decorate(command: F) -> F:
        return click.option(
            "--format", "output_format", type=click.Choice(formats), default=formats[0], show_default=True
        )(command)

    return decorate


def emit(document: Any) -> None:
    """Prints one JSON document and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(header: list[str], rows: list[list[Any]]) -> None:
    """Prints aligned columns for a reader at a terminal."""
    texts = [header, *[[("" if cell is None else str(cell)) for cell in row] for row in rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(header))]
    for row in texts:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


__all__ = [
    "LANGUAGES",
    "AnswerNo",
    "actor_option",
    "application",
    "emit",
    "find_actor",
    "format_option",
    "print_table",
    "with_app",
]
