"""Shapes of what organisers and trainees type about courses; choices come from the views."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import Length, Optional

from trainer.cohorts.rules import CourseStatus, course_status_text
from trainer.core.forms import Form, required
from trainer.core.i18n import LANGUAGES, gettext, say

Choices = list[tuple[str, str]]


class CourseForm(Form):
    """A new course and its first plan."""

    programme = SelectField(_l("Programme"))
    organisation = SelectField(_l("Provider"))
    university = SelectField(_l("University that certifies"))
    title = StringField(_l("Title"), [required(), Length(max=200)])
    code = StringField(
        _l("Code"),
        [required(), Length(max=40)],
        description=_l(
            "Letters, digits and hyphens. It stands in addresses and calendars, and stays for good."
        ),
    )
    language = SelectField(_l("Language of the course"), choices=list(LANGUAGES.items()))
    starts_on = DateField(_l("First session on"), [required()])
    at = TimeField(_l("Sessions begin at"), [required()])
    timezone = StringField(_l("Time zone"), [required(), Length(max=60)], default="Europe/Madrid")
    venues = TextAreaField(
        _l("Venues"),
        [required(), Length(max=1000)],
        description=_l("One a line. Weekly sessions take turns; public holidays are left out."),
        render_kw={"rows": 3},
    )

    def __init__(
        self, *args: Any, programmes: Choices, providers: Choices, universities: Choices, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.programme.choices = programmes
        self.organisation.choices = providers
        self.university.choices = universities

    @property
    def venue_names(self) -> list[str]:
        """The venues as typed, one a line, without blank lines."""
        return [line.strip() for line in (self.venues.data or "").splitlines() if line.strip()]


class SettingsForm(Form):
    """What may change while a course runs."""

    title = StringField(_l("Title"), [required(), Length(max=200)])
    status = SelectField(_l("Status"))
    language = SelectField(_l("Language of the course"), choices=list(LANGUAGES.items()))
    support_contact_id = SelectField(
        _l("Support contact"),
        description=_l("The one person who reads what trainees write about absences."),
    )

    def __init__(self, *args: Any, contacts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = [(one.value, say(course_status_text(one))) for one in CourseStatus]
        self.support_contact_id.choices = [("", "–"), *((str(key), name) for key, name in contacts)]


class AddForm(Form):
    """Somebody new on a course, typed by hand."""

    given_name = StringField(_l("Given name"), [required(), Length(max=200)])
    family_name = StringField(_l("Family name"), [Length(max=200)])
    email = StringField(
        _l("Email"), [required(), Length(max=254)], render_kw={"type": "email", "autocomplete": "off"}
    )
    entity = SelectField(_l("Entity that sends them"), default="")
    language = SelectField(_l("Language"), default="")
    joined_on = DateField(_l("Joins on"), [Optional()])
    status = RadioField(_l("How"), default="invited")
    mail = BooleanField(_l("Send the invitation by mail now"), default=True)

    def __init__(self, *args: Any, entities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity.choices = [("", "–"), *entities]
        self.language.choices = [("", "–"), *LANGUAGES.items()]
        self.status.choices = [
            ("invited", gettext("Invite: they join when they say yes")),
            ("enrolled", gettext("Enrol now: they have said yes already")),
        ]


class DetailsForm(Form):
    """When somebody joined, and who sends them."""

    joined_on = DateField(_l("Joined on"), [Optional()])
    entity = SelectField(_l("Entity that sends them"), default="")

    def __init__(self, *args: Any, entities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity.choices = [("", "–"), *entities]
