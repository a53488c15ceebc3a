"""The form that grants a waiver."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from trainer.core.forms import Form, required


class WaiverForm(Form):
    """`what` is "GATE" or "GATE/REQUIREMENT"; its choices come from the course's programme."""

    what = SelectField(_l("What is waived"), validators=[required()])
    reason = TextAreaField(
        _l("Why"),
        validators=[required(), Length(max=1000)],
        description=_l(
            "It stays with the waiver and the university sees it. Leave out anything about people's health."
        ),
    )
    until = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Without one the waiver holds until revoked.")
    )
