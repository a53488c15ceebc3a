"""The shape of what organisers, registrars and holders send."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Regexp

from trainer.accreditation.rules.statuses import REASONS
from trainer.core.forms import Form, required
from trainer.core.i18n import LANGUAGES, say
from trainer.core.i18n import lazy_gettext as _l

SIGNATORIES = 4


class WordsForm(Form):
    """A question about a proposal, or its answer."""

    words = TextAreaField(_l("What you would like to say"), validators=[required(), Length(max=1000)])


class RevokeForm(Form):
    """The public reason of a revocation, and the private note beside it."""

    reason = RadioField(_l("Reason, which everybody can see"), validators=[required()])
    note = TextAreaField(
        _l("Note"),
        description=_l("Only the university's registrars see it. Write no more than is needed."),
        validators=[Length(max=2000)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(str(code), say(words)) for code, words in REASONS.items()]


class NameForm(Form):
    """How the holder's name is written on certificates."""

    certificate_name = StringField(
        _l("My name on certificates"),
        description=_l("With all its accents, in the letters in which it is written."),
        validators=[required(), Length(max=200)],
    )
    confirmed = BooleanField(_l("Yes, this is how it will be written."))


class ProfileForm(Form):
    """How the university appears on its certificates. Fields per language and per signatory are made
    below."""

    city = StringField(
        _l("City"), description=_l("Stands before the date of issue."), validators=[Length(max=80)]
    )
    accent = StringField(
        _l("Colour"),
        description=_l(
            "Six digits after a number sign, such as #14555a. Text in it is darkened where it has to be."
        ),
        validators=[
            required(),
            Regexp(r"^#[0-9A-Fa-f]{6}$", message=_l("A colour reads like #14555a.")),
        ],
    )
    logo = FileField(
        _l("Logo"), description=_l("A PNG or JPEG picture of at most 2 MB; the wider the sharper.")
    )
    remove_logo = BooleanField(_l("Remove the logo that is kept now"))

    def values(self) -> dict[str, Any]:
        """What `save_profile` takes, but for the logo."""
        return {
            "city": self.city.data or "",
            "accent": self.accent.data or "",
            "display_names": {code: self[f"name_{code}"].data or "" for code in LANGUAGES},
            "wording": {code: self[f"closing_{code}"].data or "" for code in LANGUAGES},
            "signatories": [
                {
                    "name": self[f"signatory_{number}"].data or "",
                    "position": {code: self[f"position_{number}_{code}"].data or "" for code in LANGUAGES},
                }
                for number in range(1, SIGNATORIES + 1)
            ],
            "remove_logo": bool(self.remove_logo.data),
        }

    def show(self, profile: Any) -> None:
        """Fills the fields from what is kept."""
        self.city.data, self.accent.data = profile.city, profile.accent
        for code in LANGUAGES:
            self[f"name_{code}"].data = profile.display_names.get(code, "")
            self[f"closing_{code}"].data = profile.wording.get(code, "")
        for number, one in enumerate(profile.signatories[:SIGNATORIES], start=1):
            self[f"signatory_{number}"].data = one.get("name", "")
            for code in LANGUAGES:
                self[f"position_{number}_{code}"].data = one.get("position", {}).get(code, "")


def _per_language() -> None:
    for code, called in LANGUAGES.items():
        words = {"language": called}
        setattr(
            ProfileForm,
            f"name_{code}",
            StringField(_l("Name of the university, %(language)s", **words), validators=[Length(max=200)]),
        )
        setattr(
            ProfileForm,
            f"closing_{code}",
            TextAreaField(_l("Closing line, %(language)s", **words), validators=[Length(max=400)]),
        )
    for number in range(1, SIGNATORIES + 1):
        setattr(ProfileForm, f"signatory_{number}", StringField(_l("Name"), validators=[Length(max=120)]))
        for code, called in LANGUAGES.items():
            setattr(
                ProfileForm,
                f"position_{number}_{code}",
                StringField(_l("Position, %(language)s", language=called), validators=[Length(max=200)]),
            )


_per_language()
