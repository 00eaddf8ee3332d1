"""sdtm2adam criteria: what a person sees of the sets of disease response."""

from click.testing import CliRunner

from sdtm2adam.cli import commands


def said(*words):
    return CliRunner().invoke(commands, ["criteria", *words])


def test_the_sets_are_listed():
    result = said()
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == ["ELN-AML", "INO-VATE", "NCCN-ALL", "iwCLL"]


def test_a_set_is_printed_with_status_and_source_of_each_threshold():
    lines = said("INO-VATE").output.splitlines()
    platelets = next(line for line in lines if "platelets recovered" in line)
    assert platelets.split()[-3:] == ["10^9/L", "V", "PFPRO"]
    assert next(line for line in lines if "marrow up by 25 %" in line).split()[-1] == "M"
    assert any(line.startswith("PFPRO: BESPONSA") for line in lines)


def test_a_set_that_is_not_there_is_told_with_the_nearest():
    result = said("NCCN")
    assert result.exit_code != 0
    assert "no criteria set 'NCCN'" in str(result.exception)
