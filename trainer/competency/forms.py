"""The form of a module's assessments: one level a competency, one date."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.competency.rules import KIND_WORDS, Kind
from trainer.core.forms import Form, required
from trainer.core.i18n import gettext, localised, say
from trainer.curriculum.rules import Module, Scale

NOTE_LENGTH = 4000


def assessment_form(module: Module, scale: Scale, kinds: list[Kind], **values: Any) -> Form:
    """A form with `level_N` and `note_N` for the module's N-th competency; nothing chosen leaves that one alone."""

    own = kinds == [Kind.SELF]
    note_label = _l("In your own words, if you like") if own else _l("What you saw, in plain words")

    class AssessmentForm(Form):
        assessed_on = DateField(_l("Date of the assessment"), validators=[required()])
        kind = SelectField(_l("I assess as"), choices=[(kind.value, say(KIND_WORDS[kind])) for kind in kinds])

    for number, competency in enumerate(module.competencies):
        setattr(
            AssessmentForm,
            f"level_{number}",
            RadioField(
                localised(competency.title),
                choices=[(level.code, localised(level.title)) for level in scale.levels],
                validators=[Optional()],
            ),
        )
        setattr(
            AssessmentForm,
            f"note_{number}",
            TextAreaField(
                note_label,
                validators=[
                    Optional(),
                    Length(max=NOTE_LENGTH, message=gettext("At most %(num)d characters.", num=NOTE_LENGTH)),
                ],
            ),
        )
    return AssessmentForm(**values)
