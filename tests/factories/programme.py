"""A small programme of two modules in two languages, as YAML that a test can spoil."""

from __future__ import annotations

from pathlib import Path

MAIN = """\
code: small
version: "1"
languages: [ca, en]
title: {ca: "Petit", en: "Small"}
summary: {ca: "Prova", en: "A test"}
scale:
  levels:
    - {code: not_yet, title: {ca: "Encara no", en: "Not yet"}, passing: false}
    - {code: achieved, title: {ca: "Assolida", en: "Achieved"}, passing: true}
principles:
  mutual: {ca: "Mutu", en: "Mutual"}
methods:
  circle: {ca: "Rotllana", en: "Circle"}
  break: {ca: "Pausa", en: "Break"}
placement: {weeks: 4, weekly_hours: 5, required_hours: 20, counting_kinds: [direct, team]}
gates:
  start:
    title: {ca: "Inici", en: "Start"}
    opens: placement
    requirements:
      - {kind: attendance, at_least: "80 %"}
  accreditation:
    title: {ca: "Acreditació", en: "Accreditation"}
    issues: accreditation
    requirements:
      - {kind: gate, gate: start}
      - {kind: competencies, level: achieved, which: all}
certificates:
  accreditation:
    title: {ca: "Certificat", en: "Certificate"}
    lines:
      - {ca: "{name} ha fet {hours} hores.", en: "{name} has done {hours} hours."}
    credential:
      country: ES
      hours: 2
      ects: "0.08"
      assessment: {ca: "Sí", en: "Yes"}
      participation: {ca: "Presencial", en: "In person"}
      quality_assurance: {ca: "Interna", en: "Internal"}
modules:
  - modules/1.yaml
  - modules/2.yaml
"""

MODULE = """\
number: {number}
code: m{number}
title: {{ca: "Mòdul {number}", en: "Module {number}"}}
aim: {{ca: "Per provar", en: "To try"}}
minutes: 60
taught_by:
  - role: {{ca: "Formadora", en: "Trainer"}}
    lived_experience: true
outcomes:
  - {{ca: "u", en: "one"}}
  - {{ca: "dos", en: "two"}}
  - {{ca: "tres", en: "three"}}
competencies:
  - code: m{number}.first
    title: {{ca: "Primera", en: "First"}}
    principles: [mutual]
    descriptors:
      not_yet: {{ca: "gens", en: "none"}}
      achieved: {{ca: "molt", en: "much"}}
  - code: m{number}.second
    title: {{ca: "Segona", en: "Second"}}
    descriptors:
      not_yet: {{ca: "gens", en: "none"}}
      achieved: {{ca: "molt", en: "much"}}
plan:
  - minutes: 40
    title: {{ca: "Rotllana", en: "Circle"}}
    method: circle
    what: {{ca: "1. Parleu", en: "1. Talk"}}
  - minutes: 20
    title: {{ca: "Pausa", en: "Break"}}
    method: break
    what: {{ca: "Descanseu", en: "Rest"}}
handouts:
  - code: sheet
    title: {{ca: "Full", en: "Sheet"}}
    body:
      ca: |-
        **Per pensar**
        - [ ] <b>Un</b>
      en: |-
        **To think**
        - [ ] <b>One</b>
"""


def write_programme(folder: Path, code: str = "small") -> Path:
    """Writes the programme below `folder` and gives its main file."""
    (folder / "modules").mkdir(parents=True)
    main = folder / "programme.yaml"
    main.write_text(MAIN.replace("code: small", f"code: {code}"), encoding="utf-8")
    for number in (1, 2):
        (folder / "modules" / f"{number}.yaml").write_text(MODULE.format(number=number), encoding="utf-8")
    return main


def spoil(file: Path, old: str, new: str) -> None:
    """Replaces `old`, which has to be there, by `new`."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
