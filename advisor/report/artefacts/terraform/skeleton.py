"""A Terraform skeleton of what must stand first: storage, keys, records, node pools or machines."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.terraform import aws, azure, gcp
from advisor.report.artefacts.terraform.hcl import Block, hcl
from advisor.report.artefacts.terraform.needs import cloud_of, ground_of
from advisor.report.artefacts.words import comment, heading
from advisor.report.naming import CLOUDS
from advisor.report.text import counted

MODULES = {"aws": aws, "gcp": gcp, "azure": azure}
PINNED = "the major version that the arguments belong to; the lock file pins the exact one."
PRIVATE_GOOGLE = (
    "Private Google Access must be on in the subnetwork of the machines, and a perimeter of VPC "
    "Service Controls around the project keeps data in; both belong to the network's owner."
)
TERRAFORM = ">= 1.9"


def refusal(plan: Plan) -> str:
    """Return why there is no cloud to describe, "" where there is one."""
    if cloud_of(plan):
        return ""
    return "no part of the plan stands at AWS, Google Cloud or Azure"


def terraform(plan: Plan) -> Artefact:
    """Return versions, variables and resources of the plan's cloud."""
    ground = ground_of(plan)
    module = MODULES[ground.cloud]
    top = comment(heading(plan, f"Terraform skeleton for {CLOUDS[ground.cloud]}", *_said(plan)))
    variables = module.variables(ground)
    files = (
        File("terraform/versions.tf", top + "\n" + hcl((_versions(module.PROVIDER),))),
        File("terraform/variables.tf", top + "\n" + hcl(variables)),
        File("terraform/main.tf", top + "\n" + hcl((module.provider(), *module.resources(ground)))),
    )
    return Artefact(
        files,
        ("terraform -chdir=terraform init", "terraform -chdir=terraform plan"),
        tuple(_listed(v) for v in variables),
        (
            *((PRIVATE_GOOGLE,) if ground.private and ground.cloud == "gcp" else ()),
            f"Provider {module.PROVIDER[1]} {module.PROVIDER[2]}: {PINNED}",
            "Give the variables in a file terraform.tfvars, which stays out of version control.",
        ),
    )


def _versions(provider: tuple[str, str, str]) -> Block:
    name, source, version = provider
    needed = Block("required_providers", (), {name: {"source": source, "version": version}})
    return Block("terraform", (), {"required_version": TERRAFORM}, (needed,))


def _listed(block: Block) -> Variable:
    default = block.attributes.get("default", "")
    meaning = str(block.attributes["description"])
    return Variable(f"terraform: {block.labels[0]}", meaning, str(default))


def _said(plan: Plan) -> tuple[str, ...]:
    ground = ground_of(plan)
    parts = ["storage without public access"]
    if ground.own_keys:
        parts.append("keys that you hold")
    if ground.private and ground.cloud != "gcp":
        parts.append("private access to storage")
    if ground.audit_years:
        parts.append(f"records kept for {counted(ground.audit_years, 'year')}")
    parts += [f"{p.least} to {p.most} x {p.use.instance} to {p.id}" for p in ground.pools]
    return (f"Plan: {', '.join(parts)}.",)
