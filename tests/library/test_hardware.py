"""The accelerator catalogue: dense rates, plausible links, words that rules read."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.domain.catalogue import AcceleratorRecord, accelerator_attributes
from advisor.domain.provenance import EVIDENCE, earliest_day
from advisor.errors import LibraryError
from advisor.library import hardware
from advisor.library.records import read_folder

ROOT = Path(__file__).parents[2] / "knowledge"
RECORDS = hardware.parse(read_folder(ROOT / "accelerators", "accelerators"))
BITS = {"fp16": 16, "bf16": 16, "fp8": 8, "int8": 8, "fp4": 4}
WIDER: dict[str, dict[str, float]] = {
    "cdna2": {"int8": 1},
    "rdna3": {"int8": 1},
    "rdna3.5": {"int8": 1},
    "cdna5": {"int8": 1},
    "gaudi3": {"fp8": 1},
    "tpu-v4": {"int8": 1},
    "neuroncore-v2": {"fp8": 1},
    "neuroncore-v4": {"fp8": 3.75, "fp4": 1},
    "blackwell-ultra": {"int8": 0.068, "fp4": 3},
    "rubin": {"fp8": 4.375, "int8": 0.625},
}
"""Where halving the width does not double the rate (vendor sheets named in the records).

GeForce 16-bit and FP8 rates have FP32 accumulation, half of what INT8 and FP4 reach.
"""


def one(id_: str) -> AcceleratorRecord:
    return RECORDS[id_]


@pytest.mark.parametrize(
    ("id_", "bf16", "memory_gb", "memory_gb_s"),
    [  # dense columns of the NVIDIA and AMD data sheets
        ("a100-sxm4-80gb", 312, 80, 2039),
        ("h100-sxm5-80gb", 989.4, 80, 3350),
        ("h200-sxm-141gb", 989.4, 141, 4800),
        ("b200-sxm-180gb", 2250, 180, 7700),
        ("l4", 121, 24, 300),
        ("mi300x", 1307.4, 192, 5300),
    ],
)
def test_headline_products_have_their_dense_data_sheet_rates(
    id_: str, bf16: float, memory_gb: float, memory_gb_s: float
) -> None:
    device = one(id_).accelerator
    assert (device.tflops["bf16"], device.memory_gb, device.memory_gb_s) == (
        bf16,
        memory_gb,
        memory_gb_s,
    )


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_halving_the_width_doubles_a_dense_rate(record: AcceleratorRecord) -> None:
    """A sparse figure in one column shows as a factor of two too much, or too little beside it."""
    device = record.accelerator
    rates, factors = device.tflops, WIDER.get(device.architecture, {})
    half = rates.get("bf16", rates.get("fp16"))
    assert half is not None, "every device has a 16-bit rate"
    full_int8 = (
        device.form_factor == "pcie-consumer"
        and device.vendor == "nvidia"
        and ("bf16" in rates or device.id == "rtx2080ti-11gb")
    )
    expected = {
        "fp8": half * factors.get("fp8", 2),
        "int8": half * factors.get("int8", 4 if full_int8 else 2),
        "fp4": rates.get("fp8", 0) * factors.get("fp4", 4 if full_int8 else 2),
    }
    for precision in sorted(expected.keys() & rates.keys()):
        assert rates[precision] == pytest.approx(expected[precision], rel=0.03), precision


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_device_without_link_stands_alone(record: AcceleratorRecord) -> None:
    device = record.accelerator
    assert (device.link_gb_s > 0) == (device.scaleup_domain > 1)


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_export_control_follows_total_processing_performance(record: AcceleratorRecord) -> None:
    """ECCN 3A090: 2 x MacTOPS x bit length, which is the dense rate times the width in bits."""
    rates = record.accelerator.tflops
    tpp = max((rates[p] * bits for p, bits in BITS.items() if p in rates), default=0)
    least = "listed" if tpp >= 4800 else "depends" if tpp >= 1600 else "none"
    order = ("none", "depends", "listed")
    assert order.index(record.export_control) >= order.index(least)


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_figure_is_dated_and_sourced(record: AcceleratorRecord) -> None:
    origin = record.provenance
    assert origin.source
    assert origin.evidence in EVIDENCE
    assert 2010 <= earliest_day(origin.as_of).year <= 2026
    if record.purchase_price:
        assert 0 < record.purchase_price.low_usd <= record.purchase_price.high_usd


def test_a_geforce_card_carries_the_licence_limit() -> None:
    limited = {r.id for r in RECORDS.values() if r.licence_limits}
    geforce = {r.id for r in RECORDS.values() if r.accelerator.name.startswith("GeForce")}
    assert geforce <= limited
    assert all(one(id_).consumer for id_ in limited)


def test_rules_read_plain_words_and_numbers() -> None:
    seen = accelerator_attributes(one("h100-sxm5-80gb"))
    assert seen["fp8"] == seen["bf16"] == seen["mig"] == seen["confidential_computing"] == "yes"
    assert seen["consumer"] == "no"
    assert seen["kind"] == "gpu"
    assert accelerator_attributes(one("v100-sxm2-16gb"))["bf16"] == "no"
    assert accelerator_attributes(one("tpu-v5e"))["sold"] == "no"


def test_no_two_devices_share_an_alias() -> None:
    names = [alias.lower() for record in RECORDS.values() for alias in record.aliases]
    assert len(names) == len(set(names))


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    text = (ROOT / "accelerators" / "intel-gaudi.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.replace("id: gaudi3", "id: gaudi2"), encoding="utf-8")
    with pytest.raises(LibraryError, match=r"gaudi2.*is taken"):
        hardware.load_accelerators(tmp_path)


def test_a_rate_given_as_text_is_refused_with_its_place(tmp_path: Path) -> None:
    text = (ROOT / "accelerators" / "intel-gaudi.yaml").read_text(encoding="utf-8")
    broken = text.replace("memory_gb: 96", 'memory_gb: "96 GB"')
    (tmp_path / "a.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(LibraryError, match=r"a\.yaml:\d+:\d+: E201: accelerators\.0\.memory_gb"):
        hardware.load_accelerators(tmp_path)
