"""Which measurements count as near in kind, and what is said where none is."""

from dataclasses import replace

from advisor.sizing.near_measurements import Kind, Support, support_of

MINE = Kind("one request", "ada gddr", "server", "16-bit", 8e9)
OTHER_SIZE = replace(MINE, params=70e9)
EXPERTS = replace(MINE, params=10e9, active=1e9)


def found(*kinds: Kind) -> Support:
    return support_of((kind, f"source {place % 2}") for place, kind in enumerate(kinds))


def test_rows_and_sources_of_up_to_twice_the_size_count() -> None:
    near = found(MINE, replace(MINE, params=15e9), replace(MINE, params=4.1e9)).near(MINE)
    assert (near.rows, near.sources) == (3, 2)


def test_another_size_or_few_active_parameters_do_not_count() -> None:
    assert found(OTHER_SIZE, EXPERTS).near(MINE).rows == 0
    assert found(EXPERTS).near(replace(EXPERTS, params=8e9, active=1.2e9)).rows == 1


def test_what_is_near_is_counted_and_nothing_else() -> None:
    basis = found(MINE, OTHER_SIZE, OTHER_SIZE).basis(MINE)
    assert basis.startswith("calibrated on 1 measurement of 1 source near in kind (one request")


def test_without_one_the_respect_that_differs_is_named() -> None:
    for other, known in {
        "size": OTHER_SIZE,
        "precision": replace(MINE, precision="fp8"),
        "device": replace(MINE, device="hopper hbm"),
        "software": replace(MINE, software="eager"),
        "task": replace(MINE, task="online serving"),
    }.items():
        basis = found(known).basis(MINE)
        assert basis.startswith("extrapolated: no measurement near in kind")
        assert basis.endswith(f"1 measurement of 1 source differ in {other} alone")


def test_what_differs_in_two_respects_is_no_measurement() -> None:
    strange = found(replace(MINE, device="hopper hbm", software="eager")).basis(MINE)
    assert strange.endswith("nor one that differs in one respect alone")
