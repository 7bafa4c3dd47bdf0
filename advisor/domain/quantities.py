"""The closed list of numbers that rules read and that follow from the answers alone."""

from __future__ import annotations

QUANTITIES = {
    "average_rps": "mean requests a second over the month",
    "requests_per_month": "requests a month",
    "tokens_per_month_m": "input and output tokens a month, millions",
    "releases_per_month": "retrained models released a month, each model counted once",
    "model_runs_per_month": "training runs a month over all models",
    "lifetime_months": "months of use that the plan covers",
    "data_gb_in_a_year": "stored data after a year of the stated growth, GB",
    "peak_rps_in_a_year": "peak requests a second after a year of the stated growth",
    "training_flop": "6 x parameters x tokens of training on raw text where both are stated",
    "weights_bf16_gib": "weights of the stated model at two bytes a parameter, GiB",
    "team": "people who build models or run platforms",
    "team_after_platform": "people who build models for each one who runs platforms",
}
