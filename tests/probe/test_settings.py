"""Where a target leads to, and what is no address."""

from __future__ import annotations

import pytest

from certtui.probe.settings import Place, ProbeSettings, parse_place


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("192.0.2.1", "192.0.2.1", None),
        ("192.0.2.1:8443", "192.0.2.1", 8443),
        ("2001:db8::1", "2001:db8::1", None),
        ("[2001:db8::1]", "2001:db8::1", None),
        ("[2001:db8::1]:8443", "2001:db8::1", 8443),
        ("backend.test:443", "backend.test", 443),
    ],
)
def test_addresses_with_and_without_a_port_are_understood(text: str, host: str, port: int | None) -> None:
    assert parse_place(text) == Place(host=host, port=port)


@pytest.mark.parametrize("text", ["", "host:", "host:x", "host:0", "host:65536", "[::1", "[::1]x", "a b"])
def test_what_is_no_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"bad (address|port)"):
        ProbeSettings(connect_to=text)


def test_a_target_leads_to_itself_unless_something_else_is_said() -> None:
    assert ProbeSettings().place("host.test", 443) == ("host.test", 443)


def test_a_route_holds_for_its_name_and_port_only() -> None:
    settings = ProbeSettings(routes={("host.test", 443): ("127.0.0.1", 8443)})

    assert settings.place("host.test", 443) == ("127.0.0.1", 8443)
    assert settings.place("host.test", 444) == ("host.test", 444)


def test_connect_to_goes_before_routes_and_keeps_the_port_unless_it_names_one() -> None:
    routes = {("host.test", 443): ("127.0.0.1", 8443)}

    assert ProbeSettings(connect_to="192.0.2.1", routes=routes).place("host.test", 443) == ("192.0.2.1", 443)
    assert ProbeSettings(connect_to="192.0.2.1:9", routes=routes).place("host.test", 443) == ("192.0.2.1", 9)


def test_a_concurrency_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="concurrency"):
        ProbeSettings(concurrency=0)


@pytest.mark.parametrize("name", ["", "bücher.test", "a b", "nul\x00", "x" * 254])
def test_what_can_be_no_server_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="bad server name"):
        ProbeSettings(server_name=name)
