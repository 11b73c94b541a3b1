"""The demo street before browsers: what certtui says that Chrome and Firefox do is what they do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.clients import ClientVerdict, Stance
from certtui.core.diagnosis import diagnose_evidence
from certtui.lab import House, Street
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings
from tests.e2e.browsers import ACCEPTED, NO_ADDRESS, NO_ANSWER, Browser
from tests.e2e.browsers.chromium import PROGRAM as CHROMIUM
from tests.e2e.browsers.chromium import chromium
from tests.e2e.browsers.firefox import PROGRAM as FIREFOX
from tests.e2e.browsers.firefox import firefox
from tests.requirements import where_installed

CERTIFICATES = (
    "good",
    "expired",
    "not-yet-valid",
    "expiring",
    "wrong-name",
    "twin",
    "a.b.wildcard",
    "web1",
    "cn-only",
    "many-names",
    "xn--bcher-kva",
    "self-signed",
    "unknown-ca",
    "unknown-root",
    "many-faults",
    "incomplete",
    "wrong-intermediate",
    "misordered",
    "duplicate",
    "unrelated",
    "root-sent",
    "old-intermediate",
    "rsa-1024",
    "sha-1",
    "client-only",
    "key-usage",
    "ca-as-leaf",
    "issuer-not-ca",
    "path-length",
    "critical",
    "bad-signature",
    "policy",
    "no-key-identifier",
    "name-constraint",
    "malformed-name",
    "revoked",
    "stale-staple",
    "must-staple",
    "stapled",
    "hostile",
    "127.0.0.1",
    "127.0.0.2",
)
"""Houses that show a certificate to anyone who asks."""
CONNECTIONS = ("client-certificate", "tls-1-0", "plain-http", "name-refused", "reset", "closed", "nowhere")
"""Houses where something else is wrong."""
NOT_BROWSED = {"::1", "silent", "drip", "mail", "mail-plain"}
"""What a browser would wait too long for, or never open; `::1` has the certificate of 127.0.0.1."""
UNREAD_ALERT = "net::ERR_SOCKET_NOT_CONNECTED"
"""What Chromium says when the server was gone before Chromium had read why."""
MOST_VISITS = 10

Said = Mapping[str, Mapping[str, ClientVerdict]]
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def said(street: Street, street_anchors: AnchorStore) -> Said:
    """What certtui says that each client does, by house."""
    settings = ProbeSettings(routes=street.routes, timeout_seconds=5.0)
    houses = [street.house(name) for name in (*CERTIFICATES, *CONNECTIONS)]

    async def observe_all() -> Said:
        seen = await asyncio.gather(*(observe(house.target, settings) for house in houses))
        reports = [diagnose_evidence(evidence, anchors=street_anchors) for evidence in seen]
        return {
            house.name: {verdict.client: verdict for verdict in report.clients}
            for house, report in zip(houses, reports, strict=True)
        }

    return asyncio.run(observe_all())


@pytest.fixture(scope="module")
def in_chromium(street: Street) -> Iterator[Browser]:
    """Chromium, for all the houses."""
    with chromium([street.root_pem], addresses(street)) as browser:
        yield browser


@pytest.fixture(scope="module")
def in_firefox(street: Street) -> Iterator[Browser]:
    """Firefox, for all the houses."""
    with firefox([street.root_pem], addresses(street)) as browser:
        yield browser


def addresses(street: Street) -> dict[str, str]:
    """Return where each house's name leads."""
    routes = street.routes
    ends = {house.target.host: routes.get((house.target.host, house.target.port)) for house in street.houses}
    return {host: end[0] if end is not None else NO_ADDRESS for host, end in ends.items()}


def visit(browser: Browser, house: House) -> str:
    """Return what the browser makes of a house, and of no connection that ended before its alert was read."""
    url = f"https://{house.target.host}:{house.port}/"
    codes = (browser.visit(url) for _ in range(MOST_VISITS))
    code = next((code for code in codes if code != UNREAD_ALERT), UNREAD_ALERT)
    assert code != NO_ANSWER
    return code


def assert_agreed(verdict: ClientVerdict, code: str) -> None:
    """Fail where certtui says something else than the browser did."""
    match verdict.stance:
        case Stance.ACCEPTS:
            assert code == ACCEPTED, verdict
        case Stance.REJECTS:
            assert code == verdict.shows or (verdict.shows is None and code != ACCEPTED), verdict
        case Stance.DEPENDS:
            assert code in (ACCEPTED, verdict.shows), verdict
        case Stance.UNKNOWN:
            pass  # certtui claims nothing


@where_installed(CHROMIUM, "certutil")
@pytest.mark.parametrize("name", [*CERTIFICATES, *CONNECTIONS])
def test_chromium_does_what_certtui_says_of_chrome(
    name: str, street: Street, said: Said, in_chromium: Browser, record_property: Record
) -> None:
    house = street.house(name)

    code = visit(in_chromium, house)

    record_property("chromium", code)
    assert_agreed(said[house.name]["Chrome"], code)


@where_installed(FIREFOX, "certutil")
@pytest.mark.parametrize("name", [*CERTIFICATES, *CONNECTIONS])
def test_firefox_does_what_certtui_says_of_firefox(
    name: str, street: Street, said: Said, in_firefox: Browser, record_property: Record
) -> None:
    house = street.house(name)

    code = visit(in_firefox, house)

    record_property("firefox", code)
    assert_agreed(said[house.name]["Firefox"], code)


@pytest.mark.parametrize("client", ["Chrome", "Firefox"])
def test_certtui_commits_itself_for_most_of_the_street(client: str, said: Said) -> None:
    committed = [
        name for name, verdicts in said.items() if verdicts[client].accepts or verdicts[client].rejects
    ]

    assert len(committed) >= 34, sorted(said.keys() - set(committed))


def test_every_house_has_been_before_browsers(street: Street) -> None:
    names = {house.name.removesuffix(".demo.test") for house in street.houses}

    assert names - {*CERTIFICATES, *CONNECTIONS} <= NOT_BROWSED
