"""`certtui explain` knows every finding, and guesses what a misspelt one may mean."""

from __future__ import annotations

import pytest

from certtui.cli import main
from certtui.core.catalogue import CATALOGUE, Code
from certtui.core.knowledge import Heading
from certtui.report.explain import all_codes, code_named, explain, explain_symptom, nearest_codes


@pytest.mark.parametrize("code", Code)
def test_every_finding_is_explained_with_all_sections_and_no_gap(code: Code) -> None:
    text = explain(code)

    assert text.startswith(CATALOGUE[code].title)
    assert all(heading.value.upper() in text for heading in Heading)
    assert "{" not in text.replace("{ ", "").replace("{\n", "")


def test_all_findings_are_listed_by_badge() -> None:
    listed = all_codes()

    assert all(f"  {code} " in listed for code in Code)
    assert listed.index("EXPIRED") < listed.index("leaf-expired")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leaf-expire", "leaf-expired"),
        ("self_signed", "self-signed-leaf"),
        ("chain incomplete", "chain-incomplete"),
    ],
)
def test_a_misspelt_finding_is_guessed(typed: str, meant: str) -> None:
    assert meant in nearest_codes(typed)


def test_nothing_is_guessed_from_nothing_alike() -> None:
    assert nearest_codes("qqqqqqqq") == []


def test_prose_keeps_to_the_width_and_commands_are_left_whole() -> None:
    narrow = explain(Code.LEAF_EXPIRED, width=60)

    commands = [line for line in narrow.splitlines() if line.startswith("    ")]
    assert all(len(line) <= 60 for line in narrow.splitlines() if line not in commands)
    assert any("openssl req -new -key server.key" in line and len(line) > 60 for line in commands)


@pytest.mark.parametrize("typed", ["e", "a", "in", "leaf", "chain", "expired"])
def test_few_findings_are_guessed_however_little_is_typed(typed: str) -> None:
    assert len(nearest_codes(typed)) <= 5


@pytest.mark.parametrize(
    "typed", ["leaf-expired", "LEAF_EXPIRED", " Leaf expired ", "-67818", "errSecCertificateExpired"]
)
def test_one_sure_meaning_is_named(typed: str) -> None:
    assert code_named(typed) is Code.LEAF_EXPIRED


@pytest.mark.parametrize("typed", ["-202", "21", "SEC_ERROR_UNKNOWN_ISSUER", "no such thing"])
def test_several_meanings_or_none_are_not_one(typed: str) -> None:
    assert code_named(typed) is None


@pytest.mark.parametrize("width", [40, 80])
def test_several_meanings_are_listed_with_titles_and_clients_within_the_width(width: int) -> None:
    listed = explain_symptom("unable to get local issuer certificate", width=width)

    assert listed is not None
    assert listed.index("chain-incomplete") < listed.index("untrusted-issuer")
    assert "curl" in listed
    assert "certtui explain CODE" in listed
    assert all(len(line) <= width for line in listed.splitlines())


def test_what_no_client_shows_is_not_listed() -> None:
    assert explain_symptom("no such thing") is None


def test_the_program_explains_what_clients_show(capsys: pytest.CaptureFixture[str]) -> None:
    def run(*typed: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ending:
            main(["explain", *typed])
        code = ending.value.code
        return (code if isinstance(code, int) else -1, *capsys.readouterr())

    code, out, _ = run("-202")
    assert (code, "self-signed-leaf" in out) == (0, True)
    code, out, _ = run("curl:", "(60)", "SSL", "certificate", "problem:", "certificate", "has", "expired")
    assert (code, "leaf-expired" in out) == (0, True)
    code, out, _ = run("-67818")
    assert (code, out.startswith("The certificate has expired")) == (0, True)
    code, out, error = run("e")
    assert (code, out, error.count(" or ")) == (2, "", 0)
