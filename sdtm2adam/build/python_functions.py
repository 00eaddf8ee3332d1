"""Functions of the verb `python`: only of installed packages that study.yaml names, never of the study's own files."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import site
import sys
import sysconfig
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from types import ModuleType
from typing import Any

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.yaml import Text

Function = Callable[..., Any]
_CALL = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)


def installed_folders() -> list[Path]:
    """The folders into which packages are installed."""
    paths = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()]
    return [Path(path).resolve() for path in dict.fromkeys([*paths, site.getusersitepackages()])]


def find_function(call: Text, packages: Iterable[str]) -> Function:
    """The function that `package.module:function` means.

    Args:
        call: as written in the spec.
        packages: those that study.yaml names.

    Raises:
        SpecError: the package is not named or not installed, or it has no such function of its own.
    """
    if not _CALL.fullmatch(call):
        raise SpecError(f"{str(call)!r} names no function", where=call.where, mend="write package.module:function")
    module_name, _, name = str(call).partition(":")
    package = module_name.split(".")[0]
    _check_package(call, package, list(packages))
    module = _imported(call, module_name)
    function = getattr(module, name, None)
    if function is None or not callable(function) or inspect.isclass(function):
        functions = [n for n, f in vars(module).items() if callable(f) and not inspect.isclass(f) and n[0] != "_"]
        raise SpecError(f"{module_name} has no function {name}", where=call.where, mend=nearest(name, functions))
    home = str(getattr(function, "__module__", "")).split(".")[0]
    if home != package:
        said = f"{call} is a function of {home or 'no module'}, which {package} only passes on"
        raise SpecError(said, where=call.where, mend=f"write a function of your own in {package} that calls it")
    return function  # type: ignore[no-any-return]


def _check_package(call: Text, package: str, packages: list[str]) -> None:
    if package not in packages:
        mend = f"if it may compute here, name it in study.yaml: packages: [{', '.join([*packages, package])}]"
        raise SpecError(f"the package {package} is not one that study.yaml names", where=call.where, mend=mend)
    if package in sys.stdlib_module_names or package == "sdtm2adam":
        owner = "sdtm2adam" if package == "sdtm2adam" else "Python itself"
        mend = "write a function in a package of your own, install it, and name that"
        raise SpecError(f"{package} is part of {owner}: specs cannot call it", where=call.where, mend=mend)
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        found = None
    if found is None:
        mend = "install it where sdtm2adam is installed"
        raise SpecError(f"the package {package} is not installed", where=call.where, mend=mend)
    places = [*(found.submodule_search_locations or []), *([found.origin] if found.origin else [])]
    _refuse_uninstalled(call, package, places)


def _refuse_uninstalled(call: Text, package: str, places: list[str]) -> None:
    folders = installed_folders()
    outside = [place for place in places if not any(Path(place).resolve().is_relative_to(one) for one in folders)]
    if outside or not places:
        said = f"{package} is not installed: its files lie in {Path(outside[0]).parent if outside else 'no folder'}"
        mend = "install it (not as editable): files beside a study, or in the folder of work, are never run"
        raise SpecError(said, where=call.where, mend=mend)


def _imported(call: Text, name: str) -> ModuleType:
    try:
        module = importlib.import_module(name)
    except Exception as error:
        said = f"{name} cannot be imported: {type(error).__name__}: {error}"
        raise SpecError(said, where=call.where, mend="correct the name, or the package") from error
    if module.__spec__ is None or not module.__spec__.origin:
        raise SpecError(f"{name} has no file", where=call.where, mend="name a module of Python code")
    _refuse_uninstalled(call, name, [module.__spec__.origin])
    return module


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """The versions of the packages of a study, by the names they are imported by; those that tell none are left out."""
    found = {package: _version(package) for package in sorted(packages)}
    return {package: said for package, said in found.items() if said}


@cache
def _version(package: str) -> str:
    """Asked once: all that is installed has to be looked through."""
    known = packages_distributions().get(package)
    return version(known[0]) if known else ""
