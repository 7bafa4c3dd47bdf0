"""A Hugging Face `config.json` -> the shape that memory and work are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from advisor.domain.model import ModelShape
from advisor.errors import InputError, Problem
from advisor.frozen import dataclass, replace
from advisor.library.words import nearest, shown
from advisor.library.yamlfile import Document, Ids, Pointer, dotted, read
from advisor.sizing.parameters import active_parameters, parameters

UNREADABLE, MISSING, MISFIT, UNKNOWN_FAMILY = "E300", "E330", "E331", "E332"
FP8_METHODS = ("fp8", "fbgemm_fp8")
TEXT_ALONE = (
    "the config.json of a model of text can be read; for pictures, speech or others name the "
    "model or state its size"
)

NAMES = {
    "layers": ("num_hidden_layers", "n_layer", "n_layers"),
    "d_model": ("hidden_size", "n_embd", "dim"),
    "heads": ("num_attention_heads", "n_head", "n_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads"),
    "head_dim": ("head_dim",),
    "ffn": ("intermediate_size", "n_inner", "hidden_dim", "ffn_hidden_size"),
    "vocab": ("vocab_size",),
    "max_context": ("max_position_embeddings", "n_positions", "max_seq_len"),
    "experts": ("num_local_experts", "num_experts", "n_routed_experts"),
    "experts_per_token": ("num_experts_per_tok", "experts_per_token"),
    "expert_ffn": ("moe_intermediate_size",),
    "shared_experts": ("n_shared_experts",),
    "dense_layers": ("first_k_dense_replace",),
    "shared_ffn": ("shared_expert_intermediate_size",),
    "kv_rank": ("kv_lora_rank",),
    "rope_dim": ("qk_rope_head_dim",),
}
"""Our field -> the names that configurations use for it, preferred first."""


@dataclass(frozen=True, slots=True)
class Family:
    """What the configurations of a model type leave unsaid.

    `tied` is the default of `tie_word_embeddings`; `moe` says that experts must be stated;
    `unsaid` are counts that its configurations leave out where they are usual.
    """

    kind: str = "decoder"
    gated: bool = True
    tied: bool = False
    moe: bool = False
    unsaid: Mapping[str, int] = field(default_factory=dict)


GEMMA3 = {
    "layers": 26,
    "d_model": 2304,
    "heads": 8,
    "kv_heads": 4,
    "head_dim": 256,
    "ffn": 9216,
    "vocab": 262_208,
    "max_context": 131_072,
}
"""What Gemma3TextConfig of transformers 4.50 takes where a configuration says nothing."""

FAMILIES = {
    "llama": Family(),
    "mistral": Family(),
    "qwen2": Family(),
    "qwen3": Family(),
    "phi3": Family(),
    "phi": Family(gated=False),
    "gemma": Family(tied=True),
    "gemma2": Family(tied=True),
    "gemma3_text": Family(tied=True, unsaid=GEMMA3),
    "gpt2": Family(gated=False, tied=True),
    "gpt_oss": Family(moe=True),
    "mixtral": Family(moe=True),
    "qwen2_moe": Family(moe=True),
    "qwen3_moe": Family(moe=True),
    "deepseek_v2": Family(moe=True),
    "deepseek_v3": Family(moe=True),
    "kimi_k2": Family(moe=True),
    "bert": Family("encoder", gated=False, tied=True),
    "roberta": Family("encoder", gated=False, tied=True),
    "xlm-roberta": Family("encoder", gated=False, tied=True),
    "distilbert": Family("encoder", gated=False, tied=True),
}


def read_config(path: Path) -> ModelShape:
    """Return the shape in a `config.json`; its id is the name in it or that of the folder.

    Raises InputError with every problem: unreadable, unknown family, missing or misfit field.
    """
    return shape_of(read(path, Ids(UNREADABLE)), path.resolve().parent.name)


def shape_of(document: Document, fallback_id: str = "model") -> ModelShape:
    """Return the shape that a configuration describes; a vision part beside the text is left out.

    Parameters are computed from the dimensions. Raises InputError with every problem.
    """
    config = _Config(document)
    family = config.family()
    found = {
        name: config.whole(name, _required(name, family)) or family.unsaid.get(name, 0)
        for name in NAMES
    }
    config.stop_if_wrong()
    shape = _shape(config, family, found, fallback_id)
    return replace(shape, params=parameters(shape), active_params=active_parameters(shape))


def _required(name: str, family: Family) -> bool:
    if name in family.unsaid:
        return False
    if name in {"layers", "d_model", "heads", "vocab"}:
        return True
    return family.moe and name in {"experts", "experts_per_token"}


def _instead(said: str) -> str:
    """Return the nearest family, else what can be read at all."""
    near = nearest(said, FAMILIES)
    return f"did you mean '{near}'?" if near else TEXT_ALONE


class _Config:
    """Reads fields under their several names and collects what is wrong."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        top = document.data if isinstance(document.data, dict) else {}
        nested = top.get("text_config")
        self.base: Pointer = ("text_config",) if isinstance(nested, dict) else ()
        self.data: Mapping[str, Any] = nested if isinstance(nested, dict) else top
        self.top: Mapping[str, Any] = top

    def family(self) -> Family:
        """Return the family of `model_type`; raises InputError where it is none we know."""
        said = self.data.get("model_type", self.top.get("model_type"))
        if not isinstance(said, str):
            self.report(
                (*self.base, "model_type"),
                MISSING,
                f"the field 'model_type' is missing; {TEXT_ALONE}",
            )
        elif said not in FAMILIES:
            self.report(
                (*self.base, "model_type"),
                UNKNOWN_FAMILY,
                f"{shown(said)} is no model type that can be sized; {_instead(said)}",
            )
        self.stop_if_wrong()
        return FAMILIES[str(said)]

    def whole(self, name: str, required: bool) -> int:
        """Return a whole number, 0 where it is absent and need not be there."""
        for alias in NAMES[name]:
            value = self.data.get(alias)
            if value is None:
                continue
            least = 1 if required else 0
            if isinstance(value, int) and not isinstance(value, bool) and value >= least:
                return value
            self.report(
                (*self.base, alias),
                MISFIT,
                f"{shown(value)} is no count; write a whole number from {least}",
            )
            return 0
        if required:
            self.report(
                (*self.base, NAMES[name][0]),
                MISSING,
                f"the field '{NAMES[name][0]}' is missing; add it",
            )
        return 0

    def report(self, pointer: Pointer, id_: str, message: str) -> None:
        """Keep a problem for later."""
        place = self.document.place(pointer)
        self.problems.append(Problem(place, id_, dotted(pointer), message))

    def stop_if_wrong(self) -> None:
        """Raise InputError where a problem was found."""
        if self.problems:
            raise InputError(self.problems)

    def flag(self, name: str, default: bool) -> bool:
        """Return a truth of the text part or of the whole, or its default."""
        value = self.data.get(name, self.top.get(name))
        return value if isinstance(value, bool) else default

    def word(self, *names: str) -> str:
        """Return the first text found under the names, "" where there is none."""
        found = (part.get(name) for name in names for part in (self.data, self.top))
        return next((value for value in found if isinstance(value, str)), "")

    def is_fp8(self) -> bool:
        """Return whether the weights are stored in eight-bit floating point."""
        stored = self.top.get("quantization_config")
        return isinstance(stored, dict) and stored.get("quant_method") in FP8_METHODS


