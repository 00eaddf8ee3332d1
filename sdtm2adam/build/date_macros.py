"""The DuckDB macros behind dt(), dtm(), their flags, and the order of partial dates.

A text stands for the days that it leaves open: one (`2014-02-03`), a month, a year, or the same day of each month of a
year (`2014---20`). A rule takes one of them: the first or last, or the middle. A bound counts where some of these days
keep it; where some keep each bound and none keeps both, `max` holds for the first and the middle, `min` for the last.
The time of the day is taken in the same way, on the day that was taken. Text that is no date leaves nothing open.
"""

DATE_MACROS = r"""
create macro s2a_on_calendar(x) as case when cast(try_cast(x as date) as varchar) = x then try_cast(x as date) end;
create macro s2a_date(x) as case
  when length(x) = 10 or (length(x) > 10 and regexp_full_match(substr(x, 11), '[T ][0-9:.,Z+-]*'))
  then s2a_on_calendar(left(x, 10)) end;
create macro s2a_day_of_year(x) as length(x) = 9 and substr(x, 5, 3) = '---';
create macro s2a_of_month(x, m) as s2a_on_calendar(left(x, 4) || '-' || m || '-' || right(x, 2));
create macro s2a_lo(x) as case
  when length(x) in (4, 7) then s2a_on_calendar(x || case length(x) when 4 then '-01-01' else '-01' end)
  when s2a_day_of_year(x) then s2a_of_month(x, '01') end;
create macro s2a_hi(x) as case
  when length(x) in (4, 7) then last_day(s2a_on_calendar(x || case length(x) when 4 then '-12-01' else '-01' end))
  when s2a_day_of_year(x) then s2a_of_month(x, '12') end;
create macro s2a_mid(x) as case
  when length(x) in (4, 7) then s2a_on_calendar(x || case length(x) when 4 then '-07-01' else '-15' end)
  when s2a_day_of_year(x) then s2a_of_month(x, '07') end;
create macro s2a_level(x) as case
  when x is null then 'Y' when s2a_date(x) is not null then '' when s2a_lo(x) is null then null
  when length(x) = 7 then 'D' else 'M' end;
create macro s2a_has_no_year(x) as regexp_full_match(x, '--([0-9]{2}(-[0-9]{2})?|---[0-9]{2})(T.*)?');
create macro s2a_same_days(x) as [d for d in [s2a_of_month(x, m)
  for m in ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']] if d is not null];
create macro s2a_kept(days, mn, mx) as [d for d in days if coalesce(d >= mn, true) and coalesce(d <= mx, true)];
create macro s2a_first(x, mn, mx) as case
  when not s2a_day_of_year(x) then least(greatest(s2a_lo(x), case when mn <= s2a_hi(x) then mn end),
    case when mx >= s2a_lo(x) then mx end)
  else [coalesce(list_min(s2a_kept(days, case when mn <= days[-1] then mn end, case when mx >= days[1] then mx end)),
    list_max(s2a_kept(days, null, mx))) for days in [s2a_same_days(x)]][1] end;
create macro s2a_last(x, mn, mx) as case
  when not s2a_day_of_year(x) then greatest(least(s2a_hi(x), case when mx >= s2a_lo(x) then mx end),
    case when mn <= s2a_hi(x) then mn end)
  else [coalesce(list_max(s2a_kept(days, case when mn <= days[-1] then mn end, case when mx >= days[1] then mx end)),
    list_min(s2a_kept(days, mn, null))) for days in [s2a_same_days(x)]][1] end;
create macro s2a_middle(x, mn, mx) as case
  when not s2a_day_of_year(x) then least(greatest(s2a_mid(x), case when mn <= s2a_hi(x) then mn end),
    case when mx >= s2a_lo(x) then mx end)
  when s2a_mid(x) < mn and mn <= s2a_hi(x) then s2a_first(x, mn, mx)
  when s2a_mid(x) > mx and mx >= s2a_lo(x) then list_max(s2a_kept(s2a_same_days(x), null, mx)) else s2a_mid(x) end;
create macro s2a_day(bound) as cast(date_trunc('day', bound) as date);
create macro s2a_moment(bound) as date_trunc('microsecond', bound);
create macro s2a_day_end(bound) as date_trunc('microsecond', bound)
  + case when typeof(bound) = 'DATE' then interval 86399999999 microsecond else interval 0 second end;
create macro s2a_clock(x) as case when length(x) > 10 then substr(x, 12) else '' end;
create macro s2a_clock_fits(x) as length(x) <= 10 or x is null or regexp_full_match(substr(x, 11),
  '[T ]([01][0-9]|2[0-3])(:[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?)?');
create macro s2a_at(x, d, pad) as case when s2a_clock_fits(x)
  then try_cast(d || ' ' || s2a_clock(x) || substr(pad, length(s2a_clock(x)) + 1) as timestamp) end;
create macro s2a_open(x, d) as s2a_at(x, d, '23:59:59.999999');
create macro s2a_first_time(x, t, mn, mx) as [least(greatest(lo, case
  when mn <= s2a_open(x, cast(lo as date)) then mn end), case when mx >= lo then mx end) for lo in [t]][1];
create macro s2a_last_time(x, d, mn, mx) as [greatest(least(s2a_at(x, day, '23:59:59'), case
  when mx >= s2a_at(x, day, '00:00:00') then mx end), case when mn <= s2a_open(x, day) then mn end) for day in [d]][1];
create macro s2a_time_level(x) as case when length(s2a_clock(x)) >= 8 then null
  when length(s2a_clock(x)) >= 5 then 'S' when length(s2a_clock(x)) >= 2 then 'M' else 'H' end;
create macro s2a_days_clash(x, d, mn, mx) as [coalesce(day < mn and (x is null or mn <= s2a_hi(x)), false)
  or coalesce(day > mx and (x is null or mx >= s2a_lo(x)), false) for day in [d]][1];
create macro s2a_moments_clash(x, t, mn, mx) as [
  coalesce(m < mn and (x is null or mn <= s2a_open(x, coalesce(s2a_date(x), s2a_hi(x)))), false)
  or coalesce(m > mx and (x is null or mx >= s2a_at(x, coalesce(s2a_date(x), s2a_lo(x)), '00:00:00')), false)
  for m in [t]][1];
create macro s2a_known_clock(x) as case when contains(x, '-:') then replace(x, '-:', '99:') else x end;
create macro s2a_low_dtc(x) as case
  when x < '0' or x >= ':' then '9999-99-99T99:99:99.999999999' || x
  when substr(x, 5, 3) = '---' then left(x, 4) || '-99-' || substr(x, 8) || substr('T99:99:99.999999999', length(x) - 8)
  else s2a_known_clock(x) || substr('9999-99-99T99:99:99.999999999', length(s2a_known_clock(x)) + 1) end;
"""
"""`x` is ISO 8601 text, `d` a day, `t` a moment, `mn` and `mx` bounds, `levels` those that may be imputed."""
