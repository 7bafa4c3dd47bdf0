"""Versions of images and interfaces that artefacts name, each with where it was read."""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Pin:
    """A version that was current on a day, and its source."""

    name: str
    value: str
    source: str
    as_of: str = "2026-11-22"

    @property
    def said(self) -> str:
        """Return where the version was read and when."""
        return f"{self.name} {self.value.rsplit(':', 1)[-1]} as of {self.as_of}: {self.source}"


VLLM = Pin(
    "vLLM",
    "docker.io/vllm/vllm-openai:v0.33.0",
    "release 0.33.0 on PyPI; docs.vllm.ai names the image",
)
SGLANG = Pin(
    "SGLang",
    "docker.io/lmsysorg/sglang:v0.5.23",
    "release 0.5.23 on PyPI; docs.sglang.io names the image",
)
KUEUE = Pin("Kueue", "kueue.x-k8s.io/v1beta2", "release notes of v0.15.0: v1beta1 ends with 0.17")
JOBSET = Pin("JobSet", "jobset.x-k8s.io/v1alpha2", "examples of kubernetes-sigs/jobset")
KSERVE = Pin("KServe", "serving.kserve.io/v1beta1", "kserve.github.io/website, standard mode")
KEDA = Pin("KEDA", "keda.sh/v1alpha1", "keda.sh/docs, ScaledObject specification")
AIRFLOW = Pin("Apache Airflow", "3.3.2", "PyPI")
DAGSTER = Pin("Dagster", "1.13.29", "PyPI")
PREFECT = Pin("Prefect", "3.9.1", "PyPI")
FLYTE = Pin("Flyte", "2.12.1", "PyPI")
