"""What a branch of `case` that is not taken could not have read is not told; what a taken one could not, is."""

import pytest
from harness import told, trial

XX = "USUBJID N:float T Z:float\n1 1 5 2\n1 2 5x 0\n1 3 <5 0\n1 4 . 4"


@pytest.mark.parametrize(
    ("said", "values", "lost"),
    [
        ("case when regexp_full_match(T, '[0-9]+') then cast(T as integer) end", "5 . . .", []),
        ("case when T like '5%' then cast(T as integer) end", "5 . . .", [("cast-lost", "5x", 1)]),
        ("case when T like '<%' then 0 else cast(T as integer) end", "5 . 0 .", [("cast-lost", "5x", 1)]),
        ("case when T like '<%' then 0 when T = '5x' then 1 else cast(T as integer) end", "5 1 0 .", []),
        ("case when cast(T as integer) = 5 then 1 end", "1 . . .", [("cast-lost", "5x", 1), ("cast-lost", "<5", 1)]),
        ("case T when '5x' then 1 when '<5' then 2 else cast(T as integer) end", "5 1 2 .", []),
        ("case when N < 3 then case when N = 2 then 9 else cast(T as integer) end end", "5 9 . .", []),
        ("case when N > 1 then case when N = 4 then 9 else cast(T as integer) end end", ". . . 9",
         [("cast-lost", "5x", 1), ("cast-lost", "<5", 1)]),
        ("cast(case when N = 1 then T end as integer)", "5 . . .", []),
        ("cast(regexp_extract(T, '^[0-9]+$') as integer)", "5 . . .", []),
        ("cast(trim(T) as integer)", "5 . . .", [("cast-lost", "5x", 1), ("cast-lost", "<5", 1)]),
        ("case when Z > 0 then N / Z end", "0.5 . . 1", []),
        ("case when N < 3 then N / Z end", "0.5 . . .", [("division-by-zero", "2.0", 1)]),
    ],
)  # fmt: skip
def test_only_rows_that_reach_an_expression_can_lose_in_it(tmp_path, said, values, lost):
    spec = f'dataset: ADX\nkeys: [N]\nrecords:\n  - {{from: XX, copy: [N, T, Z]}}\nvariables:\n  V: {{sql: "{said}"}}\n'
    built = trial(tmp_path, spec, sdtm={"XX": XX}).build()
    made = [str(row["V"]).removesuffix(".0") for row in built.datasets["ADX"].frame.to_pylist()]
    assert " ".join(made).replace("None", ".") == values
    assert sorted(told(built, "rule", "value", "records")) == lost
