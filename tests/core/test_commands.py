"""The commands and configurations that the pages offer are run, filled in, against a lab's own files and server."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from certtui.core.catalogue import Code
from certtui.core.knowledge import CodeBlock, page
from certtui.core.remedy import Values, fill
from certtui.lab.pki import Authority, now_to_the_second
from tests.requirements import needs

HOST = "localhost"
RUN = {"openssl", "printf", "grep", "cat", "export", "curl", "git", "ss", "date"}
"""What is run. A block that has another program too is not, as a part of it would change this machine."""
NOT_RUN = {
    "apachectl": "the server that is meant is another machine's",
    "caddy": "the same",
    "certbot": "it asks a CA on the Internet",
    "certtui": "it follows a list that is fetched from the Internet",
    "chronyc": "it asks a daemon for this machine's time",
    "cmctl": "it talks to a cluster",
    "cp": "it writes to the system's store of CAs",
    "dig": "it asks name servers on the Internet",
    "doveconf": "the server that is meant is another machine's",
    "getent": "it asks name servers on the Internet",
    "haproxy": "the server that is meant is another machine's",
    "journalctl": "it reads the log of another machine",
    "keytool": "it writes to Java's own store",
    "kubectl": "it talks to a cluster; what it makes without one is looked at below",
    "ls": "it looks into certbot's folder",
    "mkcert": "it writes to the system's store of CAs",
    "nft": "it reads the machine's firewall",
    "nginx": "the server that is meant is another machine's; its configuration is tested below",
    "postconf": "it changes a mail server's settings",
    "postfix": "the same",
    "security": "there is none but on macOS",
    "sed": "it changes certbot's settings",
    "systemctl": "it reloads services",
    "tail": "it reads the log of another machine",
    "timedatectl": "it asks a daemon for this machine's time",
    "trust": "it writes to the system's store of CAs",
    "update-ca-certificates": "the same",
}
"""What is not run, and why; bash must be able to parse it all the same."""

HAS_POST_QUANTUM = "OpenSSL 3.5 is the first that knows the group"


@cache
def blocks(port: int, language: str) -> dict[str, Code]:
    """Return every block of code in a language, filled in for the lab's server, with a page that has it."""
    values = Values(host=HOST, port=port, address="127.0.0.1", names=(HOST, "*.demo.test", "127.0.0.1"))
    found: dict[str, Code] = {}
    for code in Code:
        for section in fill(page(code), values).sections:
            for group in (section.blocks, *(recipe.blocks for recipe in section.recipes)):
                for block in group:
                    if isinstance(block, CodeBlock) and block.language == language:
                        found.setdefault(block.text, code)
    return found


def programs(command: str) -> set[str]:
    """Return the programs that a block starts."""
    parts = re.split(r"\n|\|\|?|&&|;", command)
    return {part.split()[0] for part in parts if part.strip()}


