"""The shape of what organisers, registrars and holders send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, Regexp

from trainer.accreditation.rules.faces import EQF_LEVELS, WORDS, gives_credits, text_of
from trainer.accreditation.rules.sharing import WORDS as SHARED_WORDS
from trainer.accreditation.rules.statuses import REASONS
from trainer.core.forms import Form, required
from trainer.core.i18n import LANGUAGES, say
from trainer.core.i18n import lazy_gettext as _l
from trainer.curriculum.rules import CertificateWording, Programme
from trainer.scheduling.forms import CheckboxesField

SIGNATORIES = 4
PLAIN_ACCENT = "#14555a"


class RulesForm(Form):
    """By which rules the university issues."""

    two_people = BooleanField(
        _l("Two people decide"),
        description=_l(
            "Whoever approves a proposal neither issues its certificate nor issues it anew: another registrar does."
        ),
    )
    national_id = BooleanField(
        _l("Print the national id, masked"),
        description=_l(
            "Only the positions that the Spanish authority leaves readable, such as ***4567**. It is printed "
            "where the person's id is known."
        ),
    )


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


class ReinstateForm(Form):
    """From which day a revoked certificate is valid again."""

    from_day = DateField(
        _l("Valid again from"),
        description=_l(
            "Left empty, from today. On a later day it answers revoked until then; an earlier one can be no "
            "day before it was revoked."
        ),
        validators=[Optional()],
    )


class NameForm(Form):
    """How the holder's name is written on certificates."""

    certificate_name = StringField(
        _l("My name on certificates"),
        description=_l("With all its accents, in the letters in which it is written."),
        validators=[required(), Length(max=200)],
    )
    confirmed = BooleanField(_l("Yes, this is how it will be written."))


