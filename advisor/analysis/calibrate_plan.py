"""What a plan rests on most, as a form to fill in and a script that measures it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from advisor.analysis.benchmark_script import IMAGES, SPEECH, script_of
from advisor.domain.evidence import SERVING, TRAINING, Setup
from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.domain.plan import Figure
from advisor.frozen import dataclass, replace
from advisor.planning.line import Line
from advisor.planning.options import Option

COLUMNS = {
    TRAINING: (
        "case_id",
        "task",
        "model",
        "params_b",
        "n_layers",
        "d_model",
        "n_heads",
        "n_kv_heads",
        "vocab",
        "seq_len",
        "image_size",
        "gpu",
        "gpu_mem_gb",
        "n_gpus",
        "framework",
        "precision",
        "micro_batch",
        "tokens_per_s_per_gpu",
        "samples_per_s_total",
        "peak_mem_gib_per_gpu",
        "source",
        "notes",
    ),
    SERVING: (
        "case_id",
        "task",
        "model",
        "params_b",
        "n_layers",
        "d_model",
        "n_heads",
        "n_kv_heads",
        "weight_precision",
        "engine",
        "gpu",
        "gpu_mem_gb",
        "n_gpus",
        "tp",
        "batch_or_concurrency",
        "input_len",
        "output_len",
        "ttft_ms",
        "tpot_ms",
        "tokens_per_s_total",
        "items_per_s",
        "mem_gib",
        "source",
        "notes",
    ),
}
"""Columns of a results form; the measured ones are blank."""
BATCHES = (1, 8, 32)
"""Batches that tell what a device does at little and at much load."""
TEXT_TRAINING_BATCHES = (1, 2, 4)
STACK_LAYERS, STACK_VOCABULARY = 4, 32_000
"""A few layers of the model's width tell how fast a device multiplies, and fit any of them."""
ENGINES = {SPEECH: "Transformers"}
"""Engine of a script where it is neither vLLM nor compiled PyTorch."""
RATES = ("rate", "tpot", "ttft", "batch")
SOURCE = "measured here"


@dataclass(frozen=True, slots=True)
class Form:
    """What to measure of one use: rows to fill in, a script, and why it matters."""

    use: str
    why: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    script: str


def forms_of(line: Line) -> tuple[Form, ...]:
    """Return a form for each use on an accelerator, what costs most for its width first."""
    sized = [(use, o) for use, o in sorted(line.uses.items()) if o.run is not None]
    sized.sort(key=lambda pair: (-_at_stake(pair[1], line.months), pair[0]))
    return tuple(_form(line, use, option) for use, option in sized)


def _width(option: Option) -> float:
    """Return how many times the high end of the widest rate is its low end."""
    rates = [figure.value for figure in option.figures if figure.id in RATES]
    return max((rate.high / rate.low for rate in rates if rate.low > 0), default=1.0)


def _at_stake(option: Option, months: int) -> Decimal:
    """Return what the width of the rate leaves open of the lifetime cost."""
    return option.lifetime(months) * Decimal(repr(round(_width(option) - 1.0, 6)))


def _form(line: Line, use: str, option: Option) -> Form:
    run = option.run
    if run is None:
        raise ValueError("an option without a run has nothing to measure")
    device = line.kit.devices[option.accelerator]
    shape = line.workload.shape
    batches = BATCHES
    if use == TRAINING and run.task not in IMAGES:
        shape, batches = stack_of(shape), TEXT_TRAINING_BATCHES
        run = replace(run, task="full_ft", model=shape.id, params=shape.params)
    rows = tuple(_rows(run, device, shape, batches))
    why = (
        f"{use}: {option.lifetime(line.months):,.0f} USD rest on a rate known within a factor of "
        f"{_width(option):.1f}; {_named(option.figures)}"
    )
    return Form(use, why, COLUMNS[use], rows, script_of(use, run, shape, batches))


def stack_of(shape: ModelShape) -> ModelShape:
    """Return a few layers of a model's width, as the script builds them: plain attention, two
    matrices of the feed-forward part, one output layer."""
    layers = min(STACK_LAYERS, max(1, shape.layers))
    ffn = shape.ffn or 4 * shape.d_model
    each = 4 * shape.d_model**2 + 2 * shape.d_model * ffn
    params = float(layers * each + STACK_VOCABULARY * shape.d_model)
    return replace(
        shape,
        id=f"stack of {layers} layers of width {shape.d_model}",
        params=params,
        active_params=params,
        layers=layers,
        ffn=ffn,
        kv_heads=shape.heads,
        vocab=STACK_VOCABULARY,
        gated_ffn=False,
        experts=0,
    )


def _named(figures: tuple[Figure, ...]) -> str:
    return next((f.basis for f in figures if f.id in RATES and f.basis), "no basis is named")


def _rows(
    run: Setup, device: Accelerator, shape: ModelShape, batches: tuple[int, ...]
) -> Iterator[dict[str, str]]:
    """Yield the rows to measure: batches of one device, in the columns of the evidence tables."""
    usual = {
        "model": run.model or shape.id,
        "params_b": f"{run.params / 1e9:.6g}",
        "gpu": device.id,
        "gpu_mem_gb": f"{device.memory_gb:g}",
        "n_gpus": "1",
        "source": SOURCE,
    }
    dimensions = {
        "n_layers": str(shape.layers),
        "d_model": str(shape.d_model),
        "n_heads": str(shape.heads),
        "n_kv_heads": str(shape.kv_heads),
        "vocab": str(shape.vocab),
    }
    shaped = usual | dimensions if run.task not in (*IMAGES, SPEECH) else usual
    for number, batch in enumerate(batches, start=1):
        row = shaped | {"case_id": f"{run.use}-{number}", "task": run.task}
        cells = row | _batch(run, batch)
        yield {name: cell for name, cell in cells.items() if name in COLUMNS[run.use]}


def _batch(run: Setup, batch: int) -> dict[str, str]:
    length = f"{run.length:.0f}" if run.length else ""
    if run.use == TRAINING:
        image = "224" if run.task == "vision_train" else ""
        return {
            "seq_len": length,
            "image_size": image,
            "precision": run.precision,
            "micro_batch": str(batch),
            "framework": "PyTorch",
        }
    task = "llm_decode" if batch == 1 else "llm_serving_offline"
    text = run.task.startswith("llm")
    return {
        "task": task if text else run.task,
        "weight_precision": run.precision,
        "engine": ENGINES.get(run.task, "vLLM" if text else "torch.compile"),
        "tp": "1",
        "batch_or_concurrency": str(batch),
        "input_len": length,
        "output_len": "128" if text else "",
    }
