"""The settings of a study that decide a step, told beside it."""

from __future__ import annotations

from collections.abc import Iterable

from sdtm2adam.spec.settings import NAMED
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Again
from sdtm2adam.trace.story import Fact


def settings_put_into(again: Again, texts: Iterable[object]) -> list[Fact]:
    """The settings that were put into texts of specs: lists and limits that no line told here shows."""
    said = [words for text in texts if isinstance(text, Text) for words in text.settings]
    return _facts(again, (words.partition(" ")[0] for words in said))


def with_settings(again: Again, facts: Iterable[Fact]) -> list[Fact]:
    """The facts, and after them the settings that the lines of specs among them name."""
    told = list(facts)
    named = _facts(again, (name for fact in told for name in NAMED.findall(fact.text)))
    return list(dict.fromkeys([*told, *named]))


def _facts(again: Again, names: Iterable[str]) -> list[Fact]:
    settings = again.specs.study.settings
    known = [name for name in dict.fromkeys(names) if name in settings]
    return [
        Fact("setting", f"{settings[name].said(name)}: {settings[name].text} ({settings[name].text.where})")
        for name in known
    ]
