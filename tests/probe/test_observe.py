"""What is observed of servers that speak TLS."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from OpenSSL import SSL

from certtui.core.catalogue import Code
from certtui.core.evidence import Reached, Stage
from certtui.core.target import HostTarget
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings
from tests.probe.identities import server_identity
from tests.probe.outcomes import reached
from tests.probe.servers import hang_up_after_own_flight, serving, speak_tls, tls_context


async def test_the_chain_is_shown_exactly_as_sent() -> None:
    with serving(speak_tls(tls_context())) as port:
        seen = await reached(port)

    assert seen.chain == server_identity().chain
    assert seen.failure is None


async def test_what_was_negotiated_is_kept() -> None:
    with serving(speak_tls(tls_context(alpn=b"h2"))) as port:
        connection = (await reached(port)).connection

    assert (connection.address, connection.port) == ("127.0.0.1", port)
    assert connection.protocol == "TLSv1.3"
    assert connection.cipher == "TLS_AES_256_GCM_SHA384"
    assert connection.group is not None
    assert connection.alpn == "h2"
    assert connection.client_certificate_requested is False
    assert connection.timing.connect_seconds is not None
    assert connection.timing.handshake_seconds is not None


@pytest.mark.parametrize(
    ("version", "name"),
    [
        (SSL.TLS1_VERSION, "TLSv1"),
        (SSL.TLS1_1_VERSION, "TLSv1.1"),
        (SSL.TLS1_2_VERSION, "TLSv1.2"),
        (SSL.TLS1_3_VERSION, "TLSv1.3"),
    ],
)
async def test_servers_of_one_version_only_are_still_shown(version: int, name: str) -> None:
    with serving(speak_tls(tls_context(lowest=version, highest=version))) as port:
        seen = await reached(port)

    assert seen.connection.protocol == name
    assert seen.chain == server_identity().chain


async def test_names_are_asked_for_and_addresses_are_not() -> None:
    asked: list[bytes | None] = []
    with serving(speak_tls(tls_context(), asked_names=asked)) as port:
        routes = {("server.test", 443): ("127.0.0.1", port)}
        by_name = await observe(HostTarget(host="server.test"), ProbeSettings(routes=routes))
        by_address = await observe(HostTarget(host="127.0.0.1", port=port), ProbeSettings())

    assert asked == [b"server.test", None]
    assert by_name.host == "server.test"
    assert by_address.host == "127.0.0.1"


async def test_the_server_name_of_the_settings_is_asked_for_and_judged() -> None:
    asked: list[bytes | None] = []
    with serving(speak_tls(tls_context(), asked_names=asked)) as port:
        evidence = await observe(
            HostTarget(host="127.0.0.1", port=port), ProbeSettings(server_name="other.test")
        )

    assert asked == [b"other.test"]
    assert evidence.host == "other.test"


async def test_connect_to_leads_elsewhere_under_the_target_s_own_name() -> None:
    asked: list[bytes | None] = []
    with serving(speak_tls(tls_context(), asked_names=asked)) as port:
        settings = ProbeSettings(connect_to=f"127.0.0.1:{port}")
        evidence = await observe(HostTarget(host="server.test"), settings)

    assert isinstance(evidence.observation, Reached)
    assert asked == [b"server.test"]


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
async def test_a_demanded_client_certificate_is_named_and_the_chain_still_shown(version: int) -> None:
    context = tls_context(lowest=version, highest=version, demands_client_certificate=True)
    with serving(speak_tls(context)) as port:
        seen = await reached(port)

    assert seen.chain == server_identity().chain
    assert seen.connection.client_certificate_requested is True
    assert seen.failure is not None
    assert seen.failure.code is Code.CLIENT_CERTIFICATE_REQUIRED
    assert seen.failure.stage is (Stage.HANDSHAKE if version == SSL.TLS1_2_VERSION else Stage.AFTER_HANDSHAKE)


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
async def test_a_client_certificate_that_is_only_asked_for_is_no_failure(version: int) -> None:
    context = tls_context(lowest=version, highest=version)
    context.set_verify(SSL.VERIFY_PEER)
    with serving(speak_tls(context)) as port:
        seen = await reached(port)

    assert seen.connection.client_certificate_requested is True
    assert seen.failure is None


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
async def test_a_server_that_hangs_up_for_want_of_a_client_certificate_is_named(version: int) -> None:
    context = tls_context(lowest=version, highest=version, demands_client_certificate=True)
    with serving(hang_up_after_own_flight(context)) as port:
        seen = await reached(port)

    assert seen.chain == server_identity().chain
    assert seen.failure is not None
    assert seen.failure.code is Code.CLIENT_CERTIFICATE_REQUIRED
    assert "closed the connection" in seen.failure.detail


@pytest.mark.parametrize("version", [SSL.TLS1_2_VERSION, SSL.TLS1_3_VERSION])
async def test_the_stapled_ocsp_response_is_kept_as_sent(version: int) -> None:
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    staple = response.public_bytes(Encoding.DER)
    with serving(speak_tls(tls_context(lowest=version, highest=version, staple=staple))) as port:
        seen = await reached(port)

    assert seen.stapled_ocsp == staple


async def test_no_stapled_response_is_none() -> None:
    with serving(speak_tls(tls_context())) as port:
        seen = await reached(port)

    assert seen.stapled_ocsp is None


async def test_application_protocols_are_only_offered_where_the_web_may_be() -> None:
    with serving(speak_tls(tls_context(alpn=b"h2"))) as port:
        routes = {("server.test", 993): ("127.0.0.1", port)}
        evidence = await observe(HostTarget(host="server.test", port=993), ProbeSettings(routes=routes))

    assert isinstance(evidence.observation, Reached)
    assert evidence.observation.connection.alpn is None


async def test_ipv6_addresses_are_reached() -> None:
    with serving(speak_tls(tls_context()), address="::1") as port:
        evidence = await observe(HostTarget(host="::1", port=port), ProbeSettings())

    assert isinstance(evidence.observation, Reached)
    assert evidence.observation.connection.address == "::1"
    assert evidence.observation.connection.server_name is None


async def test_the_chain_equals_what_s_client_shows(openssl: str) -> None:
    with serving(speak_tls(tls_context())) as port:
        seen = await reached(port)
        process = await asyncio.create_subprocess_exec(
            *(openssl, "s_client", "-connect", f"127.0.0.1:{port}", "-showcerts"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        shown, _ = await process.communicate()

    pattern = r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----"
    blocks = re.findall(pattern, shown.decode(), re.DOTALL)
    assert tuple(ssl.PEM_cert_to_DER_cert(block) for block in blocks) == seen.chain


async def test_the_web_server_of_openssl_is_understood(openssl: str, tmp_path: Path) -> None:
    (tmp_path / "identity.pem").write_bytes(server_identity().chain_pem + server_identity().key_pem)
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(openssl, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", tmp_path / "identity.pem"),
        *("-cert_chain", tmp_path / "identity.pem", "-www", "-Verify", "1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(10):
            while b"ACCEPT" not in await process.stdout.readline():
                pass
        seen = await reached(port)
    finally:
        process.kill()
        await process.communicate()

    assert seen.chain[0] == server_identity().chain[0]
    assert seen.failure is not None
    assert seen.failure.code is Code.CLIENT_CERTIFICATE_REQUIRED
