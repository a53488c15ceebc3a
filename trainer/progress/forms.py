"""The form that writes down a contact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.core.forms import Form, required
from trainer.core.i18n import say
from trainer.progress.rules import CHANNELS, OUTCOMES, channel_text, outcome_text


class ContactForm(Form):
    """How somebody was reached and what came of it."""

    on = DateField(_l("Day"), validators=[required()])
    channel = RadioField(_l("How"), validators=[required()], default="call")
    outcome = RadioField(_l("What came of it"), validators=[required()])
    agreed = TextAreaField(
        _l("What you agreed"),
        validators=[Optional(), Length(max=500)],
        description=_l(
            "What each of you will do, in a line. Write nothing about health, medicines or diagnoses, not even if they told "
            "you: the person can read this, and so can everyone who runs the course."
        ),
    )
    again_on = DateField(
        _l("Ask again on"),
        validators=[Optional()],
        description=_l("On that day the person comes back to the top of the list."),
    )

    def set_choices(self) -> None:
        """Fills in the words of the page's language."""
        self.channel.choices = [(one, say(channel_text(one))) for one in CHANNELS]
        self.outcome.choices = [(one, say(outcome_text(one))) for one in OUTCOMES]