def _shape(config: _Config, family: Family, found: dict[str, int], fallback_id: str) -> ModelShape:
    head_dim = found["head_dim"] or found["d_model"] // max(1, found["heads"])
    kv_heads = found["kv_heads"] or found["heads"]
    expert_ffn = (found["expert_ffn"] or found["ffn"]) if family.moe else 0
    latent = found["kv_rank"] > 0
    return ModelShape(
        id=config.word("_name_or_path") or fallback_id,
        kind=family.kind,
        params=0.0,
        active_params=0.0,
        layers=found["layers"],
        d_model=found["d_model"],
        ffn=found["ffn"] or 4 * found["d_model"],
        heads=found["heads"],
        kv_heads=0 if latent else kv_heads,
        head_dim=0 if latent else head_dim,
        vocab=found["vocab"],
        max_context=found["max_context"],
        kv_elements_per_token=_kv_elements(family, found, kv_heads * head_dim),
        gated_ffn=family.gated,
        tied_embeddings=config.flag("tie_word_embeddings", family.tied),
        experts=found["experts"] if family.moe else 0,
        experts_per_token=found["experts_per_token"] if family.moe else 0,
        expert_ffn=expert_ffn,
        shared_experts=found["shared_experts"] or -(-found["shared_ffn"] // max(1, expert_ffn)),
        dense_layers=found["dense_layers"],
        latent_attention=latent,
        native_dtype="fp8" if config.is_fp8() else _dtype(config.word("torch_dtype", "dtype")),
    )


def _kv_elements(family: Family, found: dict[str, int], key_width: int) -> float:
    if family.kind != "decoder":
        return 0.0
    if found["kv_rank"]:
        return float(found["layers"] * (found["kv_rank"] + found["rope_dim"]))
    return float(2 * found["layers"] * key_width)


def _dtype(stored: str) -> str:
    return {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}.get(stored, "bf16")
