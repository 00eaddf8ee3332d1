"""Named settings: choices of a study that stand in study.yaml once, and as `$NAME` wherever a spec depends on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.yaml import Map, Seq, Text

NAMED = re.compile(r"\$([A-Z][A-Z0-9_]*)")
"""`$NAME` in a text of a spec: a column of foreach, or a setting."""
_FREE = ("format",)
"""Keys whose texts are no place for names: `$CHAR8.` is a format of SAS."""


def _checked(value: Any) -> Any:
    """A text, or a list of texts that holds something; none names a setting itself."""
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise PydanticCustomError("setting", "value: holds nothing", {"mend": "write a text, or a list of texts"})
    for text in texts:
        if isinstance(text, str) and (found := NAMED.search(text)):
            context = {"name": found.group(), "mend": "write its value out: settings are not made of each other"}
            raise PydanticCustomError("setting", "value: names the setting {name}", context)
    return value


class Setting(Closed):
    """One choice: what stands for `$NAME`, how sure it is, what it decides, and where it is from.

    `status`: V read in a public source, D arithmetic from such, M from memory, P a proposal of the study.
    """

    value: Annotated[Text | tuple[Text, ...], BeforeValidator(_checked)]
    status: Literal["V", "D", "M", "P"]
    text: Text
    source: Text | None = None

    @property
    def shown(self) -> str:
        """The value in one line."""
        return str(self.value) if isinstance(self.value, Text) else ", ".join(self.value)

    @property
    def in_text(self) -> str:
        """What stands for it inside a longer text: the value, of a list its texts in quotes, as after SQL's IN."""
        if isinstance(self.value, Text):
            return str(self.value)
        return ", ".join("'" + text.replace("'", "''") + "'" for text in self.value)

    def said(self, name: str) -> str:
        """The setting in a few words: `TEAE_DAYS = 42 [V]`."""
        return f"{name} = {self.shown} [{self.status}]"


def check_setting_names(names: Mapping[str, object]) -> None:
    """Refuses a name that `$NAME` cannot say.

    Raises:
        PydanticCustomError: with the way out.
    """
    for name in names:
        if not NAMED.fullmatch(f"${name}"):
            context = {"name": repr(name), "mend": "capital letters, digits and _, a letter first"}
            raise PydanticCustomError("setting", "settings: {name} is no name of a setting", context)


@dataclass
class Naming:
    """Puts settings in the place of their names, and remembers which were used."""

    settings: Mapping[str, Setting]
    used: set[str] = field(default_factory=set)

    def refuse_taken(self, row: Mapping[str, object], where: str) -> None:
        """A column of foreach may not be called as a setting is: nobody could tell which is meant.

        Raises:
            SpecError: it is.
        """
        for name in row:
            if name in self.settings:
                mend = "call the column otherwise, or the setting in study.yaml"
                raise SpecError(f"foreach: {name} is a setting of the study too", where=where, mend=mend)

    def with_row(self, tree: Any, row: Mapping[str, str | None]) -> Any:
        """The tree with each `$NAME` of a row of foreach replaced in every key and text; longer names first.

        A name may be followed by letters (`$N` in `CQ$NNAM`); what is the whole name of a setting stays.

        Raises:
            SpecError: a name that is neither.
        """
        columns = "|".join(re.escape(name) for name in sorted(row, key=len, reverse=True))
        kept = "".join(rf"{re.escape(name)}(?![A-Z0-9_])|" for name in self.settings)
        pattern = re.compile(rf"\$(?:({kept}(?!))|({columns}))")
        return _rewritten(tree, lambda text: self._with_columns(pattern, text, row), free=())

    def replaced(self, tree: Any) -> Any:
        """The tree with each setting in the place of its name: a list where its name stands alone.

        Raises:
            SpecError: a name that no setting has.
        """
        return _rewritten(tree, self._with_settings, free=_FREE)

    def _with_columns(self, pattern: re.Pattern[str], text: Text, row: Mapping[str, str | None]) -> Text:
        said = pattern.sub(lambda found: found.group() if found.group(1) else row[found.group(2)] or "", text)
        self._names_in(Text(said, text.where), row)
        return Text(said, text.where)

    def _names_in(self, text: Text, columns: Mapping[str, object] = {}) -> list[str]:
        """The settings that a text names; `columns` of foreach might have been meant by another name."""
        names = [found.group(1) for found in NAMED.finditer(text)]
        for name in names:
            if name not in self.settings:
                what = f"no {'column of foreach and no ' if columns else ''}setting of study.yaml is called ${name}"
                raise SpecError(what, where=text.where, mend=nearest(name, [*columns, *self.settings]))
        return names

    def _with_settings(self, text: Text) -> Any:
        names = self._names_in(text)
        if not names:
            return text
        self.used.update(names)
        said = tuple(self.settings[name].said(name) for name in dict.fromkeys(names))
        alone = self.settings[names[0]] if text == f"${names[0]}" else None
        if alone is not None and not isinstance(alone.value, Text):
            seq = Seq(text.where)
            seq.extend(Text(value, text.where, said) for value in alone.value)
            return seq
        return Text(NAMED.sub(lambda found: self.settings[found.group(1)].in_text, text), text.where, said)


def _rewritten(tree: Any, rewrite: Callable[[Text], Any], free: tuple[str, ...]) -> Any:
    """The tree with each key and text rewritten; a text that becomes a list inside a list is laid out in it."""
    if isinstance(tree, Text):
        return rewrite(tree)
    if isinstance(tree, Seq):
        seq = Seq(tree.where)
        for item in tree:
            made = _rewritten(item, rewrite, free)
            seq.extend(made if isinstance(item, Text) and isinstance(made, Seq) else [made])
        return seq
    if isinstance(tree, Map):
        result = Map(tree.where)
        for key, value in tree.items():
            where = tree.key_where[key]
            name = rewrite(Text(key, where))
            if not isinstance(name, Text) or name in result:
                what = f"the key {str(name)!r} stands twice" if isinstance(name, Text) else "a list is no key"
                raise SpecError(f"{what}, made of {key!r}", where=where, mend="write other names, or another setting")
            result[str(name)] = value if name in free else _rewritten(value, rewrite, free)
            result.key_where[str(name)] = where
        return result
    return tree
