"""Storage and loaders that keep accelerators busy: read rate, loader CPUs, checkpoint writes."""

from __future__ import annotations

from advisor.domain.hardware import GB
from advisor.frozen import dataclass

READ_HEADROOM = 1.5
"""Peak over mean read rate: shuffling, epoch starts and retries (MLPerf Storage rules ask for
90 % accelerator utilisation, which a store at the mean rate does not reach)."""
STATE_BYTES_PER_PARAMETER = 14.0
"""A resumable checkpoint: 16-bit weights, 32-bit master, two 32-bit moments (arXiv 1910.02054)."""
LOADER_ITEMS_PER_S = {"image": 150.0, "token": 1.5e6, "audio_s": 400.0, "row": 2.0e5}
"""Items that one CPU core decodes and augments a second: JPEG at 224 pixels (FFCV paper, arXiv
2306.12517), packed tokens from memory-mapped files, 16 kHz audio, columnar rows."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a training rate asks of storage and hosts; rates in GB/s."""

    read_gb_s: float
    read_peak_gb_s: float
    loader_cores: float


@dataclass(frozen=True, slots=True)
class CheckpointLoad:
    """Size and traffic of checkpoints; `write_gb_s` empties one within the allowed stall."""

    bytes_each: float
    write_gb_s: float
    kept_bytes: float


def feed(items_per_s: float, bytes_per_item: float, kind: str = "token") -> Feed:
    """Return read rates and loader cores for `items_per_s` of the whole job.

    `kind` is a key of `LOADER_ITEMS_PER_S`; KeyError otherwise.
    """
    mean = items_per_s * bytes_per_item / GB
    return Feed(mean, mean * READ_HEADROOM, items_per_s / LOADER_ITEMS_PER_S[kind])


def checkpoint_load(trained_params: float, stall_s: float, kept: int = 3) -> CheckpointLoad:
    """Return the load of checkpoints of `trained_params` written within `stall_s` seconds."""
    size = trained_params * STATE_BYTES_PER_PARAMETER
    return CheckpointLoad(size, size / GB / stall_s, size * kept)
