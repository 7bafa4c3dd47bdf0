"""One row of a table of inference measurements -> the job that it describes.

Only configuration columns are read; measured columns, source and notes never are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.analysis.device_labels import find_device
from advisor.analysis.inference_labels import (
    engine_of,
    precision_of,
)
from advisor.analysis.model_labels import nearest_model, size_from_name
from advisor.analysis.training_labels import MOST
from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass, replace
from advisor.sizing.serving_constants import InferenceConstants
from advisor.sizing.serving_engine import ENGINES, LOCAL
from advisor.sizing.serving_format import FORMATS, KV_BYTES
from advisor.sizing.serving_job import OFFLINE, ONLINE, SINGLE, ServingJob
from advisor.sizing.serving_memory import weight_bytes
from advisor.sizing.training_samples import SampleWork

CONFIGURATION = (
    "task",
    "model",
    "params_b",
    "active_params_b",
    "n_layers",
    "d_model",
    "n_heads",
    "n_kv_heads",
    "weight_precision",
    "kv_precision",
    "engine",
    "gpu",
    "gpu_mem_gb",
    "n_gpus",
    "tp",
    "pp",
    "batch_or_concurrency",
    "input_len",
    "output_len",
)
"""The columns that an estimate may depend on."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InferenceCatalogue:
    """What rows are looked up in: devices and models by id, fitted constants, work by name.

    `samples` are patterns of model names with the work of one item (networks.yaml, then
    samples.yaml of the calibration folder).
    """

    devices: Mapping[str, Accelerator]
    models: Mapping[str, ModelShape]
    constants: InferenceConstants
    samples: Sequence[tuple[str, SampleWork]] = ()


@dataclass(frozen=True, slots=True)
class RowJob:
    """A job read from a row, and what had to be guessed (in words, for `basis`)."""

    job: ServingJob
    guesses: tuple[str, ...]


class UnidentifiedError(ValueError):
    """Neither model nor size, or no device, identifies the work."""


def number(row: Row, column: str) -> float:
    """Return a column as a positive number, 0 where it is blank or not one."""
    try:
        value = float(row.get(column, "") or 0.0)
    except ValueError:
        return 0.0
    return value if 0.0 < value < MOST else 0.0


def device_of_row(row: Row, catalogue: InferenceCatalogue) -> tuple[Accelerator, tuple[str, ...]]:
    """Return the device of a row. Raises UnidentifiedError where none is named."""
    stated = number(row, "gpu_mem_gb")
    device, guesses = find_device(row.get("gpu", ""), stated or None, catalogue.devices)
    if device is None:
        raise UnidentifiedError(guesses[0])
    if stated and abs(stated / device.memory_gb - 1.0) > 0.05:
        device = replace(device, memory_gb=stated)
    return device, guesses


def shape_of_row(row: Row, catalogue: InferenceCatalogue) -> tuple[ModelShape, tuple[str, ...]]:
    """Return the model of a row: its own columns first, the catalogue for what they leave out.

    Raises:
        UnidentifiedError: neither a size nor a known name is given.
    """
    label = row.get("model", "")
    near = nearest_model(label, catalogue.models)
    known = catalogue.models[near[0]] if near else None
    exact = known is not None and near is not None and not near[1]
    params, active = _size(row, known if exact else None)
    if not params and known is not None:
        params, active = known.params, known.active_params
    if not params:
        raise UnidentifiedError(f"neither size nor known name for model {label!r}")
    base = known if exact and known is not None else _generic(label, params, active, known)
    shape = _with_columns(row, replace(base, params=params, active_params=min(active, params)))
    return shape, () if exact or number(row, "n_layers") else ("model shape from its size",)


def _size(row: Row, known: ModelShape | None) -> tuple[float, float]:
    """Return total and active parameters from columns, catalogue or name, in this order."""
    total, active = number(row, "params_b") * 1e9, number(row, "active_params_b") * 1e9
    if known is not None:
        total = total or known.params
        active = active or total * known.active_params / known.params
    named = size_from_name(row.get("model", ""))
    if named:
        total, active = total or named[0], active or named[1]
    return total, active or total


