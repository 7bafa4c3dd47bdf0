"""Text of answers, packs and catalogues stays text: no file runs it, and none lets it be markup."""

from __future__ import annotations

import ast
import functools
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.domain.answers import Source
from advisor.domain.plan import Plan
from advisor.report.artefacts.folder import folder
from advisor.report.artefacts.targets import TARGETS, why_not
from tests.report.artefacts.cases import plans, with_hardware
from tests.report.hostile import HOSTILE

ATTACKS = (
    *HOSTILE[:-1],
    "$(touch owned)",
    "`touch owned`",
    "'; touch owned; '",
    '"; touch owned; "',
    "x\ntouch owned\n",
    "x\r\ntouch owned\r\n",
    "&anchor [*anchor]",
    "!!python/object/apply:os.system ['touch owned']",
    "${HOME} ${x:-y} $HOME",
    '"""; import os; os.system("touch owned"); """',
    '${file("/etc/passwd")} %{ if true }',
    "name: injected\nkind: Pod",
    "set-me }} ]] #",
)
CASES = (
    *("chat-kubernetes", "chat-rented", "bank-machine", "imaging-machine", "ranking-kubernetes"),
    *("pretrain-slurm", "pretrain-rented", "forecasts-vms", "lora-startup"),
    *("ranking-aws", "chat-azure", "ranking-machines"),
)


def attacked(plan: Plan, text: str) -> Plan:
    """Return the plan with `text` in every free text that an answer, a pack or a rule can set."""
    decisions = {id_: replace(d, chosen_name=text) for id_, d in plan.decisions.items()}
    for use in ("training", "serving"):
        changes = {"instance": text, "layout": text, "why": text, "accelerator_name": text}
        plan = with_hardware(plan, use, **changes)
    return replace(
        plan,
        decisions=decisions,
        model=text,
        model_repo=text,
        library=replace(plan.library, packs=(text,), version=text),
        answers={**plan.answers, "note": (text, Source.GIVEN)},
        practices=tuple(replace(p, name=text, because=text) for p in plan.practices),
    )


def made(plan: Plan) -> dict[str, str]:
    artefacts = {t.id: t.make(plan) for t in TARGETS if not why_not(plan, t)}
    return {path: data.decode() for path, data in folder(plan, artefacts).items()}


@functools.cache
def unattacked(name: str) -> dict[str, str]:
    """Return the files of a plan without a published model, as a hostile name of one is dropped."""
    return made(replace(plans()[name], model_repo=""))


def shape(value: Any) -> Any:
    """Return the keys and kinds of a document, so that nothing can have been added."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def hcl_shape(text: str) -> list[str]:
    """Return a configuration without comments and without what stands in quotes."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert not re.search(r"(?<!\$)\$\{(?!(var|count|data)\.)", "\n".join(lines))
    return [re.sub(r'"(\\.|[^"\\])*"', '""', line) for line in lines]


def settings(text: str) -> list[str]:
    """Return the names that an environment file sets."""
    return [line.split("=")[0] for line in text.splitlines() if not line.startswith("#")]


def loaded(text: str) -> list[Any]:
    return [shape(d) for d in yaml.load_all(text, Loader=yaml.CSafeLoader)]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_changes_the_shape_of_a_file(text: str) -> None:
    for name in CASES:
        plain, hostile = unattacked(name), made(attacked(plans()[name], text))
        assert plain.keys() == hostile.keys()
        for path, content in hostile.items():
            if path.endswith(".yaml"):
                assert loaded(content) == loaded(plain[path]), (name, path)
            if path.endswith(".tf"):
                assert hcl_shape(content) == hcl_shape(plain[path]), (name, path)
            if path.endswith((".env", ".example")):
                assert settings(content) == settings(plain[path]), (name, path)
            if path.endswith(".py"):
                assert ast.dump(_code(content)) == ast.dump(_code(plain[path])), (name, path)
            assert not set(content) & set("\x1b\x07\u202e\r"), (name, path)


def _code(text: str) -> ast.Module:
    """Return a program without the texts in it: they may differ, the code may not."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return tree


@pytest.mark.parametrize("name", ["chat-rented", "pretrain-slurm", "imaging-machine"])
def test_no_script_runs_a_text(name: str, tmp_path: Path) -> None:
    """Run every script with tools that only print; whatever else runs leaves a file."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("vllm", "srun", "tritonserver", "scontrol", "python", "torchrun"):
        (tools / tool).write_text('#!/bin/sh\necho ran "$0" "$@"\n')
        (tools / tool).chmod(0o755)
    room = tmp_path / "room"
    room.mkdir()
    given = ("MODEL", "INPUT_FILE", "OUTPUT_FILE", "MODEL_REPOSITORY", "VLLM_API_KEY")
    needed = (
        *given,
        "TRAINING_SCRIPT",
        "DATA_URI",
        "OUTPUT_URI",
        "SLURM_JOB_NODELIST",
        "SLURM_NODEID",
    )
    variables = dict.fromkeys(needed, "$(touch owned)") | {"PATH": f"{tools}:{os.environ['PATH']}"}
    for text in ATTACKS:
        for path, content in made(attacked(plans()[name], text)).items():
            if path.endswith((".sh", ".sbatch")) and not path.startswith("cron/"):
                found = subprocess.run(
                    ["bash", "-s"],
                    input=content.encode(),
                    cwd=room,
                    env=variables,
                    capture_output=True,
                    check=False,
                )
                assert found.returncode == 0, found.stderr.decode()
                assert b"ran" in found.stdout
    assert not list(room.iterdir())


@pytest.mark.parametrize("text", ATTACKS)
def test_the_readme_shows_text_as_it_is(text: str) -> None:
    for name in CASES:
        readme = made(attacked(plans()[name], text))["README.md"]
        assert "<script" not in readme
        assert "\ntouch owned" not in readme
        assert not re.search(r"(?m)^(# heading|name: injected)", readme)
