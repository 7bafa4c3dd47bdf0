"""Speech recognition with an encoder and an autoregressive decoder (Whisper and like)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from advisor.domain.interval import Interval
from advisor.sizing.serving_constants import InferenceConstants, interval_around, regimes_of
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_prefill import prefill_time

WINDOW_S = 30.0
"""Audio of one window (Whisper paper, section 2.2)."""
WINDOW_TOKENS = 1500.0
"""Encoder positions of one window: 3,000 frames of 10 ms, halved by a convolution (section 2.2)."""
TEXT_TOKENS = 140.0
"""Text tokens of a window: 180 spoken words a minute at 1.4 tokens a word, and time stamps."""
BEAM = 5
"""Default beam of the published runs."""
WINDOW_GIB = 0.25
"""Keys and values of one window that all beams share, large model: 1,500 positions, 32 layers."""


@dataclass(frozen=True, slots=True)
class SpeechEstimate:
    """Seconds of audio a device transcribes in a second, and its memory."""

    audio_s_per_s: Interval
    mem_gib: Interval


def estimate_speech(job: ServingJob, constants: InferenceConstants) -> SpeechEstimate:
    """Return the rate of `job`, whose shape holds the whole model and `batch` the windows.

    Half of the layers encode the window in one pass; the other half add one token a step to
    every beam of every window.
    """
    windows = float(job.batch or 1)
    half = replace(job.shape, params=job.shape.params / 2.0, active_params=job.shape.params / 2.0)
    part = replace(job, shape=half, input_len=WINDOW_TOKENS, output_len=TEXT_TOKENS)
    encode = float(prefill_time(part, windows, constants).total_s)
    step = float(decode_time(part, windows * BEAM, constants).total_s)
    rate = windows * WINDOW_S / (encode + TEXT_TOKENS * step)
    weights = job.shape.params * job.format.bits / 8.0 / 2.0**30
    cache = windows * WINDOW_GIB
    return SpeechEstimate(
        interval_around(rate * job.n_gpus, constants.spread(*regimes_of("items.speech"))),
        interval_around(weights + cache, constants.spread(*regimes_of("mem.speech"))),
    )
