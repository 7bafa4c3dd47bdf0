"""Rows of vision, embedding, diffusion and speech tasks -> network or speech jobs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.analysis.inference_labels import nearest_model, size_from_name
from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    UnidentifiedError,
    device_of_row,
    number,
    shape_of_row,
)
from advisor.sizing.network_inference import (
    CONV,
    DETECTOR,
    DIFFUSION,
    ENCODER,
    GUIDANCE,
    KERNELS_A_LAYER,
    TRANSFORMER,
    NetworkJob,
    encoder_work,
)
from advisor.sizing.training_samples import SampleWork

STEPS = {"core ml": 20.0}
"""Denoising steps of a published image where the row cannot say: 30, 20 on phones and laptops."""
WIDEST_ATTENTION = 64.0
"""Side of the largest feature map with attention: larger models leave it out above (SDXL paper)."""
FLOPS_A_PARAMETER = {
    CONV: 160.0,
    TRANSFORMER: 400.0,
    ENCODER: 256.0,
    DETECTOR: 9000.0,
    DIFFUSION: 1700.0,
}
"""FLOPs of an item for each parameter of typical networks: only for weights of unknown size."""
_ATTENTION = re.compile(r"vit|deit|beit|eva|swin|clip|siglip|dino|mixer|bert")
_DETECTION = re.compile(r"rcnn|retinanet|rpn|panoptic|^d2/|detr|ssd")


def _engine(label: str) -> str:
    low = label.lower()
    if "tensorrt" in low or "onnx" in low or "openvino" in low:
        return "engine"
    if "core ml" in low or "coreml" in low:
        return "mobile"
    if "compile" in low or "xla" in low or "neuron" in low:
        return "compiled"
    return "eager"


def _precision(label: str) -> tuple[str, float]:
    """Return the matrix unit and the bytes of a stored element."""
    low = label.lower()
    if "bf16" in low or "fp16" in low or "6-bit" in low or not low:
        return "16", 2.0
    if "int8" in low:
        return "int8", 1.0
    if "fp8" in low:
        return "fp8", 1.0
    if "fp4" in low:
        return "fp4", 0.6
    return ("tf32", 4.0) if "tf32" in low else ("fp32", 4.0)


def _named_work(name: str, samples: Sequence[tuple[str, SampleWork]]) -> SampleWork | None:
    low = name.lower().replace("diffusion-v", "diffusion-")
    return next((work for pattern, work in samples if re.search(pattern, low)), None)


def _guessed_work(params: float) -> SampleWork:
    """Return the work of a typical classifier: 160 FLOPs and 0.4 activations a parameter."""
    return SampleWork(160.0 * params, 0.4 * params)


def _known_params(name: str, catalogue: InferenceCatalogue) -> float:
    """Return parameters by the name's own size, else by the catalogue; 0 where neither knows."""
    sized = size_from_name(name)
    if sized:
        return sized[0]
    found = nearest_model(name, catalogue.models)
    return catalogue.models[found[0]].params if found and not found[1] else 0.0


def _kind(name: str, task: str) -> str:
    if task == "diffusion":
        return DIFFUSION
    if task == "embedding":
        return ENCODER
    if _ATTENTION.search(name.lower()):
        return TRANSFORMER
    return DETECTOR if _DETECTION.search(name.lower()) else CONV


def _scores(kind: str, work: SampleWork, label: str) -> float:
    """Return attention scores of one image: eight heads, pairs of latent pixels, both passes.

    Fused kernels (xformers, flash, SDPA, compiled engines) keep none (Stable Diffusion paper:
    latents are an eighth of the image's side).
    """
    fused = any(word in label.lower() for word in ("xformers", "flash", "sdpa", "tensorrt", "core"))
    if kind != DIFFUSION or fused or not work.size:
        return 0.0
    return GUIDANCE * 8.0 * min(work.size / 8.0, WIDEST_ATTENTION) ** 4


def network_job_of_row(
    row: Row, catalogue: InferenceCatalogue
) -> tuple[NetworkJob, tuple[str, ...]]:
    """Return the job of a vision, embedding or diffusion row and what had to be guessed.

    Blank means not stated: 16-bit, batch 1, one device, 128 tokens.

    Raises:
        UnidentifiedError: neither model nor size, or no device, identifies the work.
    """
    device, guesses = device_of_row(row, catalogue)
    name, task = row.get("model", ""), row.get("task", "")
    engine = _engine(row.get("engine", ""))
    precision, width = _precision(row.get("weight_precision", ""))
    params = number(row, "params_b") * 1e9
    named = _named_work(name, catalogue.samples)
    kernels, kind = 0.0, _kind(name, task)
    if task == "embedding":
        shape, words = shape_of_row(row, catalogue)
        guesses, params = guesses + words, shape.params
        work = encoder_work(shape, number(row, "input_len") or 128.0)
        kernels = KERNELS_A_LAYER * shape.layers
    else:
        params = params or _known_params(name, catalogue)
        if named is None and not params:
            raise UnidentifiedError(f"neither size nor known name for model {name!r}")
        work = named or _guessed_work(params)
        guesses += () if named else ("work guessed from the size",)
    steps = STEPS.get(row.get("engine", "").lower(), 30.0) * GUIDANCE
    return NetworkJob(
        kind=kind,
        work=work,
        params=params or work.flops / FLOPS_A_PARAMETER[kind],
        device=device,
        precision=precision,
        bytes=width,
        engine=engine,
        batch=max(1, int(number(row, "batch_or_concurrency"))),
        n_gpus=max(1, int(number(row, "n_gpus"))),
        passes=steps if kind == DIFFUSION else 1.0,
        kernels=kernels,
        scores=_scores(kind, work, row.get("engine", "")),
    ), guesses
