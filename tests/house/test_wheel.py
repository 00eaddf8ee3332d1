"""What is delivered: the sdist and the wheels hold all that a user needs, and the installed wheel works."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from sdtm2adam.resources import shelf

ROOT = Path(__file__).parents[2]
SHELVES = ("specs", "templates", "validation")
VERSION = "0.1.0"
LOOK = f"""
import json, sdtm2adam.resources as resources
tops = [resources.shelf(name) for name in {SHELVES!r}]
files = [path.relative_to(top.parent).as_posix() for top in tops for path in top.rglob("*") if path.is_file()]
print(json.dumps({{"package": resources.__file__, "files": files}}))
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    words = list(map(str, command))
    done = subprocess.run(
        words, cwd=cwd, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def on_shelves() -> set[str]:
    """Every file on the shelves of this checkout, as `specs/...`."""
    return {
        f"{name}/{path.relative_to(shelf(name)).as_posix()}"
        for name in SHELVES
        for path in shelf(name).rglob("*")
        if path.is_file()
    }


def modules_here() -> set[str]:
    package = ROOT / "sdtm2adam"
    return {
        path.relative_to(ROOT).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sdist, the wheel made from the checkout, and the wheel made from the sdist."""
    top = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--no-isolation"]
    run(*build, "--sdist", "--wheel", "--outdir", top / "checkout", ROOT, cwd=top)
    sdist = next((top / "checkout").glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        # Python before 3.11.4 has no filters; the archive is our own
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(top / "unpacked", **safely)
    unpacked = next((top / "unpacked").iterdir())
    run(*build, "--wheel", "--outdir", top / "sdist", unpacked, cwd=top)
    wheels = {name: next((top / name).glob("*.whl")) for name in ("checkout", "sdist")}
    return {"sdist": sdist, "unpacked": unpacked, "wheel": wheels["checkout"], "wheel of sdist": wheels["sdist"]}


@pytest.fixture(scope="module")
def installed(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a fresh environment that holds the wheel made from the sdist and nothing else of this checkout."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    commands = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", commands / "python"]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", built["wheel of sdist"], cwd=home)
    site = run(commands / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip()
    # the libraries come from the environment of the tests; a path in a .pth file does not bring its editable installs
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(site) / "libraries.pth").write_text("\n".join(sorted(libraries)), encoding="utf-8")
    return commands


def test_wheels_of_checkout_and_sdist_hold_the_same_bytes(built: dict[str, Path]) -> None:
    held = []
    for name in ("wheel", "wheel of sdist"):
        with zipfile.ZipFile(built[name]) as archive:
            held.append({entry.filename: archive.read(entry) for entry in archive.infolist()})
    assert held[0] == held[1]


def test_sdist_holds_every_file_of_package_and_shelves(built: dict[str, Path]) -> None:
    unpacked = built["unpacked"]
    inside = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    assert on_shelves() | modules_here() <= inside
    for name in (
        "Makefile",
        "constraints.txt",
        ".ci/run",
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "tests/house/test_wheel.py",
    ):
        assert name in inside


def test_wheel_holds_every_file_of_package_and_shelves_and_no_other(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built["wheel"]) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert inside == modules_here() | {f"sdtm2adam/bundled/{name}" for name in on_shelves()}


def test_installed_wheel_finds_every_file_of_the_shelves(installed: Path) -> None:
    seen = json.loads(run(installed / "python", "-c", LOOK, cwd=installed))
    assert Path(seen["package"]).is_relative_to(installed.parent)
    assert set(seen["files"]) == on_shelves()


def test_unpacked_sdist_finds_every_file_of_the_shelves(built: dict[str, Path]) -> None:
    unpacked = built["unpacked"]
    seen = json.loads(run(sys.executable, "-c", LOOK, cwd=unpacked, PYTHONPATH=str(unpacked)))
    assert Path(seen["package"]).is_relative_to(unpacked)
    assert set(seen["files"]) == on_shelves()


def test_installed_command_tells_its_version(installed: Path) -> None:
    assert VERSION in run(installed / "sdtm2adam", "--version", cwd=installed)


def test_installed_command_lints_the_bundled_study(installed: Path) -> None:
    where = "from sdtm2adam.resources import shelf; print(shelf('specs') / 'inovate')"
    study = run(installed / "python", "-c", where, cwd=installed).strip()
    assert Path(study).is_relative_to(installed.parent)
    assert "no errors in" in run(installed / "sdtm2adam", "lint", study, cwd=installed)


def test_version_is_said_once_and_everywhere_the_same(built: dict[str, Path]) -> None:
    from sdtm2adam import __version__

    assert __version__ == VERSION
    assert f"## [{VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert built["wheel"].name.startswith(f"sdtm2adam-{VERSION}-")
