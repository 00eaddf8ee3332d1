"""What the numbers of a figure are called: rows of statistics, columns of curves, no two of them the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Path = tuple[str, ...]
Place = tuple[Path, Path]


def places_in_figure(results: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Path, Path]]:
    """Each result that is shown, with the labels of its row and the heads of its column.

    The groups of the column N make columns, all others rows. Where two results would have one place, those of a
    parameter or else of an analysis are told apart by its name over the row, those over all levels of a grouping by
    the name of the grouping.
    """
    shown = [one for one in results if one["shown"] == "Y"]
    outer = {one[f"g{at}_id"] for one in results if one["analysis_id"].endswith("_000") for at in range(1, 5)} - {""}
    places = [(_path(one, outer), _head(one, outer, "All")) for one in shown]
    for told in (_of_parameter, _of_analysis):
        places = _over_rows(shown, places, told)
    twice = _twice(places)
    for one, (path, head) in zip(shown, places, strict=True):
        yield one, path, _head(one, outer, "All {}") if (path, head) in twice else head


def _over_rows(shown: Sequence[dict[str, Any]], places: list[Place], told: Callable[..., str]) -> list[Place]:
    """The places, with a word before the rows of which some cells are taken twice and the words differ."""
    words: dict[Place, set[str]] = {}
    for one, place in zip(shown, places, strict=True):
        words.setdefault(place, set()).add(told(one))
    unclear = {path for (path, _), said in words.items() if len(said) > 1}
    return [
        ((told(one), *path), head) if path in unclear and told(one) else (path, head)
        for one, (path, head) in zip(shown, places, strict=True)
    ]


def _twice(places: Sequence[Place]) -> set[Place]:
    return {place for place, times in Counter(places).items() if times > 1}


def _of_parameter(one: dict[str, Any]) -> str:
    return str(one.get("paramcd") or "")


def _of_analysis(one: dict[str, Any]) -> str:
    return str(one["analysis_id"])


def _groups(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((one[f"g{at}_id"], one[f"g{at}_level"]) for at in range(1, 5) if one[f"g{at}_id"])


def _path(one: dict[str, Any], outer: set[str]) -> Path:
    statistic = "N" if one["analysis_id"].endswith("_000") else str(one["stat_label"])
    return (statistic, *(level for name, level in _groups(one) if name not in outer and level))


def _head(one: dict[str, Any], outer: set[str], every: str) -> Path:
    groups = reversed(list(_groups(one)))
    return tuple(level or every.format(name) for name, level in groups if name in outer) or ("value",)
