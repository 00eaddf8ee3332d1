"""What README.md says is so: links lead somewhere, commands and options exist, the example is a spec."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from sdtm2adam import errors
from sdtm2adam.cli import commands
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.dataset import DatasetSpec
from sdtm2adam.spec.yaml import loads

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "DEPENDENCIES.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")


def links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                yield page, target.split("#")[0]


@pytest.mark.parametrize(("page", "target"), list(links()), ids=lambda value: Path(value).name)
def test_every_link_leads_to_a_file(page: Path, target: str) -> None:
    assert (page.parent / target).exists()


def leaves(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """The commands by all their words: `lint`, `raw init`."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        one = {f"{before}{name}": command}
        found |= leaves(command, f"{before}{name} ") if isinstance(command, click.Group) else one
    return found


COMMANDS = leaves(commands)


def test_the_commands_of_the_table_are_the_commands_there_are() -> None:
    said = {
        name
        for line in README.splitlines()
        if line.startswith("| `sdtm2adam ")
        for name in [re.match(r"\| `sdtm2adam ([a-z]+(?: [a-z]+)*)", line).group(1)]
    }
    assert said == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_in_the_table_and_every_option_of_the_table_is_there(name: str) -> None:
    lines = [line for line in README.splitlines() if re.match(rf"\| `sdtm2adam {name}\b", line)]
    said = set(re.findall(r"--[a-z][a-z-]*", " ".join(lines)))
    options = [each for each in COMMANDS[name].params if isinstance(each, click.Option)]
    assert lines
    assert {option.opts[0] for option in options} >= said
    assert said >= {option.opts[0] for option in options if not is_fixed(option)}


def parameters(command: click.Command) -> list[click.Parameter]:
    """What a command takes; of a group, what its commands take."""
    if isinstance(command, click.Group):
        return [parameter for each in command.commands.values() for parameter in parameters(each)]
    return command.params


def is_fixed(option: click.Option) -> bool:
    """Whether there is only one thing to say, so that the table need not name the option yet."""
    return isinstance(option.type, click.Choice) and len(option.type.choices) == 1


def test_exit_codes_are_those_of_the_errors() -> None:
    said = {int(code) for code in re.findall(r"^\| (\d) \|", README, flags=re.MULTILINE)}
    tree = {error.exit_code for error in (errors.UsageError, errors.SpecError, errors.InputError, errors.InternalError)}
    assert said == {0, 1} | tree


def test_the_example_is_a_spec() -> None:
    found = re.search(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert found
    assert read(DatasetSpec, loads(found[1], "README.md"), "ADTTE", "README.md").dataset == "ADTTE"


def test_the_picture_of_an_output_comes_before_the_first_heading() -> None:
    assert re.search(r"^!\[[^\]]+\]\(docs/[^)]+\.png\)", README.split("\n## ")[0], flags=re.MULTILINE)


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    named = re.findall(r"`((?:[\w.]+/)+[\w.]+\.(?:py|toml|md|yaml))`", page.read_text(encoding="utf-8"))
    own = {"raw/FORM.yaml", "sdtm/NAME.yaml", "adam/NAME.yaml", "criteria/NAME.yaml"}
    missing = [name for name in named if not ((ROOT / name).exists() or (ROOT / "sdtm2adam" / name).exists())]
    assert set(missing) <= own