def commands(port: int = 443) -> list[str]:
    """Return every block of commands that is run."""
    return [text for text in blocks(port, "sh") if programs(text) <= RUN]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with every file that the pages' commands read."""
    folder = tmp_path_factory.mktemp("files")
    now = now_to_the_second()
    root = Authority.root("My CA", now=now)
    issuer = root.intermediate("Lab Issuing CA")
    server, old = issuer.issue(HOST), issuer.issue("old.demo.test")
    request = x509.CertificateSigningRequestBuilder().subject_name(server.certificate.subject)
    signing_request = request.sign(server.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")
    lists = [_revocation_list(each) for each in (issuer, root)]
    texts = {
        **dict.fromkeys(["server.pem", "cert.pem"], server.pem),
        **dict.fromkeys(["intermediate.pem", "chain.pem"], issuer.pem),
        **dict.fromkeys(["root.pem", "ca.pem"], root.pem),
        **dict.fromkeys(["server.key", "privkey.pem"], server.key_pem),
        "client.pem": old.pem,
        "client.key": old.key_pem,
        "fullchain.pem": server.pem + issuer.pem,
        "old.pem": old.pem,
        "ca.key": root.key_pem,
        "server.csr": signing_request,
        "crl.pem": lists[0],
        "crls.pem": "".join(lists),
        "index.txt": "",
        "crlnumber": "01\n",
        "ca.cnf": _CA_CONFIGURATION,
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    archive = pkcs12.serialize_key_and_certificates(
        b"x", server.key, server.certificate, [issuer.certificate], BestAvailableEncryption(b"secret")
    )
    (folder / "archive.p12").write_bytes(archive)
    return folder


_CA_CONFIGURATION = """
[ca]
default_ca = mine
[mine]
database = index.txt
crlnumber = crlnumber
certificate = ca.pem
private_key = ca.key
default_md = sha256
default_crl_days = 30
"""


def _revocation_list(authority: Authority) -> str:
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    times = builder.last_update(authority.now - timedelta(hours=1)).next_update(
        authority.now + timedelta(days=7)
    )
    return times.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")


@pytest.fixture(scope="module")
def port(files: Path) -> Iterator[int]:
    """Serve the chain with `openssl s_server`, which answers HTTP too, and give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{number}", "-www", "-quiet"]
    command += ["-cert", "server.pem", "-key", "server.key", "-cert_chain", "intermediate.pem"]
    server = subprocess.Popen(command, cwd=files, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not _answers(number):
            assert server.poll() is None, "openssl s_server ended"
            assert time.monotonic() < deadline, "openssl s_server does not listen"
            time.sleep(0.02)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=10)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block as a user's shell does, but stop at the first command of it that fails."""
    # The lab's root is what the machine trusts, and no setting of its user is read or written.
    environment = {**os.environ, "SSL_CERT_FILE": str(folder / "root.pem"), "HOME": str(folder)}
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        input="secret\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        start_new_session=True,  # no terminal: a question for a password is answered by the input
    )


@pytest.fixture
def folder(files: Path, tmp_path: Path) -> Path:
    """Return a copy of the files of one's own, since commands write."""
    return Path(shutil.copytree(files, tmp_path / "files"))


def test_of_every_program_that_a_page_starts_it_is_known_whether_it_is_run() -> None:
    started = {program for text in blocks(443, "sh") for program in programs(text)}

    assert started == RUN | NOT_RUN.keys()
    assert len(commands()) > 40


@needs("bash")
def test_every_command_that_is_not_run_is_what_bash_can_parse() -> None:
    for text in blocks(443, "sh").keys() - set(commands()):
        outcome = subprocess.run(
            ["bash", "-n"], input=text, capture_output=True, text=True, check=False, timeout=10
        )
        assert (outcome.returncode, outcome.stderr) == (0, ""), text


@needs("openssl", "bash", "curl")
@pytest.mark.parametrize("number", range(len(commands())))
def test_a_command_does_what_its_page_says(number: int, port: int, folder: Path) -> None:
    command = commands(port)[number]
    for program in sorted(programs(command) & {"git", "ss"}):
        if shutil.which(program) is None:
            pytest.skip(f"{program} not installed")

    outcome = run(command, folder)

    if "X25519MLKEM768" in command and not knows_post_quantum("openssl version"):
        assert outcome.returncode != 0, HAS_POST_QUANTUM
        return
    assert outcome.returncode == 0, f"{command}\n{outcome.stdout}\n{outcome.stderr}"


def knows_post_quantum(asked: str) -> bool:
    """Tell whether a program's OpenSSL is 3.5 or newer, from what it says of itself."""
    outcome = subprocess.run(asked.split(), capture_output=True, text=True, check=True, timeout=10)
    version = re.search(r"OpenSSL (\d+)\.(\d+)", outcome.stdout + outcome.stderr)
    return version is not None and (int(version[1]), int(version[2])) >= (3, 5)


@needs("openssl", "bash")
def test_looking_at_what_is_served_ends_as_the_page_says(port: int, folder: Path) -> None:
    check = next(text for text in blocks(port, "sh") if "-verify_return_error" in text)

    good = run(check, folder)
    (folder / "root.pem").write_text((folder / "old.pem").read_text())
    bad = run(check, folder)

    assert "Verification: OK" in good.stdout + good.stderr
    assert bad.returncode != 0


def signing_blocks() -> list[str]:
    """Return the blocks that issue a certificate with a CA of one's own, and name what strict clients ask for."""
    return [text for text in commands() if "-extfile ids.ext" in text]


@needs("openssl", "bash")
@pytest.mark.parametrize("command", signing_blocks())
def test_a_certificate_that_a_page_makes_is_one_that_strict_clients_take(command: str, folder: Path) -> None:
    made = re.findall(r"-out (\w+\.pem)", command)[-1]

    outcome = run(command, folder)
    verified = run(f"openssl verify -x509_strict -CAfile ca.pem {made}", folder)

    assert outcome.returncode == 0, outcome.stderr
    assert verified.stdout == f"{made}: OK\n", verified.stderr


@needs("openssl", "bash")
def test_a_ca_of_your_own_and_its_certificate_are_what_strict_clients_take(folder: Path) -> None:
    make_ca = next(text for text in commands() if "-keyout ca.key" in text)
    make_server = next(text for text in commands() if "extendedKeyUsage=serverAuth" in text)

    for command in (make_ca, make_server):
        assert run(command, folder).returncode == 0
    verified = run("openssl verify -x509_strict -purpose sslserver -CAfile ca.pem server.pem", folder)
    shown = run("openssl x509 -in server.pem -noout -ext subjectAltName", folder)

    assert verified.stdout == "server.pem: OK\n", verified.stderr
    assert f"DNS:{HOST}, DNS:*.demo.test, IP Address:127.0.0.1" in shown.stdout


@needs("openssl", "bash")
def test_a_new_ca_certificate_for_the_same_key_and_name_keeps_what_was_issued_valid(folder: Path) -> None:
    again = next(text for text in commands() if "-signkey ca.key -clrext" in text)

    outcome = run(again, folder)
    verified = run(
        "openssl verify -x509_strict -CAfile ca-new.pem -untrusted intermediate.pem server.pem", folder
    )

    assert outcome.returncode == 0, outcome.stderr
    assert verified.stdout == "server.pem: OK\n", verified.stderr


@needs("openssl", "bash")
def test_a_list_that_is_out_of_date_is_refused_as_the_table_says(folder: Path) -> None:
    check = next(text for text in commands() if "-crl_check -CRLfile" in text)
    in_a_month = int(time.time() + 30 * 86_400)

    outcome = run(check.replace("-crl_check ", f"-crl_check -attime {in_a_month} "), folder)

    assert "error 12 at 0 depth lookup: CRL has expired" in outcome.stderr


@needs("openssl", "bash")
def test_a_revoked_certificate_is_refused_with_the_list_that_a_page_makes(folder: Path) -> None:
    revoke = next(text for text in commands() if "-crl_reason keyCompromise" in text)
    issued = run("openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -out old.pem", folder)

    outcome = run(revoke, folder)
    verified = run("openssl verify -crl_check -CRLfile crl.pem -CAfile ca.pem old.pem", folder)

    assert (issued.returncode, outcome.returncode) == (0, 0), outcome.stderr
    assert "error 23 at 0 depth lookup: certificate revoked" in verified.stderr


@needs("bash")
@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl not installed")
def test_a_secret_is_made_of_the_chain_and_its_key(folder: Path) -> None:
    block = next(text for text in blocks(443, "sh") if "kubectl create secret tls" in text)
    made, _, applied = block.partition("|")

    outcome = run(made.replace("NAME", "name"), folder)

    assert applied.strip() == "kubectl apply -f -"
    assert outcome.returncode == 0, outcome.stderr
    assert "type: kubernetes.io/tls" in outcome.stdout


def configuration(text: str, folder: Path) -> str:
    """Return a block with the lab's files in the place of the files that it names."""
    text = text.replace(f"/etc/letsencrypt/live/{HOST}/", f"{folder}/").replace("/etc/nginx/", f"{folder}/")
    text = text.replace(f"/etc/haproxy/certs/{HOST}.pem", f"{folder}/both.pem")
    text = text.replace("/etc/haproxy/certs/", f"{folder}/certs/").replace("/etc/haproxy/", f"{folder}/")
    return text.replace("/etc/caddy/", f"{folder}/").replace("/etc/apache2/", f"{folder}/")


def with_every_file(folder: Path) -> Path:
    """Add the files that configurations name beside those of the commands."""
    both = (folder / "fullchain.pem").read_text() + (folder / "privkey.pem").read_text()
    (folder / "certs").mkdir()
    for name in ("both.pem", "certs/both.pem"):
        (folder / name).write_text(both)
    return folder


@needs("nginx")
@pytest.mark.parametrize("text", blocks(443, "nginx"))
def test_nginx_takes_its_configuration(text: str, folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    block = configuration(text, folder).replace("listen 443", f"listen 127.0.0.1:{free}")
    shutil.copy(folder / "chain.pem", folder / "intermediate-and-root.pem")
    whole = (
        f"pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{block}\n}}\n"
    )
    (folder / "nginx.conf").write_text(whole)
    command = ["nginx", "-t", "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]

    outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    if "X25519MLKEM768" in text and not knows_post_quantum("nginx -V"):
        assert "X25519MLKEM768" in outcome.stderr, HAS_POST_QUANTUM
        return
    assert "test is successful" in outcome.stderr, outcome.stderr


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="haproxy not installed")
@pytest.mark.parametrize("text", [text for text in blocks(443, "haproxy") if text.startswith("frontend")])
def test_haproxy_takes_its_configuration(text: str, folder: Path) -> None:
    block = configuration(text, with_every_file(folder))
    (folder / "haproxy.cfg").write_text(f"defaults\n    timeout client 5s\n{block}\n    http-request deny\n")

    outcome = subprocess.run(
        ["haproxy", "-c", "-f", "haproxy.cfg"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    if "X25519MLKEM768" in text and not knows_post_quantum("haproxy -vv"):
        assert outcome.returncode != 0, HAS_POST_QUANTUM
        return
    assert outcome.returncode == 0, outcome.stderr


def caddy_version() -> tuple[int, int]:
    """Return the version of the Caddy that is here."""
    outcome = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True, timeout=10)
    version = re.match(r"v?(\d+)\.(\d+)", outcome.stdout)
    assert version is not None, outcome.stdout
    return int(version[1]), int(version[2])


@pytest.mark.skipif(shutil.which("caddy") is None, reason="caddy not installed")
@pytest.mark.parametrize("text", blocks(443, "caddy"))
def test_caddy_takes_its_configuration(text: str, folder: Path) -> None:
    (folder / "Caddyfile").write_text(configuration(text, folder) + "\n")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    if "trust_pool" in text and caddy_version() < (2, 8):
        pytest.skip("Caddy 2.8 is the first that knows trust_pool")

    outcome = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)

    assert outcome.returncode == 0, outcome.stderr
