"""import roster | sessions | attendance | assessments | placement-log | results."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import click

from trainer.cli.common import actor_option, emit, format_option, with_app
from trainer.cli.courses import find_course
from trainer.core.access import Actor
from trainer.core.i18n import say
from trainer.core.tables import ImportResult, read_table
from trainer.core.tables.reading import MAX_BYTES

# Which feature reads which file: FEATURE.imports.import_KIND.
KINDS = {
    "roster": "cohorts",
    "sessions": "scheduling",
    "attendance": "attendance",
    "assessments": "competency",
    "placement-log": "placement",
    "results": "dossier",
}


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("course_code", metavar="COURSE")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Checks the file and says what would happen; writes nothing.")
@format_option("text", "json")
@with_app
@actor_option
def import_file(
    kind: str, course_code: str, file: Path, dry_run: bool, output_format: str, actor: Actor
) -> None:
    """Reads a CSV or XLSX file into COURSE: all rows or none. The same file again changes nothing."""
    course = find_course(course_code, actor)
    with file.open("rb") as opened:
        data = opened.read(MAX_BYTES + 1)
    # The name becomes the reason of corrections; a file's name may hold bytes that are no text.
    name = os.fsencode(file.name).decode("utf-8", "replace")
    table = read_table(name, data)
    module = importlib.import_module(f"trainer.{KINDS[kind]}.imports")
    take = getattr(module, f"import_{kind.replace('-', '_')}")
    result: ImportResult = take(actor, course, table, name, dry_run)
    for warning in result.warnings:
        click.echo(f"warning: {say(warning)}", err=True)
    if output_format == "json":
        emit(
            {
                "added": result.added,
                "changed": result.changed,
                "unchanged": result.unchanged,
                "dry_run": dry_run,
                "warnings": [say(warning) for warning in result.warnings],
            }
        )
        return
    told = f"{result.added} added, {result.changed} changed, {result.unchanged} unchanged"
    click.echo(f"{told} (nothing written)" if dry_run else told)


COMMANDS = [import_file]
