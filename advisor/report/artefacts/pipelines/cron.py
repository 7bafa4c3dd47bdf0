"""cron: a table of times, and the script that runs the steps of a pipeline one after the other."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact, File
from advisor.report.artefacts.pipelines.common import Tool, said, variables
from advisor.report.artefacts.schedule import Pipeline, pipelines_of
from advisor.report.artefacts.words import comment, env_lines, heading

TOOL = Tool(
    "cron",
    "cron",
    ("cron",),
    None,
    "cron/crontab",
    ("crontab cron/crontab",),
)
ZONE = "Where cron knows no CRON_TZ (Debian), the hours are those of the machine's own clock."
SCRIPT = """
# Cron gives a script next to no environment, so that commands stand in a file beside it.
here=$(dirname "$(readlink -f "$0")")
set -a
# shellcheck source=/dev/null
. "$here/settings.env"
set +a

run() {
  local command=${!1:?"set $1 in settings.env"}
  bash -c "$command"
}

exec 9>"$here/$1.lock"
flock -n 9 || { echo "the last run of $1 goes on" >&2; exit 1; }

"""
"""Settings, one command a step, and no second run beside the first."""


def cron(plan: Plan) -> Artefact:
    """Return the table, the script and the file of its commands."""
    found = pipelines_of(plan)
    lines = list(said(plan, TOOL))
    top = comment(heading(plan, "cron pipelines", *lines))
    times = "".join(f'{p.cron} bash "$PIPELINES/ml_pipelines.sh" {p.id}\n' for p in found if p.cron)
    table = f"{top}CRON_TZ=UTC\n# The folder of ml_pipelines.sh\nPIPELINES=/set-me\n{times}"
    cases = "".join(map(_case, found))
    script = (
        f"#!/usr/bin/env bash\n{top}set -euo pipefail\n{SCRIPT}"
        f'case "$1" in\n{cases}  *)\n    echo "no pipeline $1" >&2\n    exit 2\n    ;;\nesac\n'
    )
    settings = "# Quote commands of several words.\n" + env_lines(variables(plan), unset="")
    files = (
        File(TOOL.path, table),
        File("cron/ml_pipelines.sh", script),
        File("cron/settings.env", top + settings),
    )
    by_hand = [f"bash cron/ml_pipelines.sh {p.id}" for p in found if not p.cron]
    return Artefact(files, (*TOOL.commands, *by_hand), tuple(variables(plan)), (ZONE,))


def _case(pipeline: Pipeline) -> str:
    steps = "".join(f"    run {step.variable}\n" for step in pipeline.steps)
    return f"  {pipeline.id})\n{steps}    ;;\n"
