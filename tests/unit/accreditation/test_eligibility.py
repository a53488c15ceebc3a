"""Who can be proposed, and why not yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.eligibility import Standing, decide, evidence_pack, rests_on
from trainer.accreditation.rules.evidence import evidence_hash
from trainer.core.text import msg
from trainer.gates.rules import PASSING, GateResult, Requirement, Status, Waiver

WAIVER = Waiver(
    "placement", None, "agreed with the university", "Ona Organitzadora", date(2026, 10, 1), None, 7
)


def gate(name: str, status: Status, *requirements: Requirement, waiver: Waiver | None = None) -> GateResult:
    return GateResult(
        name,
        status,
        requirements,
        issues=name,
        title={"en": name},
        explanation=msg("So it is."),
        waiver=waiver,
    )


def requirement(status: Status, kind: str = "competencies", **values: Any) -> Requirement:
    return Requirement(kind, status, "3", "31", msg("Three of thirty-one."), key=kind, **values)


@given(
    st.sampled_from(list(Status)),
    st.sampled_from([None, "proposed", "approved"]),
    st.booleans(),
    st.booleans(),
)
def test_only_a_passed_gate_makes_eligible(
    status: Status, proposal: str | None, issued: bool, bad_name: bool
) -> None:
    problem = msg("This name cannot be printed.") if bad_name else None
    found = decide(
        (gate("accreditation", status, requirement(status)),),
        proposal=proposal,
        certificate="valid" if issued else None,
        name_problem=problem,
    )
    passed = status in PASSING
    assert found.can_propose == (passed and proposal is None and not issued and not bad_name)
    assert found.can_approve == (passed and proposal == "proposed" and not issued and not bad_name)
    assert found.can_issue == (passed and proposal == "approved" and not issued and not bad_name)
    if issued:
        assert found.standing is Standing.ISSUED
    if not passed and not issued:
        assert found.reasons


def test_the_reasons_are_those_that_are_missing() -> None:
    missing = requirement(Status.NOT_YET)
    there = Requirement("gate", Status.MET, "1", "1", msg("Passed."))
    found = decide((gate("accreditation", Status.NOT_YET, there, missing),))
    assert found.standing is Standing.NOT_YET
    assert found.reasons == (missing.explanation,)
    assert decide((gate("a", Status.UNREACHABLE, missing),)).standing is Standing.UNREACHABLE


def test_what_was_revoked_is_not_proposed_again() -> None:
    found = decide((gate("accreditation", Status.MET),), certificate="revoked")
    assert found.standing is Standing.REVOKED
    assert not found.can_propose
    assert "reinstate" in str(found.reasons[0])


def test_a_waiver_of_an_earlier_gate_shows() -> None:
    placement = gate("placement", Status.WAIVED, requirement(Status.NOT_YET, "attendance"), waiver=WAIVER)
    asks = Requirement("gate", Status.MET, "1", "1", msg("Passed, by a waiver."), evidence=("placement",))
    own = gate("accreditation", Status.MET, asks)
    gates = rests_on("accreditation", {"placement": placement, "accreditation": own})
    assert [one.name for one in gates] == ["accreditation", "placement"]
    assert decide(gates).waived
    assert not decide((own,)).waived


@dataclass
class Spec:
    requirements: tuple[dict[str, Any], ...] = ({"kind": "competencies", "share": 0.8},)


@dataclass
class Programme:
    code: str = "peer-support-worker"
    version: str = "1.0"
    hash: str = "sha256:abc"
    gates: dict[str, Spec] = field(default_factory=lambda: {"accreditation": Spec(), "placement": Spec()})


def test_the_pack_holds_programme_rules_decisions_and_waivers_and_no_name() -> None:
    placement = gate("placement", Status.WAIVED, requirement(Status.NOT_YET, "attendance"), waiver=WAIVER)
    own = gate("accreditation", Status.MET, requirement(Status.MET))
    pack = evidence_pack(
        kind="accreditation",
        course_code="C-1",
        enrolment_id=5,
        programme=Programme(),  # type: ignore[arg-type]
        gates=(own, placement),
        at="2026-11-21T10:00:00+00:00",
        words=lambda text: {"en": str(text)},
    )
    assert pack.hash == evidence_hash(pack.document)
    assert pack.document["programme"]["hash"] == "sha256:abc"
    assert pack.document["enrolment"] == 5
    assert [one["name"] for one in pack.document["gates"]] == ["accreditation", "placement"]
    assert pack.document["gates"][0]["rules"] == [{"kind": "competencies", "share": "0.8"}]
    assert pack.document["gates"][0]["decisions"][0] == {
        "kind": "competencies",
        "key": "competencies",
        "status": "met",
        "have": "3",
        "need": "31",
        "words": {"en": "Three of thirty-one."},
    }
    assert pack.document["waivers"] == [
        {
            "id": 7,
            "gate": "placement",
            "requirement": None,
            "granted_by": "Ona Organitzadora",
            "granted_on": "2026-10-01",
            "until": None,
            "reason": "agreed with the university",
        }
    ]
