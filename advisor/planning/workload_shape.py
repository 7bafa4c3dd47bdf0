"""The model of a workload: the one named, or the like of it in the size stated or usual."""

from __future__ import annotations

from advisor.domain.model import ModelShape
from advisor.frozen import replace
from advisor.planning.brief import Brief

GENERATORS = ("unet", "diffusion_transformer")
"""Kinds of models that make pictures."""
PICTURES = "pictures"
"""What a generator draws: it takes the place of a vision model where nothing names one."""
PAGES = "pages"
"""A model that reads pages, where nothing names one."""
NETWORK = "network"
"""A network on rows or series: trees and statistics have no parameters to count."""
SMALLEST = 1e5
"""Parameters below which a network is no longer described by layers."""
TYPICAL = {
    "llm": ("llama-3.1-8b", 8.0),
    "encoder": ("bert-large", 0.3),
    "vision": ("vit-b16", 0.1),
    PICTURES: ("vit-b16", 3.5),
    "speech": ("whisper-large-v3-turbo", 0.8),
    PAGES: ("vit-b16", 0.9),
    "recommender": ("bert-base", 0.001),
    "simulation": ("bert-base", 0.001),
    NETWORK: ("bert-base", 0.1),
    "trees": ("bert-base", 0.1),
    "series": ("bert-base", 0.1),
}
"""Catalogue model of each family and its billions of parameters, where nothing is named: of a
recommender those that every row passes through (`item.recommender_gflop`, two million operations
a candidate), of a policy its small network (`item.simulation_gflop`)."""


LOGS_GB, LOGS_NETWORK_B = 50_000.0, 0.045
"""Logs from which rankings are learned by wider networks, and billions of parameters of these that
every row passes through: 89 million operations a sample (arXiv 2104.05158, model A1)."""


def makes_pictures(brief: Brief) -> bool:
    """Return whether a vision system makes pictures instead of reading them: somebody said so, or
    named a model that does."""
    if brief.shape is not None and brief.shape.kind in GENERATORS:
        return True
    return brief.one("problem_type") == "vision" and brief.has("vision_output", "pictures")


def reads_pages(brief: Brief) -> bool:
    """Return whether a vision system reads documents: text, tables and fields of pages."""
    return brief.one("problem_type") == "vision" and brief.has("vision_output", "documents")


def shape_of(brief: Brief, family: str, shapes: dict[str, ModelShape]) -> ModelShape:
    """Return the named model, else the catalogue's nearest in size, scaled to the stated size.

    A named model without transformer layers (a convolutional network) is sized as the
    transformer of its family with as many parameters. Where nobody names the model, those that
    share keys and values among heads are taken, as what is released today does: the cache of one
    that does not is several times as large. The parameters of a recommender are rows of tables, of
    which one example reads a few: they take memory and no operations.
    """
    if brief.shape is not None and brief.shape.layers:
        return brief.shape
    if family == "recommender":
        return _with_tables(brief, shapes)
    typical, billions = TYPICAL[_drawn_or_read(brief) or family]
    stated = brief.shape.params if brief.shape else brief.number("model_params_b", billions) * 1e9
    params = max(stated, SMALLEST)
    kind = shapes[typical].kind
    known = [s for s in shapes.values() if s.layers and s.d_model]
    alike = [s for s in known if s.kind == kind and s.experts == 0]
    current = [s for s in alike if s.kv_heads < s.heads] or alike
    nearest = min(current, key=lambda s: (abs(_log_ratio(s.params, params)), s.id))
    return scaled(nearest, params)


def _drawn_or_read(brief: Brief) -> str:
    """Return what stands for a vision model that draws or reads pages, "" for others."""
    return PICTURES if makes_pictures(brief) else PAGES if reads_pages(brief) else ""


def _with_tables(brief: Brief, shapes: dict[str, ModelShape]) -> ModelShape:
    """Return the dense network of a recommender with the tables that were stated."""
    typical, billions = TYPICAL["recommender"]
    if brief.stated("data_volume_gb") and brief.number("data_volume_gb") >= LOGS_GB:
        billions = LOGS_NETWORK_B
    dense = scaled(shapes[typical], billions * 1e9)
    stated = brief.shape.params if brief.shape else brief.number("model_params_b", billions) * 1e9
    return replace(dense, params=max(stated, dense.params))


def _log_ratio(a: float, b: float) -> float:
    return (a / b) if a > b else (b / a)


def scaled(shape: ModelShape, params: float) -> ModelShape:
    """Return `shape` with `params` parameters: width and depth grow with the cube root.

    Heads come in fours from eight on and in eights from sixteen on, as in published models: so
    that the devices of a host can share them.
    """
    ratio = params / shape.params
    if 0.9 < ratio < 1.1:
        return shape
    side = ratio ** (1 / 3)
    head = shape.head_dim or 64
    heads = _usual_heads(shape.heads * side)
    kv_heads = min(heads, _usual_heads(shape.kv_heads * side))
    return replace(
        shape,
        id=f"{params / 1e9:g}B like {shape.id}",
        params=params,
        active_params=params,
        layers=max(1, round(shape.layers * side)),
        d_model=heads * head,
        ffn=round(shape.ffn * side),
        heads=heads,
        kv_heads=kv_heads,
        kv_elements_per_token=2 * max(1, round(shape.layers * side)) * kv_heads * head,
    )


def _usual_heads(heads: float) -> int:
    """Return the nearest usual number of heads."""
    if heads < 8:
        return max(1, round(heads))
    step = 4 if heads < 14 else 8
    return step * round(heads / step)
