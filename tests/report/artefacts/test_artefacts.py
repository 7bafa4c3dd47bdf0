"""Artefacts hold the numbers of the plan, say where they come from, and no secret."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.domain.answers import Source
from advisor.domain.deployment import ServingSetting, TrainingSetting
from advisor.domain.plan import Plan
from advisor.report.artefacts.folder import folder
from advisor.report.artefacts.schedule import pipelines_of
from advisor.report.artefacts.targets import BY_ID, TARGETS, exported, why_not
from advisor.report.artefacts.words import answers_mark
from tests.report.artefacts.cases import (
    all_files,
    files_of,
    plans,
    text_of,
    with_choices,
    with_hardware,
)
from tests.report.plan_example import with_answers

PINNED = Path(__file__).parent / "pinned"


def documents(text: str) -> list[dict[str, Any]]:
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def words(script: str) -> list[str]:
    """Return the words of a script without its comments."""
    return shlex.split(script, comments=True)


def option(script: str, name: str) -> str:
    found = words(script)
    return found[found.index(name) + 1]


def serving(plan: Plan) -> ServingSetting:
    use = next(u for u in plan.hardware if u.use == "serving")
    assert isinstance(use.setting, ServingSetting)
    return use.setting


def training(plan: Plan) -> TrainingSetting:
    use = next(u for u in plan.hardware if u.use == "training")
    assert isinstance(use.setting, TrainingSetting)
    return use.setting


def copies_a_machine(plan: Plan) -> int:
    use = next(u for u in plan.hardware if u.use == "serving")
    return ceil(serving(plan).replicas / use.nodes)


def options_of(engine: str) -> set[str]:
    lines = (PINNED / f"{engine}_options.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def test_every_file_says_which_answers_library_and_day_made_it() -> None:
    for name, path, text in all_files():
        head = " ".join(re.sub(r"^(#|//)", "", line) for line in text.splitlines()[:14])
        head = re.sub(r"\s+", " ", head)
        plan = plans()[name]
        for mark in (answers_mark(plan), plan.library.fingerprint, plan.as_of):
            assert mark in head, (name, path, mark)


def test_every_file_is_read_by_its_language() -> None:
    seen = set()
    for name, path, text in all_files():
        suffix = Path(path).suffix
        seen.add(suffix)
        match suffix:
            case ".yaml":
                assert all(isinstance(d, dict) for d in documents(text)), (name, path)
            case ".sh" | ".sbatch":
                subprocess.run(["bash", "-n"], input=text.encode(), check=True)
            case ".json":
                json.loads(text)
            case ".py":
                ast.parse(text)
    assert {".yaml", ".sh", ".sbatch"} <= seen


def test_the_same_plan_gives_the_same_bytes() -> None:
    for plan in plans().values():
        assert folder(plan, exported(plan)) == folder(plan, exported(plan))


def test_no_file_holds_a_secret() -> None:
    given = re.compile(
        r'(?m)^[-\s"]*\w*(KEY|TOKEN|SECRET|PASSWORD)\w*"?[ \t]*[:=][ \t]*(?P<value>\S.*)$'
    )
    for name, path, text in all_files():
        for match in given.finditer(text):
            value = match["value"].strip().strip('"')
            reference = value.startswith(("${", "$(", "{"))
            assert reference or value == "null", (
                name,
                path,
                value,
            )


def test_every_variable_of_a_file_is_listed_in_the_readme() -> None:
    """Shell, Compose and Kubernetes references that no file itself sets."""
    used = re.compile(r"\$\{([A-Z_]+):[?=-]|\$\(([A-Z_]+)\)")
    known = {
        "HF_TOKEN",
        "MASTER_ADDR",
        "SLURM_NODEID",
        "JOB_COMPLETION_INDEX",
        "SKYPILOT_NODE_RANK",
    }
    for name in plans():
        files = files_of(name)
        listed = set(re.findall(r"^\| `([A-Za-z_-]+)`", files["README.md"], re.MULTILINE))
        for path, text in files.items():
            found = {a or b for a, b in used.findall(text)} - known
            assert found <= listed, (name, path, found - listed)


def test_an_engine_is_started_with_what_was_sized() -> None:
    for name in ("chat-rented", "bank-machine", "lora-startup", "chat-kubernetes"):
        plan, script = plans()[name], text_of(name, "engine", "engine/serve.sh")
        setting, copies = serving(plan), copies_a_machine(plan)
        assert option(script, "--tensor-parallel-size") == str(setting.tensor)
        assert option(script, "--max-num-seqs") == str(setting.in_flight)
        assert option(script, "--max-model-len") == str(setting.longest)
        assert option(script, "--gpu-memory-utilization") == f"{setting.memory_share:g}"
        assert setting.longest >= setting.tokens_in + setting.tokens_out
        if copies > 1 and name != "chat-kubernetes":
            assert option(script, "--data-parallel-size") == str(copies)
        else:
            assert "--data-parallel-size" not in script
        fp8 = setting.weights == "fp8"
        assert ("--quantization" in script) is fp8
        assert ("--kv-cache-dtype" in script) is (setting.cache == "fp8")


def test_engine_options_are_those_of_the_release() -> None:
    for name, engine in (
        ("chat-rented", "vllm"),
        ("pretrain-slurm", "vllm"),
        ("chat-sglang", "sglang"),
    ):
        script = text_of(name, "engine", "engine/serve.sh")
        used = {w for w in words(script) if w.startswith("-") and w not in ("-euo", "-m")}
        assert used
        assert used <= options_of(engine)


def test_a_model_that_the_plan_trains_is_no_published_one() -> None:
    assert "Llama-3.3-70B" in text_of("chat-kubernetes", "engine", "engine/serve.sh")
    assert '"${MODEL:?set MODEL}"' in text_of("pretrain-slurm", "engine", "engine/serve.sh")


def test_a_pile_to_score_is_no_service() -> None:
    script = text_of("pretrain-slurm", "engine", "engine/serve.sh")
    assert words(script)[words(script).index("exec") + 1 :][:2] == ["vllm", "run-batch"]
    assert "--port" not in script
    kinds = {d["kind"] for d in documents(files_of("pretrain-slurm")["kubernetes/serving.yaml"])}
    assert kinds == {"Job"}


def test_triton_gathers_the_batch_that_was_sized() -> None:
    text = text_of("imaging-machine", "engine", "engine/config.pbtxt")
    assert f"max_batch_size: {serving(plans()['imaging-machine']).in_flight}\n" in text


def test_slurm_asks_for_nodes_devices_and_the_layout_of_the_plan() -> None:
    text = text_of("pretrain-slurm", "slurm", "slurm/train.sbatch")
    plan = plans()["pretrain-slurm"]
    use = next(u for u in plan.hardware if u.use == "training")
    asked = dict(re.findall(r"^#SBATCH --([a-z-]+)=(.+)$", text, re.MULTILINE))
    assert int(asked["nodes"]) == use.nodes
    assert int(asked["nodes"]) * int(asked["gpus-per-node"]) == use.count
    setting = training(plan)
    body = words(text)[-1]
    for name, value in (
        ("--nnodes", use.nodes),
        ("--nproc-per-node", use.count // use.nodes),
        ("--tensor-model-parallel-size", setting.tensor),
        ("--micro-batch-size", setting.micro_batch),
        ("--global-batch-size", setting.global_batch),
        ("--seq-length", setting.sequence),
    ):
        assert option(body, name) == str(value)
    days, hours = asked["time"].split(":")[0].split("-")
    assert int(days) * 24 + int(hours) >= setting.hours_allowed
    assert f"CHECKPOINT_MINUTES={setting.checkpoint_min:.0f}\n" in text


def test_skypilot_rents_what_the_plan_counts() -> None:
    plan = plans()["pretrain-rented"]
    use = next(u for u in plan.hardware if u.use == "training")
    task = documents(text_of("pretrain-rented", "skypilot", "skypilot/train.yaml"))[0]
    assert task["num_nodes"] == use.nodes
    assert task["resources"]["accelerators"].endswith(f":{use.per_node}")
    assert task["resources"]["infra"] == use.provider
    assert "--master-addr" in task["run"]


def test_a_pinned_region_must_be_chosen_before_anything_is_rented() -> None:
    task = documents(text_of("chat-rented", "skypilot", "skypilot/serve.yaml"))[0]
    use = next(u for u in plans()["chat-rented"].hardware if u.use == "serving")
    assert task["resources"]["infra"] == f"{use.provider}/SET-REGION"
    assert "SET-REGION" in files_of("chat-rented")["README.md"]


def test_skypilot_serves_with_the_replicas_of_a_region() -> None:
    plan = plans()["chat-rented"]
    setting = replace(serving(plan), regions=2, standing=2, tensor=1, replicas=20)
    few = with_hardware(plan, "serving", count=20, nodes=3, per_node=8, setting=setting)
    made = BY_ID["skypilot"].make(few)
    task = documents(made.files[0].text)[0]
    assert task["service"]["replicas"] == 2  # of three machines in two regions
    assert any("start one service in each" in note for note in made.notes)
    assert task["secrets"] == {"HF_TOKEN": None, "VLLM_API_KEY": None}

    larger = replace(setting, replicas=8 * 12)
    many = with_hardware(few, "serving", count=8 * 12, nodes=12, setting=larger)
    found = documents(BY_ID["skypilot"].make(many).files[0].text)[0]["service"]["replica_policy"]
    assert found["max_replicas"] == 12 / setting.regions
    assert found["min_replicas"] == 2  # one may be out where a spare is planned
    assert found["target_qps_per_replica"] == pytest.approx(setting.replica_rps * 8, rel=0.01)


def test_compose_reserves_the_devices_of_one_machine() -> None:
    for name in ("bank-machine", "imaging-machine"):
        devices = copies_a_machine(plans()[name]) * serving(plans()[name]).tensor
        services = documents(files_of(name)["compose/compose.yaml"])[0]["services"]
        device = services["serve"]["deploy"]["resources"]["reservations"]["devices"][0]
        assert device["count"] == devices
    train = documents(files_of("imaging-machine")["compose/compose.yaml"])[0]["services"]["train"]
    assert train["environment"]["MICRO_BATCH"] == str(
        training(plans()["imaging-machine"]).micro_batch
    )
    assert train["environment"]["HF_HUB_OFFLINE"] == "1"


def test_sharding_is_configured_as_the_layout_says() -> None:
    config = json.loads(text_of("split-deepspeed-zero2", "deepspeed", "deepspeed/ds_config.json"))
    setting = training(plans()["split-deepspeed-zero2"])
    assert config["zero_optimization"]["stage"] == 2
    assert config["train_batch_size"] == setting.global_batch
    batch = config["train_micro_batch_size_per_gpu"] * config["gradient_accumulation_steps"]
    assert batch * setting.data == config["train_batch_size"]
    for name, kind, reshard in (
        ("split-transformers-zero3", "FSDP", True),
        ("split-trl-zero1", "DEEPSPEED", None),
        ("split-transformers-ddp", "MULTI_GPU", None),
    ):
        text = text_of(name, "accelerate", "accelerate/config.yaml")
        found = documents(text)[0]
        assert found["distributed_type"] == kind
        assert found["num_processes"] == training(plans()[name]).data
        assert found.get("fsdp_config", {}).get("fsdp_reshard_after_forward") is reshard
    module = text_of("split-pytorch-zero3", "fsdp", "fsdp/sharding.py")
    assert f"DATA_PARALLEL = {training(plans()['split-pytorch-zero3']).data}\n" in module
    assert module.count("reshard_after_forward=True") == 2


def test_terraform_closes_storage_as_the_answers_ask() -> None:
    text = text_of("chat-azure", "terraform", "terraform/main.tf")
    assert "public_network_access_enabled   = false" in text
    assert "customer_managed_key {" in text
    assert "immutability_period_in_days           = 2190" in text  # six years
    variables = text_of("chat-azure", "terraform", "terraform/variables.tf")
    assert "inside the EU or EEA: data must not leave" in variables
    open_ = text_of("lora-startup", "terraform", "terraform/main.tf")
    assert open_.count("block_public_acls       = true") >= 1


def test_terraform_counts_machines_as_the_plan_does() -> None:
    plan = plans()["ranking-aws"]
    use = next(u for u in plan.hardware if u.use == "serving")
    text = text_of("ranking-aws", "terraform", "terraform/main.tf")
    assert f'instance_types  = ["{use.instance}"]' in text
    each = ceil(use.nodes / serving(plan).regions)
    assert f"max_size     = {each}" in text
    machines = text_of("ranking-machines", "terraform", "terraform/main.tf")
    assert f"count        = {each}" in machines
    assert '"google_compute_instance" "serve"' in machines
    linux = text_of("chat-azure", "terraform", "terraform/main.tf")
    assert "azurerm_linux_virtual_machine" in linux


def test_every_terraform_variable_is_declared_and_used() -> None:
    for name in (
        "chat-azure",
        "ranking-aws",
        "ranking-machines",
        "ranking-kubernetes",
        "edge-defects",
    ):
        declared = set(
            re.findall(
                r'^variable "(\w+)"', text_of(name, "terraform", "terraform/variables.tf"), re.M
            )
        )
        used = set(re.findall(r"var\.(\w+)", text_of(name, "terraform", "terraform/main.tf")))
        assert declared == used, name


def test_recurring_work_keeps_the_cadence_of_the_answers() -> None:
    text = text_of("edge-defects", "airflow", "airflow/dags/ml_pipelines.py")
    assert "schedule='0 3 1 1,4,7,10 *'" in text
    assert "schedule='0 3 * * *'" in text
    order = [text.index(f"training_{step}()") for step in ("train", "evaluate", "register")]
    assert order == sorted(order)


def test_another_orchestrator_is_written_on_demand_and_says_so() -> None:
    plan = with_choices(plans()["edge-defects"], {"orchestrator": "mwaa"})
    assert "airflow" in exported(plan)
    assert "dagster" not in exported(plan)
    assert why_not(plan, BY_ID["dagster"]) == ""
    text = BY_ID["dagster"].make(plan).files[0].text
    assert "# Made on demand: the plan runs its steps with mwaa." in text


def test_cron_runs_the_steps_in_order_and_stops_at_the_first_that_fails(tmp_path: Path) -> None:
    files = {f.path: f.text for f in BY_ID["cron"].make(plans()["edge-defects"]).files}
    assert '0 3 1 1,4,7,10 * bash "$PIPELINES/ml_pipelines.sh" training' in files["cron/crontab"]
    script = tmp_path / "ml_pipelines.sh"
    script.write_text(files["cron/ml_pipelines.sh"], encoding="utf-8")
    steps = re.findall(r"^(\w+)_COMMAND=$", files["cron/settings.env"], re.MULTILINE)
    commands = [f"{s}_COMMAND='echo {s}; test {s} != EVALUATE'\n" for s in steps]
    (tmp_path / "settings.env").write_text("".join(commands), encoding="utf-8")
    found = subprocess.run(
        ["bash", str(script), "training"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    ran = found.stdout.split()
    assert ran[-2:] == ["TRAIN", "EVALUATE"]


def test_a_stream_has_no_schedule_and_alerts_start_no_clock() -> None:
    plan = plans()["edge-defects"]
    stream = with_answers(plan, {"data_arrival": ("continuous_stream", Source.GIVEN)})
    assert [p.id for p in pipelines_of(stream)] == ["training"]
    alert = with_answers(plan, {"retrain_trigger": (("drift_alert", "manual"), Source.GIVEN)})
    assert next(p for p in pipelines_of(alert) if p.id == "training").cron == ""


@pytest.mark.parametrize(
    ("name", "target", "why"),
    [
        ("pretrain-slurm", "deepspeed", "which takes options"),
        ("lora-startup", "accelerate", "one device needs no sharding"),
        ("split-transformers-ddp", "fsdp", "each device holds the whole model"),
        ("rules-are-enough", "airflow", "no step that recurs"),
        ("hospital-imaging", "terraform", "no part of the plan stands at AWS"),
        ("churn", "engine", "serves nothing on machines of its own"),
        ("chat-kubernetes", "slurm", "trains nothing on machines of its own"),
        ("chat-kubernetes", "skypilot", "serving: kubernetes"),
        ("ranking-kubernetes", "slurm", "trains on kubernetes, not on a Slurm cluster"),
        ("edge-defects", "engine", "written for vLLM, SGLang and Triton"),
        ("impossible-budget", "kubernetes", "not feasible"),
        ("rules-are-enough", "compose", "no training host"),
    ],
)
def test_what_the_plan_did_not_choose_is_refused_with_the_choice(
    name: str, target: str, why: str
) -> None:
    assert why in why_not(plans()[name], BY_ID[target])


def test_every_target_is_made_for_some_plan() -> None:
    made = {t for plan in plans().values() for t in exported(plan)}
    assert made == {t.id for t in TARGETS}
