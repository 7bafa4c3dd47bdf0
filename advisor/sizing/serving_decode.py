"""Token generation: time of one step that adds one token to every running request."""

from __future__ import annotations

from typing import Any

from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_job import ServingJob
from advisor.sizing.serving_step import StepTime, step_time
from advisor.sizing.serving_work import StepLoad


def decode_load(context: Any, batch: Any = 1.0) -> StepLoad:
    """Return the step of `batch` sequences that hold `context` cached tokens each."""
    return StepLoad(batch, batch, batch * context)


def decode_time(job: ServingJob, batch: Any, constants: InferenceConstants) -> StepTime:
    """Return the mean step while the answer grows from the prompt to its full length."""
    return step_time(job, decode_load(job.input_len + job.output_len / 2.0, batch), constants)
