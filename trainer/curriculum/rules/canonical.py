"""The canonical content of a programme and its hash: what a course pins.

Every default is written out, so that a later change of a default here changes no running course; where
order carries meaning there is a list, as a database may reorder the keys of an object. Comments, layout and
the division into files leave no trace.

What came after the first version is written only where a source writes it, so that no older programme has
another hash for it. A default of such a key is part of its meaning, and never changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT = 1


def canonical(source: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical content of a checked source whose modules are already read in."""
    scale = source.get("scale", {"levels": []})
    attendance = source.get("attendance", {})
    excused = attendance.get("excused", {})
    return {
        "format": FORMAT,
        "code": source["code"],
        "version": source["version"],
        "languages": list(source["languages"]),
        "title": source["title"],
        "summary": source["summary"],
        "sources": [
            {key: item.get(key) for key in ("title", "author", "year", "url", "note")}
            for item in source.get("sources", [])
        ],
        "unit_minutes": source.get("unit_minutes", 60),
        "credits": source.get("credits"),
        "scale": {
            "levels": list(scale["levels"]),
            "assessors": {"required": 1, "decides": "latest", **scale.get("assessors", {})},
        },
        "principles": source.get("principles", {}),
        "chime": source.get("chime", {}),
        "methods": source.get("methods", {}),
        "attendance": {
            "base": attendance.get("base", "hours"),
            "excused": {"counts_as": excused.get("counts_as", "absent"), "cap": excused.get("cap")},
            "late_joiners": attendance.get("late_joiners", "full_base"),
            "pauses": attendance.get("pauses", "full_base"),
            "note": attendance.get("note"),
            **_written(attendance, "make_ups", "notice"),
        },
        "placement": _placement(source.get("placement")),
        "gates": [
            {
                "name": name,
                "title": gate["title"],
                "opens": gate.get("opens"),
                "issues": gate.get("issues"),
                "requirements": [_requirement(one) for one in gate["requirements"]],
                **_written(gate, "note"),
            }
            for name, gate in source["gates"].items()
        ],
        "certificates": {
            kind: _certificate(wording) for kind, wording in source.get("certificates", {}).items()
        },
        "modules": [_module(module) for module in source["modules"]],
        **_written(
            source, "note", "appeals", "prior_learning", "documents", "portfolio", "tests", "decisions"
        ),
    }


def _written(source: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: source[key] for key in keys if key in source}


def _certificate(source: Mapping[str, Any]) -> dict[str, Any]:
    """What a certificate attests, unless, and for how long came later than the rest: where a source does
    not write them they are left out, so that no programme's hash has changed by them."""
    later = {key: source[key] for key in ("unless", "valid_for", "renewal") if key in source}
    if source.get("attests", "achievement") != "achievement":
        later["attests"] = source["attests"]
    if "remind_days" in source:
        later["remind_days"] = sorted(source["remind_days"], reverse=True)
    return {
        "title": source["title"],
        "lines": source["lines"],
        "outcomes": source.get("outcomes", []),
        "credential": {"eqf_level": None, **source["credential"]},
        **later,
    }


def _requirement(source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": source["kind"],
        **({"which": "all"} if source["kind"] == "competencies" else {}),
        **source,
    }


def _placement(source: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "weeks": source["weeks"],
        "weekly_hours": source["weekly_hours"],
        "required_hours": source["required_hours"],
        "counting_kinds": list(source["counting_kinds"]),
        "follow_up_minutes": source.get("follow_up_minutes", 60),
        "immersion_weeks": source.get("immersion_weeks"),
        "review_every_weeks": source.get("review_every_weeks"),
        "note": source.get("note"),
    }


def _module(source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": source["number"],
        "code": source["code"],
        "title": source["title"],
        "minutes": source["minutes"],
        **_written(source, "aim", "outcomes", "taught_by", "sessions"),
        "competencies": [
            {"principles": [], "chime": [], **competency} for competency in source.get("competencies", [])
        ],
        "plan": [{"materials": None, **activity} for activity in source.get("plan", [])],
        "co_written_by": source.get("co_written_by", []),
        "reading": [_reading(item) for item in source.get("reading", [])],
        "handouts": source.get("handouts", []),
    }


def _reading(source: Mapping[str, Any]) -> dict[str, Any]:
    languages = source["language"]
    return {
        "title": source["title"],
        "author": source["author"],
        "year": source.get("year"),
        "url": source.get("url"),
        "languages": [languages] if isinstance(languages, str) else list(languages),
        "open": source.get("open", False),
        "why": source["why"],
    }


def canonical_json(content: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: UTF-8, keys sorted, no spaces, no floating point (which JSON writers spell
    differently; ValueError)."""
    _refuse_floats(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def content_hash(content: Mapping[str, Any]) -> str:
    """`sha256:` and the hash of the canonical JSON, in hexadecimal."""
    return "sha256:" + hashlib.sha256(canonical_json(content)).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("floating point has no canonical form: write the number as text")
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for child in children:
        _refuse_floats(child)
