"""Worked examples to begin with: answers files that are shipped, and what each is about."""

from __future__ import annotations

from pathlib import Path

from advisor.library.locate import library_root

EXAMPLES = {
    "churn": "churn scores of a subscription business, from tables, in batches",
    "rag-bank": "an assistant over the documents of a bank, on its own premises",
    "lora-startup": "an 8B model tuned on conversations and served by a start-up",
    "edge-defects": "surface defects seen on a production line, at the edge",
    "pretrain-30b": "a language model of 30B trained from scratch",
}
"""Names of the files, without their ending; wheels hold them under `examples/`."""
CHECKOUT = "tests/scenarios"


def example(name: str) -> Path:
    """Return the answers file of an example."""
    root = library_root()
    folder = root / "examples"
    return (folder if folder.is_dir() else root / CHECKOUT) / f"{name}.yaml"
