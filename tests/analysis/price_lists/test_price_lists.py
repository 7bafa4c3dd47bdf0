"""Price lists against the catalogue; the files are made up, the traps are those of real ones."""

from __future__ import annotations

from decimal import Decimal

import pytest

from advisor.analysis.price_import import Imported, changes, imported
from advisor.analysis.price_lists.detect import PriceList, read_price_list
from advisor.analysis.price_lists.places import area_of
from advisor.errors import InputError
from advisor.planning.kit import Kit
from tests.analysis.price_lists import samples

Prices = dict[tuple[str, str, str], tuple[str, str]]


def listed(kit: Kit, name: str, text: str, provider: str = "") -> PriceList:
    return read_price_list(name, text.encode(), provider, kit.library.offers)


def read(kit: Kit, name: str, text: str, provider: str = "") -> Imported:
    return imported(listed(kit, name, text, provider), kit.library.offers)


def shown(found: Imported) -> Prices:
    return {(p.offer, p.terms, p.area): (p.region, f"{p.usd_per_hour:f}") for p in found.prices}


def test_skypilot_takes_the_home_region_the_median_of_spot_zones_and_drops_outliers(
    kit: Kit,
) -> None:
    found = read(kit, "catalogs/aws/vms.csv", samples.SKYPILOT_AWS)
    assert shown(found) == {
        ("aws-g6e.xlarge", "on_demand", "us"): ("us-east-1", "1.9"),
        ("aws-g6e.xlarge", "on_demand", "eu"): ("eu-west-1", "2.4"),
        ("aws-g6e.xlarge", "spot", "us"): ("us", "0.8"),
        ("aws-g6.xlarge", "on_demand", "us"): ("us-east-1", "0.8"),
        ("aws-p5e.48xlarge", "spot", "us"): ("us", "30.5"),
    }
    (spot,) = (p for p in found.prices if p.offer == "aws-g6e.xlarge" and p.terms == "spot")
    assert spot.low_usd == Decimal("0.7")
    assert found.unknown == ("x9.mega",)
    assert found.left == {
        "prices far from the median of their regions": 1,
        "regions outside us, eu and ap": 1,
    }


def test_skypilot_adds_googles_hosts_and_accelerators_of_one_zone(kit: Kit) -> None:
    """8 A100 in us-central1-a: 5 + 24 = 29 on demand, 2 + 8 = 10 as spot; H100: 10 + 60 = 70."""
    found = read(kit, "gcp/vms.csv", samples.SKYPILOT_GCP)
    assert shown(found) == {
        ("gcp-a2-highgpu-8g", "on_demand", "us"): ("us-central1", "29"),
        ("gcp-a2-highgpu-8g", "spot", "us"): ("us", "10"),
        ("gcp-a3-highgpu-8g", "on_demand", "us"): ("us-central1", "70"),
    }
    assert found.left == {
        "hosts without a row for their accelerators in the same zone": 1,
        "rows of TPUs, which count chips or cores": 1,
        "spot prices above the price on demand": 1,
    }


def test_gpuhunt_tells_spot_by_a_column_and_the_provider_by_the_file(kit: Kit) -> None:
    found = read(kit, "lambdalabs.csv", samples.GPUHUNT)
    assert shown(found) == {
        ("lambda-gpu_1x_a10", "on_demand", "us"): ("us-east-1", "0.85"),
        ("lambda-gpu_1x_a10", "spot", "us"): ("us", "0.35"),
    }
    assert found.left == {"rows without a price": 1}


@pytest.mark.parametrize("text", [samples.AWS_JSON, samples.AWS_CSV], ids=["json", "csv"])
def test_aws_keeps_shared_linux_and_standard_reservations_without_upfront_payment(
    kit: Kit, text: str
) -> None:
    found = shown(read(kit, "index", text))
    three_years = {("aws-g6e.xlarge", "reserved_3y", "us"): ("us-east-1", "0.8")}
    assert found == {
        ("aws-g6e.xlarge", "on_demand", "us"): ("us-east-1", "1.8"),
        ("aws-g6e.xlarge", "reserved_1y", "us"): ("us-east-1", "1.2"),
        **(three_years if text == samples.AWS_JSON else {}),
    }
    assert listed(kit, "index", text).day == "2026-10-15"


