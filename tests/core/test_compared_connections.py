"""How hosts and files were looked at is compared where both can have it, and noted where not."""

from __future__ import annotations

from dataclasses import replace

from certtui.core.catalogue import Code
from certtui.core.comparison import Standing, compare
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import Loaded, Timing, Unreachable
from tests.core.examples import ISSUER, leaf
from tests.core.test_comparison import differing, reached, row, standings, titled
from tests.report.samples import _ANCHORS, failed, observed


def test_what_a_connection_settled_on_differs_and_how_long_it_took_does_not() -> None:
    left = reached(leaf(), ISSUER)
    right = reached(
        leaf(),
        ISSUER,
        protocol="TLSv1.2",
        address="192.0.2.9",
        client_certificate_requested=False,
        timing=Timing(handshake_seconds=9.0),
    )

    comparison = compare(left, right)

    assert differing(comparison)["Connection"] == ["Address", "Protocol", "Client certificate"]
    assert row(comparison, "Connection", "Handshake took").standing is Standing.NOTED
    assert row(comparison, "Connection", "Protocol").left == "TLSv1.3"


def test_a_file_and_a_host_with_the_same_chain_do_not_differ_for_the_connection() -> None:
    own = leaf()
    file = observed(Loaded(path="fullchain.pem", chain=(own.der, ISSUER.der), skipped=("PRIVATE KEY",)))
    host = reached(own, ISSUER, client_certificate_requested=False)

    comparison = compare(file, host)

    assert comparison.count == 0
    assert standings(titled(comparison, "Connection").rows) == {Standing.NOTED}
    assert row(comparison, "Connection", "Not read").left == "PRIVATE KEY"


def test_a_file_whose_names_were_not_judged_says_so_beside_a_host() -> None:
    own = leaf()
    host = reached(own, ISSUER)
    assert host.evidence is not None
    evidence = replace(
        host.evidence, host=None, observation=Loaded(path="x.pem", chain=(own.der, ISSUER.der))
    )

    comparison = compare(diagnose_evidence(evidence, anchors=_ANCHORS), host)

    assert row(comparison, "Verdict", "Judged for").left == "no name"
    assert row(comparison, "Server's own certificate", "Same certificate").standing is Standing.SAME


def test_a_host_that_is_not_reached_differs_in_little_more_than_that() -> None:
    gone = observed(Unreachable(failure=failed(Code.REFUSED), address="2001:db8::1"))

    comparison = compare(gone, reached(leaf(), ISSUER))

    assert row(comparison, "Verdict", "Verdict").left == "unreachable"
    assert [each.standing for each in titled(comparison, "Server's own certificate").rows] == [Standing.RIGHT]
    assert [each.standing for each in titled(comparison, "Names").rows] == [Standing.RIGHT]
    assert row(comparison, "Connection", "Ended").right == "as it should"
    assert standings(titled(comparison, "Clients").rows) == {Standing.NOTED}
    assert row(comparison, "Connection", "Protocol").standing is Standing.NOTED


def test_two_hosts_that_are_not_reached_have_no_section_of_certificates() -> None:
    gone = observed(Unreachable(failure=failed(Code.REFUSED)))
    slow = observed(Unreachable(failure=failed(Code.TIMEOUT)))

    titles = [section.title for section in compare(gone, slow).sections]

    assert titles == ["Verdict", "Findings", "Connection"]
