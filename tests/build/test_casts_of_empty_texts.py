"""A cast tells what it lost; an empty text, as that of a pattern which is not met, is missing and no loss."""

from harness import is_drawn, told, trial


def test_a_cast_of_an_empty_text_loses_nothing(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: XX, copy: [N, TXT]}
variables:
  X: cast(regexp_extract(TXT, '^[0-9]+$') as double)
  Y: cast(TXT as double)
""", sdtm={"XX": "USUBJID N:float TXT\n1 1 1,06\n1 2 7\n1 3 ."}).build()  # fmt: skip
    is_drawn(built.datasets["ADX"], "N TXT X Y\n1 1,06 . .\n2 7 7 7\n3 . . .")
    assert told(built, "rule", "variable", "value", "records") == [("cast-lost", "Y", "1,06", 1)]
