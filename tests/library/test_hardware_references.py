"""What a schema cannot see: references, dates, ranges and prices upside down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.errors import Problem
from advisor.library.files import files_of
from advisor.library.hardware_references import KEYS, reference_problems
from advisor.library.store import entries

KINDS = (*KEYS, "sources", "components")
FILES = [f for f in files_of(Path(__file__).parents[2]) if f.kind in KINDS]
OWN = entries(FILES)[0]


def problems(text: str = "", broken: str = "", file: str = "") -> list[Problem]:
    """Return the problems of the library's own files with one text in one file replaced."""
    changed = [e for e in OWN if not file or not e.document.path.endswith(file)]
    if file:
        place = next(f for f in FILES if f.path.endswith(file))
        assert text.encode() in place.raw
        raw = place.raw.replace(text.encode(), broken.encode(), 1)
        found, wrong = entries([replace(place, raw=raw)])
        assert not wrong
        changed += found
    return reference_problems(changed)


def test_the_own_files_are_consistent() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("file", "text", "broken", "said"),
    [
        (
            "instances/verda.yaml",
            "accelerator_id: h100-sxm5-80gb",
            "accelerator_id: h100-sxm5-80g",
            "'h100-sxm5-80g' is unknown; did you mean 'h100-sxm5-80gb'?",
        ),
        (
            "instances/verda.yaml",
            "source: [gpuhunt]",
            "source: [gpu-hunt]",
            "E211: instances.0.source.0: 'gpu-hunt' is unknown; did you mean 'gpuhunt'?",
        ),
        (
            "instances/verda.yaml",
            'usd_per_hour: "1.7"',
            'usd_per_hour: "17"',
            "E212: instances.0.prices.1.usd_per_hour: spot costs more than on demand",
        ),
        ("instances/verda.yaml", 'effective: "2026-08"', 'effective: "2026-13"', "E213"),
        (
            "datacentre/electricity.yaml",
            'low: "0.08"',
            'low: "0.8"',
            "E212: datacentre.0: 0.8 <= 0.086 <= 0.095 does not hold",
        ),
        (
            "models/deepseek.yaml",
            "active_params_b: 37",
            "active_params_b: 3700",
            "E212: models.0.active_params_b: more parameters are active",
        ),
        (
            "prices/api-prices.yaml",
            "model_id: llama-3.1-8b",
            "model_id: llama-3.1-9b",
            "did you mean 'llama-3.1-8b'?",
        ),
        (
            "prices/hosted-prices.yaml",
            "service: amazon-transcribe",
            "service: amazon-transcrib",
            "did you mean 'amazon-transcribe'?",
        ),
        (
            "prices/hosted-prices.yaml",
            "task: text_to_speech",
            "task: images",
            "'images' is unknown; use one of text_to_speech",
        ),
        (
            "prices/hosted-prices.yaml",
            "{from: 500000, usd",
            "{from: 5000000, usd",
            "do not rise from 0; order them",
        ),
        (
            "prices/hosted-prices.yaml",
            'high_usd: "0.0216667"',
            'high_usd: "0.00216667"',
            "does not hold; correct the price, low_usd or high_usd",
        ),
        (
            "components/hosted_service-speech.yaml",
            "provider: deepgram",
            "provider: deepgramm",
            "did you mean 'deepgram'?",
        ),
    ],
)
def test_a_slip_is_found_where_it_stands(file: str, text: str, broken: str, said: str) -> None:
    found = problems(text, broken, file)
    assert len(found) == 1
    assert said in str(found[0])
    assert found[0].place.line > 1
