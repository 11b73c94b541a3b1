"""The linter at work: one child process that lints for many reports, and is replaced where it takes too long."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.pool import Pool
from types import TracebackType
from typing import Self

from certtui.core.certificate import Certificate
from certtui.core.evidence import Unchecked
from certtui.core.finding import Finding
from certtui.core.report import Report
from certtui.lint.pkilint import NOT_INSTALLED, is_installed, lint

SECONDS_EACH = 30.0
"""How long one certificate may take, the start of the process included; on an idle machine it takes one second."""
NO_PUBLIC_CA = Unchecked(
    "Baseline Requirements", "they bind public CAs only, and no public CA vouches for the chain"
)
_REMEMBERED_AT_MOST = 256

Outcome = tuple[Finding, ...] | Unchecked


class Linter:
    """Lints reports, one after the other; blocks, so that it belongs into a thread or a program without a screen."""

    def __init__(
        self,
        *,
        seconds_each: float = SECONDS_EACH,
        judge_one: Callable[[bytes], Outcome] = lint,
    ) -> None:
        self._seconds_each = seconds_each
        self._judge_one = judge_one
        self._child: Pool | None = None
        self._issuers: dict[bytes, Outcome] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, whatever it is doing."""
        if self._child is not None:
            self._child.terminate()
            self._child.join()
            self._child = None

    def judge(self, report: Report) -> Report:
        """Return the report with the rules that its certificates break: the sent ones of the best path.

        Anchors are left out, and chains that no public CA vouches for: the rules are not theirs.
        """
        best = report.best_path
        if best is None:
            return report
        if not is_installed():
            return _with(report, NOT_INSTALLED)
        if best.anchor is None or best.anchor.private:
            return _with(report, NO_PUBLIC_CA)
        for link in best.links[:-1]:
            if link.index is not None:
                report = _with(report, _placed(self._outcome(link.certificate), link.index))
        return report

    def _outcome(self, certificate: Certificate) -> Outcome:
        """Return what there is to say of a certificate; a CA's, which many servers send, is judged once."""
        known = self._issuers.get(certificate.sha256)
        if known is not None:
            return known
        outcome = self._ask(certificate)
        if certificate.is_ca:
            if len(self._issuers) >= _REMEMBERED_AT_MOST:
                self._issuers.clear()
            self._issuers[certificate.sha256] = outcome
        return outcome

    def _ask(self, certificate: Certificate) -> Outcome:
        if self._child is None:
            # A fork would copy whatever threads of this process hold locked. Ctrl-C is this process's to heed.
            self._child = multiprocessing.get_context("spawn").Pool(
                1, signal.signal, (signal.SIGINT, signal.SIG_IGN)
            )
        asked = self._child.apply_async(self._judge_one, (certificate.der,))
        try:
            return asked.get(self._seconds_each)
        except multiprocessing.TimeoutError:
            self.close()
            why = f"{certificate.display_name} took pkilint more than {self._seconds_each:g} seconds"
            return Unchecked("Baseline Requirements", why)


def _placed(outcome: Outcome, index: int) -> Outcome:
    if isinstance(outcome, Unchecked):
        return outcome
    return tuple(replace(each, certificate=index) for each in outcome)


def _with(report: Report, outcome: Outcome) -> Report:
    if isinstance(outcome, Unchecked):
        return replace(report, unchecked=(*report.unchecked, outcome))
    found = sorted((*report.findings, *outcome), key=lambda each: each.rank)
    return replace(report, findings=tuple(found))
