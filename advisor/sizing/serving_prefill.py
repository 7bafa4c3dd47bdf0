"""Prompt processing: time to the first token of one request or one static batch."""

from __future__ import annotations

from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_step import StepTime, step_time
from advisor.sizing.serving_work import StepLoad


def prefill_load(input_len: float, batch: float = 1.0) -> StepLoad:
    """Return the step that reads whole prompts; a causal mask keeps half of the pairs."""
    return StepLoad(batch * input_len, batch, 0.0, batch * input_len * input_len / 2.0)


def prefill_time(job: ServingJob, batch: float, constants: InferenceConstants) -> StepTime:
    """Return the time of `batch` prompts in one step."""
    return step_time(job, prefill_load(max(job.input_len, 1.0), batch), constants)
