"""Every route declares who may use it, and addresses are the contract's."""

from __future__ import annotations

from flask import Flask

from trainer.core.access import Access


def test_every_route_declares_its_access(app: Flask) -> None:
    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not isinstance(getattr(app.view_functions[rule.endpoint], "__access__", None), Access)
    ]
    assert undeclared == []


def test_public_routes_are_these_and_say_why(app: Flask) -> None:
    """A new public route is a decision: it is added here on purpose."""
    public = {
        rule.endpoint: app.view_functions[rule.endpoint].__access__.why
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].__access__.kind == "public"
    }
    assert all(public.values())
    assert {name for name in public if not name.startswith("security.")} == {
        "static",
        "healthz",
        "readyz",
        "people.home",
        "people.set_language",
        "people.accept_invitation",
        "scheduling.feed",
        "accreditation.verify",
        "accreditation.verify_code",
        "accreditation.share",
        "accreditation.shared_document",
        "accreditation.verify_document",
        "accreditation.credential",
        "accreditation.status_list",
        "accreditation.did_document",
        "accreditation.achievement",
        "joining.join",
        "joining.thanks",
        "joining.mine",
        "joining.apply",
        "joining.choose_session",
        "joining.my_step",
        "joining.erase_mine",
        "joining.reference",
    }


def test_the_addresses_of_the_contract_exist(app: Flask) -> None:
    addresses = {str(rule) for rule in app.url_map.iter_rules()}
    for address in (
        "/healthz",
        "/readyz",
        "/login",
        "/courses",
        "/me",
        "/registry",
        "/placements",
        "/verify",
    ):
        assert address in addresses
    assert "/verify/<code>" in addresses
    assert "/verify/document" in addresses
    assert "/calendar/<token>.ics" in addresses
    assert {"/credentials/<code>", "/status/<int:number>", "/.well-known/did.json"} <= addresses
