"""Where a variable stands in its file: by the dataset's list, or where the model has it among those of the list."""

import pytest

from sdtm2adam.spec.standards import place_in_file

ROLES = {
    "EX": ["USUBJID", "EXLNKID", "EXTRT", "EXDOSE", "EXADJ", "VISITNUM", "VISIT", "EPOCH", "EXSTDTC"],
    "LB": ["LBSEQ", "LBSPID", "LBLNKID", "LBTESTCD", "LBORRES", "VISITNUM", "LBDTC"],
    "EG": ["EGTESTCD", "EGORRES", "EGEVAL", "EGACPTFL", "VISITNUM", "EGDTC"],
    "TS": ["TSSEQ", "TSPARMCD", "TSVAL", "TSVALNF"],
    "AE": ["AETERM", "AEDECOD", "AESTDTC", "AEXYZ"],
}


@pytest.mark.parametrize("dataset", ROLES)
def test_variables_outside_the_list_stand_where_the_model_has_them(dataset):
    expected = ROLES[dataset]
    turned = [*expected[3:], *expected[:3]]
    assert sorted(turned, key=lambda name: place_in_file(dataset, name)) == expected
