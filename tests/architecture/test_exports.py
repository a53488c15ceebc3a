"""Every list can be taken away: each page says here which file it has, or why it has none."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

# page: what it offers as CSV and as a workbook, under the same rule of access
FILES: dict[str, tuple[str, ...]] = {
    "accreditation.book": ("accreditation.book_csv", "accreditation.book_xlsx"),
    "accreditation.course": ("accreditation.course_file",),
    "accreditation.registry": ("accreditation.registry_file",),
    "accreditation.registry_certificate": ("accreditation.registry_certificate_file",),
    "accreditation.registry_certificates": ("accreditation.registry_certificates_file",),
    "accreditation.registry_course": ("accreditation.registry_course_file",),
    "attendance.absences": ("attendance.absences_file",),
    "attendance.make_ups": ("attendance.make_ups_file",),
    "audit.entries": ("audit.entries_file",),
    "cohorts.courses": ("cohorts.courses_file",),
    "cohorts.people": ("cohorts.people_file",),
    "competency.group_sessions": ("competency.group_sessions_file",),
    "competency.matrix": ("competency.matrix_file",),
    "competency.reviews": ("competency.reviews_file",),
    "dossier.course": ("dossier.course_file",),
    "dossier.person": ("dossier.person_file",),
    "dossier.university": ("dossier.university_file",),
    "gates.waivers": ("gates.waivers_file",),
    "joining.course": ("joining.course_file", "joining.sessions_file"),
    "joining.proposed": ("joining.proposed_file",),
    "joining.session": ("joining.session_file",),
    "people.organisations": ("people.organisations_file",),
    "people.people": ("people.people_file",),
    "placement.course": ("placement.course_file",),
    "placement.placement": ("placement.log_file", "placement.follow_ups_file"),
    "placement.placements": ("placement.placements_file",),
    "progress.care": ("progress.care_file", "progress.contacts_file"),
    "progress.contacts": ("progress.person_contacts_file",),
    "progress.course": ("progress.course_file",),
    "progress.version": ("progress.version_file",),
    "progress.version_change": ("progress.version_change_file",),
    "progress.what_if": ("progress.what_if_file",),
    "reports.course": ("reports.course_file",),
    "scheduling.sessions": ("scheduling.sessions_file",),
    "scheduling.venues": ("scheduling.venues_file",),
}

# why not: the pages
NONE: dict[str, tuple[str, ...]] = {
    "what is held on a person is theirs whole, as JSON, on their account's page; placement.log_file and portfolios too": (
        *("accreditation.my_certificate", "accreditation.my_certificates", "attendance.my_absence"),
        *("attendance.my_absences", "cohorts.consent", "cohorts.my_courses", "competency.mine"),
        *(
            "competency.my_appeals",
            "competency.my_claims",
            "competency.my_evidence",
            "competency.my_portfolio",
        ),
        *("dossier.mine", "people.account", "placement.mine", "progress.me", "progress.my_course"),
    ),
    "a calendar: it is followed as iCalendar": ("scheduling.my_calendar",),
    "words for one reader alone, which never lie in a file": ("attendance.my_notes", "attendance.note"),
    "one thing, not a list": (
        *("accreditation.course_proposal", "accreditation.registry_proposal", "attendance.make_up"),
        *("cohorts.course", "cohorts.person", "cohorts.settings", "competency.review_appeal"),
        *("competency.review_claim", "joining.candidate", "joining.opening", "people.organisation"),
        *(
            "people.person",
            "placement.agreement",
            "placement.person",
            "scheduling.session",
            "scheduling.venue",
        ),
    ),
    "how far a batch is: it is over in minutes, and what came of it is in the course's file": (
        "accreditation.registry_batch",
    ),
    "a person's line of a list that can be taken away": (
        *("attendance.history", "attendance.person_absences", "competency.person", "progress.person"),
    ),
    "a person's evidence is taken away as a document, with its files named": (
        *("competency.evidence", "competency.portfolio"),
    ),
    "the register and its sheet: everybody's marks are in the course's progress, a column a session": (
        *("attendance.paper", "attendance.register", "attendance.sheet"),
    ),
    "where something is entered: what comes of it is in the list that it belongs to": (
        *("attendance.transfer_person", "cohorts.add_person", "cohorts.new_course", "competency.ask_again"),
        *("competency.assess", "competency.assess_as_reference", "competency.assess_self"),
        *(
            "competency.evidence_add",
            "competency.group",
            "competency.my_evidence_add",
            "competency.reference",
        ),
        *("dossier.decisions", "dossier.hand_in", "dossier.hand_in_for", "dossier.results", "joining.add"),
        *("joining.change_session", "joining.close", "joining.new_session", "joining.propose"),
        *("people.add_user", "placement.add_log", "placement.change", "placement.change_log"),
        *("placement.dispute", "placement.open_placement", "scheduling.cancel", "scheduling.edit"),
        *("scheduling.move", "scheduling.new_session", "scheduling.new_venue", "scheduling.plan"),
        *("scheduling.trainers",),
    ),
    "takes a spreadsheet in": (
        *("attendance.import_page", "cohorts.import_people", "competency.import_page", "dossier.import_page"),
        *("placement.import_page", "scheduling.import_page"),
    ),
    "how a university's documents are made: settings": (
        *(
            "accreditation.keys",
            "accreditation.profile",
            "accreditation.programme_face",
            "accreditation.rules",
        ),
    ),
    "a programme is a file already": (
        *("curriculum.handout", "curriculum.module", "curriculum.programme", "curriculum.programmes"),
    ),
    "a file or a picture itself": (
        *("accreditation.logo", "accreditation.programme_logo", "competency.evidence_file", "dossier.file"),
        *("dossier.own_file",),
    ),
}


def pages(app: Flask) -> Iterator[Rule]:
    """The addresses behind a sign-in that are read, but for those that end like a file."""
    for rule in app.url_map.iter_rules():
        guarded = app.view_functions[rule.endpoint].__access__.kind != "public"
        if guarded and "GET" in (rule.methods or ()) and "." not in rule.rule.rsplit("/", 1)[1]:
            yield rule


def test_every_page_has_a_file_or_says_why_not(app: Flask) -> None:
    """A new page with a list gets a file; one without is put under its reason."""
    without = [name for names in NONE.values() for name in names]
    assert len(without) == len(set(without)), "a page stands under two reasons"
    assert not set(without) & set(FILES)
    assert {rule.endpoint for rule in pages(app)} == set(without) | set(FILES)


def test_a_file_is_for_who_reads_the_page_and_comes_in_both_forms(app: Flask) -> None:
    addresses = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    for page, files in FILES.items():
        for name in files:
            own, theirs = app.view_functions[name].__access__, app.view_functions[page].__access__
            assert (own.kind, own.read) == (theirs.kind, theirs.read), name
        ends = {addresses[name].rsplit(".", 1)[1] for name in files}
        assert ends in ({"<any(csv, xlsx):form>"}, {"csv", "xlsx"}), page


def test_every_file_of_a_list_belongs_to_a_page(app: Flask) -> None:
    spreadsheets = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith((".<any(csv, xlsx):form>", ".csv", ".xlsx"))
    }
    assert spreadsheets == {name for files in FILES.values() for name in files}
