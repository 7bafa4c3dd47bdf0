"""Rows of vision, embedding, diffusion and speech tasks -> network or speech jobs."""

from __future__ import annotations

import re
from dataclasses import replace

from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    UnidentifiedError,
    device_of_row,
    number,
    shape_of_row,
)
from advisor.analysis.model_labels import nearest_model, size_from_name
from advisor.sizing.network_inference import (
    CONV,
    DENOISING_STEPS,
    DETECTOR,
    DIFFUSION,
    ENCODER,
    GUIDANCE,
    KERNEL_SIDE,
    KERNELS_A_LAYER,
    TRANSFORMER,
    NetworkJob,
    denoising,
    encoder_work,
)
from advisor.sizing.training_samples import SampleWork, named_work

STEPS = {"core ml": 20.0}
"""Denoising steps of a published image on phones and laptops, where the row cannot say."""
WIDEST_ATTENTION = 64.0
"""Side of the largest feature map with attention: larger models leave it out above (SDXL paper)."""
SINGLE_STAGE = re.compile(r"yolo|nanodet|picodet|rtmdet|fcos|centernet|efficientdet")
SINGLE_STAGE_WORK = (2400.0, 1e-3)
"""FLOPs a parameter, and elements that are written for each, of detectors in one stage on images
of 640 pixels, whose size alone is known (YOLOv5 to YOLO11: 1,900 to 4,300)."""
SIDE = re.compile(r"(?<![a-z0-9])(\d{3,4})(?:x\1|px)?$")
"""Side of the images at the end of a name, as timm and model cards write it."""
SIDES = (160, 2048)
NUMBERED = re.compile(r"regnet|levit")
"""Networks whose names end in their work or their width."""
FLOPS_A_PARAMETER = {
    CONV: 160.0,
    TRANSFORMER: 400.0,
    ENCODER: 256.0,
    DETECTOR: 9000.0,
    DIFFUSION: 1700.0,
}
"""FLOPs of an item for each parameter of typical networks, where only one of them is known."""
ELEMENTS_A_FLOP = {
    CONV: 2.5e-3,
    TRANSFORMER: 0.5e-3,
    ENCODER: 0.5e-3,
    DETECTOR: 0.5e-3,
    DIFFUSION: 0.25e-3,
}
"""Activations that are written for each FLOP of such networks (timm and detectron profiles)."""
_ATTENTION = re.compile(r"vit|deit|beit|eva|swin|clip|siglip|dino|mixer|bert")
_DETECTION = re.compile(r"rcnn|retinanet|rpn|panoptic|^d2/|detr|ssd")


ENGINE_WORDS = (
    ("engine", r"tensorrt|\btrt|onnx|openvino|migraphx|deepsparse|embeddings-inference|\btei\b"),
    ("engine", r"aitemplate|fastertransformer|lightseq|oneflow|paddle inference"),
    ("mobile", r"core ?ml|tflite|ncnn|\bmnn\b|executorch|snpe|qnn|\bane\b"),
    ("compiled", r"compile|inductor|xla|jax|neuron|tvm|torchscript|\bjit\b|graphs?\b|stable-fast"),
    ("eager", r"torch|tensorflow|keras|timm|eager|diffusers|transformers|detectron|mmdet|paddle"),
    ("eager", r"caffe|mxnet|ultralytics|sentence|yolo|darknet|python|comfy|automatic1111"),
)
"""Kinds of kernels by words of an engine's label, the most telling first."""
FUSED_ATTENTION = r"xformers|flash|sdpa|core|torch[ -]?2|compile|inductor"
"""Engines whose attention keeps no scores, by words of their labels."""
PRECISION_WORDS = (
    ("int8", 1.0, r"int8|w8a8|i8\b|8-?bit"),
    ("fp8", 1.0, r"fp8|e4m3|float8"),
    ("fp4", 0.6, r"nvfp4|fp4|mxfp4"),
    ("16", 0.6, r"int4|nf4|4-?bit|q4|awq|gptq|gguf"),
    ("16", 2.0, r"bf16|fp16|f16|float16|half|amp|mixed|6-bit|\b16"),
    ("tf32", 4.0, r"tf32"),
    ("fp32", 4.0, r"fp32|f32|float32|single|\bfloat\b|\b32"),
)
"""Matrix unit and bytes of a stored element by words of a precision label, in order."""


