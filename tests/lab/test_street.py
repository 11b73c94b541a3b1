"""Every house of the demo street, observed over the network and diagnosed, shows what it was built to show."""

from __future__ import annotations

import asyncio
import threading

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import CATALOGUE, Category, Severity
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.report import Report
from certtui.lab import House, Street
from certtui.lab.plan import Service
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings


@pytest.fixture(scope="module")
def reports(street: Street, street_anchors: AnchorStore) -> dict[str, Report]:
    """A report of every house."""
    settings = ProbeSettings(routes=street.routes, timeout_seconds=3.0)

    async def observe_all() -> dict[str, Report]:
        seen = await asyncio.gather(*(observe(house.target, settings) for house in street.houses))
        judged = (diagnose_evidence(evidence, anchors=street_anchors) for evidence in seen)
        return dict(zip((house.name for house in street.houses), judged, strict=True))

    return asyncio.run(observe_all())


def test_every_house_shows_its_faults_and_no_others(street: Street, reports: dict[str, Report]) -> None:
    found = {
        name: {finding.code for finding in report.findings if finding.severity is not Severity.NOTICE}
        for name, report in reports.items()
    }

    assert found == {house.name: set(house.expected_codes) for house in street.houses}


def test_every_house_shows_its_notices_and_no_others(street: Street, reports: dict[str, Report]) -> None:
    found = {
        name: {finding.code for finding in report.findings if finding.severity is Severity.NOTICE}
        for name, report in reports.items()
    }

    assert found == {house.name: set(house.expected_notices) for house in street.houses}


def test_no_finding_is_named_twice_for_the_same_certificate(reports: dict[str, Report]) -> None:
    for name, report in reports.items():
        named = [(finding.code, finding.certificate) for finding in report.findings]

        assert len(named) == len(set(named)), name


def test_every_finding_has_values_that_were_compared(reports: dict[str, Report]) -> None:
    without = {
        (name, finding.code)
        for name, report in reports.items()
        for finding in report.findings
        if not finding.evidence and finding.category is not Category.CONNECTION
    }

    assert without == set()


def test_the_chain_arrives_exactly_as_it_is_served(street: Street, reports: dict[str, Report]) -> None:
    tls = [house for house in street.houses if reports[house.name].chain]

    assert len(tls) > 30
    for house in tls:
        assert tuple(certificate.der for certificate in reports[house.name].chain) == house.chain, house.name


def test_the_street_has_a_good_house_and_one_for_every_category_but_what_only_public_cas_are_held_to(
    street: Street,
) -> None:
    shown = {CATALOGUE[code].category for house in street.houses for code in house.expected_codes}

    assert shown == set(Category) - {Category.TRUSTED, Category.POLICY}
    assert any(not house.expected_codes for house in street.houses)
    assert len(street.houses) >= 24


def test_what_a_client_certificate_is_demanded_for_is_judged_all_the_same(reports: dict[str, Report]) -> None:
    report = reports["client-certificate.demo.test"]

    assert len(report.chain) == 2
    assert report.best_path is not None
    assert report.best_path.is_trusted


def test_closing_the_street_leaves_no_thread_and_no_open_door() -> None:
    with Street() as street:
        house: House = street.house("good")
        silent = street.house("silent")
        assert any(thread.name == "certtui-street" for thread in threading.enumerate() if thread.is_alive())

    async def knock(port: int) -> str:
        try:
            await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            return "refused"
        return "open"

    assert asyncio.run(knock(house.port)) == "refused"
    assert asyncio.run(knock(silent.port)) == "refused"
    assert not street._thread.is_alive()  # the thread is the very thing that must be gone


def test_a_house_where_nobody_listens_has_a_port_of_its_own(street: Street) -> None:
    closed = street.house("closed")

    assert closed.service is Service.CLOSED
    assert closed.port not in {house.port for house in street.houses if house is not closed}
