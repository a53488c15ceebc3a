"""The shape of a programme: schema.json, and its answers in words that say how to mend what is wrong."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules.parts import Finding, Path, items

LOCALISED = "x-localised"


@functools.cache
def schema() -> dict[str, Any]:
    """The JSON Schema (draft 7, which editors know best) of programme.yaml."""
    text = resources.files("trainer.curriculum").joinpath("schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def module_schema() -> dict[str, Any]:
    """The same schema with a module as its root, for the files that a programme includes."""
    return {**schema(), "title": "Module of a training programme", "$ref": "#/definitions/module"}


def shape_findings(source: Mapping[str, Any]) -> list[Finding]:
    """Everything in which the source, modules read in, differs from the schema."""
    languages = [code for code in items(source, "languages") if isinstance(code, str)]
    found: dict[tuple[Path, str], Finding] = {}
    for error in _validator(tuple(languages)).iter_errors(source):
        for finding in _explain(error, languages):
            found.setdefault((finding.path, str(finding.text)), finding)
    return list(found.values())


@functools.lru_cache(maxsize=32)
def _validator(languages: tuple[str, ...]) -> Any:
    def localised(validator: Any, wanted: Any, instance: Any, part: Any) -> Iterator[ValidationError]:
        if isinstance(instance, Mapping) and languages and set(instance) != set(languages):
            yield ValidationError("languages differ", validator=LOCALISED, instance=instance, schema=part)

    def pattern(validator: Any, wanted: str, instance: Any, part: Any) -> Iterator[ValidationError]:
        # Python's $ also matches before a last line break; the schema's does not.
        trailing = isinstance(instance, str) and instance.endswith("\n") and wanted.endswith("$")
        yield from (
            [ValidationError("line break")] if trailing else draft(validator, wanted, instance, part) or ()
        )

    draft: Any = Draft7Validator.VALIDATORS["pattern"]
    make: Any = extend
    return make(Draft7Validator, {LOCALISED: localised, "pattern": pattern})(schema())


def _explain(error: ValidationError, languages: list[str]) -> Iterable[Finding]:
    path: Path = tuple(error.absolute_path)
    keyword: Any = error.validator
    instance: Any = error.instance
    part: Any = error.schema
    wanted: Any = error.validator_value
    if keyword == "required":
        for name in wanted:
            if name not in instance:
                yield Finding((*path, name), msg("missing: add the key `%(key)s`", key=name))
    elif keyword == "additionalProperties" and isinstance(instance, Mapping):
        known = list(part.get("properties", {}))
        for name in instance:
            if name not in known:
                yield Finding((*path, name), _unknown_key(name, known))
    elif keyword == LOCALISED:
        for language in languages:
            if language not in instance:
                yield Finding(
                    (*path, language),
                    msg(
                        "the text in this language is missing: the programme is in %(all)s",
                        all=_list(languages),
                    ),
                )
        for language in instance:
            if language not in languages:
                yield Finding(
                    (*path, language),
                    msg(
                        "`%(language)s` is not a language of the programme (%(all)s): remove it, or add it "
                        "to `languages`",
                        language=language,
                        all=_list(languages),
                    ),
                )
    elif "propertyNames" in error.absolute_schema_path and isinstance(instance, str) and keyword != "type":
        yield Finding(
            (*path, instance),
            msg("the key `%(key)s` does not fit: %(rule)s", key=instance, rule=_rule(part)),
        )
    else:
        yield Finding(path, _said(keyword, instance, part, wanted, languages))


def _said(keyword: Any, instance: Any, part: Any, wanted: Any, languages: list[str]) -> Text:
    if keyword == "type":
        return _wrong_type(wanted, instance, part, languages)
    if keyword in {"enum", "const"}:
        choices = [str(choice) for choice in (wanted if keyword == "enum" else [wanted])]
        return msg(
            "`%(value)s` is not known here: write one of %(known)s",
            value=_short(instance),
            known=_list(choices),
        )
    if keyword == "minItems":
        return nmsg(
            "%(have)d here: at least %(num)d belongs here",
            "%(have)d here: at least %(num)d belong here",
            wanted,
            have=len(instance),
        )
    if keyword == "maxItems":
        return nmsg(
            "%(have)d here: at most %(num)d belongs here",
            "%(have)d here: at most %(num)d belong here",
            wanted,
            have=len(instance),
        )
    if keyword == "minimum":
        return msg("%(value)s is too little: at least %(limit)s", value=instance, limit=wanted)
    if keyword == "maximum":
        return msg("%(value)s is too much: at most %(limit)s", value=instance, limit=wanted)
    if keyword == "uniqueItems":
        twice = [item for position, item in enumerate(instance) if item in instance[:position]]
        return msg("`%(value)s` is in this list twice: remove one", value=_short(twice[0]))
    if keyword in {"minLength", "minProperties"} or (keyword == "pattern" and not str(instance).strip()):
        return msg("empty: write it, or remove the key")
    if keyword == "maxLength":
        return msg("too long: at most %(limit)d characters", limit=wanted)
    if keyword == "maxProperties":
        return msg("only one of these keys belongs here")
    if keyword == "pattern":
        return msg("`%(value)s` does not fit: %(rule)s", value=_short(instance), rule=_rule(part))
    return msg("`%(value)s` does not fit: %(rule)s", value=_short(instance), rule=_rule(part))


def _wrong_type(wanted: Any, instance: Any, part: Mapping[str, Any], languages: list[str]) -> Text:
    found = _found(instance)
    if wanted == "object" and part.get(LOCALISED):
        example = _list([f"{code}: …" for code in languages or ["en"]])
        return msg(
            "%(found)s, but the text belongs here once for each language (%(example)s)",
            found=found,
            example=example,
        )
    if wanted == "object":
        return msg(
            "%(found)s, but keys with values belong here (key: value, one a line, indented)", found=found
        )
    if wanted == "array":
        return msg("%(found)s, but a list belongs here (one item a line, beginning with -)", found=found)
    if wanted == "integer":
        return msg("%(found)s, but a whole number belongs here, without quotes, such as 20", found=found)
    if wanted == "boolean":
        return msg("%(found)s, but true or false belongs here, without quotes", found=found)
    return msg("%(found)s, but a text belongs here: write it between quotes", found=found)


def _found(instance: Any) -> Text:
    if instance is None:
        return msg("nothing is here")
    if isinstance(instance, bool):
        return msg("%(value)s is here", value="true" if instance else "false")
    if isinstance(instance, int):
        return msg("the number %(value)d is here", value=instance)
    if isinstance(instance, str):
        return msg("the text “%(value)s” is here", value=_short(instance))
    if isinstance(instance, list):
        return msg("a list is here")
    return msg("keys with values are here")


def _unknown_key(name: str, known: list[str]) -> Text:
    close = difflib.get_close_matches(name, known, 1, 0.7)
    if close:
        return msg("no such key: `%(key)s`; did you mean `%(close)s`?", key=name, close=close[0])
    return msg("no such key: `%(key)s`; remove it, or use one of %(known)s", key=name, known=_list(known))


def _rule(part: Mapping[str, Any]) -> str:
    return str(part.get("description") or part.get("pattern") or "")


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)
