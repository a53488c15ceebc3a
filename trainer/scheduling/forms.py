"""Shapes of what is typed in; choices come from outside, decisions are the services'."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from trainer.core.forms import Form, required
from trainer.scheduling.rules import LONGEST_MINUTES, Closure

EXTRA = _l("A repeat for those who missed it")
EXTRA_HELP = _l("It does not count towards the course's hours. Who comes makes up what they missed.")
MINUTES = NumberRange(1, LONGEST_MINUTES, message=_l("Between 1 and 1,440 minutes."))


class CheckboxesField(SelectMultipleField):
    """Several of many, each with its box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ClosureForm(PlainForm):
    """Days on which nothing meets; a single day needs no last one."""

    first = DateField(_l("First day"), [Optional()])
    last = DateField(_l("Last day"), [Optional()])
    reason = StringField(_l("Reason"), [Optional(), Length(max=100)])

    def validate_last(self, field: DateField) -> None:
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_l("The last day comes after the first."))
        if field.data and not self.first.data:
            raise ValidationError(_l("Name the first day too."))


class PlanForm(Form):
    """A run of weekly sessions."""

    first = DateField(_l("First session"), [required()], description=_l("Sessions follow on this weekday."))
    time = TimeField(_l("Begins at"), [required()])
    venue_1 = StringField(_l("Venue"), [required(), Length(max=120)])
    venue_2 = StringField(
        _l("Second venue"),
        [Optional(), Length(max=120)],
        description=_l("Sessions take turns at the venues."),
    )
    venue_3 = StringField(_l("Third venue"), [Optional(), Length(max=120)])
    modules = CheckboxesField(_l("Modules to plan"), [required()])
    minutes = IntegerField(
        _l("Minutes a session"), [Optional(), MINUTES], description=_l("Empty: as the programme says.")
    )
    closures = FieldList(FormField(ClosureForm), min_entries=3, max_entries=12)

    @property
    def venues(self) -> list[str]:
        """The venues named, in their order."""
        return [
            f.data.strip() for f in (self.venue_1, self.venue_2, self.venue_3) if f.data and f.data.strip()
        ]

    @property
    def closed(self) -> list[Closure]:
        """The closures that have a first day."""
        return [
            Closure(one["first"], one["last"] or one["first"], one["reason"] or "")
            for one in self.closures.data
            if one["first"]
        ]


class WhenWhere(Form):
    """A date, a time by the clock on the wall, a venue."""

    day = DateField(_l("Date"), [required()])
    time = TimeField(_l("Begins at"), [required()])
    venue = StringField(
        _l("Venue"),
        [required(), Length(max=120)],
        description=_l("A name that is not there yet makes a new venue."),
    )

    @property
    def starts_local(self) -> datetime:
        """Date and time as wall time."""
        if self.day.data is None or self.time.data is None:
            raise ValueError("ask only once the form is valid")
        return datetime.combine(self.day.data, self.time.data)


class SessionForm(WhenWhere):
    """One more session."""

    module = SelectField(_l("Module"), [required()])
    minutes = IntegerField(
        _l("Minutes"), [Optional(), MINUTES], description=_l("Empty: as the programme says.")
    )
    title = StringField(
        _l("Title of its own"),
        [Optional(), Length(max=200)],
        description=_l("Shown instead of the module's."),
    )
    extra = BooleanField(EXTRA, description=EXTRA_HELP)


class CancelForm(Form):
    """Why a session does not take place."""

    reason = StringField(
        _l("Reason"),
        [required(), Length(max=300)],
        description=_l("Staff read it. Name no person and no health matter."),
    )


class EditForm(Form):
    """What a session teaches, and what its trainers should know."""

    module = SelectField(_l("Module"), [required()])
    minutes = IntegerField(_l("Planned minutes"), [required(), MINUTES])
    title = StringField(
        _l("Title of its own"),
        [Optional(), Length(max=200)],
        description=_l("Shown instead of the module's."),
    )
    extra = BooleanField(EXTRA, description=EXTRA_HELP)
    note = TextAreaField(
        _l("Note for trainers"),
        [Optional(), Length(max=2000)],
        description=_l("The room key, the projector, the guest."),
    )


class TrainersForm(Form):
    """Who trains."""

    people = CheckboxesField(_l("Trainers"), coerce=int)


class HandoutForm(Form):
    """A hand-out by its address."""

    title = StringField(_l("Title"), [required(), Length(max=200)])
    url = URLField(_l("Web address"), [required(), Length(max=500)])


class LengthForm(Form):
    """How long a session really took."""

    minutes = IntegerField(
        _l("It took, in minutes"),
        [Optional(), MINUTES],
        description=_l("Empty: as planned. Attendance is reckoned with it."),
    )


class VenueForm(Form):
    """A venue."""

    name = StringField(_l("Name"), [required(), Length(max=120)])
    address = StringField(_l("Address"), [Optional(), Length(max=200)])
    region = StringField(
        _l("Region"),
        [required(), Length(max=12)],
        description=_l("For its public holidays: ES-CT is Catalonia."),
    )
    timezone = StringField(_l("Time zone"), [required(), Length(max=64)])
    capacity = IntegerField(_l("Room for how many people"), [Optional(), NumberRange(1, 100000)])


class TitlesForm(Form):
    """Whether the own calendar shows titles."""

    titles = BooleanField(_l("Show the titles of sessions in my calendar"))
