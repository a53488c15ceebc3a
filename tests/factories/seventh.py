"""A seventh programme, made up, which uses every kind of requirement and every rule: as YAML that a test can spoil."""

from __future__ import annotations

SEVENTH = """\
code: evening-school
version: "1"
languages: [en]
title: {en: "Evening school"}
summary: {en: "A made-up programme."}
note: {en: "It is not any real programme's."}
scale:
  levels:
    - {code: seed, title: {en: "Seed"}, passing: false}
    - {code: tree, title: {en: "Tree"}, passing: true}
  assessors:
    required: 3
    decides: all
    kinds: {assessor: 1, peer_assessor: 1}
appeals: {within_days: 20, answer_days: 10}
prior_learning: {kinds: [work, training], at_most: 1}
attendance:
  base: sessions
  excused: {counts_as: credited, cap: {sessions: 1}}
  late_joiners: from_joining
  pauses: excluded
  notice: {hours: 48}
  make_ups:
    ways: [session, task]
    within: {weeks: 6}
    at_most: {sessions: 2}
    not_for: [doors]
    note: {en: "Ask first."}
placement: {weeks: 10, weekly_hours: 4, required_hours: 40, counting_kinds: [direct], follow_up_minutes: 0}
documents:
  - {code: statement, title: {en: "Statement"}, valid_for: {years: 1}}
  - {code: agreement, title: {en: "Agreement"}, what: {en: "Signed."}}
portfolio:
  - {code: diary, title: {en: "Diary"}}
tests:
  - {code: quiz, title: {en: "Quiz"}, out_of: 40, attempts: 3}
decisions:
  - {code: welcome, title: {en: "Welcome"}, question: {en: "Is this the right time?"}, by: trainer}
gates:
  first:
    title: {en: "First step"}
    opens: placement
    note: {en: "Take your time."}
    requirements:
      - {kind: max_absences, at_most: {sessions: 1}, below: "50 %"}
      - {kind: max_absences, at_most: {hours: 2}, modules: [windows]}
      - {kind: max_absences, at_most: {share: "12.5 %"}}
      - {kind: unmissable, modules: [doors], at_least: "80 %", make_up: false}
      - {kind: unmissable, sessions: [2, 3]}
      - {kind: attendance, at_least: "2/3", modules: [windows]}
      - {kind: test, test: quiz, at_least: "60 %"}
  accreditation:
    title: {en: "Accreditation"}
    issues: accreditation
    requirements:
      - {kind: gate, gate: first}
      - {kind: attendance, at_least: "75 %"}
      - {kind: competencies, level: tree, which: [doors.open, windows.clean], at_least: 1}
      - {kind: placement_hours, hours: 30, placement: 1, kinds: [direct, team], within: {months: 5}}
      - {kind: documents, which: all}
      - {kind: documents, which: [agreement]}
      - {kind: portfolio, which: [diary]}
      - {kind: decision, decision: welcome}
      - {kind: order, steps: [{module: doors}, {test: quiz}, {placement: 1}, {portfolio: diary}, {decision: welcome}]}
certificates:
  accreditation:
    title: {en: "Certificate"}
    lines:
      - {en: "{name} was there."}
    credential:
      country: ES
      hours: 10
      ects: "0.4"
      assessment: {en: "Yes"}
      participation: {en: "In the evening"}
      quality_assurance: {en: "Internal"}
modules:
  - {number: 1, code: doors, title: {en: "Doors"}, minutes: 100, competencies: [{code: doors.open, title: {en: "Opens"}}]}
  - number: 2
    code: windows
    title: {en: "Windows"}
    minutes: 120
    sessions: [70, 50]
    competencies:
      - {code: windows.clean, title: {en: "Cleans"}}
"""
