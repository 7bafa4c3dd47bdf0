"""The published measurements that are most like a row of configuration columns."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.analysis.device_labels import find_device
from advisor.analysis.estimate_table import TRAINING, Estimators
from advisor.analysis.inference_rows import UnidentifiedError, shape_of_row
from advisor.analysis.training_labels import number
from advisor.analysis.training_rows import Refusal, job_of
from advisor.domain import evidence
from advisor.library.evidence import published_figures
from advisor.sizing.nearest import likeness

Row = Mapping[str, str]
USUAL = {TRAINING: "pretrain", "inference": "llm_decode"}
"""Tasks of rows that name none."""


def like_row(row: Row, kind: str, estimators: Estimators) -> tuple[str, ...]:
    """Return the nearest measurements in words; none where device or model are not known."""
    known = estimators.training.accelerators
    device, _ = find_device(row.get("gpu", ""), number(row, "gpu_mem_gb"), known)
    params = _params(row, kind, estimators)
    if device is None or not params:
        return ()
    training = kind == TRAINING
    wanted = evidence.Setup(
        evidence.TRAINING if training else evidence.SERVING,
        row.get("task", "") or USUAL[kind],
        params,
        device.id,
        device.architecture,
        int(number(row, "n_gpus") or 1),
        row.get("precision" if training else "weight_precision", ""),
        number(row, "seq_len" if training else "input_len") or 0.0,
        batch=0.0 if training else number(row, "batch_or_concurrency") or 0.0,
    )
    return likeness(wanted, published_figures(estimators.knowledge / "evidence"))


def _params(row: Row, kind: str, estimators: Estimators) -> float:
    """Return the parameters that a row states or its model is known to have, 0 if neither."""
    stated = number(row, "params_b")
    if stated:
        return stated * 1e9
    if kind == TRAINING:
        job = job_of(row, estimators.training)
        return 0.0 if isinstance(job, Refusal) else job.shape.params
    try:
        return shape_of_row(row, estimators.inference)[0].params
    except UnidentifiedError:
        return 0.0
