"""What a user may name, and what is said of what cannot be understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.labels import Labels
from certtui.core.target import (
    FileTarget,
    HostTarget,
    Starttls,
    TargetProblem,
    parse_target,
    parse_target_list,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", HostTarget(host="example.com")),
        ("Example.COM.", HostTarget(host="example.com")),
        ("mail.example.com:993", HostTarget(host="mail.example.com", port=993)),
        ("https://[2001:db8::1]:8443/x", HostTarget(host="2001:db8::1", port=8443)),
        ("https://user:secret@example.com/path?a=b#c", HostTarget(host="example.com")),
        ("smtp://mx.example.com", HostTarget(host="mx.example.com", port=25, starttls=Starttls.SMTP)),
        ("mx.example.com:587", HostTarget(host="mx.example.com", port=587, starttls=Starttls.SMTP)),
        ("tls://mx.example.com:587", HostTarget(host="mx.example.com", port=587)),
        (
            "imap://mail.example.com:1143",
            HostTarget(host="mail.example.com", port=1143, starttls=Starttls.IMAP),
        ),
        ("2001:DB8::1", HostTarget(host="2001:db8::1")),
        ("[::1]:8443", HostTarget(host="::1", port=8443)),
        ("192.0.2.1:8443", HostTarget(host="192.0.2.1", port=8443)),
        ("bücher.example", HostTarget(host="xn--bcher-kva.example")),
        ("_dmarc.example.com", HostTarget(host="_dmarc.example.com")),
        ("localhost", HostTarget(host="localhost")),
        ("./fullchain.pem", FileTarget(path="./fullchain.pem")),
        ("fullchain.pem", FileTarget(path="fullchain.pem")),
        ("/etc/ssl/site.crt", FileTarget(path="/etc/ssl/site.crt")),
        ("file:///etc/ssl/a%20b.pem", FileTarget(path="/etc/ssl/a b.pem")),
        ("file://localhost/etc/x.pem", FileTarget(path="/etc/x.pem")),
        ("https://example.com:/x", HostTarget(host="example.com")),
        ("[fe80::1%25eth0]:8443", HostTarget(host="fe80::1%eth0", port=8443)),
        ("例え.jp。", HostTarget(host="xn--r8jz45g.jp")),
    ],
)
def test_each_way_of_naming_a_target_is_understood(text: str, expected: object) -> None:
    assert parse_target(text) == expected


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("", 1, "nothing to look at"),
        ("example.com:99999", 13, "99999"),
        ("example.com:", 13, "1 to 65535"),
        ("http://example.com", 1, "https"),
        ("gopher://example.com", 1, "gopher"),
        ("exa mple.com", 1, "' '"),
        ("example..com", 9, "empty part"),
        ("-bad.example.com", 1, "hyphen"),
        ("256.1.1.1", 1, "0 to 255"),
        ("[2001:db8::1", 1, "not closed"),
        ("2001:db8::g", 1, "bad IPv6"),
        ("https://host.test:443:443", 18, "more than one port"),
        ("https//host.test", 6, "write https://"),
        ("https:host.test", 6, "write https://"),
        ("aa-b.x.a-", 8, "starts or ends with a hyphen"),
        ("example.com..", 13, "empty part"),
        ("[fe80::1%$(id)]:443", 2, "bad IPv6"),
        ("１２７.１", 1, "in plain digits it is 127.1"),
        ("https://:443", 9, "host is missing"),
        ("a" * 64 + ".com", 1, "63 characters"),
    ],
)
def test_a_bad_target_is_told_what_is_wrong_and_where(text: str, column: int, part: str) -> None:
    problem = parse_target(text)

    assert isinstance(problem, TargetProblem)
    assert problem.column == column
    assert part in problem.message


def test_a_list_gives_every_good_line_and_the_place_of_every_bad_one() -> None:
    text = "# our hosts\nexample.com  # the site\n\n  bad host:99999\nexample.com\nmx.example.com:25\n"

    parsed = parse_target_list(text)

    assert [target.label for target in parsed.targets] == ["example.com:443", "bad:443", "mx.example.com:25"]
    assert [(problem.line, problem.column) for problem in parsed.problems] == [(4, 12)]


def test_a_byte_order_mark_does_not_spoil_the_first_host() -> None:
    assert parse_target_list("\ufeffexample.com").targets == (HostTarget(host="example.com"),)


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_a_problem_and_never_an_exception(text: str) -> None:
    outcome = parse_target(text)

    assert isinstance(outcome, HostTarget | FileTarget | TargetProblem)


@given(st.from_regex(r"[a-z0-9]{1,10}(\.[a-z0-9]{1,10}){1,3}\.test(:[1-9][0-9]{0,3})?", fullmatch=True))
def test_the_label_of_a_target_names_the_same_target(text: str) -> None:
    target = parse_target(text)

    assert isinstance(target, HostTarget)
    assert parse_target(target.label) == target


def labels_in(text: str) -> dict[str, Labels]:
    """Return the labels in a list by the target's label."""
    return {target.label: labels for target, labels in parse_target_list(text).labels.items()}


