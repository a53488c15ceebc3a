"""curriculum list, check, schema, show: programmes as their files stand. None needs an instance."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import click

from trainer.cli.common import AnswerNo, application, emit, format_option, print_table
from trainer.core.i18n import in_language, say
from trainer.core.text import Text, msg
from trainer.curriculum import queries
from trainer.curriculum.rules import gate_words, requirement_words, summary

F = TypeVar("F", bound=Callable[..., Any])
Say = Callable[[Text], str]


def with_words(command: F) -> F:
    """Passes `language` and `speak`; only a language other than English needs the application."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        language = click.get_current_context().find_root().params.get("lang") or "en"
        with ExitStack() as stack:
            if language != "en":
                stack.enter_context(application().app_context())
                stack.enter_context(in_language(language))
            return command(*args, language=language, speak=str if language == "en" else say, **kwargs)

    return run  # type: ignore[return-value]


@click.group()
def curriculum() -> None:
    """Programmes: what is taught and what it takes to be accredited."""


@curriculum.command("list")
@format_option("table", "json")
@with_words
def list_(output_format: str, language: str, speak: Say) -> None:
    """The programmes that load; those that do not are named on standard error."""
    reports = queries.reports()
    programmes = [report.programme for report in reports if report.programme]
    if output_format == "json":
        emit(
            [
                {
                    "code": one.code,
                    "version": one.version,
                    "hash": one.hash,
                    "title": one.title[one.language_for(language)],
                }
                for one in programmes
            ]
        )
    else:
        print_table(
            ["code", "version", "modules", "hours", "languages", "title"],
            [
                [
                    one.code,
                    one.version,
                    len(one.modules),
                    f"{one.minutes / 60:g}",
                    ",".join(one.languages),
                    one.title[one.language_for(language)],
                ]
                for one in programmes
            ],
        )
    for report in reports:
        if report.problems:
            note = msg("%(file)s does not load; run: trainer curriculum check", file=shown(report.path))
            click.echo(speak(note), err=True)


@curriculum.command()
@click.argument("files", metavar="[FILE]…", nargs=-1, type=click.Path(path_type=Path))
@with_words
def check(files: tuple[Path, ...], language: str, speak: Say) -> None:
    """Checks programmes (by default all): every problem as FILE:LINE: path.to.key: what and how to mend.

    FILE is the main file of a programme, its folder, or the file of one of its modules.
    """
    problems: list[queries.Problem] = []
    good: list[queries.Report] = []
    for report, only in [target(file) for file in files] or [(one, None) for one in queries.reports()]:
        mine = [one for one in report.problems if only is None or one.file.resolve() == only]
        problems += mine
        if not mine:
            good.append(report)
    for problem in problems:
        click.echo(f"{shown(problem.file)}:{problem.line}: {problem.path}: {speak(problem.text)}")
    for report in good:
        programme = report.programme
        name = f"{programme.code} {programme.version}, {programme.hash[:19]}" if programme else ""
        click.echo(f"{shown(report.path)}: {speak(msg('no problems'))}{f' ({name})' if name else ''}")
    if problems:
        raise AnswerNo


def target(file: Path) -> tuple[queries.Report, Path | None]:
    """The report to look at for a named file, and the one file that was asked about when it is a part.

    Raises click.UsageError when there is no such file.
    """
    if file.is_dir() and (file / "programme.yaml").is_file():
        return queries.read_programme(file / "programme.yaml"), None
    if not file.is_file():
        raise click.UsageError(f"there is no programme at {file}")
    wanted = file.resolve()
    for folder in wanted.parents:
        main = folder / "programme.yaml"
        if main != wanted and main.is_file():
            report = queries.read_programme(main)
            if wanted in {part.resolve() for part in report.files[1:]}:
                return report, wanted
    return queries.read_programme(file), None


def shown(file: Path) -> str:
    """The path as a reader at this working directory would write it."""
    try:
        return str(file.relative_to(Path.cwd()))
    except ValueError:
        return str(file)


@curriculum.command()
@click.option("--module", is_flag=True, help="The schema of a module's file.")
def schema(module: bool) -> None:
    """Prints the JSON Schema, for editors."""
    emit(queries.module_schema() if module else queries.schema())


@curriculum.command()
@click.argument("code")
@format_option("table", "json")
@with_words
def show(code: str, output_format: str, language: str, speak: Say) -> None:
    """Shows one programme: modules, scale and gates."""
    programme = queries.programme_by_code(code)
    if programme is None:
        known = ", ".join(one.code for one in queries.catalogue()) or "none"
        raise click.UsageError(f"there is no programme {code} (known: {known})")
    document = summary(programme, language)
    if output_format == "json":
        emit(document)
        return
    click.echo(f"{document['title']}\n{programme.code} {programme.version}  {programme.hash}\n")
    print_table(
        ["", "module", "minutes", "title"],
        [[one["number"], one["code"], one["minutes"], one["title"]] for one in document["modules"]],
    )
    click.echo()
    print_table(
        ["level", "passing", "title"],
        [[one["code"], "yes" if one["passing"] else "", one["title"]] for one in document["scale"]["levels"]],
    )
    for gate in programme.gates.values():
        click.echo(f"\n{gate.name}: {words(speak, gate_words(programme, gate), language)}")
        for requirement in gate.requirements:
            click.echo(f"  - {words(speak, requirement_words(programme, requirement), language)}")


def words(speak: Say, text: Text, language: str) -> str:
    """A text whose values may hold the programme's own words, said in `language`."""
    values = {
        name: value.get(language) or next(iter(value.values())) if isinstance(value, dict) else value
        for name, value in text.values.items()
    }
    return speak(Text(text.message, values, text.plural, text.count))


COMMANDS = [curriculum]
