"""Accelerators: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from advisor.domain.catalogue import AcceleratorRecord, PurchasePrice
from advisor.domain.hardware import Accelerator
from advisor.library.records import Row, by_id, provenance, read_folder, truth
from advisor.library.yamlfile import Document


def parse(documents: Iterable[Document]) -> dict[str, AcceleratorRecord]:
    """Return the accelerators by id; raises LibraryError where an id stands twice."""
    return by_id(documents, "accelerators", _record)


def load_accelerators(folder: Path) -> dict[str, Accelerator]:
    """Return what the formulas need of every accelerator in `knowledge/accelerators`, by id.

    Raises LibraryError with every problem found.
    """
    records = parse(read_folder(folder, "accelerators"))
    return {id_: record.accelerator for id_, record in records.items()}


def _record(row: Row) -> AcceleratorRecord:
    return AcceleratorRecord(
        accelerator=_accelerator(row),
        kind=row["kind"],
        availability=row["availability"],
        sold=truth(row["sold"]),
        memory_type=row["memory_type"],
        link=row["link"],
        mig_instances=row["mig_instances"],
        ecc=truth(row["ecc"]),
        confidential_computing=truth(row["confidential_computing"]),
        consumer=truth(row["consumer"]),
        licence_limits=row.get("licence_limits", ""),
        export_control=row["export_control"],
        aliases=tuple(row.get("aliases", ())),
        purchase_price=_purchase_price(row.get("purchase_price")),
        provenance=provenance(row),
    )


def _accelerator(row: Row) -> Accelerator:
    return Accelerator(
        id=row["id"],
        name=row["name"],
        vendor=row["vendor"],
        architecture=row["architecture"],
        form_factor=row["form_factor"],
        memory_gb=float(row["memory_gb"]),
        memory_gb_s=float(row["memory_gb_s"]),
        tflops={precision: float(rate) for precision, rate in row["tflops"].items()},
        link_gb_s=float(row["link_gb_s"]),
        scaleup_domain=row["scaleup_domain"],
        pcie_gen=row.get("pcie_gen", 4),
        tdp_w=float(row.get("tdp_w", 0)),
        launch_year=row["launch_year"],
    )


def _purchase_price(row: Row | None) -> PurchasePrice | None:
    if row is None:
        return None
    return PurchasePrice(
        Decimal(row["low_usd"]), Decimal(row["high_usd"]), row["effective"], row["evidence"]
    )
