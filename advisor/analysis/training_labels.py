"""Free labels of a training measurement read as the advisor's own terms.

Every reader returns its value and, where the label is not one it knows, the assumption it made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from advisor.frozen import dataclass

FAMILY_PATTERNS = {
    "tuned": ("unsloth", "liger", "foak", "fast-?kernels"),
    "huggingface": (
        "hf ",
        "hugging",
        "trainer",
        "peft",
        "trl",
        "axolotl",
        "llama-?factory",
        "swift",
        "transformers",
        "xtuner",
        "openrlhf",
    ),
    "fused": (
        "megatron-?core",
        "megatron-?bridge",
        "nemo",
        "internevo",
        r"llm\.c",
        "flash-attention",
        "modded",
        "veomni",
    ),
    "compiled": ("maxtext", "jax", "xla", "levanter", "easylm", "t5x", "mesh", "pax", "tpu"),
    "legacy": (
        "megatron",
        "neox",
        "metaseq",
        "deeplearningexamples",
        "dle ",
        "tensorflow",
        "^deepspeed",
        "fairseq",
    ),
    "torch": (
        "torch",
        "titan",
        "nanotron",
        "fsdp",
        "colossal",
        "composer",
        "foundry",
        "lit-?gpt",
        "accelerate",
        "deepspeed",
        "lightning",
        "horovod",
        "mosaic",
        "nanogpt",
        "olmo",
        "timm",
        "detectron",
        "ffcv",
        "ultralytics",
        "fabric",
        "transformer.?engine",
    ),
}
"""Framework families by patterns of their labels, the most telling family first."""
TASK_FAMILY = {"lora": "huggingface", "qlora": "huggingface", "full_ft": "huggingface"}
SHARDING_PATTERNS = (
    (
        "zero3",
        r"zero-?(3|\+\+|inf)|full.?shard|hybrid|hsdp|megatron-?fsdp|^fsdp\d?$|(stage|speed).?3|^3$",
    ),
    ("zero2", r"zero-?2|grad_op|stage.?2|^2$"),
    ("zero1", r"zero-?1|distributed|dist-?opt|stage.?1|^1$"),
    ("ddp", r"ddp|data.?parallel|horovod|zero-?0|stage.?0|^0$"),
    ("none", r"^none$|^no$|single"),
)

EIGHT_BIT = r"8.?bit|bnb(?!.*32)|paged(?!.*32)"
"""Optimizers whose moments take eight bits each, by words of their labels."""


@dataclass(frozen=True, slots=True)
class Precision:
    """A precision label as compute type, bits and format (nf4, gptq) of a frozen base weight."""

    compute: str
    base_bits: float
    base_format: str


def family_of(framework: str, task: str) -> tuple[str, str]:
    """Return the framework family and an assumption ("" where the label is known)."""
    low = framework.lower()
    for family, patterns in FAMILY_PATTERNS.items():
        if re.search("|".join(patterns), low):
            return family, ""
    assumed = TASK_FAMILY.get(task, "torch")
    shown = f"framework {framework!r}" if framework else "framework"
    return assumed, f"{shown} taken as {assumed}"


def fused_loss_in(framework: str) -> bool:
    """Return whether the framework keeps one 16-bit copy of the logits at most: Liger, Foundry's
    default (flash-attn's cross entropy, in place), torchtune's (in chunks)."""
    return bool(re.search("liger|foundry|torchtune", framework.lower()))


def compiled_in(framework: str) -> bool:
    """Return whether torch.compile fuses what lies between the matrix products."""
    return bool(re.search(r"\bcompiled?\b|torch_compile", framework.lower()))


def unfused_attention_in(framework: str) -> bool:
    """Return whether attention keeps its scores: said so, or Pax and T5X, which take XLA's own
    products unless Transformer Engine brings kernels (JAX-Toolbox)."""
    low = framework.lower()
    said = r"(no|without|w/o)[ -]flash|eager attention"
    own = r"\b(pax(ml)?|t5x)\b(?!.*(transformer engine|\bte\b|flash))"
    return bool(re.search(f"{said}|{own}", low))


def precision_of(label: str) -> tuple[Precision, str]:
    """Return compute type and base bits; nf4 stores a 32-bit scale for 64 weights, double
    quantisation 0.127 bits, GPTQ a 16-bit scale and 4-bit zero for 128 (QLoRA, arXiv 2305.14314).
    """
    low = label.lower()
    compute = _compute_type(low)
    bits = 16.0
    if "nf4" in low or "bnb" in low:
        bits = 4.127 if "dq" in low else 4.5
    elif re.search(r"int4|gptq|awq|4.?bit", low):
        bits = 4.16
    elif re.search(r"int8|8.?bit", low):
        bits = 8.25
    form = "gptq" if re.search("gptq|awq", low) else "nf4"
    note = "" if compute else f"precision {label!r} taken as bf16"
    if not compute and bits < 16:
        note = "assumed bf16 compute"
    return Precision(compute or "bf16", bits, form), note


def _compute_type(low: str) -> str | None:
    low = re.sub(r"nf4(-dq)?|int[48](\(\w+\))?", "", low)
    for name, pattern in (
        ("fp4", r"fp4"),
        ("fp8", r"fp8|e4m3"),
        ("bf16", r"bf16|bfloat"),
        ("fp16", r"fp16|half|amp|float16|mixed"),
        ("tf32", r"tf32"),
        ("fp32", r"fp32|float32|single"),
    ):
        if re.search(pattern, low):
            return name
    return None


def recipe_in(row: Mapping[str, str]) -> str | None:
    """Return the state recipe that framework and optimizer labels give away, else None."""
    optimizer = row.get("optimizer", "").lower()
    if re.search(EIGHT_BIT, optimizer) and not _wide_weights(row):
        return "eight_bit_in_backward" if "in backward" in optimizer else "eight_bit"
    if re.search(r"(bf|fp)16/fp32", row.get("precision", "")):
        return "master"
    if autocast_in(row):
        return "autocast"
    low = row.get("framework", "").lower()
    if "torchtune" in low and row.get("precision", "").startswith("bf16"):
        return "pure"
    return "deepspeed" if re.search(r"deepspeed|zero|internevo|neox", low) else None


def autocast_in(row: Mapping[str, str]) -> bool:
    """Return whether whole 32-bit weights are cast for each product (`torch.autocast`)."""
    whole_weights = sharding_of(row.get("zero_stage_or_fsdp", ""))[0] in (None, "none", "ddp")
    return whole_weights and bool(re.search("amp|autocast", row.get("precision", "").lower()))


def _wide_weights(row: Mapping[str, str]) -> bool:
    """Return whether trained weights are kept in 32 bits."""
    precision, _ = precision_of(row.get("precision", ""))
    return autocast_in(row) or precision.compute in ("fp32", "tf32")


def optimizer_bytes_in(row: Mapping[str, str]) -> float | None:
    """Return bytes of optimizer state a parameter where it is not Adam's of the recipe: two 8-bit
    moments beside 32-bit weights, Adafactor's rows and columns (AdaLomo's too), one moment."""
    optimizer, wide = row.get("optimizer", "").lower(), _wide_weights(row)
    if re.search(EIGHT_BIT, optimizer):
        return 2.0 if wide else None
    if re.search("adafactor|lomo", optimizer):
        return 0.0
    return (4.0 if wide else 2.0) if re.search(r"\b(sgd|lion|muon)\b", optimizer) else None


def sharding_of(label: str) -> tuple[str | None, str]:
    """Return the sharding term, None where the label is blank."""
    low = label.lower().strip()
    if not low:
        return None, ""
    for name, pattern in SHARDING_PATTERNS:
        if re.search(pattern, low):
            return name, ""
    return None, f"sharding {label!r} not known"


def recompute_of(label: str) -> str | None:
    """Return none, selective or full; None where the source does not say."""
    low = label.lower()
    if low in ("none", "no", "false"):
        return "none"
    if "selective" in low or "attention" in low or "core" in low:
        return "selective"
    return "full" if re.search(r"full|yes|true|block|uniform|layer|unsloth|offload", low) else None


def network_of(label: str, per_node: int) -> float | None:
    """Return node-to-node GB/s per accelerator in one direction, None where it is not printed."""
    low = label.lower()
    found = re.search(
        r"(?:(\d+)\s*x)?[^+\d]*?(?:hdr|ndr|edr|xdr)?\s*(\d{2,4})\s*(?:gb(?:it|ps)?(?:/s)?)?"
        r"\s*(per gpu|per node)?",
        _fabric(low),
    )
    if not found:
        return None
    count, gbit, scope = found.groups()
    total = float(gbit) / 8
    if scope == "per gpu" or "ndr" in low:
        return total
    return total * (int(count) if count else 1) / max(per_node, 1)


def _fabric(low: str) -> str:
    """Return the part of an interconnect label that names the network between nodes."""
    parts = re.split(r"[+]", re.sub(r"nvl\d+", "", low))
    return next((part for part in parts[::-1] if re.search(r"\d{2,}", part)), "")


MOST = 1e15
"""Numbers beyond this are slips of the pen."""


def number(row: Mapping[str, str], name: str) -> float | None:
    """Return a positive number in a column, None where it is blank or not a number."""
    text = (row.get(name) or "").strip().replace(",", "")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < MOST else None


def whole(row: Mapping[str, str], name: str) -> int | None:
    """Return a positive whole number in a column, None where it is blank."""
    value = number(row, name)
    return max(1, round(value)) if value else None
