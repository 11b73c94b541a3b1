"""Run the benchmarks: `python -m benchmarks FOLDER`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import diagnosis, history, memory, scan, screen, startup
from benchmarks.farm import running_farm


def main() -> None:
    """Measure what was asked for, everything by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("sources", type=Path, help="folder with tlsfarm.c, tlsgrab.c and make_farm.py")
    parser.add_argument(
        "--only", choices=["scan", "screen", "startup", "memory", "diagnosis", "history"], action="append"
    )
    parser.add_argument("--hosts", type=int, default=1000, help="size of the farm (default: 1000)")
    parser.add_argument("--build", type=Path, default=Path(tempfile.gettempdir()) / "certtui-bench")
    options = parser.parse_args()
    chosen = options.only or ["diagnosis", "history", "scan", "screen", "startup", "memory"]
    if "diagnosis" in chosen:
        diagnosis.run()
    if "history" in chosen:
        history.run()
    if not {"scan", "memory", "screen", "startup"} & set(chosen):
        return
    with running_farm(options.sources, options.hosts, options.build) as farm:
        if "scan" in chosen:
            scan.run(farm)
        if "memory" in chosen:
            memory.run(farm)
        if "screen" in chosen:
            screen.run(farm)
    if "startup" in chosen:
        startup.run()


if __name__ == "__main__":
    main()