def test_azure_divides_reservations_by_their_hours_and_drops_windows(kit: Kit) -> None:
    found = read(kit, "page.json", samples.AZURE)
    name = "azure-standard_nc24ads_a100_v4"
    assert shown(found) == {
        (name, "on_demand", "us"): ("eastus", "3.7"),
        (name, "on_demand", "eu"): ("westeurope", "4"),
        (name, "spot", "us"): ("us", "1.5"),
        (name, "reserved_1y", "us"): ("eastus", "2.5"),
        (name, "reserved_3y", "us"): ("eastus", "1.5"),
    }
    assert found.left == {
        "prices far from the median of their regions": 1,
        "rows in other currencies": 1,
        "rows of Windows": 1,
        "rows of low priority": 1,
    }


def test_columns_are_read_by_name_in_any_order(kit: Kit) -> None:
    text = "Region,Price,SpotPrice,AcceleratorName,AcceleratorCount,InstanceType\n"
    text += "us-east-1,1.5,,L40S,1,g6e.xlarge\n"
    found = read(kit, "vms.csv", text, "aws")
    assert shown(found) == {("aws-g6e.xlarge", "on_demand", "us"): ("us-east-1", "1.5")}


def test_changes_say_what_was_and_by_how_much_the_largest_first(kit: Kit) -> None:
    """The catalogue has 1.861 of 2026-07-20 for the g6e.xlarge: 1.9 is 2.1 % more."""
    offers = kit.library.offers
    found = changes(read(kit, "aws/vms.csv", samples.SKYPILOT_AWS).prices, offers)
    sizes = [float("inf") if c.percent is None else abs(c.percent) for c in found]
    assert sizes == sorted(sizes, reverse=True)
    wanted = ("aws-g6e.xlarge", "on_demand", "us")
    american = next(c for c in found if (c.offer, c.terms, c.area) == wanted)
    assert american.before is not None
    assert american.before.usd_per_hour == Decimal("1.861")
    assert american.percent == pytest.approx(2.0957, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("vms.csv", samples.SKYPILOT_AWS, "say --provider"),
        ("nowhere/vms.csv", samples.SKYPILOT_AWS, "'nowhere'"),
        ("a.csv", "a,b\n1,2\n", "no price list is recognised in its first line"),
        ("a.json", "{}", "no price list is recognised"),
        ("a.json", "{", "this is not a price list as published"),
        ("a.json", '{"products": {}, "terms": 5}', ""),
        ("aws.csv", "instance_name,location\nx,y\n", "'price' is missing"),
        ("aws/vms.csv", "InstanceType,AcceleratorName,AcceleratorCount\nx,y,z\n", "is missing"),
        ("a.csv", "\x00\xff", "no price list"),
    ],
)
def test_what_is_no_price_list_is_refused_in_one_line(
    kit: Kit, name: str, text: str, said: str
) -> None:
    if not said:
        assert read(kit, name, text).prices == ()
        return
    with pytest.raises(InputError) as caught:
        read(kit, name, text)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("area", "regions"),
    [
        ("us", "us-east-1 us-central1 eastus southcentralus westus3 us-ashburn-1 US"),
        ("eu", "eu-west-3 europe-west4 uksouth francecentral germanywestcentral FIN-01 eu-north1"),
        ("ap", "ap-northeast-1 asia-southeast1 japaneast southeastasia centralindia"),
        ("", "sa-east-1 ca-central-1 brazilsouth me-central1 af-south-1 canadacentral"),
    ],
)
def test_regions_lie_in_areas(area: str, regions: str) -> None:
    assert {region: area_of(region) for region in regions.split()} == dict.fromkeys(
        regions.split(), area
    )
