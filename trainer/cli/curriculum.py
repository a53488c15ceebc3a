"""curriculum list, check, schema, show: programmes as their files stand. None needs an instance."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import click

from trainer.cli.common import AnswerNo, application, emit, format_option, print_table
from trainer.config import SettingsError, read_settings
from trainer.core import schema as database_schema
from trainer.core.i18n import in_language, say
from trainer.core.text import Text, msg
from trainer.curriculum import queries
from trainer.curriculum.rules import Programme, gate_words, requirement_words, summary
from trainer.curriculum.rules.diff import differences, touches_words
from trainer.progress.queries.versions import Affected, affected

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


@curriculum.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@format_option("table", "json")
@with_words
def diff(old: str, new: str, output_format: str, language: str, speak: Say) -> None:
    """What differs between two versions of a programme, in words, and who would be affected.

    A and B are each the file or folder of a programme, the code of one that is here, or CODE@VERSION of one that a course of
    this instance is pinned to. Where courses of this instance run on A, it is counted whom the move would take where. Exit
    code 1 when something differs.
    """
    before, after = _version(old), _version(new)
    changes = differences(before, after)
    running = _running(before, after)
    if output_format == "json":
        emit(
            {
                "from": {"code": before.code, "version": before.version, "hash": before.hash},
                "to": {"code": after.code, "version": after.version, "hash": after.hash},
                "changes": [
                    {
                        "path": one.path,
                        "words": words(speak, one.said, language),
                        "touches": one.touches.value,
                        "affects": words(speak, touches_words(one), language),
                    }
                    for one in changes
                ],
                "courses": [one.document() for one in running],
            }
        )
    else:
        for one in changes:
            click.echo(f"{words(speak, one.said, language)} ({words(speak, touches_words(one), language)})")
        if not changes:
            click.echo(speak(msg("Nothing differs.")))
        for course in running:
            for line in course.words():
                click.echo(words(speak, line, language))
    if changes:
        raise AnswerNo


def _version(name: str) -> Programme:
    """The programme that an argument names. Raises click.UsageError when there is none, or it has errors."""
    path = Path(name)
    if path.exists():
        report, _ = target(path)
        if report.programme is None:
            raise click.UsageError(f"{name} has errors: trainer curriculum check {name}")
        return report.programme
    code, _, version = name.partition("@")
    if version:
        with application().app_context():
            found = queries.pinned(code, version)
        if found is None:
            raise click.UsageError(f"no course of this instance is pinned to {name}")
        return found
    here = queries.programme_by_code(code)
    if here is None:
        known = ", ".join(one.code for one in queries.catalogue()) or "none"
        raise click.UsageError(f"there is no programme {name} (known: {known})")
    return here


def _running(before: Programme, after: Programme) -> list[Affected]:
    """The courses of this instance that run on the older of the two, and whom the move would take where."""
    try:
        read_settings()
    except SettingsError:
        return []  # two files can be compared without any instance
    with application().app_context():
        if database_schema.pending():
            return []
        return affected(before, after)


def words(speak: Say, text: Text, language: str) -> str:
    """A text whose values may hold the programme's own words, said in `language`."""

    def value_in(value: Any) -> Any:
        if isinstance(value, dict):
            return value.get(language) or value.get("en") or next(iter(value.values()))
        return (
            Text(value.message, inner(value), value.plural, value.count) if isinstance(value, Text) else value
        )

    def inner(one: Text) -> dict[str, Any]:
        return {name: value_in(value) for name, value in one.values.items()}

    return speak(Text(text.message, inner(text), text.plural, text.count))


COMMANDS = [curriculum]
