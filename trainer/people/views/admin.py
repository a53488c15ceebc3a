"""The administrator's pages of people, their roles and accounts."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.paging import page_number
from trainer.core.web import file_form, of_file, table_file
from trainer.people import queries, services
from trainer.people.forms import MembershipForm, PersonForm, UserForm
from trainer.people.models import Person
from trainer.people.policy import can_administer
from trainer.people.rules import role_text
from trainer.people.views.base import bp
from trainer.people.views.organisations import everything

Page = str | Response | tuple[str, int]


@bp.get("/admin/people")
@access(load=everything, read=can_administer)
def people(_thing: bool) -> str:
    """Everybody, fifty a page; `q` looks in names and addresses."""
    search = request.args.get("q", "")
    page = page_number(request.args.get("page"))
    rows, pages = queries.people_page(page, search)
    return render_template(
        "people/people.html", rows=rows, page=page, pages=pages, search=search, role_text=role_text
    )


@bp.get("/admin/people.<any(csv, xlsx):form>")
@access(load=of_file(everything), read=can_administer)
def people_file(_thing: bool) -> Response:
    """Everybody, or whom `q` finds, with their roles and the state of their account."""
    words = {
        "active": _("Can sign in"),
        "invited": _("Invited"),
        "closed": _("Closed"),
        "none": _("No account"),
    }
    rows = [
        [
            one.name,
            one.email,
            ", ".join(
                f"{say(role_text(role))} ({place})" if place else say(role_text(role))
                for role, place in one.roles
            ),
            words[one.account],
        ]
        for one in queries.everybody(request.args.get("q", ""))
    ]
    return table_file("people", file_form(), [_("Name"), _("Email"), _("Roles"), _("Account")], rows)


@bp.route("/admin/people/new", methods=["GET", "POST"])
@access(load=everything, read=can_administer)
def add_user(_thing: bool) -> Page:
    """Somebody new with a first role; the link to set a password goes out by mail."""
    form = UserForm(organisations=_choices())
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                person = services.add_user(
                    current_actor(),
                    form.email.data or "",
                    form.name.data or "",
                    form.role.data,
                    form.organisation.data or None,
                    lived_experience=bool(form.lived_experience.data),
                )
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("%(name)s was added.", name=person.display_name), "success")
                return redirect(url_for("people.person", person_id=person.id), 303)
        return render_template("people/add_user.html", form=form, problems=problems), 422
    return render_template("people/add_user.html", form=form, problems=problems)


@bp.route("/admin/people/<int:person_id>", methods=["GET", "POST"])
@access(load=queries.person_by_id, read=can_administer)
def person(thing: Person) -> Page:
    """One person: names, address, roles, account."""
    form = PersonForm(obj=thing)
    problems: list[str] = []
    if request.method == "POST":
        if form.validate():
            try:
                services.update_person(
                    current_actor(),
                    thing,
                    given_name=form.given_name.data or "",
                    family_name=form.family_name.data or "",
                    email=form.email.data or None,
                    language=form.language.data or None,
                )
            except Invalid as error:
                problems = [say(one) for one in error.problems or [error.text]]
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("people.person", person_id=thing.id), 303)
        return _person_page(thing, form, problems), 422
    return _person_page(thing, form, problems)


def _person_page(thing: Person, form: PersonForm, problems: list[str]) -> str:
    return render_template(
        "people/person.html",
        person=thing,
        form=form,
        problems=problems,
        memberships=queries.memberships_of(thing.id),
        state=queries.account_states([thing.id]).get(thing.id, "none"),
        membership_form=MembershipForm(organisations=_choices(), prefix="new"),
        role_text=role_text,
    )


@bp.post("/admin/people/<int:person_id>/roles")
@access(load=queries.person_by_id, read=can_administer)
def add_role(thing: Person) -> Response:
    """Gives a role in an organisation."""
    form = MembershipForm(organisations=_choices(), prefix="new")
    if not form.validate():
        flash(_("Choose a role and an organisation."), "error")
        return _back(thing)

    def give() -> None:
        organisation = (
            queries.organisation_by_code(form.organisation.data) if form.organisation.data else None
        )
        services.add_membership(
            current_actor(), thing, form.role.data, organisation, bool(form.lived_experience.data)
        )

    return _doing(thing, give, _("The role was given."))


@bp.post("/admin/people/<int:person_id>/roles/<int:membership_id>/end")
@access(load=lambda person_id, membership_id: queries.person_by_id(person_id), read=can_administer)
def end_role(thing: Person) -> Response:
    """Ends a role, today."""
    membership_id = min(int((request.view_args or {})["membership_id"]), queries.MAX_ID)
    return _doing(
        thing,
        lambda: services.end_membership(current_actor(), thing, membership_id),
        _("The role was ended."),
    )


@bp.post("/admin/people/<int:person_id>/invite")
@access(load=queries.person_by_id, read=can_administer)
def invite_again(thing: Person) -> Response:
    """Sends a fresh link to set a password."""
    return _doing(thing, lambda: services.invite(current_actor(), thing), _("The invitation is on its way."))


@bp.post("/admin/people/<int:person_id>/account")
@access(load=queries.person_by_id, read=can_administer)
def switch_account(thing: Person) -> Response:
    """Closes the account, or opens it again."""
    active = request.form.get("active") == "1"
    return _doing(
        thing,
        lambda: services.set_active(current_actor(), thing, active),
        _("The account is open.") if active else _("The account is closed."),
    )


def _doing(thing: Person, command: Callable[[], object], done: str) -> Response:
    try:
        command()
    except (Invalid, Refused) as error:
        flash(say(error.text), "error")
    else:
        flash(done, "success")
    return _back(thing)


def _back(thing: Person) -> Response:
    return redirect(url_for("people.person", person_id=thing.id), 303)


def _choices() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in queries.organisations()]
