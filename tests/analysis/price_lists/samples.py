"""Made-up price lists in the published layouts, with the traps that real ones have."""

from __future__ import annotations

import json
from typing import Any

SKYPILOT_AWS = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",1.9,0.9,us-east-1,us-east-1a,x86_64
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",1.9,0.7,us-east-1,us-east-1b,x86_64
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",1.7,0.8,us-west-2,us-west-2a,x86_64
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",2.4,,eu-west-1,eu-west-1a,x86_64
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",3.1,,sa-east-1,sa-east-1a,x86_64
g6e.xlarge,L40S,1.0,4.0,32.0,"{'Gpus': [{'Name': 'L40S'}]}",0.2,,us-gov-east-1,us-gov-east-1a,x86_64
p5e.48xlarge,H200,8.0,192.0,2048.0,,,30.5,us-east-1,us-east-1a,x86_64
g6.xlarge,L4,1.0,4.0,16.0,,0.8,0.8,us-east-1,us-east-1a,x86_64
x9.mega,Q9,1.0,4.0,16.0,,1.0,,us-east-1,us-east-1a,x86_64
"""
"""Zones repeat; p5e has spot alone; equal prices mean no spot; one region is far too cheap."""

SKYPILOT_GCP = """\
InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
a2-highgpu-8g,96.0,680.0,,,,us-central1,us-central1-a,5.0,2.0
,,,A100,8.0,,us-central1,us-central1-a,24.0,8.0
,,,A100,1.0,,us-central1,us-central1-a,3.0,1.0
a2-highgpu-8g,96.0,680.0,,,,europe-west4,europe-west4-b,5.5,2.2
a3-highgpu-8g,208.0,1872.0,,,,us-central1,us-central1-a,10.0,40.0
,,,H100,8.0,,us-central1,us-central1-a,60.0,50.0
,,,tpu-v5p-8,1.0,,us-east5,us-east5-a,700.0,
"""
"""Hosts and accelerators in rows of their own; one host without its accelerator; spot above."""

GPUHUNT = """\
instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot
gpu_1x_a10,us-east-1,0.85,30,226,1,A10,24,False
gpu_1x_a10,us-east-1,0.35,30,226,1,A10,24,True
gpu_1x_a10,us-west-1,,30,226,1,A10,24,False
"""


def _product(sku: str, **changes: str) -> dict[str, Any]:
    attributes = {
        "instanceType": "g6e.xlarge",
        "regionCode": "us-east-1",
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "preInstalledSw": "NA",
        "capacitystatus": "Used",
        **changes,
    }
    return {sku: {"attributes": attributes}}


def _term(usd: str, unit: str = "Hrs", **attributes: str) -> dict[str, Any]:
    dimension = {"unit": unit, "pricePerUnit": {"USD": usd}}
    return {"priceDimensions": {"d": dimension}, "termAttributes": attributes}


def _reservation(years: str, payment: str, class_: str = "standard") -> dict[str, str]:
    return {"LeaseContractLength": years, "PurchaseOption": payment, "OfferingClass": class_}


AWS_JSON = json.dumps(
    {
        "publicationDate": "2026-10-15T08:00:00Z",
        "products": {
            **_product("A"),
            **_product("W", operatingSystem="Windows"),
            **_product("D", tenancy="Dedicated"),
            **_product("U", capacitystatus="UnusedCapacityReservation"),
        },
        "terms": {
            "OnDemand": {sku: {"t": _term("1.8000000000")} for sku in ("A", "D", "U")}
            | {"W": {"t": _term("9.9")}},
            "Reserved": {
                "A": {
                    "1": _term("1.2", **_reservation("1yr", "No Upfront")),
                    "3": _term("0.8", **_reservation("3yr", "No Upfront")),
                    "u": _term("0.1", **_reservation("3yr", "Partial Upfront")),
                    "c": _term("0.9", **_reservation("3yr", "No Upfront", "convertible")),
                    "q": _term("9000", "Quantity", **_reservation("1yr", "All Upfront")),
                }
            },
        },
    }
)

AWS_CSV = """\
"FormatVersion","v1.0"
"Disclaimer","none"
"Publication Date","2026-10-15T08:00:00Z"
"Version","20261015080000"
"OfferCode","AmazonEC2"
"SKU","TermType","PricePerUnit","Unit","Instance Type","Operating System","Pre Installed S/W",\
"CapacityStatus","Tenancy","LeaseContractLength","PurchaseOption","OfferingClass","Region Code"
"A","OnDemand","1.8","Hrs","g6e.xlarge","Linux","NA","Used","Shared","","","","us-east-1"
"W","OnDemand","9.9","Hrs","g6e.xlarge","Windows","NA","Used","Shared","","","","us-east-1"
"A","Reserved","1.2","Hrs","g6e.xlarge","Linux","NA","Used","Shared","1yr","No Upfront",\
"standard","us-east-1"
"A","Reserved","0.1","Hrs","g6e.xlarge","Linux","NA","Used","Shared","1yr","All Upfront",\
"standard","us-east-1"
"""


def _item(usd: float, region: str = "eastus", **changes: str) -> dict[str, Any]:
    return {
        "armSkuName": "Standard_NC24ads_A100_v4",
        "armRegionName": region,
        "productName": "Virtual Machines NCADS A100 v4 Series",
        "skuName": "NC24ads A100 v4",
        "retailPrice": usd,
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "effectiveStartDate": "2026-09-01T00:00:00Z",
        "currencyCode": "USD",
        **changes,
    }


AZURE_ITEMS = [
    _item(3.7),
    _item(6.9, productName="Virtual Machines NCADS A100 v4 Series Windows"),
    _item(0.4, skuName="NC24ads A100 v4 Low Priority"),
    _item(1.5, skuName="NC24ads A100 v4 Spot"),
    _item(4.0, "westeurope"),
    _item(9.1, "southeastasia"),
    _item(3.4, currencyCode="EUR"),
    _item(21900.0, type="Reservation", reservationTerm="1 Year"),
    _item(39420.0, type="Reservation", reservationTerm="3 Years"),
]
"""A region at the price of Windows; reservations are for the term: 21,900 / 8,760 = 2.50 an hour,
39,420 / 26,280 = 1.50 an hour."""
AZURE = json.dumps([{"Items": AZURE_ITEMS[:4]}, {"Items": AZURE_ITEMS[4:]}])
