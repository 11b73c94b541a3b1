"""`certtui check` as scripts use it: the real program, against the demo street."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest

import certtui
from certtui.checking import exit_code
from certtui.core.catalogue import Code
from certtui.core.finding import finding
from certtui.core.report import Report
from certtui.lab import House, Street
from certtui.lab.plan import Service

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SCHEMA = json.loads((Path(certtui.__file__).parent / "report" / "report.schema.json").read_text())


def certtui_run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program as a user's shell does."""
    command = [sys.executable, "-m", "certtui", *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture(scope="module")
def root(street: Street, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The street's root in a file."""
    path = tmp_path_factory.mktemp("root") / "root.pem"
    path.write_text(street.root_pem)
    return path


@pytest.fixture(scope="module")
def check(root: Path) -> Run:
    """Checks houses of the street."""

    def run(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
        to = f"[{house.address}]:{house.port}" if ":" in house.address else f"{house.address}:{house.port}"
        common = ["--connect", to, "--ca-file", str(root), "--timeout", "3"]
        return certtui_run("check", house.target.label, *common, *arguments)

    return run


def test_every_house_is_named_by_its_codes_in_json(street: Street, check: Run) -> None:
    houses = [house for house in street.houses if house.service is not Service.NO_ADDRESS]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda house: check(house, "--json"), houses))

    found: dict[str, set[str]] = {}
    for house, outcome in zip(houses, outcomes, strict=True):
        document = json.loads(outcome.stdout)
        jsonschema.validate(document, SCHEMA)
        findings = document["reports"][0]["findings"]
        found[house.name] = {each["code"] for each in findings if each["severity"] != "notice"}

    assert found == {house.name: set(house.expected_codes) for house in houses}


def test_a_good_host_ends_with_0(street: Street, check: Run) -> None:
    assert check(street.house("good")).returncode == 0


def test_a_broken_host_ends_with_1_and_names_code_and_values(street: Street, check: Run) -> None:
    outcome = check(street.house("expired"))

    assert outcome.returncode == 1
    assert "error leaf-expired" in outcome.stdout
    assert "is 10 days before now" in outcome.stdout


def test_a_warning_counts_only_where_it_is_asked_for(street: Street, check: Run) -> None:
    soon = street.house("expiring")

    assert check(soon).returncode == 0
    assert check(soon, "--fail-on", "warning").returncode == 1
    assert check(street.house("expired"), "--fail-on", "never").returncode == 0


def test_a_host_that_cannot_be_reached_ends_with_3(street: Street, check: Run) -> None:
    assert check(street.house("closed")).returncode == 3


def test_a_bad_line_of_a_list_is_told_with_its_place_and_the_good_ones_are_done(street: Street) -> None:
    closed = street.house("closed")
    typed = f"# our hosts\n127.0.0.1:{closed.port}\n\nbad host:99999\n"

    outcome = certtui_run("check", "-", "--timeout", "1", typed=typed)

    assert outcome.returncode == 2
    assert "standard input: line 4, column 10: bad port '99999'" in outcome.stderr
    assert f"127.0.0.1:{closed.port}: NO CONNECTION" in outcome.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_may_be_written_as_windows_writes_it(street: Street, encoding: str, tmp_path: Path) -> None:
    listed = tmp_path / "hosts.txt"
    listed.write_bytes(f"127.0.0.1:{street.house('closed').port}\r\nhost:99999\r\n".encode(encoding))

    outcome = certtui_run("check", "--hosts", str(listed), "--timeout", "1")

    assert "hosts.txt: line 2, column 6: bad port '99999'" in outcome.stderr
    assert ": NO CONNECTION" in outcome.stdout


def test_a_fault_of_certtui_itself_goes_before_everything_else() -> None:
    def report(code: Code) -> Report:
        now = certtui.diagnose([]).now
        return Report(host="x", now=now, chain=(), findings=(finding(code, "x"),))

    own, refused = report(Code.INTERNAL_ERROR), report(Code.REFUSED)

    assert exit_code([own, refused], "error", has_bad_input=True) == 4
    assert exit_code([refused], "error", has_bad_input=True) == 2
    assert exit_code([refused], "error", has_bad_input=False) == 3


def test_jsonl_prints_a_report_on_each_line(street: Street) -> None:
    ports = [street.house(name).port for name in ("good", "expired")]

    outcome = certtui_run("check", *(f"127.0.0.1:{port}" for port in ports), "--jsonl")

    reports = [json.loads(line) for line in outcome.stdout.splitlines()]
    assert {report["target"] for report in reports} == {f"127.0.0.1:{port}" for port in ports}


def test_another_moment_can_be_judged(street: Street, check: Run) -> None:
    outcome = check(street.house("good"), "--at", "2199-01-01")

    assert outcome.returncode == 1
    assert "leaf-expired" in outcome.stdout


def test_another_name_can_be_asked_for_and_judged(street: Street, check: Run) -> None:
    outcome = check(street.house("good"), "--server-name", "other.example")

    assert "no name in the certificate is other.example" in outcome.stdout


@pytest.mark.parametrize("form", ["--text", "--json", "--jsonl"])
def test_nothing_in_a_hostile_certificate_reaches_the_output_as_a_control_character(
    street: Street, check: Run, form: str
) -> None:
    outcome = check(street.house("hostile"), form)

    assert "PWNED" in outcome.stdout
    assert {c for c in outcome.stdout + outcome.stderr if not c.isprintable()} <= {"\n"}


def test_bad_usage_ends_with_2() -> None:
    assert certtui_run("check").returncode == 2
    assert certtui_run("check", "--no-such-option", "x.test").returncode == 2
    assert certtui_run("check", "x.test", "--at", "yesterday").returncode == 2
    assert certtui_run("check", "x.test", "--connect", "1.2.3.4:99999").returncode == 2
    assert certtui_run("check", "x.test", "--server-name", "*.example.com").returncode == 2
    assert certtui_run("check", "x.test", "--at", "9999-12-31T23:59:59-14:00").returncode == 2


def test_a_ca_file_without_certificates_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")

    outcome = certtui_run("check", "127.0.0.1:1", "--ca-file", str(empty))

    assert outcome.returncode == 2
    assert "empty.pem: no certificates: it is empty" in outcome.stderr


def test_the_explorer_refuses_without_a_terminal_and_says_what_to_use() -> None:
    outcome = certtui_run("example.com")

    assert outcome.returncode == 2
    assert "certtui check" in outcome.stderr


def test_output_that_nobody_reads_any_more_is_no_error(street: Street) -> None:
    for arguments in ("explain", "check 127.0.0.1:1"):
        command = f"set -o pipefail; {sys.executable} -m certtui {arguments} | true"

        outcome = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60
        )

        assert outcome.stderr == ""
        assert outcome.returncode == 141


def test_a_finding_is_explained_and_a_misspelt_one_is_guessed() -> None:
    known, misspelt = certtui_run("explain", "leaf-expired"), certtui_run("explain", "leaf-expire")

    assert known.returncode == 0
    assert "certbot renew" in known.stdout
    assert misspelt.returncode == 2
    assert "did you mean leaf-expired?" in misspelt.stderr


def test_help_names_commands_and_options() -> None:
    text = certtui_run("--help").stdout

    for word in (
        "check",
        "demo",
        "explain",
        "--ca-file",
        "--store",
        "--connect",
        "--server-name",
        "--at",
        "--no-color",
    ):
        assert word in text
