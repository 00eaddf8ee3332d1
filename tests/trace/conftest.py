"""The study of the grammar's page, run once for all who only look at it."""

import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "build")]

from finished import finish, finish_report, page_study

from sdtm2adam.spec.library import read_specs
from sdtm2adam.trace.again import again
from sdtm2adam.trace.record_key import find_record
from sdtm2adam.trace.run_record import RunRecord
from sdtm2adam.trace.why import explain_record


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """The folder of the study, with its output."""
    return finish(page_study(tmp_path_factory.mktemp("page")))


@pytest.fixture(scope="session")
def starter(tmp_path_factory):
    """The folder of the starter study, with its datasets and outputs."""
    return finish_report(tmp_path_factory.mktemp("starter") / "study")


@pytest.fixture(scope="session")
def asked(page):
    """Asks the study of the page: `asked("AE 1001 1 AETOXGR")`."""
    with again(read_specs(page), RunRecord.read(page / "output")) as study:
        yield question(study)


def question(study):
    """What answers questions as the command line does, over one study that stays open."""

    def ask(words):
        dataset, *key, variable = words.split()
        return explain_record(study, dataset, find_record(dataset, study.stored(dataset), key), variable)

    ask.study = study
    return ask


@pytest.fixture
def study_of():
    """Finishes a drawn study and asks it: `study_of(trial)("AE 1001 1 AETERM")`."""
    with ExitStack() as stack:

        def ask_of(trial):
            folder = finish(trial)
            made = again(read_specs(folder), RunRecord.read(folder / "output"))
            return question(stack.enter_context(made))

        yield ask_of
