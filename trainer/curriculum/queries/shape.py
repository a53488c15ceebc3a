"""The shape of a programme: schema.json, and its answers in words that say how to mend what is wrong."""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules.language_checks import localised_findings, of_languages
from trainer.curriculum.rules.parts import Finding, Path, items

LOCALISED = "x-localised"
WHOLE, REQUIRED, UNKNOWN, ONE_ONLY = (
    "whole",
    "required",
    "unknown",
    "one only",
)  # what `of` says of a finding here
_LANGUAGE = re.compile(r"[a-z]{2,3}")


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
    return list(of_languages(source, _settled(list(found.values()))))


def _settled(findings: list[Finding]) -> list[Finding]:
    """The findings without those that another explains: a key that was misspelt is not missing too, what stands inside
    something that is wrong as a whole is not told, and what misses several keys misses them in one breath."""
    meant = {place for finding in findings for place in finding.covers}
    whole = {finding.path for finding in findings if finding.of == WHOLE}
    unknown = {finding.path[:-1] for finding in findings if finding.of == UNKNOWN}
    kept: list[Finding] = []
    missing: dict[Path, list[Finding]] = {}
    for one in findings:
        inside = any(one.path[:length] in whole for length in range(len(one.path)))
        if one.path in meant or inside or (one.of == ONE_ONLY and one.path in unknown):
            continue
        if one.of == REQUIRED:
            missing.setdefault(one.path[:-1], []).append(one)
        kept.append(one)
    for parent, several in missing.items():
        if len(several) > 1:
            names = _list(f"`{one.path[-1]}`" for one in several)
            covers = tuple(one.path for one in several)
            joined = Finding(
                covers[0],
                msg("missing: add the keys %(keys)s", keys=names),
                covers=(*covers, parent) if len(several) > 2 else covers,
            )
            kept[kept.index(several[0])] = joined
            kept = [one for one in kept if one not in several]
    return kept


@functools.lru_cache(maxsize=32)
def _validator(languages: tuple[str, ...]) -> Any:
    def localised(validator: Any, wanted: Any, instance: Any, part: Any) -> Iterator[ValidationError]:
        readable = bool(languages) and all(
            map(_LANGUAGE.fullmatch, languages)
        )  # or else `languages` is what to mend
        if isinstance(instance, Mapping) and instance and readable and set(instance) != set(languages):
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
                yield Finding((*path, name), msg("missing: add the key `%(key)s`", key=name), of=REQUIRED)
    elif keyword == "additionalProperties" and isinstance(instance, Mapping):
        yield from _unknown_keys(path, instance, list(part.get("properties", {})))
    elif keyword == LOCALISED:
        yield from localised_findings(path, instance, languages)
    elif "propertyNames" in error.absolute_schema_path and isinstance(instance, str) and keyword != "type":
        yield Finding(
            (*path, instance),
            msg("the key `%(key)s` does not fit: %(rule)s", key=instance, rule=_rule(part)),
        )
    else:
        of = {"minProperties": WHOLE, "maxProperties": ONE_ONLY, "type": WHOLE}.get(str(keyword), "")
        yield Finding(path, _said(keyword, instance, part, wanted, languages), of=of)


def _said(keyword: Any, instance: Any, part: Any, wanted: Any, languages: list[str]) -> Text:
    if keyword in {"enum", "const"} and not isinstance(instance, str):
        return msg(
            "%(found)s: write one of %(known)s",
            found=_found(instance),
            known=_list(str(choice) for choice in (wanted if keyword == "enum" else [wanted])),
        )
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
    if isinstance(instance, (list, dict)):
        return msg("%(found)s, but one text belongs here: write it between quotes, alone", found=found)
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


def _unknown_keys(path: Path, instance: Mapping[str, Any], known: list[str]) -> Iterator[Finding]:
    """One finding for each key that looks like one that is missing, and one for all the others together."""
    strange, free = [], [name for name in known if name not in instance]
    for name in instance:
        if name in known:
            continue
        close = difflib.get_close_matches(str(name).split(":")[0].lower(), free, 1, 0.7)
        if not close:
            strange.append(str(name))
            continue
        yield Finding(
            (*path, name),
            msg("no such key: `%(key)s`; did you mean `%(close)s`?", key=name, close=close[0]),
            covers=((*path, close[0]),),
            of=UNKNOWN,
        )
    if strange:
        yield Finding(
            (*path, strange[0]),
            nmsg(
                "no such key: `%(key)s`; remove it, or use one of %(known)s",
                "no such keys: `%(key)s`; remove them, or use one of %(known)s",
                len(strange),
                key="`, `".join(strange),
                known=_list(known),
            ),
            of=UNKNOWN,
        )


def _rule(part: Mapping[str, Any]) -> str:
    return str(part.get("description") or part.get("pattern") or "")


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)
