"""What programs print of machines, and the answers that it gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.analysis.machine_lists import Machines, is_machine_list, read_machine_list
from advisor.analysis.owned_machines import beside, owned_answers, read_owned
from advisor.domain.answers import Answers, Source
from advisor.errors import InputError
from advisor.planning.kit import Kit

LISTED = """GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-1)
  MIG 3g.40gb     Device  0: (UUID: MIG-1)
GPU 1: NVIDIA A100-SXM4-80GB (UUID: GPU-2)
"""
TABLE = """| NVIDIA-SMI 560.35.03    Driver Version: 560.35.03    CUDA Version: 12.6     |
|   0  NVIDIA GeForce RTX 4090        Off |   00000000:01:00.0 Off |         Off |
| 30%   35C    P8             20W /  450W |      12MiB /  24564MiB |    Default  |
|   1  NVIDIA GeForce RTX 4090        Off |   00000000:02:00.0 Off |         Off |
| 30%   35C    P8             20W /  450W |      12MiB /  24564MiB |    Default  |
"""
QUERIED = "name, memory.total [MiB]\nNVIDIA L40S, 46068 MiB\nNVIDIA L40S, 46068 MiB\n"
XML = """<?xml version="1.0" ?><nvidia_smi_log><gpu><product_name>Tesla T4</product_name>
<fb_memory_usage> <total>15360 MiB</total></fb_memory_usage></gpu></nvidia_smi_log>"""
SINFO = """NODELIST NODES GRES
gpu[01-04] 4 gpu:h100:8(S:0-1)
gpu[01-04] 4 gpu:h100:8(S:0-1)
cpu[1-9] 9 (null)
"""
SCONTROL = "NodeName=g1 Arch=x86_64\n   Gres=gpu:a30:2,shard:8\nNodeName=c1\n   Gres=(null)\n"
SLURM_JSON = '{"sinfo": [{"nodes": {"total": 3}, "gres": {"total": "gpu:v100:4(S:0)"}}]}'


def node(labels: dict[str, str], capacity: dict[str, str], provider: str = "") -> dict[str, object]:
    return {
        "metadata": {"labels": labels},
        "status": {"capacity": capacity},
        "spec": {"providerID": provider},
    }


def nodes(*found: dict[str, object]) -> str:
    return json.dumps({"kind": "List", "items": list(found)})


H200 = {"nvidia.com/gpu.product": "NVIDIA-H200", "nvidia.com/gpu.memory": "143771"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LISTED, [Machines("NVIDIA A100-SXM4-80GB", 2)]),
        (TABLE, [Machines("NVIDIA GeForce RTX 4090", 2, 1, 25.8)]),
        (QUERIED, [Machines("NVIDIA L40S", 2, 1, 48.3)]),
        (QUERIED.partition("\n")[2], [Machines("NVIDIA L40S", 2, 1, 48.3)]),  # noheader
        (XML, [Machines("Tesla T4", 1, 1, 16.1)]),
        (SINFO, [Machines("h100", 8, 4)]),
        (SCONTROL, [Machines("a30", 2)]),
        (SLURM_JSON, [Machines("v100", 4, 3)]),
        (nodes(node(H200, {"nvidia.com/gpu": "8"})), [Machines("NVIDIA-H200", 8, 1, 150.8)]),
        (
            nodes(
                node({"nvidia.com/gpu.product": "A30-SHARED", "nvidia.com/gpu.replicas": "4"},
                     {"nvidia.com/gpu": "8"}),
                node({}, {"cpu": "64"}),
            ),
            [Machines("A30", 2)],
        ),
    ],
    ids=[
        "list", "table", "query", "no header", "xml", "sinfo", "scontrol", "slurm json", "kubectl",
        "shared",
    ],
)  # fmt: skip
def test_each_output_is_read(text: str, expected: list[Machines]) -> None:
    assert is_machine_list(text)
    assert list(read_machine_list(text, "saved.txt").machines) == expected


@pytest.mark.parametrize(
    "text",
    ["", "answers: {problem_type: vision}", '{"answers": {}}', "{broken", "name: ours\n", "\x00"],
)
def test_other_files_are_left_to_others(text: str) -> None:
    assert not is_machine_list(text)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("PARTITION AVAIL TIMELIMIT NODES STATE NODELIST\ngpu up 1:00 4 idle g[1-4]\n", "%N %D %G"),
        (nodes(node({}, {"cpu": "4"})), "device plug-in"),
    ],
)
def test_an_output_without_accelerators_says_what_to_run(text: str, remedy: str) -> None:
    with pytest.raises(InputError, match=r"saved\.txt: E330: names no accelerators") as caught:
        read_machine_list(text, "saved.txt")
    assert remedy in str(caught.value)


def test_a_slurm_cluster_answers_what_is_owned(kit: Kit) -> None:
    answers, words = owned_answers(read_machine_list(SINFO, "s"), kit)
    assert answers.values == {
        "existing_tools": ("slurm",),
        "onprem_gpus": "few_servers",
        "owned_accelerator": "h100-sxm5-80gb",
        "owned_count": 32,
        "owned_per_machine": 8,
    }
    assert set(answers.sources.values()) == {Source.FILE}
    assert words.startswith("sinfo: 32 x h100; filled in, to be checked: ")


def test_cards_of_desks_are_workstations(kit: Kit) -> None:
    answers, _ = owned_answers(read_machine_list(TABLE, "s"), kit)
    assert answers.values["onprem_gpus"] == "workstations"
    assert answers.values["owned_accelerator"] == "rtx4090"


def test_nodes_of_a_cloud_are_not_owned(kit: Kit) -> None:
    rented = nodes(node(H200, {"nvidia.com/gpu": "8"}, "aws:///us-east-1a/i-0"))
    answers, words = owned_answers(read_machine_list(rented, "s"), kit)
    assert answers.values == {"k8s_skill": "yes_managed"}
    assert "rented from aws" in words


def test_the_kind_with_most_memory_is_planned_with_and_an_unknown_one_is_said(kit: Kit) -> None:
    mixed = nodes(node(H200, {"nvidia.com/gpu": "8"}), node({}, {"nvidia.com/gpu": "64"}))
    answers, words = owned_answers(read_machine_list(mixed, "s"), kit)
    assert (answers.values["owned_accelerator"], answers.values["owned_count"]) == (
        "h200-sxm-141gb",
        8,
    )
    assert "planned with H200" in words
    answers, words = owned_answers(read_machine_list("GPU 0: Foo 9 (UUID: x)", "s"), kit)
    assert answers.values["owned_accelerator"] == "other"
    assert "choose the nearest" in words


def test_tools_in_use_stay_in_use(kit: Kit, tmp_path: Path) -> None:
    path = tmp_path / "sinfo.txt"
    path.write_text(SINFO)
    found = read_owned(path, kit)
    assert found is not None
    said = Answers({"existing_tools": ("airflow",)}, {"existing_tools": Source.GIVEN})
    assert beside(said, found[0]).values["existing_tools"] == ("airflow", "slurm")
    assert read_owned(tmp_path / "missing", kit) is None


def test_a_failed_program_is_told_from_an_answers_file() -> None:
    text = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n"
    assert is_machine_list(text)
    with pytest.raises(InputError, match="run it on the machine with the cards"):
        read_machine_list(text, "smi.txt")
