"""A candidate is called "it" beside its own name, and never inside the name of another."""

from __future__ import annotations

import pytest

from advisor.planning.words import as_it

EDGE = "Edge runtimes (Jetson/TensorRT, ONNX Runtime, LiteRT)"


@pytest.mark.parametrize(
    ("text", "name", "beside", "said"),
    [
        ("Slurm is in use.", "Slurm", "", "it is in use."),
        (
            "No cluster that Slurm runs is planned.",
            "Slurm",
            "",
            "No cluster that it runs is planned.",
        ),
        (f"{EDGE} is preferred.", "ONNX Runtime", "", f"{EDGE} is preferred."),
        (
            "Managed MLflow on SageMaker AI is preferred.",
            "MLflow",
            "Managed MLflow on SageMaker AI",
            "Managed MLflow on SageMaker AI is preferred.",
        ),
    ],
)
def test_a_name_is_replaced_where_it_stands_alone(
    text: str, name: str, beside: str, said: str
) -> None:
    assert as_it(text, name, "x", beside) == said
