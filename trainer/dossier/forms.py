"""Shapes of what people hand in and what is answered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.core.forms import Form
from trainer.dossier.rules import LONGEST_WORDS


class HandInForm(Form):
    """A file, a link or a few words; from a phone, the camera is one way to a file."""

    file = FileField(
        _l("File"),
        [Optional()],
        description=_l(
            "A photo or PDF from your phone is fine. PDF, pictures and office documents, at most 5 MB."
        ),
    )
    url = StringField(
        _l("Or a link"),
        [Length(max=500)],
        description=_l("Where it can be seen, beginning with https://"),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    words = TextAreaField(
        _l("A few words"),
        [Length(max=LONGEST_WORDS)],
        description=_l("If there is something to say about it. Nothing about your health is needed here."),
        render_kw={"rows": 3},
    )


class AnswerForm(Form):
    """What the training team says of something that was handed in."""

    words = TextAreaField(
        _l("What you want to say"),
        [Length(max=LONGEST_WORDS)],
        description=_l("The person reads it. Needed when you give it back."),
        render_kw={"rows": 2},
    )
    valid_until = DateField(
        _l("Good until"),
        [Optional()],
        description=_l("Only if it runs out. Left empty: as the programme says."),
    )
