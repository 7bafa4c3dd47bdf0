"""What rows of training measurements are read against, from the knowledge folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass
from advisor.library.calibration import measured_devices, measured_models, named_works
from advisor.library.hardware import load_accelerators
from advisor.library.models import load_models
from advisor.sizing.training_samples import SampleWork


@dataclass(frozen=True, slots=True)
class TrainingCatalogue:
    """Accelerators and models by id, and name patterns of models counted in items."""

    accelerators: Mapping[str, Accelerator]
    models: Mapping[str, ModelShape]
    samples: Sequence[tuple[str, SampleWork]]


def training_catalogue(knowledge: Path) -> TrainingCatalogue:
    """Return the catalogue of a knowledge folder; what it sells wins over what was only measured.

    Raises:
        LibraryError: an accelerator or model file is broken.
        ValueError: a calibration file is broken.
    """
    calibration = knowledge / "calibration"
    sold = load_accelerators(knowledge / "accelerators")
    known = {key: record.shape for key, record in load_models(knowledge / "models").items()}
    return TrainingCatalogue(
        {**measured_devices(calibration / "devices.yaml"), **sold},
        {**measured_models(calibration / "models.yaml"), **known},
        named_works(calibration, "training"),
    )
