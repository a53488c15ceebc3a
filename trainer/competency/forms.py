"""What people type about competencies: assessments, evidence, claims, appeals and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from trainer.competency.rules import (
    KIND_WORDS,
    LONGEST_LINK,
    LONGEST_TITLE,
    LONGEST_WORDS,
    PRIOR_WORDS,
    EvidenceKind,
    Kind,
)
from trainer.core.forms import Form, required
from trainer.core.i18n import gettext, localised, say
from trainer.curriculum.rules import Module, Programme, Scale

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


def evidence_form(kind: str, programme: Programme, sessions: list[tuple[int, str]], **values: Any) -> Form:
    """What shows one or several competencies; only the fields that `kind` has. `sessions`: id and words of each."""

    words_needed = kind == EvidenceKind.NOTE

    class EvidenceForm(Form):
        title = StringField(
            _l("A short title"), validators=[Length(max=LONGEST_TITLE)], render_kw={"autocomplete": "off"}
        )

    fields: dict[str, Any] = {}
    if kind == EvidenceKind.LINK:
        fields["url"] = StringField(
            _l("Address"),
            validators=[required(), Length(max=LONGEST_LINK)],
            description=_l("It begins with https://"),
            render_kw={"type": "url", "inputmode": "url", "autocomplete": "off", "placeholder": "https://"},
        )
    if kind == EvidenceKind.SESSION:
        fields["session"] = SelectField(
            _l("At which session"), choices=[(str(key), words) for key, words in sessions]
        )
    fields["words"] = TextAreaField(
        _l("What it shows, in your own words"),
        validators=[required()] if words_needed else [Optional()],
        render_kw={"rows": 5, "maxlength": LONGEST_WORDS},
    )
    if kind in (EvidenceKind.NOTE, EvidenceKind.FILE, EvidenceKind.LINK):
        fields["happened_on"] = DateField(_l("Day, if it has one"), validators=[Optional()])
    fields["codes"] = SelectMultipleField(
        _l("Competencies that it shows"),
        choices=[(one.code, localised(one.title)) for one in programme.competencies],
        validators=[DataRequired(message=gettext("Choose at least one competency that this shows."))],
    )
    for name, field in fields.items():
        setattr(EvidenceForm, name, field)
    return EvidenceForm(**values)


def claim_form(
    programme: Programme, sources: Sequence[str], pieces: list[tuple[int, str]], **values: Any
) -> Form:
    """A claim that a competency was learnt before. `sources`: the kinds of prior learning that the programme names, one of
    which is asked for; `pieces`: id and words of the evidence that is there. Only levels that pass are offered: nobody asks to
    have "not yet" recognised."""
    levels = [one for one in programme.scale.levels if one.passing] or programme.scale.levels
    kinds = {one: say(PRIOR_WORDS[one]) for one in sources}

    class ClaimForm(Form):
        code = SelectField(
            _l("Competency"),
            choices=[("", gettext("Choose"))]
            + [(one.code, localised(one.title)) for one in programme.competencies],
            validators=[required()],
            render_kw={"required": True},
        )
        level = RadioField(
            _l("Level"),
            choices=[(one.code, localised(one.title)) for one in levels],
            default=levels[0].code if len(levels) == 1 else None,
            validators=[required()],
        )
        if kinds:
            kind = RadioField(
                _l("Where it comes from"),
                choices=[(one, said[:1].upper() + said[1:]) for one, said in kinds.items()],
                validators=[required()],
            )
        words = TextAreaField(
            _l("Where and how you learnt it"),
            validators=[required()],
            render_kw={"rows": 6, "maxlength": LONGEST_WORDS},
        )
        evidence = SelectField(
            _l("Evidence that is there already"),
            choices=[("", gettext("None of these"))] + [(str(key), words) for key, words in pieces],
            validators=[Optional()],
        )

    return ClaimForm(**values)


class AskAgainForm(Form):
    """Asking another assessor to look again."""

    words = TextAreaField(
        _l("How you see it"),
        validators=[required()],
        description=_l("What was not seen, or seen otherwise? A few sentences are enough."),
        render_kw={"rows": 6, "maxlength": LONGEST_WORDS},
    )


def claim_answer_form(**values: Any) -> Form:
    """The answer to a claim."""

    class ClaimAnswerForm(Form):
        answer = RadioField(
            _l("Answer"),
            choices=[("recognised", gettext("Recognised")), ("not_yet", gettext("Not yet"))],
            validators=[required()],
        )
        words = TextAreaField(
            _l("Words for the person"),
            validators=[Optional()],
            description=_l("For a “not yet”: what is missing, and how it could be shown."),
            render_kw={"rows": 4, "maxlength": LONGEST_WORDS},
        )

    return ClaimAnswerForm(**values)


def appeal_answer_form(scale: Scale, first_level: str, **values: Any) -> Form:
    """The answer to an appeal: the assessment stands, or one of the other levels."""

    class AppealAnswerForm(Form):
        answer = RadioField(
            _l("What you find"),
            choices=[("upheld", gettext("The assessment stands"))]
            + [
                (one.code, gettext("Changed to: %(level)s", level=localised(one.title)))
                for one in scale.levels
                if one.code != first_level
            ],
            validators=[required()],
        )
        words = TextAreaField(
            _l("Why, in words for the person"),
            validators=[required()],
            render_kw={"rows": 5, "maxlength": LONGEST_WORDS},
        )

    return AppealAnswerForm(**values)
