"""What must be fast, measured beside a reference in the same run: `python -m benchmarks --help`."""
