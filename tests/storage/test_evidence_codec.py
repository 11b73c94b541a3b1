"""Evidence comes back from its text exactly as it was, and what is no evidence is refused."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.evidence import Connection, Evidence, Failure, Reached, Timing, Unreachable
from certtui.storage.evidence_codec import Undecodable, evidence_of, evidence_text
from tests.storage.looks import EVERY_KIND, connection, evidence, reached


def chain_of(found: Evidence) -> tuple[bytes, ...]:
    """Return the chain, which is kept elsewhere."""
    return () if isinstance(found.observation, Unreachable) else found.observation.chain


@pytest.mark.parametrize("found", EVERY_KIND.values(), ids=EVERY_KIND)
def test_evidence_comes_back_exactly(found: Evidence) -> None:
    text = evidence_text(found)

    assert evidence_of(text, chain_of(found)) == found
    assert text.isascii()
    assert "\n" not in text


@given(
    st.builds(
        Connection,
        address=st.text(),
        port=st.integers(0, 65_535),
        server_name=st.none() | st.text(),
        protocol=st.none() | st.text(),
        cipher=st.none() | st.text(),
        group=st.none() | st.text(),
        post_quantum_offered=st.booleans(),
        alpn=st.none() | st.text(),
        client_certificate_requested=st.booleans(),
        timing=st.builds(
            Timing,
            **{each.name: st.none() | st.floats(0, 1e9) for each in fields(Timing)},
        ),
    ),
    st.none() | st.binary(),
)
def test_any_connection_comes_back_exactly(found: Connection, stapled: bytes | None) -> None:
    look = evidence(reached(connection=found, stapled_ocsp=stapled))

    assert evidence_of(evidence_text(look), chain_of(look)) == look


def test_the_chain_is_not_in_the_text() -> None:
    document = json.loads(evidence_text(evidence()))

    assert "chain" not in document["observation"]


@pytest.mark.parametrize(
    ("kind", "within"),
    [
        (Connection, ("connection",)),
        (Timing, ("connection", "timing")),
        (Reached, ()),
        (Failure, ("failure",)),
    ],
    ids=["connection", "timing", "reached", "failure"],
)
def test_no_field_is_forgotten(kind: type, within: tuple[str, ...]) -> None:
    found = EVERY_KIND["a failure after the chain"]
    value = json.loads(evidence_text(found))["observation"]
    for name in within:
        value = value[name]

    assert {*value, "chain"} == {"chain", *(each.name for each in fields(kind))}


GOOD = json.loads(evidence_text(evidence()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps({**GOOD, "kind": "dreamt"}),
        json.dumps({**GOOD, "kind": "unreachable"}),
        json.dumps({**GOOD, "observed_at": "soon"}),
        json.dumps({**GOOD, "observed_at": "0001-01-01T00:00:00+14:00"}),
        json.dumps({**GOOD, "target": {"host": "a.test", "port": "443"}}),
        json.dumps({**GOOD, "target": {"host": "a.test", "port": 443, "starttls": "gopher"}}),
        json.dumps({**GOOD, "observation": {**GOOD["observation"], "stapled_ocsp": "not base64!"}}),
        json.dumps({**GOOD, "observation": {**GOOD["observation"], "connection": None}}),
    ],
    ids=[
        "empty",
        "cut",
        "a list",
        "null",
        "deep",
        "an unknown kind",
        "another kind",
        "no moment",
        "a moment before all time",
        "a port in words",
        "an unknown protocol",
        "no base64",
        "no connection",
    ],
)
def test_what_is_no_evidence_is_refused(text: str) -> None:
    with pytest.raises(Undecodable):
        evidence_of(text, ())


def test_a_field_of_a_newer_certtui_is_passed_over() -> None:
    observation = {**GOOD["observation"], "tea": "ready"}

    found = evidence_of(json.dumps({**GOOD, "observation": observation, "new": 1}), chain_of(evidence()))

    assert found == evidence()
    assert isinstance(found.observation, Reached)
    assert found.observation.connection == connection()
