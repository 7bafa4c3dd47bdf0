"""Catalogue records of accelerators and models: what the formulas need, and what rules read."""

from __future__ import annotations

from decimal import Decimal

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.domain.provenance import Provenance
from advisor.domain.rule import Scalar
from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class PurchasePrice:
    """Market range in USD of one device, new or (where the record says so) used."""

    low_usd: Decimal
    high_usd: Decimal
    effective: str
    evidence: str


@dataclass(frozen=True, slots=True)
class AcceleratorRecord:
    """One accelerator product with what decides whether it may be used.

    `kind` is gpu, tpu, asic, apple or edge; `availability` ga, limited or announced; `sold` says
    whether it can be bought rather than only rented; `export_control` is listed, depends or none
    (United States, ECCN 3A090/4A090). `aliases` are names under which measurements print it.
    """

    accelerator: Accelerator
    kind: str
    availability: str
    sold: bool
    memory_type: str
    link: str
    mig_instances: int
    ecc: bool
    confidential_computing: bool
    consumer: bool
    licence_limits: str
    export_control: str
    aliases: tuple[str, ...]
    purchase_price: PurchasePrice | None
    provenance: Provenance

    @property
    def id(self) -> str:
        """Return the catalogue id."""
        return self.accelerator.id


def accelerator_attributes(record: AcceleratorRecord) -> dict[str, Scalar]:
    """Return what rules may read about an accelerator; truths are the words yes and no.

    GB, GB/s and W; `scaleup_domain` counts devices; a device without scale-up link has
    `link_gb_s` 0.
    """
    device = record.accelerator
    return {
        "vendor": device.vendor,
        "architecture": device.architecture,
        "kind": record.kind,
        "form_factor": device.form_factor,
        "availability": record.availability,
        "sold": _word(record.sold),
        "launch_year": device.launch_year,
        "memory_gb": device.memory_gb,
        "memory_gb_s": device.memory_gb_s,
        "link_gb_s": device.link_gb_s,
        "scaleup_domain": device.scaleup_domain,
        "tdp_w": device.tdp_w,
        "mig": _word(record.mig_instances > 0),
        "ecc": _word(record.ecc),
        "confidential_computing": _word(record.confidential_computing),
        "consumer": _word(record.consumer),
        "export_control": record.export_control,
        "bf16": _word("bf16" in device.tflops),
        "fp8": _word("fp8" in device.tflops),
        "fp4": _word("fp4" in device.tflops),
    }


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One model architecture with its licence.

    `extra_params` are parameters outside the described transformer stack (a vision encoder, a
    position table). `flop_per_item` is the forward work for one `item` (an image, a diffusion
    step, a window of speech), 0 where work follows from tokens. `closed_form` promises that the
    dimensions give the parameter count within one percent.
    """

    shape: ModelShape
    family: str
    hf_repo: str
    modality: str
    release: str
    licence: str
    commercial_use: str
    attention: str
    extra_params: float
    flop_per_item: float
    item: str
    closed_form: bool
    provenance: Provenance

    @property
    def id(self) -> str:
        """Return the catalogue id."""
        return self.shape.id


def model_attributes(record: ModelRecord) -> dict[str, Scalar]:
    """Return what rules may read about a model; parameters in billions."""
    shape = record.shape
    return {
        "family": record.family,
        "kind": shape.kind,
        "modality": record.modality,
        "licence": record.licence,
        "commercial_use": record.commercial_use,
        "params_b": shape.params / 1e9,
        "active_params_b": shape.active_params / 1e9,
        "moe": _word(shape.experts > 0),
        "max_context": shape.max_context,
        "native_dtype": shape.native_dtype,
    }


def _word(truth: bool) -> str:
    return "yes" if truth else "no"
