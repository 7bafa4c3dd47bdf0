"""Offers, providers and prices: knowledge files -> records."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from advisor.domain.hosted import HostedPrice, Tier
from advisor.domain.offers import ApiPrice, Commitment, Offer, Price, Provider, RegionRatios
from advisor.library.records import Row, by_id, money, provenance, truth
from advisor.library.yamlfile import Document


def parse_offers(documents: Iterable[Document]) -> dict[str, Offer]:
    """Return the offers of `instances/*.yaml` by id."""
    return by_id(documents, "instances", _offer)


def parse_providers(documents: Iterable[Document]) -> dict[str, Provider]:
    """Return the providers of `instances/providers.yaml` by id."""
    return by_id(documents, "providers", _provider)


def parse_region_ratios(documents: Iterable[Document]) -> dict[str, RegionRatios]:
    """Return the regional price ratios of `prices/region-ratios.yaml` by id."""
    return by_id(documents, "region_ratios", _region_ratios)


def parse_commitments(documents: Iterable[Document]) -> dict[str, Commitment]:
    """Return the commitments of `prices/commitments.yaml` by id."""
    return by_id(documents, "commitments", _commitment)


def parse_api_prices(documents: Iterable[Document]) -> dict[str, ApiPrice]:
    """Return the hosted models of `prices/api-prices.yaml` by id."""
    return by_id(documents, "api_prices", _api_price)


def parse_hosted_prices(documents: Iterable[Document]) -> dict[str, HostedPrice]:
    """Return the prices of hosted services of `prices/hosted-prices.yaml` by id."""
    return by_id(documents, "hosted_prices", _hosted_price)


def _offer(row: Row) -> Offer:
    return Offer(
        id=row["id"],
        provider=row["provider"],
        instance_type=row["instance_type"],
        kind=row["kind"],
        accelerator_id=row.get("accelerator_id", ""),
        count=row.get("count", 0),
        vcpus=row.get("vcpus", 0),
        mem_gb=float(row.get("mem_gb", 0)),
        local_nvme_gb=float(row.get("local_nvme_gb", 0)),
        network_gbit_s=float(row.get("network_gbit_s", 0)),
        rdma=row["rdma"],
        bare_metal=truth(row["bare_metal"]),
        on_demand_available=truth(row["on_demand_available"]),
        regions_priced=row.get("regions_priced", 0),
        prices=tuple(_price(price, row["evidence"]) for price in row.get("prices", ())),
        provenance=provenance(row),
        confidential=truth(row.get("confidential", "no")),
    )


def _price(row: Row, evidence: str) -> Price:
    return Price(
        terms=row["terms"],
        region=row["region"],
        area=row["area"],
        usd_per_hour=Decimal(row["usd_per_hour"]),
        effective=row["effective"],
        checked=row["checked"],
        source=row["source"],
        evidence=row.get("evidence", evidence),
        low_usd_per_hour=money(row, "low_usd_per_hour"),
        doubt=row.get("doubt", ""),
    )


def _provider(row: Row) -> Provider:
    return Provider(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        areas=tuple(row["areas"]),
        headquarters=row["headquarters"],
        cloud=row.get("cloud", ""),
        hipaa=row["hipaa"],
        hipaa_note=row.get("hipaa_note", ""),
        fedramp=row["fedramp"],
        fedramp_note=row.get("fedramp_note", ""),
        eu_data_boundary=row["eu_data_boundary"],
        data_protection_note=row.get("data_protection_note", ""),
        provenance=provenance(row),
        sold_on=tuple(row.get("sold_on", ())),
    )


def _region_ratios(row: Row) -> RegionRatios:
    return RegionRatios(
        id=row["id"],
        provider=row["provider"],
        instance_type=row["instance_type"],
        base_region=row["base_region"],
        ratios=tuple(sorted((region, float(ratio)) for region, ratio in row["ratios"].items())),
        provenance=provenance(row),
    )


def _commitment(row: Row) -> Commitment:
    ratio = float(row["ratio"])
    return Commitment(
        id=row["id"],
        provider=row["provider"],
        product=row["product"],
        term=row["term"],
        payment=row.get("payment", ""),
        ratio=ratio,
        low=float(row.get("low", ratio)),
        high=float(row.get("high", ratio)),
        provenance=provenance(row),
    )


def _api_price(row: Row) -> ApiPrice:
    return ApiPrice(
        id=row["id"],
        provider=row["provider"],
        model_ref=row["model_ref"],
        model_id=row.get("model_id", ""),
        open_weights=truth(row["open_weights"]),
        input_usd_per_m=Decimal(row["input_usd_per_m"]),
        output_usd_per_m=Decimal(row["output_usd_per_m"]),
        cached_input_usd_per_m=money(row, "cached_input_usd_per_m"),
        effective=row["effective"],
        checked=row["checked"],
        provenance=provenance(row),
    )


def _hosted_price(row: Row) -> HostedPrice:
    tiers = tuple(Tier(tier["from"], Decimal(tier["usd"])) for tier in row["tiers"])
    usual = next((tier.usd for tier in tiers if tier.usd), Decimal(0))
    return HostedPrice(
        id=row["id"],
        service=row["service"],
        task=row["task"],
        unit=row["unit"],
        per=row["per"],
        tiers=tiers,
        low=money(row, "low_usd") or usual,
        high=money(row, "high_usd") or usual,
        modes=tuple(row["modes"]),
        areas=tuple(row["areas"]),
        product=row["product"],
        model_id=row.get("model_id", ""),
        effective=row["effective"],
        checked=row["checked"],
        provenance=provenance(row),
    )
