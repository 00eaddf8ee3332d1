"""A check as its file says it: what it selects, of which datasets, how much it weighs, what it tells and asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, gathering, nearest
from sdtm2adam.model import Severity
from sdtm2adam.spec.yaml import Map, Seq, Text, load, where_of
from sdtm2adam.validate.sql.classes import CLASSES
from sdtm2adam.validate.sql.grammar import DATASET, META, Query, parse_select

_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_KEYS = ("id", "text", "severity", "ids", "for", "not", "optional", "names", "about", "whole", "like", "select",
         "query", "types", "passes", "fails")  # fmt: skip
_REJECT = "reject"
TYPES = ("text", "number", "float", "integer", "date", "datetime", "time")
"""The types of columns of the examples."""
_HOLES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Check:
    """One check.

    `text` says what is true of good data. `ids` are public ids of rules that ask nearly the same. `of` and `left_out`
    are classes and names of datasets that DATASET stands for. `optional` are variables that count as missing where a
    dataset has none. `names` is a pattern for the first name with `*`. `about` names the dataset that an issue of a
    table of metadata is told of. `whole`: it asks for what a complete package has. `like` are kinds of expectations
    that say the same of the same variable. `query` is asked of the site, with `{NAME}` for what is selected.
    `rejects`: agencies refuse a package for it.
    """

    id: str
    text: str
    severity: Severity
    query: Query
    source: str
    ids: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    names: str = ""
    about: str = ""
    whole: bool = False
    like: tuple[str, ...] = ()
    asks: str = ""
    rejects: bool = False
    types: Mapping[str, str] = field(default_factory=dict)


def check_of(tree: Any, where: str) -> Check:
    """The check that a mapping says.

    Raises:
        SpecErrors: all that is wrong with it.
    """
    if not isinstance(tree, Map):
        raise SpecErrors([SpecError("a check is a mapping", where=where, mend="write id:, text:, severity:, select:")])
    errors: list[Sdtm2adamError] = [
        SpecError(f"unknown word {key}", where=tree.key_where[key], mend=nearest(key, _KEYS, most=1))
        for key in tree
        if key not in _KEYS
    ]
    with gathering(errors):
        made = _check(tree, where)
    if errors:
        raise SpecErrors(errors)
    return made


def _check(tree: Map, where: str) -> Check:
    identity = _text(tree, "id", where)
    if not _ID.fullmatch(identity):
        mend = "write capitals, digits and hyphens: EVENT-START-AFTER-END"
        raise SpecError(f"{str(identity)!r} is no id of a check", where=identity.where, mend=mend)
    query = parse_select(_text(tree, "select", where))
    severity = _choice(tree, "severity", (_REJECT, *(one.value for one in Severity)), where)
    of = _words(tree, "for")
    _refuse_for(tree, query, of, where)
    asks = str(_text(tree, "query", where)) if "query" in tree else ""
    _refuse_holes(tree, asks, query)
    _refuse_unread(tree, query)
    names = str(_text(tree, "names", where)) if "names" in tree else ""
    try:
        re.compile(names)
    except re.error as error:
        raise SpecError(f"names: {error}", where=tree.key_where["names"], mend="write a regular expression") from error
    return Check(
        str(identity), str(_text(tree, "text", where)).strip(),
        Severity.ERROR if severity == _REJECT else Severity(severity), query, identity.where or where,
        _words(tree, "ids"), of, _words(tree, "not"), _words(tree, "optional"), names,
        str(_text(tree, "about", where)) if "about" in tree else "",
        "whole" in tree and _choice(tree, "whole", ("yes", "no"), where) == "yes",
        _words(tree, "like"), asks.strip(), severity == _REJECT,
        _types(tree),
    )  # fmt: skip


def _types(tree: Map) -> dict[str, str]:
    said = tree.get("types", Map(""))
    if not isinstance(said, Map):
        raise SpecError("types is no mapping", where=tree.key_where["types"], mend="write types: {NAME: number}")
    return {str(name): _choice(said, name, TYPES, said.key_where[name]) for name in said}


def _refuse_for(tree: Map, query: Query, of: tuple[str, ...], where: str) -> None:
    """`for` goes with DATASET; without either nobody knows what the check is for."""
    stands = any(source.name == DATASET or "--" in source.name for source in query.sources)
    if stands != bool(of):
        said = "DATASET stands for no datasets" if stands else "for: names datasets that the SELECT does not read"
        mend = f"write for: [EVENTS] (classes: {', '.join(CLASSES)}; or names of datasets) with FROM DATASET"
        raise SpecError(said, where=tree.key_where.get("for", where), mend=mend)
    for word in (*of, *_words(tree, "not")):
        if not (word in CLASSES or re.fullmatch(r"[A-Z][A-Z0-9_]{1,31}", word)):
            raise SpecError(f"{word!r} is no class and no dataset", where=where, mend=nearest(word, CLASSES))
    if query.wild and not stands and query.base.schema != META:
        raise SpecError(f"{query.wild[0]} stands for names of DATASET", where=where, mend="write FROM DATASET and for:")


def _refuse_holes(tree: Map, asks: str, query: Query) -> None:
    unknown = [hole for hole in _HOLES.findall(asks) if hole not in query.shown]
    if unknown:
        mend = f"select it, or write one of {', '.join(query.shown)}"
        raise SpecError(f"{{{unknown[0]}}} of the query is not selected", where=tree.key_where["query"], mend=mend)
    if brace := re.search(r"[{}]", _HOLES.sub("", asks)):
        mend = "write {NAME} for what is selected; a brace stands for nothing else"
        raise SpecError(f"the query has a {brace[0]} alone", where=tree.key_where["query"], mend=mend)


def _refuse_unread(tree: Map, query: Query) -> None:
    """A variable that counts as missing where a dataset has none must be one that the SELECT reads."""
    read = {name for _, name in query.columns}
    for name in _words(tree, "optional"):
        if name not in read:
            said = f"optional: {name} is no variable that the SELECT reads"
            raise SpecError(said, where=tree.key_where["optional"], mend=nearest(name, read))


def _text(tree: Map, key: str, where: str) -> Text:
    value = tree.get(key)
    if not isinstance(value, Text) or not str(value).strip():
        raise SpecError(f"{key} is missing or no text", where=tree.key_where.get(key, where), mend=f"write {key}: ...")
    return value


def _words(tree: Map, key: str) -> tuple[str, ...]:
    value = tree.get(key)
    if value is None:
        return ()
    found = [value] if isinstance(value, Text) else list(value) if isinstance(value, Seq) else [None]
    if not all(isinstance(one, Text) for one in found):
        raise SpecError(f"{key} is a list of words", where=tree.key_where[key], mend=f"write {key}: [ONE, TWO]")
    return tuple(str(one) for one in found)


def _choice(tree: Map, key: str, among: tuple[str, ...], where: str) -> str:
    value = _text(tree, key, where)
    if str(value) not in among:
        raise SpecError(f"{key} {str(value)!r}", where=value.where, mend=f"write {', '.join(among)}")
    return str(value)


def read_rules(*folders: Path) -> tuple[Check, ...]:
    """The rules `<id>/rule.yaml` of these folders, by id; a folder that is not there has none.

    Raises:
        SpecErrors: all faults of all files.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        found |= {path.parent.name: path for path in sorted(folder.glob("*/rule.yaml"))}
    return _read([(path, f"{name}/rule.yaml", name) for name, path in sorted(found.items())])