def _generic(label: str, params: float, active: float, relative: ModelShape | None) -> ModelShape:
    """Return a typical decoder of this size; a relative lends vocabulary and expert counts.

    Published decoders keep d_model near 128 * layers, and 12 * layers * d_model^2 parameters.
    """
    size = (params * active) ** 0.5
    layers = max(4, round((size / (12.0 * 128.0**2)) ** (1.0 / 3.0)))
    width = 128 * layers
    shape = ModelShape(
        label, "decoder", params, active, layers, width, 4 * width, layers, max(1, layers // 4),
        128,
        64_000 if params > 1e9 else 32_000,
    )  # fmt: skip
    if relative is None or relative.kind != "decoder":
        return shape
    return replace(
        shape,
        vocab=relative.vocab,
        tied_embeddings=relative.tied_embeddings and params < 5e9,
        experts=relative.experts,
        experts_per_token=relative.experts_per_token,
    )


def _with_columns(row: Row, shape: ModelShape) -> ModelShape:
    """Return the shape with the row's own layers, widths and heads."""
    layers = int(number(row, "n_layers")) or shape.layers
    width = int(number(row, "d_model")) or shape.d_model
    heads = int(number(row, "n_heads")) or shape.heads
    kv_heads = int(number(row, "n_kv_heads")) or shape.kv_heads
    same = (layers, width, heads, kv_heads) == (
        shape.layers, shape.d_model, shape.heads, shape.kv_heads,
    )  # fmt: skip
    if same:
        return shape
    return replace(
        shape,
        layers=layers,
        d_model=width,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=width // heads if heads else 0,
        ffn=shape.ffn if width == shape.d_model else 4 * width,
        kv_elements_per_token=0.0,
        latent_attention=False,
    )


_MODES = {"llm_serving_offline": OFFLINE, "llm_serving_online": ONLINE, "llm_decode": SINGLE}


def job_of_row(row: Row, catalogue: InferenceCatalogue) -> RowJob:
    """Return the serving job of a row of a language-model task.

    Blank means not stated: 16-bit weights (4-bit for local runtimes), a cache as wide as the
    activations, one device, 512 tokens in and 128 out.

    Raises:
        UnidentifiedError: neither model nor size, or no device, identifies the work.
    """
    shape, model_guess = shape_of_row(row, catalogue)
    device, device_guess = device_of_row(row, catalogue)
    engine, engine_guess = engine_of(row.get("engine", ""))
    usual = "q4_k_m" if ENGINES[engine].kind == LOCAL else "bf16"
    precision, guess = precision_of(row.get("weight_precision", ""), FORMATS, usual)
    cache, _ = precision_of(row.get("kv_precision", ""), KV_BYTES, "bf16")
    words = model_guess + device_guess
    words += (f"engine taken as {engine}",) if engine_guess else ()
    words += (f"precision taken as {precision}",) if guess else ()
    job = ServingJob(
        shape=shape,
        device=device,
        n_gpus=max(1, int(number(row, "n_gpus"))),
        weight_precision=precision,
        kv_precision=cache,
        engine=engine,
        mode=_MODES.get(row.get("task", ""), SINGLE),
        batch=int(number(row, "batch_or_concurrency")) or None,
        input_len=max(1.0, number(row, "input_len") or 512.0),
        output_len=max(1.0, number(row, "output_len") or 128.0),
        disaggregated="disagg" in row.get("engine", "").lower(),
    )
    return RowJob(_layout(row, job), words)


def _layout(row: Row, job: ServingJob) -> ServingJob:
    """Return the job with the row's degrees; unstated ones split the model only as far as needed.

    Local and eager runtimes split by layers, servers by tensors.
    """
    tp, pp = int(number(row, "tp")), int(number(row, "pp"))
    if tp or pp:
        tp, pp = max(tp, 1), max(pp, 1)
        if tp * pp > job.n_gpus:
            tp = max(1, job.n_gpus // pp)
        return replace(job, tp=tp, pp=pp)
    if job.n_gpus == 1:
        return job
    server = ENGINES[job.engine].kind == "server"
    if not server:
        return replace(job, pp=job.n_gpus)
    needed = weight_bytes(job.shape, job.format) * 1.2 / job.device.memory_bytes
    degree = 1
    while degree < job.n_gpus and (degree < needed or job.batch == 1):
        degree *= 2
    return replace(job, tp=min(degree, job.n_gpus))
