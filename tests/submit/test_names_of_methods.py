"""What the Analysis Results Standard calls the methods: every method that is documented has a name of its own."""

from sdtm2adam.analysis.methods import METHODS
from sdtm2adam.submit.ars_methods import METHOD_NAMES


def test_every_method_has_a_name_and_no_other_has():
    assert METHOD_NAMES.keys() == METHODS.keys()
    assert len(set(METHOD_NAMES.values())) == len(METHOD_NAMES)
