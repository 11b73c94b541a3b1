"""A certificate whose names are written to break out of a document that shows them."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import NameOID

import certtui
from certtui.core.report import Report
from certtui.lab.pki import Authority, Wish
from tests.core.examples import HOST, NOW

STRANGE = (
    "<script>alert(1)</script>",
    '"><img src=http://strange.test/x onerror=alert(2)>',
    "' onload='alert(3)",
    "]]>",
    "&amp;&lt;b&gt;",
    "</style></title></pre><h1>",
    "<!-- -->",
    "[x](javascript:alert(4))",
    "![x](http://strange.test/y)",
    "a|b\\|c",
    "``` ` `` end",
    "@user #1 GH-2 deadbeef",
    "http://strange.test/ www.strange.test",
    "# heading",
    "**bold** _it_ ~~s~~",
    ":smile: 1. x",
    "{{7*7}} ${x}",
)
"""Each fits into a common name (ub-common-name, RFC 5280 appendix A.1)."""


def strange_report() -> Report:
    """Return the report of a chain that says all of it, in names of every kind."""
    ca = Authority.root(STRANGE[0], now=NOW)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, STRANGE[1]),
            *(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, each) for each in STRANGE),
        ]
    )
    more = (
        *(x509.DNSName(each) for each in STRANGE),
        *(x509.UniformResourceIdentifier(f"http://strange.test/{each}") for each in STRANGE),
        x509.RFC822Name("user@strange.test"),
    )
    sent = ca.issue(STRANGE[2], Wish(names=None, subject=subject, more_names=more))
    return certtui.diagnose([sent.der, ca.der], host=HOST, anchors=[], now=NOW)