def test_a_heading_in_brackets_begins_a_group_and_an_empty_one_ends_it() -> None:
    text = "a.test\n[ payments   team ]  # theirs\nb.test c.test\n[mail]\nd.test\n[]\ne.test\n"

    assert labels_in(text) == {
        "b.test:443": Labels(group="payments team"),
        "c.test:443": Labels(group="payments team"),
        "d.test:443": Labels(group="mail"),
    }
    assert parse_target_list(text).problems == ()


def test_words_with_a_plus_tag_the_targets_of_their_line_or_group() -> None:
    text = "a.test +prod,eu b.test +prod\n[web] +eu\nc.test\nd.test +test-2\n"

    assert labels_in(text) == {
        "a.test:443": Labels(tags=("prod", "eu")),
        "b.test:443": Labels(tags=("prod", "eu")),
        "c.test:443": Labels(group="web", tags=("eu",)),
        "d.test:443": Labels(group="web", tags=("eu", "test-2")),
    }


def test_a_target_that_is_listed_twice_has_its_first_group_and_all_tags() -> None:
    assert labels_in("a.test +x\n[one]\na.test +y\n[two]\na.test +x") == {
        "a.test:443": Labels(group="one", tags=("x", "y"))
    }


@pytest.mark.parametrize(
    "text", ["[::1]", "[2001:db8::1]:8443", "[fe80::1%eth0]", "[::1] [::2]:993", "[::1] +tag"]
)
def test_addresses_in_brackets_stay_targets(text: str) -> None:
    parsed = parse_target_list(text)

    assert parsed.targets
    assert all(isinstance(target, HostTarget) and target.is_ip for target in parsed.targets)
    assert not parsed.problems


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("[192.0.2.1]", 2, "bad IPv6 address"),
        ("[2001:db8::g]", 2, "bad IPv6 address"),
        ("[group] host.test", 2, "bad IPv6 address"),
        ("[group", 1, "not closed"),
        ("  +prod +eu", 3, "write example.com +prod"),
        ("host.test +a.b", 11, "'+' cannot stand"),
    ],
)
def test_what_is_neither_heading_nor_tag_nor_target_is_told(text: str, column: int, part: str) -> None:
    (problem,) = [each for each in parse_target_list(text).problems if each.column == column]

    assert part in problem.message


@given(st.lists(st.from_regex(r"[a-z0-9.:/\[\]%-]{1,12}", fullmatch=True), max_size=4))
def test_a_line_without_tags_and_heading_parses_word_by_word(words: list[str]) -> None:
    parsed = parse_target_list("x " + " ".join(words))

    outcomes = [parse_target(word) for word in ["x", *words]]
    targets = dict.fromkeys(each for each in outcomes if not isinstance(each, TargetProblem))
    assert parsed.targets == tuple(targets)
    assert len(parsed.problems) == sum(isinstance(each, TargetProblem) for each in outcomes)
    assert parsed.labels == {}


@given(st.text(alphabet="[]+:,# \nab1.", max_size=40))
def test_any_list_is_read_and_only_listed_targets_have_labels(text: str) -> None:
    parsed = parse_target_list(text)

    assert parsed.labels.keys() <= set(parsed.targets)
    assert all(parsed.labels.values())


@pytest.mark.parametrize(
    ("heading", "is_doubtful"),
    [
        ("[example.com]", True),
        ("  [ a.test  b-1.test. ] +tag", True),
        ("[bücher.example]", True),
        ("[payments]", False),
        ("[payments example.com]", False),
        ("[*.example.com]", False),
        ("[Acme Inc.]", False),
        ("[]", False),
    ],
)
def test_a_heading_that_reads_as_hosts_is_told_and_loses_no_host(heading: str, is_doubtful: bool) -> None:
    parsed = parse_target_list(f"a.test\n{heading}\nb.test\n")

    assert [target.label for target in parsed.targets] == ["a.test:443", "b.test:443"]
    assert [(each.line, each.column) for each in parsed.problems] == (
        [(2, heading.index("[") + 1)] if is_doubtful else []
    )
    assert all("a group or a host? Write a host without brackets" in each.message for each in parsed.problems)
