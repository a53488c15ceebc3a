"""The base of every form: translated messages, and problems as a list for the summary."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.validators import InputRequired

from trainer.core.i18n import language


class Form(FlaskForm):  # type: ignore[misc]
    """A WTForms form with CSRF, in the language of the page."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        @property
        def locales(self) -> list[str]:
            return [language()]

        def get_translations(self, form: object) -> object:
            from wtforms.i18n import get_translations

            return get_translations([language()])

    def problems(self) -> list[tuple[Field, str]]:
        """Every (field, message) in the order of the page."""
        return [(field, str(message)) for field in self for message in field.errors]


def required() -> InputRequired:
    """The validator of a field that must be filled in, with our own words."""
    return InputRequired(message=lazy_gettext("Please fill this in."))
