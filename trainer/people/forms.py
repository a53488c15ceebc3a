"""Shapes of what people and administrators type."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, Length

from trainer.core.forms import Form, required
from trainer.core.i18n import LANGUAGES, say
from trainer.people.rules import NAME_LENGTH, PASSWORD_MAX, OrganisationKind, Role, kind_text, role_text


def language_choices() -> list[tuple[str, str]]:
    """No language (the browser decides), and the three of the product."""
    return [("", ""), *LANGUAGES.items()]


class NamesForm(Form):
    """How somebody is called, and written on a certificate."""

    display_name = StringField(
        _l("What we call you here"),
        [required(), Length(max=2 * NAME_LENGTH)],
        render_kw={"autocomplete": "nickname"},
    )
    certificate_name = StringField(
        _l("Name on the certificate"),
        [required(), Length(max=2 * NAME_LENGTH)],
        description=_l("In full, with accents and in the script in which you write it."),
        render_kw={"autocomplete": "name"},
    )
    confirmed = BooleanField(_l("Yes, this is how it will be written."))


class PasswordForm(Form):
    """A first password."""

    password = PasswordField(
        _l("Password"),
        [required(), Length(max=PASSWORD_MAX)],
        description=_l("At least 10 characters. A few words that belong to you are easier than signs."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same password again"),
        [required(), EqualTo("password", message=_l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class OrganisationForm(Form):
    """An organisation; the code cannot be changed later."""

    code = StringField(
        _l("Code"),
        [required(), Length(max=20)],
        description=_l(
            "Letters, digits and hyphens. A university's code begins its serial numbers; it stays for good."
        ),
    )
    name = StringField(_l("Name"), [required(), Length(max=NAME_LENGTH)])
    kind = SelectField(_l("Kind"))
    region = StringField(
        _l("Region"),
        [required(), Length(max=10)],
        default="ES-CT",
        description=_l("For public holidays: ES-CT, ES-MD …"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, say(kind_text(kind))) for kind in OrganisationKind]


class PersonForm(Form):
    """Somebody's names and address."""

    given_name = StringField(_l("Given name"), [required(), Length(max=NAME_LENGTH)])
    family_name = StringField(_l("Family name"), [Length(max=NAME_LENGTH)])
    email = StringField(_l("Email"), [Length(max=254)], render_kw={"type": "email", "autocomplete": "off"})
    language = SelectField(_l("Language"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()


class MembershipForm(Form):
    """A role in an organisation; the choices of organisations come from the view."""

    role = SelectField(_l("Role"))
    organisation = SelectField(
        _l("Organisation"), default="", description=_l("An administrator belongs to none.")
    )
    lived_experience = BooleanField(_l("Has lived experience and says so"))

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, say(role_text(role))) for role in Role]
        self.organisation.choices = [("", "–"), *organisations]


class UserForm(MembershipForm):
    """Somebody new, with a first role."""

    name = StringField(_l("Name"), [required(), Length(max=NAME_LENGTH)])
    email = StringField(
        _l("Email"), [required(), Length(max=254)], render_kw={"type": "email", "autocomplete": "off"}
    )
