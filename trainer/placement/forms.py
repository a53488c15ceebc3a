"""Shapes of what organisers, workers and reference professionals type about placements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainer.core.forms import Form, required
from trainer.core.i18n import gettext, say
from trainer.core.text import minutes_text
from trainer.placement.rules import (
    DAY_MINUTES,
    KIND_WORDS,
    LONGEST_TASKS,
    LONGEST_TEXT,
    Kind,
    parse_weekly_hours,
)

# What most entries last, in minutes: one tap each; anything else is typed.
QUICK_MINUTES = (60, 120, 180, 240, 300)
OTHER = "other"


class AgreementForm(Form):
    """The agreement of the three parties. Choices of person, host and reference professional come from the view."""

    person = SelectField(_l("For whom"), validators=[required()])
    host = SelectField(_l("Host"), validators=[required()])
    service = StringField(
        _l("Service or team"),
        [Length(max=200)],
        description=_l("Where the person works: the community rehabilitation service of the town, say."),
    )
    reference = SelectField(
        _l("Reference professional"),
        description=_l("Signs off the hours and meets the person every week. Can be named later."),
    )
    starts_on = DateField(_l("First day"), [required()])
    ends_on = DateField(_l("Last day"), [required()])
    weekly_hours = StringField(
        _l("Hours a week, on average"),
        [required()],
        description=_l("An average over the whole time, pauses left out: 10, or 7.5."),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    functions_in = TextAreaField(
        _l("What belongs to the role"),
        [Length(max=10_000)],
        description=_l("One a line."),
        render_kw={"rows": 8},
    )
    functions_out = TextAreaField(
        _l("What does not belong to the role"),
        [Length(max=10_000)],
        description=_l("One a line."),
        render_kw={"rows": 8},
    )
    contacts = TextAreaField(
        _l("Contacts"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Who to call for what, at the host and at the provider."),
        render_kw={"rows": 3},
    )
    equipment = TextAreaField(
        _l("Equipment handed over"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Keys, a phone, a badge."),
        render_kw={"rows": 3},
    )
    signed_worker_on = DateField(_l("Signed by the person on"), [Optional()])
    signed_host_on = DateField(_l("Signed by the host on"), [Optional()])
    signed_provider_on = DateField(_l("Signed by the provider on"), [Optional()])

    def __init__(
        self,
        *args: Any,
        people: Sequence[tuple[int, str]] | None,
        hosts: Sequence[tuple[int, str]],
        references: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if people is None:  # the agreement of somebody is changed: for whom is settled
            del self.person
        else:
            self.person.choices = [("", "–"), *((str(key), name) for key, name in people)]
        self.host.choices = [("", "–"), *((str(key), name) for key, name in hosts)]
        self.reference.choices = [("", "–"), *((str(key), name) for key, name in references)]

    def validate_weekly_hours(self, field: Field) -> None:
        if parse_weekly_hours(field.data or "") is None:
            raise ValidationError(gettext("Write a number of hours, such as 10 or 7.5."))

    def validate_ends_on(self, field: Field) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(gettext("The last day comes before the first."))


class LogForm(Form):
    """Hours done: on a phone, tap how long, tap the kind, tap save."""

    on = DateField(_l("Day"), [required()])
    length = RadioField(_l("How long"), validators=[InputRequired(message=_l("Choose how long it was."))])
    hours = IntegerField(
        _l("Hours"), [Optional(), NumberRange(0, 24)], render_kw={"inputmode": "numeric", "min": 0, "max": 24}
    )
    minutes = IntegerField(
        _l("Minutes"),
        [Optional(), NumberRange(0, 59)],
        render_kw={"inputmode": "numeric", "min": 0, "max": 59},
    )
    kind = RadioField(_l("What it was"), validators=[InputRequired(message=_l("Choose what it was."))])
    tasks = TextAreaField(
        _l("What you did"),
        [Length(max=LONGEST_TASKS)],
        description=_l("A line is enough. No names, and nothing that tells who somebody is."),
        render_kw={"rows": 2},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.length.choices = [
            *((str(minutes), say(minutes_text(minutes))) for minutes in QUICK_MINUTES),
            (OTHER, gettext("Another time")),
        ]
        self.kind.choices = [(kind.value, say(KIND_WORDS[kind])) for kind in Kind]

    def set_minutes(self, minutes: int) -> None:
        """Fills in a length: as a tap where there is one, else typed."""
        if minutes in QUICK_MINUTES:
            self.length.data = str(minutes)
        else:
            self.length.data = OTHER
            self.hours.data, self.minutes.data = divmod(minutes, 60)

    @property
    def total(self) -> int:
        """The length in minutes."""
        if self.length.data != OTHER:
            return int(self.length.data)
        return (self.hours.data or 0) * 60 + (self.minutes.data or 0)

    def validate_hours(self, field: Field) -> None:
        if self.length.data == OTHER and not 1 <= self.total <= DAY_MINUTES:
            raise ValidationError(gettext("Write how long it was, in hours and minutes."))


class DisputeForm(Form):
    """What is not right with an entry."""

    note = TextAreaField(
        _l("What is not right"),
        [required(), Length(max=1000)],
        description=_l("The three parties of the placement can read it."),
        render_kw={"rows": 3},
    )


class FollowUpForm(Form):
    """The follow-up of a week. The note is there only for the two who may read it."""

    week = DateField(_l("Week of"), [required()], description=_l("Any day of that week."))
    held = RadioField(_l("The follow-up was"), validators=[InputRequired(message=_l("Choose one."))])
    held_minutes = IntegerField(
        _l("How long, in minutes"),
        [Optional(), NumberRange(1, DAY_MINUTES)],
        render_kw={"inputmode": "numeric"},
    )
    note = TextAreaField(
        _l("Private note"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Only the two of you can read it. Organisers and administrators cannot."),
        render_kw={"rows": 3},
    )

    def __init__(self, *args: Any, notes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held.choices = [("yes", gettext("Held")), ("no", gettext("Not held"))]
        if not notes:
            del self.note
