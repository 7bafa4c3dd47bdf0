"""Words for tasks other than the tables' own lead to the same estimate, and are said."""

import pytest

from advisor.analysis.estimate_table import Estimators

ESTIMATORS = Estimators.built_in()
TRAINED = {"gpu": "A100-80GB-SXM", "n_gpus": "8", "precision": "amp", "micro_batch": "64"}
SERVED = {"gpu": "L4", "engine": "PyTorch", "weight_precision": "fp16"}


def figures(kind: str, row: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return the predicted cells and the basis of a row."""
    cells = ESTIMATORS.predictor(kind)(row)
    assert cells["refused"] == ""
    return {key: cell for key, cell in cells.items() if key.startswith("pred_")}, cells["basis"]


@pytest.mark.parametrize(
    ("kind", "model", "word", "task"),
    [
        ("training", "ResNet-50", "image classification", "vision_train"),
        ("training", "StableDiffusion-2", "text-to-image", "diffusion_pretrain"),
        ("training", "Llama-3-8B", "SFT", "full_ft"),
        ("training", "BERT-base", "text classification", "pretrain"),
        ("training", "Llama-3-8B", "QLoRA fine-tuning", "qlora"),
        ("inference", "YOLOv8n", "object detection", "vision"),
        ("inference", "SDXL", "text-to-image", "diffusion"),
        ("inference", "whisper-large-v3", "speech to text", "asr"),
        ("inference", "bge-reranker-large", "rerank", "embedding"),
        ("inference", "Llama-3-8B", "chat", "llm_serving_online"),
    ],
)
def test_another_word_means_the_same_task(kind: str, model: str, word: str, task: str) -> None:
    row = (TRAINED if kind == "training" else SERVED) | {"model": model}
    said, basis = figures(kind, row | {"task": word})
    assert said == figures(kind, row | {"task": task})[0]
    assert basis.endswith(f"task {word.lower()!r} taken as {task}")


@pytest.mark.parametrize(
    ("kind", "model", "task"),
    [("training", "ResNet-50", "vision_train"), ("inference", "ResNet-50", "vision")],
)
def test_a_known_network_without_a_task_is_counted_in_items(
    kind: str, model: str, task: str
) -> None:
    row = (TRAINED if kind == "training" else SERVED) | {"model": model}
    assert figures(kind, row) == figures(kind, row | {"task": task})
