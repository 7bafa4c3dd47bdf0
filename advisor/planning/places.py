"""Where work may be rented: area, home cloud, and the providers that the answers allow."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.domain.offers import Provider
from advisor.planning.brief import Brief

EU_REGIONS = ("EU_EEA", "UK")
AP_REGIONS = ("India", "Japan", "Korea", "China")
US_REGIONS = ("US", "California")
CLOUDS = ("aws", "gcp", "azure")


def area_of(brief: Brief) -> str:
    """Return the price area: where all the people live, the United States where they live in
    several areas or in one without prices of its own."""
    regions = brief.many("people_regions")
    if regions and all(r in EU_REGIONS for r in regions):
        return "eu"
    if regions and all(r in AP_REGIONS for r in regions):
        return "ap"
    return "us"


def unlisted(brief: Brief) -> bool:
    """Return whether work must stay in a country of which no small cloud lists a region."""
    listed = (*EU_REGIONS, *AP_REGIONS, *US_REGIONS)
    regions = brief.many("people_regions")
    return brief.has("residency", "country_or_bloc") and any(r not in listed for r in regions)


TOOL_CLOUDS = {"sagemaker": "aws", "vertex": "gcp", "azureml": "azure"}


def home_of(brief: Brief) -> str:
    """Return the cloud that the plan lives on: the only one allowed, else the one of the data,
    else the one of a platform in use; `on_prem` on own premises, "" where none is settled."""
    if brief.has("residency", "own_premises", "air_gapped") or brief.has(
        "cloud_policy", "on_prem_only"
    ):
        return "on_prem"
    policy = [str(p) for p in brief.many("cloud_policy") if p in CLOUDS]
    open_ = policy or list(CLOUDS)
    data = [c for c in open_ if brief.has("data_location", c)]
    tools = [c for t, c in TOOL_CLOUDS.items() if brief.has("existing_tools", t) and c in open_]
    for found in (policy if len(policy) == 1 else [], data, tools):
        if found:
            return found[0]
    return ""


def allowed_providers(brief: Brief, providers: Mapping[str, Provider]) -> tuple[Provider, ...]:
    """Return the providers that cloud policy, residency and data location leave.

    `any` means the clouds where the data already are, or every hyperscaler where they are in
    none, besides the rented GPU clouds that show what the data demand. Marketplaces of strangers'
    machines are left out.
    """
    if brief.has("residency", "own_premises", "air_gapped"):
        return ()
    policy = brief.many("cloud_policy") or ("any",)
    if "on_prem_only" in policy:
        return ()
    home = tuple(c for c in CLOUDS if brief.has("data_location", c))
    wanted = {str(p) for p in policy if p in CLOUDS}
    if "any" in policy:
        wanted |= set(home or CLOUDS)
    rented = ("any" in policy or "gpu_cloud" in policy) and not unlisted(brief)
    return tuple(
        p
        for _, p in sorted(providers.items())
        if (p.kind == "hyperscaler" and p.cloud in wanted)
        or (p.kind == "gpu_cloud" and rented and ("gpu_cloud" in policy or _shows(p, brief)))
    )


def _shows(provider: Provider, brief: Brief) -> bool:
    """Return whether a provider nobody named shows the authorisation or the agreement that such
    data are handed over with; an unknown one is no permission."""
    controlled = ("defence_technical_data", "government_controlled_information")
    federal = brief.has("data_kinds_regulated", *controlled) or brief.has(
        "assurance_demands", "fedramp", "cmmc"
    )
    patients = brief.has("data_kinds_regulated", "patient_records")
    return not (federal and provider.fedramp not in ("moderate", "high")) and not (
        patients and provider.hipaa not in ("yes", "some_services")
    )