class ShareForm(Form):
    """What a link shows, for whom it is, and until when."""

    label = StringField(
        _l("For whom"),
        description=_l("Only you see it: it helps you to tell your links apart."),
        validators=[Length(max=80)],
    )
    shows = CheckboxesField(
        _l("What it shows"),
        description=_l(
            "Whether the certificate is valid always shows. The PDF holds everything that stands on it."
        ),
        choices=[],
    )
    expires_on = DateField(
        _l("Last day"),
        description=_l("Left empty, the link works until you withdraw it."),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shows.choices = [(str(one), say(words)) for one, words in SHARED_WORDS.items()]
        self.shows.flags.hide_optional = True  # one of them has to be chosen


class LookForm(Form):
    """What a university chooses for all its documents and for those of one programme alike. The fields per
    language and per signatory are made below."""

    accent = StringField(
        _l("Colour"),
        description=_l(
            "Six digits after a number sign, such as #14555a. Text in it is darkened where it has to be."
        ),
        validators=[Optional(), Regexp(r"^#[0-9A-Fa-f]{6}$", message=_l("A colour reads like #14555a."))],
    )
    logo = FileField(
        _l("Logo"), description=_l("A PNG or JPEG picture of at most 2 MB; the wider the sharper.")
    )
    remove_logo = BooleanField(_l("Remove the logo that is kept now"))

    @property
    def signatories(self) -> list[dict[str, Any]]:
        """Who signs, as typed; places left empty are in it."""
        return [
            {
                "name": self[f"signatory_{number}"].data or "",
                "position": {code: self[f"position_{number}_{code}"].data or "" for code in LANGUAGES},
            }
            for number in range(1, SIGNATORIES + 1)
        ]

    def words(self, name: str) -> dict[str, str]:
        """What was typed into the fields NAME_LANGUAGE."""
        fields = {code: self._fields.get(f"{name}_{code}") for code in LANGUAGES}
        return {code: field.data or "" for code, field in fields.items() if field is not None}

    def show_words(self, name: str, words: Mapping[str, str]) -> None:
        for code in LANGUAGES:
            if f"{name}_{code}" in self._fields:
                self[f"{name}_{code}"].data = words.get(code, "")

    def show_look(self, accent: str, signatories: Sequence[Any], closing: Mapping[str, str]) -> None:
        self.accent.data = accent
        self.show_words("closing", closing)
        for number, one in enumerate(signatories[:SIGNATORIES], start=1):
            self[f"signatory_{number}"].data = one.get("name", "")
            self.show_words(f"position_{number}", one.get("position", {}))


class ProfileForm(LookForm):
    """How the university appears on its certificates."""

    city = StringField(
        _l("City"), description=_l("Stands before the date of issue."), validators=[Length(max=80)]
    )

    def values(self) -> dict[str, Any]:
        """What `save_profile` takes, but for the logo."""
        return {
            "city": self.city.data or "",
            "accent": self.accent.data or PLAIN_ACCENT,
            "display_names": self.words("name"),
            "wording": self.words("closing"),
            "signatories": self.signatories,
        }

    def show(self, profile: Any) -> None:
        """Fills the fields from what is kept; None for nothing yet."""
        if profile is None:
            self.accent.data = PLAIN_ACCENT
            return
        self.city.data = profile.city
        self.show_words("name", profile.display_names)
        self.show_look(profile.accent, profile.signatories, profile.wording)


class FaceForm(LookForm):
    """What the university says and shows on the documents of one programme; `face_form` makes the fields for
    the kinds of document that the programme has."""

    kinds: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """What `save_face` takes, but for the logo."""
        return {
            "accent": self.accent.data or "",
            "signatories": self.signatories,
            "closing": self.words("closing"),
            "kinds": {kind: self._kind(kind) for kind in self.kinds},
        }

    def _kind(self, kind: str) -> dict[str, Any]:
        words: dict[str, Any] = {name: self.words(f"{kind}__{name}") for name in (*WORDS, "lines")}
        if f"{kind}__ects" not in self._fields:
            return words
        level = self[f"{kind}__eqf_level"].data
        return words | {
            "ects": self[f"{kind}__ects"].data or "",
            "eqf_level": int(level) if level else None,
        }

    def show_kind(self, wording: CertificateWording) -> None:
        """Fills the fields of one kind of document with what it says now."""
        spec = wording.credential
        for name in WORDS:
            words = wording.title if name == "title" else getattr(spec, name)
            self.show_words(f"{wording.kind}__{name}", words)
        lines = {code: text_of(wording.lines, code) for code in wording.title}
        self.show_words(f"{wording.kind}__lines", lines)
        if gives_credits(wording):
            self[f"{wording.kind}__ects"].data = spec.ects or ""
            self[f"{wording.kind}__eqf_level"].data = str(spec.eqf_level or "")


def face_form(programme: Programme) -> type[FaceForm]:
    """The form for the documents of a programme, in the languages it is written in."""
    languages = {code: called for code, called in LANGUAGES.items() if code in programme.languages}
    fields: dict[str, Any] = {"kinds": tuple(programme.certificates)}
    for code in LANGUAGES:
        if code not in languages:
            fields[f"closing_{code}"] = None
    for kind, wording in programme.certificates.items():
        if gives_credits(wording):
            fields[f"{kind}__ects"] = StringField(
                _l("ECTS credits"),
                description=_l("A number such as 1.6; one credit stands for 25 hours of work."),
                validators=[Length(max=8)],
            )
            fields[f"{kind}__eqf_level"] = SelectField(
                _l("Level of the European Qualifications Framework"),
                choices=[("", "–"), *((str(level), str(level)) for level in EQF_LEVELS)],
            )
        for code, called in languages.items():
            words = {"language": called}
            long = [Length(max=1000)]
            fields |= {
                f"{kind}__title_{code}": StringField(_l("Title, %(language)s", **words), [Length(max=200)]),
                f"{kind}__lines_{code}": TextAreaField(
                    _l("Text, %(language)s", **words), [Length(max=3000)], render_kw={"rows": 6}
                ),
                f"{kind}__assessment_{code}": TextAreaField(
                    _l("Type of assessment, %(language)s", **words), long, render_kw={"rows": 2}
                ),
                f"{kind}__participation_{code}": StringField(
                    _l("Form of participation, %(language)s", **words), long
                ),
                f"{kind}__quality_assurance_{code}": TextAreaField(
                    _l("Type of quality assurance, %(language)s", **words), long, render_kw={"rows": 2}
                ),
            }
    return type("ProgrammeFaceForm", (FaceForm,), fields)


class KeyForm(Form):
    """The file of a key, and whose signature it makes. The places are named by the view."""

    place = SelectField(
        _l("Whose signature"), description=_l("The first certifies the document, the others approve it.")
    )
    file = FileField(
        _l("File"),
        description=_l("PKCS#12 (.p12, .pfx), or PEM with key, certificate and chain."),
        validators=[FileRequired(message=_l("Choose a file first."))],
    )
    passphrase = PasswordField(
        _l("Passphrase of the file"),
        description=_l("It opens the file once and is not kept."),
        validators=[Length(max=200)],
    )


class StampForm(Form):
    """The time stamp service of a university."""

    timestamp_url = StringField(
        _l("Address of the time stamp service"),
        description=_l("RFC 3161 over HTTP. Without one, signatures bear the time of this computer."),
        validators=[Length(max=300)],
    )
    long_term = BooleanField(
        _l("Signatures for the long term"),
        description=_l(
            "What is needed to check them in later years is put into the document, under a further time stamp "
            "(PAdES B-LTA). The authorities have to be reachable at the moment of issue."
        ),
    )


def _per_language() -> None:
    for code, called in LANGUAGES.items():
        words = {"language": called}
        setattr(
            ProfileForm,
            f"name_{code}",
            StringField(_l("Name of the university, %(language)s", **words), validators=[Length(max=200)]),
        )
        setattr(
            LookForm,
            f"closing_{code}",
            TextAreaField(_l("Closing line, %(language)s", **words), validators=[Length(max=400)]),
        )
    for number in range(1, SIGNATORIES + 1):
        setattr(LookForm, f"signatory_{number}", StringField(_l("Name"), validators=[Length(max=120)]))
        for code, called in LANGUAGES.items():
            setattr(
                LookForm,
                f"position_{number}_{code}",
                StringField(_l("Position, %(language)s", language=called), validators=[Length(max=200)]),
            )


_per_language()
