"""Speech recognition: the direction of every knob, and memory by hand."""

from dataclasses import replace

import pytest

from advisor.domain.model import ModelShape
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_memory import CONTEXT_GIB
from advisor.sizing.speech_inference import estimate_speech, speech_parts
from tests.sizing.serving_cases import H100, shipped

WHISPER = ModelShape(
    "whisper-large-v2", "speech", 1.55e9, 1.55e9, 32, 1280, 5120, 20, 20, 64, 51865
)
JOB = ServingJob(WHISPER, H100, weight_precision="fp16", engine="ctranslate2", batch=1)


def test_memory_is_two_bytes_a_parameter_a_window_and_the_context() -> None:
    found = estimate_speech(JOB, shipped())
    assert found.mem_gib.likely == pytest.approx(1.55e9 * 2 / 2**30 + 0.25 + CONTEXT_GIB)


def test_batches_of_windows_raise_the_rate_but_not_in_proportion() -> None:
    one = estimate_speech(JOB, shipped()).audio_s_per_s.likely
    eight = estimate_speech(replace(JOB, batch=8), shipped()).audio_s_per_s.likely
    assert one < eight < 8 * one


def test_a_decoder_layer_has_sixteen_squares_of_the_width_and_the_rest_encodes() -> None:
    encoder, decoder = speech_parts(WHISPER)
    assert decoder.params == 32 * 16 * 1280**2 + 51865 * 1280
    assert encoder.params + decoder.params == WHISPER.params
    assert encoder.layers == pytest.approx(32, abs=2)


def test_a_model_without_decoder_is_done_after_one_pass() -> None:
    alone = replace(WHISPER, layers=0)
    faster = estimate_speech(replace(JOB, shape=alone), shipped()).audio_s_per_s.likely
    assert faster > 10 * estimate_speech(JOB, shipped()).audio_s_per_s.likely


def test_a_smaller_model_is_faster() -> None:
    small = replace(WHISPER, params=0.24e9, active_params=0.24e9, layers=12, d_model=768, heads=12)
    assert (
        estimate_speech(replace(JOB, shape=small), shipped()).audio_s_per_s.likely
        > estimate_speech(JOB, shipped()).audio_s_per_s.likely
    )
