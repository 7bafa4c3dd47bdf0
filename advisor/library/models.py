"""Models: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from advisor.domain.catalogue import ModelRecord
from advisor.domain.model import ModelShape
from advisor.library.records import Row, by_id, provenance, read_folder, truth
from advisor.library.yamlfile import Document


def parse(documents: Iterable[Document]) -> dict[str, ModelRecord]:
    """Return the models by id; raises LibraryError where an id stands twice."""
    return by_id(documents, "models", _record)


def load_models(folder: Path) -> dict[str, ModelRecord]:
    """Return every model in `knowledge/models`, by id; raises LibraryError with every problem."""
    return parse(read_folder(folder, "models"))


def model_shape(record: ModelRecord) -> ModelShape:
    """Return what memory, FLOPs and cache sizes are computed from."""
    return record.shape


def _record(row: Row) -> ModelRecord:
    return ModelRecord(
        shape=_shape(row),
        family=row["family"],
        hf_repo=row.get("hf_repo", ""),
        modality=row["modality"],
        release=row["release"],
        licence=row["licence"],
        commercial_use=row["commercial_use"],
        attention=row.get("attention", "none"),
        extra_params=_billions(row.get("extra_params_b", 0)),
        flop_per_item=row.get("gflop_per_item", 0) * 1e9,
        item=row.get("item", ""),
        closed_form=truth(row["closed_form"]),
        provenance=provenance(row),
    )


def _shape(row: Row) -> ModelShape:
    return ModelShape(
        id=row["id"],
        kind=row["kind"],
        params=_billions(row["params_b"]),
        active_params=_billions(row["active_params_b"]),
        kv_elements_per_token=float(row.get("kv_elements_per_token", 0)),
        gated_ffn=truth(row.get("gated_ffn", "no")),
        tied_embeddings=truth(row.get("tied_embeddings", "no")),
        latent_attention=row.get("attention") == "mla",
        native_dtype=row["native_dtype"],
        **_dimensions(row),
    )


def _dimensions(row: Row) -> dict[str, int]:
    names = (
        "layers",
        "d_model",
        "ffn",
        "heads",
        "kv_heads",
        "head_dim",
        "vocab",
        "max_context",
        "experts",
        "experts_per_token",
        "expert_ffn",
        "shared_experts",
        "dense_layers",
    )
    return {name: row.get(name, 0) for name in names}


def _billions(value: float) -> float:
    return float(round(value * 1e9))
