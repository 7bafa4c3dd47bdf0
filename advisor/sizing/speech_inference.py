"""Speech recognition with an encoder and an autoregressive decoder (Whisper and like)."""

from __future__ import annotations

from advisor.domain.interval import Interval
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import (
    LANGUAGE,
    InferenceConstants,
    interval_around,
    regimes_of,
    spread_on,
    unmeasured,
)
from advisor.sizing.serving_decode import decode_time
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import CONTEXT_GIB, kv_elements
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


def speech_parts(shape: ModelShape) -> tuple[ModelShape, ModelShape]:
    """Return encoder and decoder of a model whose `layers` are those of the decoder.

    A decoder layer has 16 squares of the width, two of its three blocks being attention, and
    launches half as much again as the two blocks of an encoder layer with its 12 squares.
    """
    square = float(shape.d_model) ** 2
    behind = min(shape.layers * 16.0 * square + shape.vocab * shape.d_model, 0.9 * shape.params)
    behind *= bool(shape.layers)
    ahead = shape.params - behind
    deep = max(1, round(ahead / (12.0 * square))) if square else 24
    encoder = replace(shape, params=ahead, active_params=ahead, layers=deep, vocab=0)
    layers = round(1.5 * shape.layers)
    kept = kv_elements(shape)
    decoder = replace(
        shape, params=behind, active_params=behind, layers=layers, kv_elements_per_token=kept
    )
    return encoder, decoder


@dataclass(frozen=True, slots=True)
class SpeechEstimate:
    """Seconds of audio a device transcribes in a second, its memory, and what both rest on."""

    audio_s_per_s: Interval
    mem_gib: Interval
    basis: str


def estimate_speech(job: ServingJob, constants: InferenceConstants) -> SpeechEstimate:
    """Return the rate of `job`, whose shape holds the whole model and `batch` the windows.

    The encoder passes the window once; the decoder adds one token a step to every beam of every
    window. A model without decoder layers (CTC, transducers) is done after the first.
    """
    windows = float(job.batch or 1)
    encoder, decoder = speech_parts(job.shape)
    part = replace(job, input_len=WINDOW_TOKENS, output_len=TEXT_TOKENS)
    seconds = float(prefill_time(replace(part, shape=encoder), windows, constants).total_s)
    if decoder.layers:
        steps = decode_time(replace(part, shape=decoder), windows * BEAM, constants)
        seconds += TEXT_TOKENS * float(steps.total_s)
    rate = windows * WINDOW_S / seconds
    weights = job.shape.params * job.format.bits / 8.0 / 2.0**30
    cache = windows * WINDOW_GIB + CONTEXT_GIB
    spread = spread_on(job.device, constants, LANGUAGE, "items.speech")
    missing = unmeasured(job.device, constants, LANGUAGE)
    return SpeechEstimate(
        interval_around(rate * job.n_gpus, spread),
        interval_around(weights + cache, constants.spread(*regimes_of("mem.speech"))),
        f"extrapolated: {missing or 'constants of language models'}; "
        f"interval from {spread.rows} rows of speech",
    )
