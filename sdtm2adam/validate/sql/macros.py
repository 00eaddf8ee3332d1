"""The functions that checks have beside those of SQL, as DuckDB macros over those of the engine.

Partial dates stand for all the moments they leave open: `low` is the first of them and `high` the last, so that
`low(START) > high(END)` is true only where the start is surely later. What is no date gives null.
"""

CHECK_MACROS = r"""
create macro date_of(x) as case when typeof(x) = 'VARCHAR' then s2a_date(cast(x as varchar))
  else try_cast(x as date) end;
create macro c_known(x) as regexp_extract(case when contains(x, 'T') then regexp_replace(x,
    '(Z|[+-][0-9]{2}:?[0-9]{2})$', '') else x end,
  '^([0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?)?)?)?)' ||
  '(T-:[0-9]{2}(:[0-9]{2})?|:-:[0-9]{2})?$',
  1);
create macro c_moment(t) as case when t >= '0001' and not contains(t, 'T24')
  then try_cast(replace(t, 'T', ' ') as timestamp) end;
create macro c_low(x, t) as case when t <> '' then c_moment(t || substr('0000-01-01T00:00:00', length(t) + 1))
  when regexp_full_match(x, '[0-9]{4}---[0-9]{2}') then try_cast(left(x, 4) || '-01-' || right(x, 2) as timestamp) end;
create macro c_high(x, t) as case length(t)
  when 7 then last_day(try_cast(t || '-01' as date)) + interval 86399999999 microsecond
  when 0 then case when regexp_full_match(x, '[0-9]{4}---[0-9]{2}')
    then try_cast(left(x, 4) || '-12-' || right(x, 2) || ' 23:59:59.999999' as timestamp) end
  else c_moment(t || substr('0000-12-31T23:59:59.999999', length(t) + 1)) end;
create macro low(x) as case when typeof(x) = 'VARCHAR' then c_low(cast(x as varchar), c_known(cast(x as varchar)))
  else try_cast(x as timestamp) end;
create macro high(x) as case when typeof(x) = 'VARCHAR' then c_high(cast(x as varchar), c_known(cast(x as varchar)))
  when typeof(x) = 'DATE' then try_cast(x as timestamp) + interval 86399999999 microsecond
  else try_cast(x as timestamp) end;
create macro is_dtc(x) as low(x) is not null or (length(x) <= 10 and s2a_has_no_year(x)
    and s2a_on_calendar('2000-' || case when length(x) = 4 then substr(x, 3) || '-01'
      when substr(x, 3, 3) = '---' then '01-' || right(x, 2) else substr(x, 3, 5) end) is not null)
  or regexp_full_match(x, '-----T([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9])?)?');
create macro is_duration(x) as regexp_full_match(x,
    'P([0-9]+([.,][0-9]+)?W|([0-9]+([.,][0-9]+)?Y)?([0-9]+([.,][0-9]+)?M)?([0-9]+([.,][0-9]+)?D)?' ||
    '(T([0-9]+([.,][0-9]+)?H)?([0-9]+([.,][0-9]+)?M)?([0-9]+([.,][0-9]+)?S)?)?)')
  and x <> 'P' and not ends_with(x, 'T');
create macro study_day(x, ref) as s2a_study_day(date_of(x), date_of(ref));
create macro days_between(x, y) as cast(date_of(y) - date_of(x) as integer);
create macro is_number(x) as s2a_is_number(x);
create macro number(x) as case when s2a_is_number(x) then try_cast(trim(cast(x as varchar)) as double) end;
create macro as_text(x) as s2a_key(x);
"""