def _engine(label: str) -> tuple[str, tuple[str, ...]]:
    """Return the kind of kernels and what was guessed."""
    low = label.lower()
    found = next((kind for kind, words in ENGINE_WORDS if re.search(words, low)), "")
    guess = () if found or not low else (f"engine {label!r} taken as eager",)
    return found or "eager", guess


def _precision(label: str) -> tuple[str, float, tuple[str, ...]]:
    """Return the matrix unit, the bytes of a stored element and what was guessed."""
    low = label.lower()
    found = next((one for one in PRECISION_WORDS if re.search(one[2], low)), None)
    if found:
        return found[0], found[1], ()
    return "16", 2.0, (f"precision {label!r} taken as 16-bit",) if low else ()


def _guessed_work(name: str, params: float, kind: str) -> SampleWork:
    """Return the work of a typical network of this size and kind."""
    if kind == CONV and SINGLE_STAGE.search(name.lower()):
        each, written = SINGLE_STAGE_WORK
        return SampleWork(each * params, written * each * params, 640.0)
    each = FLOPS_A_PARAMETER[kind]
    work = SampleWork(each * params, ELEMENTS_A_FLOP[kind] * each * params)
    return replace(work, size=KERNEL_SIDE) if kind in (CONV, TRANSFORMER) else work


def _side(name: str) -> float:
    """Return the side of the images that a name ends in, 0 where it ends in none: sides are
    multiples of 14 or 16 pixels, depths of networks are not."""
    found = None if NUMBERED.search(name.lower()) else SIDE.search(name.lower())
    side = int(found[1]) if found else 0
    named = SIDES[0] <= side <= SIDES[1] and (side % 14 == 0 or side % 16 == 0)
    return float(side) if named else 0.0


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

    Fused kernels (xformers, flash, SDPA, which PyTorch 2 uses unasked, engines) keep none (Stable
    Diffusion paper: latents are an eighth of the image's side).
    """
    fused = _engine(label)[0] in ("engine", "mobile") or re.search(FUSED_ATTENTION, label.lower())
    if kind != DIFFUSION or fused or not work.size:
        return 0.0
    return GUIDANCE * 8.0 * min(work.size / 8.0, WIDEST_ATTENTION) ** 4


def _steps(row: Row) -> tuple[float, float]:
    """Return denoising steps (`output_len`, where the row states them), and passes abreast."""
    steps, abreast = denoising(row.get("model", ""))
    if steps == DENOISING_STEPS:
        steps = STEPS.get(row.get("engine", "").lower(), steps)
    return number(row, "output_len") or steps, abreast


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
    engine, engine_guess = _engine(row.get("engine", ""))
    precision, width, precision_guess = _precision(row.get("weight_precision", ""))
    guesses += engine_guess + precision_guess
    params = number(row, "params_b") * 1e9
    named = named_work(name, catalogue.samples)
    kernels, kind = 0.0, _kind(name, task)
    if task == "embedding":
        shape, words = shape_of_row(row, catalogue)
        guesses, params = guesses + words, shape.params
        work = encoder_work(shape, number(row, "input_len") or 128.0)
        kernels = KERNELS_A_LAYER * shape.layers
    else:
        params = params or (named.params if named else 0.0) or _known_params(name, catalogue)
        if named is None and not params:
            raise UnidentifiedError(f"neither size nor known name for model {name!r}")
        work = (named or _guessed_work(name, params, kind)).at(_side(name))
        guesses += () if named else ("work guessed from the size",)
    steps, abreast = _steps(row)
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
        passes=steps * abreast if kind == DIFFUSION else 1.0,
        kernels=kernels,
        scores=_scores(kind, work, row.get("engine", "")),
        abreast=abreast if kind == DIFFUSION else 1.0,
    ), guesses