def read_edit_checks(*folders: Path) -> tuple[Check, ...]:
    """The edit checks of the files `*.yaml` of these folders, each a list `checks:`; by id.

    A file of a later folder stands in for one of the same name in an earlier one.

    Raises:
        SpecErrors: all faults of all files.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        files = {path.name: path for path in sorted(folder.glob("*.yaml"))}
        found = {name: path for name, path in found.items() if name not in files} | files
    return _read([(path, name, "") for name, path in found.items()])


def entries_of(path: Path, name: str) -> list[tuple[Any, str]]:
    """The checks of a file as they are written, each with its place: one of a rule, many of a file of edit checks.

    Raises:
        SpecErrors: the file cannot be read.
        SpecError: what stands for the list of checks is none, or has a word beside it.
    """
    tree = load(path, name)
    lists = [key for key, value in tree.items() if isinstance(value, Seq)] if isinstance(tree, Map) else []
    if not isinstance(tree, Map) or not ("checks" in tree or (lists and len(tree) == 1)):
        return [(tree, name)]
    for key, value in tree.items():
        if key != "checks":
            mend = "write checks: before the list" if "checks" not in tree else "a file of checks has checks: alone"
            raise SpecError(f"unknown word {key}", where=tree.key_where[key], mend=mend)
        if not isinstance(value, Seq) or not value:
            raise SpecError("checks: has no checks", where=tree.key_where[key], mend="write a list: - id: ...")
    return [(entry, where_of(tree, ("checks", i), name)) for i, entry in enumerate(tree["checks"])]


def _read(files: list[tuple[Path, str, str]]) -> tuple[Check, ...]:
    checks: dict[str, Check] = {}
    errors: list[Sdtm2adamError] = []
    for path, name, identity in files:
        with gathering(errors):
            for entry, where in entries_of(path, name):
                with gathering(errors):
                    _add(checks, check_of(entry, where), identity)
    if errors:
        raise SpecErrors(errors)
    return tuple(sorted(checks.values(), key=lambda check: check.id))


def _add(checks: dict[str, Check], check: Check, identity: str) -> None:
    if identity and check.id != identity:
        raise SpecError(
            f"the rule of folder {identity} is called {check.id}", where=check.source, mend="name both alike"
        )
    if check.id in checks:
        mend = (
            f"give it another id, or name its file as that of the first, {checks[check.id].source}, to stand in for it"
        )
        raise SpecError(f"the id {check.id} stands twice", where=check.source, mend=mend)
    checks[check.id] = check
