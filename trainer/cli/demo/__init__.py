"""The command `demo`: an instance with a course that is over and one that stands at week six of ten."""

from __future__ import annotations

import secrets

import click
from flask_security import hash_password
from sqlalchemy import inspect, select

from trainer.cli.common import application, emit, format_option
from trainer.cli.demo.data import STAFF
from trainer.cli.demo.seed import GRADUATE, TRAINEE, seed
from trainer.cli.instance import prepare
from trainer.config import read_settings
from trainer.core.database import session, transaction
from trainer.core.errors import Refused
from trainer.core.models import Setting
from trainer.core.text import msg
from trainer.extensions import db
from trainer.people.models import Account, Person

MARK = "demo"
SIGN_INS = (
    # One of each kind: the last of the staff is a second reference professional.
    *((role, f"{local}@example.org") for role, _, _, _, local, _, _ in STAFF[:-1]),
    ("trainee", TRAINEE),
    ("graduate", GRADUATE),
)


@click.command()
@format_option("text", "json")
def demo(output_format: str) -> None:
    """Makes (or opens again) the demo instance and prints its sign-ins; data stays, passwords are new."""
    settings = read_settings(create=True)
    with application().app_context():
        if "alembic_version" in inspect(db.engine).get_table_names() and not _made_by_demo():
            raise Refused(
                msg(
                    "%(folder)s holds an instance that the demo did not make: set TRAINER_INSTANCE to an empty folder.",
                    folder=str(settings.instance),
                )
            )
    prepare()
    with application().app_context():
        if not _made_by_demo():
            with transaction() as current:
                current.add(Setting(key=MARK, value="begun"))
        if session.get_one(Setting, MARK).value != "complete":
            # One transaction: a demo that was interrupted leaves nothing, and the next call begins again.
            with transaction():
                seed()
                session.get_one(Setting, MARK).value = "complete"
        sign_ins = _new_passwords()
    if output_format == "json":
        emit({"sign_ins": sign_ins})
        return
    click.echo(f"The demo is in {settings.instance}. Everything and everybody in it is fictional.\n")
    for sign_in in sign_ins:
        click.echo(f"  {sign_in['role']:<11} {sign_in['email']:<34} {sign_in['password']}")
    click.echo("")


def _made_by_demo() -> bool:
    if "setting" not in inspect(db.engine).get_table_names():
        return False
    return session.get(Setting, MARK) is not None


def _new_passwords() -> list[dict[str, str]]:
    """New random passwords for the sign-ins; an account that was closed in use stays closed."""
    from uuid import uuid4

    made = []
    for role, email in SIGN_INS:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        hashed = hash_password(password)
        with transaction() as current:
            person = current.scalar(select(Person).where(Person.email == email))
            if person is None:  # renamed or erased in use
                continue
            account = current.scalar(select(Account).where(Account.person_id == person.id))
            if account is None:
                account = Account(person_id=person.id, email=email, active=True, fs_uniquifier=uuid4().hex)
                current.add(account)
            account.password, account.fs_uniquifier = hashed, uuid4().hex
        made.append({"role": role, "email": email, "password": password})
    return made


COMMANDS = [demo]
