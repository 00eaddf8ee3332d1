// Dates as collected: `2014-03` is a month, from its first day to its last, and never a day.
const DAY = 86400000;
const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const dayNumber = (year, month, day) => Date.UTC(year, month - 1, day) / DAY;
const readDate = (text) => {
  const parts = /^(\d{4})(?:-(\d{2}|-)(?:-(\d{2}|-))?)?(?:T.*)?$/.exec(text.trim());
  if (!parts) return null;
  const year = Number(parts[1]);
  const month = parts[2] && parts[2] !== "-" ? Number(parts[2]) : 0;
  const day = month && parts[3] && parts[3] !== "-" ? Number(parts[3]) : 0;
  if (month > 12 || (parts[2] && parts[2] !== "-" && !month)) return null;
  if (!month) return { from: dayNumber(year, 1, 1), to: dayNumber(year, 12, 31), whole: false };
  if (!day) return { from: dayNumber(year, month, 1), to: dayNumber(year, month, daysIn(year, month)), whole: false };
  if (day > daysIn(year, month)) return null;
  return { from: dayNumber(year, month, day), to: dayNumber(year, month, day), whole: true };
};
const isoDay = (number) => new Date(number * DAY).toISOString().slice(0, 10);
const studyDay = (date, reference) => {
  if (!date?.whole || !reference?.whole) return "";
  return date.from - reference.from + (date.from >= reference.from ? 1 : 0);
};

// The days a picture shows: all dates, but for a few that lie more than two years from all others, as mistyped years do.
const FAR = 730;
const span = (days) => {
  const sorted = [...days].sort((a, b) => a - b);
  const few = Math.max(1, Math.floor(sorted.length * 0.05));
  let [first, last] = [0, sorted.length - 1];
  for (let cut = few; cut > 0; cut--) {
    if (last - cut > first && sorted[last - cut + 1] - sorted[last - cut] > FAR) { last -= cut; break; }
  }
  for (let cut = few; cut > 0; cut--) {
    if (first + cut < last && sorted[first + cut] - sorted[first + cut - 1] > FAR) { first += cut; break; }
  }
  return sorted.length ? [sorted[first], sorted[last]] : null;
};
const dayTicks = (from, to, most) => {
  const step = [1, 2, 7, 14].find((one) => (to - from) / one <= most) ?? 14;
  const ticks = [];
  for (let day = Math.ceil(from / step) * step; day <= to; day += step) ticks.push([day, isoDay(day)]);
  return ticks;
};
const ticksOf = (from, to, most) => (to - from < 80 ? dayTicks(from, to, most) : monthTicks(from, to, most));
const monthTicks = (from, to, most) => {
  const months = (to - from) / 30.4;
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months / one <= most) ?? 240;
  const start = new Date(from * DAY);
  const ticks = [];
  for (let at = start.getUTCFullYear() * 12 + start.getUTCMonth(); ; at++) {
    const day = dayNumber(Math.floor(at / 12), (at % 12) + 1, 1);
    if (day > to) break;
    if (at % step === 0 && day >= from) ticks.push([day, isoDay(day).slice(0, 7)]);
  }
  return ticks;
};
