"""Shapes of what organisers, candidates, professionals and references type; choices come from the views."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from trainer.core.forms import Form, required
from trainer.core.i18n import LANGUAGES, gettext, say
from trainer.joining.rules import QUESTIONS, TEXT_LENGTH, question_text

Choices = list[tuple[str, str]]
_MAIL = {"type": "email", "autocomplete": "email", "inputmode": "email"}


class OpeningForm(Form):
    """When, how many, what is asked, and the words in three languages (fields made by `opening_form`)."""

    opens_on = DateField(_l("Opens on"), [required()])
    closes_on = DateField(_l("Last day to apply"), [required()])
    keep_until = DateField(
        _l("Keep what candidates wrote until"),
        [required()],
        description=_l("The day after, what people wrote who did not join is erased. The counts stay."),
    )
    places = IntegerField(
        _l("Places on the course"),
        [required(), NumberRange(1, 500)],
        description=_l("For everybody: who is on the course already holds one too."),
    )
    references_asked = SelectField(
        _l("References that a candidate names"),
        choices=[(str(number), str(number)) for number in range(4)],
        default="0",
    )
    needs_confirmation = BooleanField(
        _l("A reference professional must confirm that a person can take part before a place is offered")
    )


def opening_form(entities: list[tuple[int, str]], formdata: Any, values: dict[str, Any]) -> OpeningForm:
    """The form of an opening, with a number of places for each entity and the words in each language."""
    fields: dict[str, Any] = {}
    for key, name in entities:
        fields[f"kept_{key}"] = IntegerField(
            name, [Optional(), NumberRange(0, 500)], render_kw={"inputmode": "numeric"}
        )
    for language in LANGUAGES:
        fields[f"welcome_{language}"] = TextAreaField(
            _l("Welcome"), [Length(max=TEXT_LENGTH)], render_kw={"rows": 4, "lang": language}
        )
        for code in QUESTIONS:
            fields[f"{code}_{language}"] = TextAreaField(
                say(question_text(code)), [Length(max=TEXT_LENGTH)], render_kw={"rows": 3, "lang": language}
            )
    made = type("OpeningFormOfCourse", (OpeningForm,), fields)
    form: OpeningForm = made(formdata, data=values)
    return form


class InfoForm(Form):
    """An information session."""

    on = DateField(_l("Day"), [required()])
    at = TimeField(_l("Begins at"), [required()])
    minutes = IntegerField(_l("Minutes"), [required(), NumberRange(1, 1440)], default=60)
    place = StringField(_l("Place"), [Length(max=200)])
    url = StringField(
        _l("Address of an online meeting"),
        [Length(max=500)],
        render_kw={"type": "url"},
        description=_l("Shown only to who chose this session."),
    )
    capacity = IntegerField(
        _l("Seats"), [Optional(), NumberRange(1, 1000)], description=_l("Empty: no limit.")
    )


class InterestForm(Form):
    """The public form: as little as possible, and nothing about health."""

    given_name = StringField(
        _l("Given name"), [required(), Length(max=200)], render_kw={"autocomplete": "given-name"}
    )
    family_name = StringField(_l("Family name"), [Length(max=200)], render_kw={"autocomplete": "family-name"})
    email = StringField(
        _l("Email"),
        [required(), Length(max=254)],
        render_kw=_MAIL,
        description=_l("Your own link goes there."),
    )
    phone = StringField(_l("Telephone"), [Length(max=40)], render_kw={"type": "tel", "autocomplete": "tel"})
    language = SelectField(_l("We write to you in"), choices=list(LANGUAGES.items()))


class AddForm(InterestForm):
    """Somebody whom an organiser adds."""

    email = StringField(
        _l("Email"),
        [Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off"},
        description=_l("Without an address you tell the person yourself what was decided."),
    )
    entity = SelectField(_l("Entity that sends them"), default="")

    def __init__(self, *args: Any, entities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity.choices = [("", "–"), *entities]


class ProposeForm(Form):
    """Somebody whom a reference professional proposes. There is no field for words about a person, on purpose."""

    course = SelectField(_l("Course"))
    given_name = StringField(_l("Given name"), [required(), Length(max=200)])
    family_name = StringField(_l("Family name"), [Length(max=200)])
    email = StringField(
        _l("Email of the person"),
        [required(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off"},
        description=_l("They get a mail, and say yes or no themself."),
    )
    language = SelectField(_l("Language of the mail"), choices=list(LANGUAGES.items()))
    entity = SelectField(_l("Proposed for"))
    confirmed = BooleanField(_l("I confirm that this person can take part in the course"))
    agreed = BooleanField(
        _l("I have spoken with the person, and they agree that I give their name and address"),
        [InputRequired(message=_l("Please talk with the person first."))],
    )

    def __init__(self, *args: Any, courses: Choices, entities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course.choices, self.entity.choices = courses, entities


class ApplyForm(Form):
    """The application (with the fields of references that `apply_form` adds)."""

    motivation = TextAreaField(
        _l("What brings you to the course?"),
        [Length(max=TEXT_LENGTH)],
        description=_l("A few lines, in your own words. You need not write about your health."),
        render_kw={"rows": 5},
    )
    adjustments = TextAreaField(
        _l("Is there something that would help you to take part?"),
        [Length(max=TEXT_LENGTH)],
        description=_l(
            "Breaks, a quiet corner, a companion, large print … Only the organisers of the course can read this, "
            "and it is kept sealed. It has no bearing on the answer."
        ),
        render_kw={"rows": 3},
    )
    phone = StringField(_l("Telephone"), [Length(max=40)], render_kw={"type": "tel", "autocomplete": "tel"})
    language = SelectField(_l("We write to you in"), choices=list(LANGUAGES.items()))
    consent = BooleanField(_l("Yes, you may use what I wrote for this"))


def apply_form(references: int, formdata: Any, values: dict[str, Any]) -> ApplyForm:
    """The application with places for so many references."""
    fields: dict[str, Any] = {}
    for number in range(references):
        fields[f"reference_{number}_name"] = StringField(_l("Name"), [required(), Length(max=200)])
        fields[f"reference_{number}_email"] = StringField(
            _l("Email"), [required(), Length(max=254)], render_kw={"type": "email", "autocomplete": "off"}
        )
        fields[f"reference_{number}_relation"] = StringField(
            _l("How do you know each other?"), [Length(max=200)]
        )
    made = type("ApplyFormOfCourse", (ApplyForm,), fields)
    form: ApplyForm = made(formdata, data=values)
    return form


class ReferenceForm(Form):
    """What a reference says."""

    recommends = RadioField(_l("Would you recommend this person for the course?"), [required()])
    words = TextAreaField(
        _l("A few words, if you like"),
        [Length(max=TEXT_LENGTH)],
        description=_l(
            "How you know each other, what they do well. Please write nothing about their health. "
            "They can ask to read what you write."
        ),
        render_kw={"rows": 5},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recommends.choices = [
            ("yes", gettext("Yes")),
            ("no", gettext("I would rather not recommend them at the moment")),
        ]


class DecisionForm(Form):
    """An answer to one candidate; the outcome comes from the button."""

    answer_by = DateField(_l("Say yes or no until"), [Optional()])
