"""The DuckDB macros behind the functions of row expressions: dates, study days, quantiles."""

MACROS = r"""
create macro s2a_lo(x) as case
  when length(x) >= 10 then try_cast(left(x, 10) as date)
  when length(x) = 7 then try_cast(x || '-01' as date)
  when length(x) = 4 then try_cast(x || '-01-01' as date)
  when length(x) = 9 and substr(x, 5, 3) = '---' then try_cast(left(x, 4) || '-01-' || right(x, 2) as date) end;
create macro s2a_hi(x) as case
  when length(x) >= 10 then try_cast(left(x, 10) as date)
  when length(x) = 7 then last_day(try_cast(x || '-01' as date))
  when length(x) = 4 then try_cast(x || '-12-31' as date)
  when length(x) = 9 and substr(x, 5, 3) = '---' then try_cast(left(x, 4) || '-12-' || right(x, 2) as date) end;
create macro s2a_level(x) as case
  when length(x) >= 10 then '' when length(x) = 7 then 'D' when length(x) = 4 then 'M'
  when length(x) = 9 and substr(x, 5, 3) = '---' then 'M' else 'Y' end;
create macro s2a_date(x) as case when length(x) >= 10 then try_cast(left(x, 10) as date) end;
create macro s2a_bounded_first(lo, hi, mn, mx) as
  least(greatest(lo, case when mn <= hi then mn end), case when mx >= lo and mx <= hi then mx end);
create macro s2a_bounded_last(lo, hi, mn, mx) as
  greatest(least(hi, case when mx >= lo then mx end), case when mn >= lo and mn <= hi then mn end);
create macro s2a_dt_first(x, levels, mn, mx) as case
  when s2a_level(x) = '' then s2a_date(x)
  when s2a_level(x) = 'Y' then case when contains(levels, 'Y') then mn end
  when contains(levels, s2a_level(x)) then s2a_bounded_first(s2a_lo(x), s2a_hi(x), mn, mx) end;
create macro s2a_dt_last(x, levels, mn, mx) as case
  when s2a_level(x) = '' then s2a_date(x)
  when s2a_level(x) = 'Y' then case when contains(levels, 'Y') then mx end
  when contains(levels, s2a_level(x)) then s2a_bounded_last(s2a_lo(x), s2a_hi(x), mn, mx) end;
create macro s2a_clock(x, pad) as substr(x, 12, 8) || substr(pad, length(substr(x, 12, 8)) + 1);
create macro s2a_lo_time(x, d) as try_cast(d || ' ' || s2a_clock(x, '00:00:00') as timestamp);
create macro s2a_hi_time(x, d) as try_cast(d || ' ' || s2a_clock(x, '23:59:59') as timestamp);
create macro s2a_dtm(x, d, clock, mn, mx) as case clock
  when 'first' then s2a_bounded_first(s2a_lo_time(x, d), s2a_hi_time(x, coalesce(s2a_hi(x), d)), mn, mx)
  else s2a_bounded_last(s2a_lo_time(x, coalesce(s2a_lo(x), d)), s2a_hi_time(x, d), mn, mx) end;
create macro s2a_day_end(x) as case when typeof(x) = 'DATE'
  then cast(x as timestamp) + interval 86399 second else cast(x as timestamp) end;
create macro s2a_time_level(x) as case
  when length(x) >= 19 then null when length(x) >= 16 then 'S' when length(x) >= 13 then 'M' else 'H' end;
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
create macro s2a_low_dtc(x) as case when substr(x, 5, 3) = '---' then left(x, 4) || '-99-99T99:99:99'
  else x || substr('9999-99-99T99:99:99', length(x) + 1) end;
"""
