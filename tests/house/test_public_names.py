"""Every module can be imported, says what it is for, and offers something; public names are there and documented."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import sdtm2adam

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(sdtm2adam.__path__, "sdtm2adam.")
    if not module.name.endswith("__main__")
)
ROOMS = sorted(module.name for module in pkgutil.iter_modules(sdtm2adam.__path__, "sdtm2adam.") if module.ispkg)


def public(module: ModuleType) -> dict[str, object]:
    """What a module defines itself under a public name."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and getattr(thing, "__module__", module.__name__) == module.__name__
        and not inspect.ismodule(thing)
    }


def modules_of(room: str) -> list[ModuleType]:
    return [importlib.import_module(name) for name in MODULES if name == room or name.startswith(f"{room}.")]


@pytest.mark.parametrize("name", MODULES)
def test_module_says_what_it_is_for(name: str) -> None:
    said = importlib.import_module(name).__doc__
    assert said
    assert said.strip(), f"{name} needs a docstring"


@pytest.mark.parametrize("name", MODULES)
def test_what_all_lists_is_there_and_sorted(name: str) -> None:
    module = importlib.import_module(name)
    listed = list(getattr(module, "__all__", ()))
    assert all(hasattr(module, each) for each in listed)
    assert listed == sorted(listed, key=lambda each: (not each.isupper(), not each[0].isupper(), each))


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_and_classes_are_documented(name: str) -> None:
    bare = [
        each
        for each, thing in public(importlib.import_module(name)).items()
        if (inspect.isfunction(thing) or inspect.isclass(thing)) and not (thing.__doc__ or "").strip()
    ]
    assert not bare


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_exports_nothing(room: str) -> None:
    assert any(getattr(module, "__all__", ()) or public(module) for module in modules_of(room))


def test_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert sdtm2adam.__version__ == version("sdtm2adam")
