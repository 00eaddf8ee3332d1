"""The DuckDB macros behind the functions of row expressions: study days, quantiles, texts and numbers."""

MACROS = r"""
create macro s2a_study_day(d, ref) as case
  when cast(d as date) >= cast(ref as date) then cast(cast(d as date) - cast(ref as date) + 1 as integer)
  else cast(cast(d as date) - cast(ref as date) as integer) end;
create macro s2a_days(a, b) as cast(cast(b as date) - cast(a as date) + 1 as integer);
create macro s2a_months(a, b) as (cast(b as date) - cast(a as date) + 1) / 30.4375;
create macro s2a_years(a, b) as (cast(b as date) - cast(a as date) + 1) / 365.25;
create macro s2a_pctl5(l, p) as case when len(l) = 0 then null
  when round(len(l) * p, 9) = floor(round(len(l) * p, 9))
    then case when len(l) * p < 0.5 then l[1] when round(len(l) * p) >= len(l) then l[len(l)]
         else (l[cast(round(len(l) * p) as integer)] + l[cast(round(len(l) * p) as integer) + 1]) / 2 end
  else l[cast(floor(round(len(l) * p, 9)) as integer) + 1] end;
create macro s2a_key(x) as case
  when typeof(x) in ('DOUBLE', 'FLOAT') and try_cast(x as double) = floor(try_cast(x as double))
  then cast(try_cast(x as bigint) as varchar) else cast(x as varchar) end;
create macro s2a_text(x) as case when typeof(x) = 'VARCHAR' and cast(x as varchar) = '' then null else x end;
create macro s2a_is_number(x) as typeof(x) <> 'VARCHAR' and not coalesce(isinf(try_cast(x as double)), false)
    and not coalesce(isnan(try_cast(x as double)), false)
  or regexp_full_match(trim(cast(x as varchar)), '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?');
create macro s2a_is_whole(x) as s2a_is_number(x) and try_cast(x as double) = floor(try_cast(x as double));
create macro s2a_is_date(x) as typeof(x) <> 'VARCHAR'
  or regexp_full_match(cast(x as varchar), '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]*)?');
"""
