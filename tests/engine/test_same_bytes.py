"""The trace is the same to the byte under every hash seed and order of rules and facts."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def printed(hash_seed: int, order: int) -> bytes:
    env = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.engine.print_traces", str(order)]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True).stdout


def test_the_trace_does_not_depend_on_hash_seed_or_order() -> None:
    outputs = [printed(hash_seed=seed, order=seed) for seed in range(8)]
    assert len(outputs[0]) > 100_000
    assert len({hashlib.sha256(output).hexdigest() for output in outputs}) == 1
