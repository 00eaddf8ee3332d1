// The timeline of a subject: a picture of what the table below it says.
const LANES = ["Dose", "Response", "Transplant", "Disposition", "Death", "Adverse event"];
const ROW = 17, LAB = 54;
const pen = document.createElement("canvas").getContext("2d");
const widthOf = (text, size) => { pen.font = `${size}px system-ui, "Liberation Sans", sans-serif`; return pen.measureText(text).width; };
const cutText = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);
const cutTo = (text, room, size) => {
  let shown = text;
  while (shown.length > 1 && widthOf(shown, size) > room) shown = `${shown.replace(/\u2026$/, "").slice(0, -1)}\u2026`;
  return shown;
};

const timeline = (subject, events, results, findings, reference) => {
  const marks = findings.map((finding) => ({ finding, text: dateOfFinding(finding) })).map((one) => ({ ...one, date: readDate(one.text) }));
  const dates = [...events.flatMap((one) => [one.from, one.till]), ...results.map((one) => one.on), ...marks.map((one) => one.date), reference].filter(Boolean);
  const days = span(dates.map((date) => (date.whole ? date.from : (date.from + date.to) / 2)));
  if (!days) return h("p", {}, "No dated record of what a profile shows.");
  const noEvent = events.filter((one) => !one.from).length, noResult = results.filter((one) => !one.on).length, noFinding = marks.filter((one) => !one.date).length;
  const undated = noEvent + noResult + noFinding;
  const picture = new Picture(days, Math.max(620, document.getElementById("main").clientWidth - (innerWidth > 760 ? 92 : 52)));
  const outside = dates.filter((date) => date.to < days[0] || date.from > days[1]).length;
  picture.findings(marks.filter((one) => one.date));
  for (const kind of LANES.slice(0, 1)) picture.lane(kind, events);
  picture.laboratory(results);
  for (const kind of LANES.slice(1)) picture.lane(kind, events);
  const kinds = LANES.map((kind) => [kind, events.filter((one) => one.kind === kind).length]).filter(([, number]) => number).map(([kind, number]) => `${kind}: ${number}`);
  const said = `From ${isoDay(days[0])} to ${isoDay(days[1])}. ${[...kinds, results.length ? `Laboratory results: ${results.length}` : "", `Findings: ${findings.length}`].filter(Boolean).join("; ")}. The table below says the same.`;
  const death = events.find((one) => one.kind === "Death" && one.from?.whole && one.dataset !== "DD") ?? events.find((one) => one.kind === "Death" && one.from?.whole);
  return h("div", {},
    scrolled(`Timeline of ${subject.id}`, picture.drawn(subject, said, reference, death?.from)),
    h("p", { class: "hint" },
      "Bars run from start to end as collected. A hatched bar is a date of which only the month or year is known: from the first day to the last that it may be. An arrow: ongoing; a question mark: no end is given. Adverse events have their grade or severity in brackets; S is serious. Laboratory: \u25B2 above, \u25BC below, \u25CF within the normal range (grey band where it is the same throughout)."),
    outside ? h("p", { class: "hint" }, h("strong", {}, `${count(outside, "date")} outside the picture, `), "more than two years from all others; they stand at its edge with \u25C0 or \u25B6, and in the table.") : null,
    undated ? h("p", { class: "hint" }, `Without a readable date, and so in the lists only: ${[noEvent && count(noEvent, "event"), noResult && count(noResult, "result"), noFinding && count(noFinding, "finding")].filter(Boolean).join(", ")}.`) : null);
};

class Picture {
  constructor([from, to], width) {
    const room = Math.max(7, (to - from) * 0.04);
    this.width = width;
    this.left = Math.min(250, Math.round(width * 0.24));
    this.right = width - 70;
    this.from = from - room;
    this.to = to + room;
    this.y = 26;
    this.parts = [];
  }
  x(day) { return this.left + ((Math.min(this.to, Math.max(this.from, day)) - this.from) * (this.right - this.left)) / (this.to - this.from); }
  outside(day) { return day < this.from ? "\u25C0" : day > this.to ? "\u25B6" : ""; }
  label(text, y, full) {
    this.parts.push(s("text", { x: this.left - 8, y, "text-anchor": "end", class: "what" }, cutTo(text, this.left - 14, 12), s("title", {}, full ?? text)));
  }
  head(text) {
    this.y += 20;
    this.parts.push(s("text", { x: 4, y: this.y, class: "head" }, text), s("line", { x1: 4, x2: this.width - 4, y1: this.y + 5, y2: this.y + 5, class: "grid" }));
    this.y += 6;
  }
  findings(marks) {
    if (!marks.length) return;
    this.head("Findings");
    const y = this.y + 15;
    const middle = ({ date }) => (date.from + date.to) / 2;
    const groups = [];
    for (const mark of [...marks].sort((a, b) => middle(a) - middle(b))) {
      const x = this.x(middle(mark));
      const last = groups[groups.length - 1];
      if (last && x - last.x < 22) last.marks.push(mark);
      else groups.push({ x, marks: [mark] });
    }
    for (const group of groups) this.parts.push(this.mark(group, y, this.outside(middle(group.marks[0]))));
    this.label(`${shownNumber(marks.length)} dated`, y);
    this.y += 22;
  }
  mark({ x, marks }, y, edge) {
    const { finding, text } = marks[0];
    const severity = SEVERITIES.find((one) => marks.some((mark) => mark.finding.severity === one));
    const alone = marks.length === 1;
    const told = alone ? `${capital(severity)}, ${text}: ${finding.text}` : `${count(marks.length, "finding")}, ${text} to ${marks[marks.length - 1].text}, the worst of them ${severity}`;
    const href = alone ? to("finding", finding.id) : to("findings", "", { state: route.filter.state, subject: finding.subject });
    return s("a", { href, class: `sign ${severity}`, "aria-label": told },
      s("circle", { cx: x, cy: y - 4, r: 10, class: "reach" }), s("text", { x, y, "text-anchor": "middle" }, `${edge || SIGNS[severity]}${alone ? "" : marks.length}`), s("title", {}, told));
  }
  lane(kind, events) {
    const some = events.filter((one) => one.kind === kind && one.from);
    if (!some.length) return;
    this.head(`${kind}s`.replace("Dispositions", "Disposition").replace("Deaths", "Death"));
    const rows = new Map();
    for (const one of some) {
      const key = kind === "Adverse event" ? `${one.what}\n${one.key}` : kind === "Response" ? one.what : ["Disposition", "Death"].includes(kind) ? kind : one.what;
      if (!rows.has(key)) rows.set(key, []);
      rows.get(key).push(one);
    }
    const order = [...rows.values()].sort((a, b) => a[0].from.from - b[0].from.from);
    for (const list of order) this.row(kind, list);
  }
  row(kind, list) {
    const y = this.y + 13;
    const one = list[0];
    const alone = kind === "Adverse event";
    this.label(alone && one.grade ? `${one.what} (${one.grade})` : ["Disposition", "Death"].includes(kind) ? kind : one.what, y, [one.what, one.detail].filter(Boolean).join(": "));
    this.parts.push(s("line", { x1: this.left, x2: this.right, y1: y - 4, y2: y - 4, class: "thread" }));
    const free = [-Infinity, -Infinity, -Infinity];
    list.forEach((event, at) => {
      this.parts.push(this.bar(event, y, kind));
      const text = this.said(event, kind);
      if (!text) return;
      const [start, wide] = [this.x(event.from.to) + 7, widthOf(text, 11)];
      const back = start + wide > this.width;
      const from = back ? this.x(event.from.from) - 7 - wide : start;
      const clear = (other) => this.x(other.from.from) > from + wide + 6 || this.x(other.from.to) < from - 6;
      const level = [0, 1, 2].find((one) => from > free[one] && (one > 0 || list.every((other, i) => i === at || clear(other))));
      if (level === undefined) return;
      this.parts.push(s("text", { x: from, y: y + level * 12, class: "said" }, text));
      free[level] = from + wide + 8;
    });
    this.y += ROW + 12 * [2, 1, 0].find((one) => one === 0 || free[one] > -Infinity);
  }
  said(event, kind) {
    if (kind === "Response") return cutText(event.detail, 24);
    if (kind === "Disposition") return cutText(event.what, 30);
    if (kind === "Death") return cutText([event.what, event.detail].filter(Boolean).join(": "), 44);
    return kind === "Transplant" ? cutText(event.detail || event.what, 24) : "";
  }
  bar(event, y, kind) {
    const { from, till } = event;
    const [start, end] = [this.x(from.from), this.x(till ? till.to : from.to)];
    const title = s("title", {}, `${event.start}${event.ongoing ? ", ongoing" : event.end ? ` to ${event.end}` : ""}: ${[event.what, event.detail, event.grade && `grade ${event.grade}`, event.serious].filter(Boolean).join(", ")}`);
    const shape = kind.toLowerCase().replace(" ", "-");
    const partial = !from.whole || (till && !till.whole);
    const edge = this.outside(from.from) || (till ? this.outside(till.to) : "");
    const wrong = till && till.to < from.from;
    const grade = /^[1-5]$/.test(event.grade) ? ` grade-${event.grade}` : "";
    const body = kind === "Adverse event" || kind === "Dose" || partial
      ? s("rect", { x: Math.min(start, end), y: y - 9, width: Math.max(4, Math.abs(end - start)), height: 9, rx: 2, class: `bar-${shape}${grade}${partial ? " partial" : ""}${wrong ? " wrong" : ""}` })
      : s("path", { d: `M${start} ${y - 10}l5 5.5l-5 5.5l-5 -5.5z`, class: `bar-${shape}` });
    const after = Math.max(start, end) + 4;
    const tail = event.ongoing
      ? [s("line", { x1: end, x2: this.right, y1: y - 4.5, y2: y - 4.5, class: "on" }), s("path", { d: `M${this.right} ${y - 9}l7 4.5l-7 4.5z`, class: "arrow" })]
      : kind === "Adverse event" && !event.end ? [s("text", { x: after, y: y - 1, class: "said" }, "?")] : [];
    const sign = [edge && s("text", { x: this.outside(from.from) === "\u25C0" ? start - 12 : after, y, class: "said" }, edge), event.serious && s("text", { x: Math.min(start, end) - 4, y: y - 1, class: "serious", "text-anchor": "end" }, "S"), wrong && s("text", { x: after, y: y - 1, class: "serious" }, "ends before it starts")];
    return s("g", {}, body, tail, sign.filter(Boolean), title);
  }
  laboratory(results) {
    const series = new Map();
    for (const one of results) if (one.on?.whole && one.number !== null && Number.isFinite(one.number)) series.set(one.series, [...(series.get(one.series) ?? []), one]);
    if (!series.size) return;
    this.head("Laboratory");
    for (const [name, list] of series) this.panel(name, list);
  }
  panel(name, list) {
    const units = new Map();
    for (const one of list) units.set(one.unit, (units.get(one.unit) ?? 0) + 1);
    const [unit] = [...units].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))[0];
    const shown = list.filter((one) => one.unit === unit);
    const [low, high] = [Math.min(...shown.map((one) => one.number)), Math.max(...shown.map((one) => one.number))];
    const [top, bottom] = [this.y + 8, this.y + LAB - 8];
    const y = (value) => (high === low ? (top + bottom) / 2 : bottom - ((value - low) * (bottom - top)) / (high - low));
    const within = (value) => Math.max(top, Math.min(bottom, y(value)));
    const same = (field) => (shown.every((one) => one[field] === shown[0][field]) ? shown[0][field] : null);
    const [bandLow, bandHigh] = [same("low"), same("high")];
    if (high > low && (bandLow !== null || bandHigh !== null)) {
      const [above, below] = [bandHigh === null ? top : within(bandHigh), bandLow === null ? bottom : within(bandLow)];
      if (below > above) this.parts.push(s("rect", { x: this.left, y: above, width: this.right - this.left, height: below - above, class: "band" }));
    }
    this.parts.push(s("rect", { x: this.left, y: top - 3, width: this.right - this.left, height: bottom - top + 6, class: "frame" }),
      s("polyline", { points: shown.filter((one) => !this.outside(one.on.from)).map((one) => `${this.x(one.on.from)},${y(one.number)}`).join(" "), class: "curve" }),
      s("text", { x: this.right + 6, y: top + 5, class: "said" }, high.toLocaleString("en-US")),
      high > low ? s("text", { x: this.right + 6, y: bottom + 3, class: "said" }, low.toLocaleString("en-US")) : s("g"));
    for (const one of shown) {
      const [x, at] = [this.x(one.on.from), y(one.number)];
      const side = one.high !== null && one.number > one.high ? "above" : one.low !== null && one.number < one.low ? "below" : "within";
      const path = { above: `M${x} ${at - 4}l4 7h-8z`, below: `M${x} ${at + 4}l4 -7h-8z`, within: `M${x - 3} ${at}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0` }[side];
      this.parts.push(s("path", { d: path, class: `point ${side}` }, s("title", {}, `${one.date}: ${one.text} ${one.unit}, ${side === "within" ? "not outside the normal range" : `${side} the normal range`}`)));
    }
    this.label(name, this.y + LAB / 2 - 2);
    const also = list.length - shown.length;
    this.parts.push(s("text", { x: this.left - 8, y: this.y + LAB / 2 + 12, "text-anchor": "end", class: "said" }, also ? `${unit || "no unit"}, ${also} in other units` : unit));
    this.y += LAB;
  }
  drawn(subject, said, reference, death) {
    const bottom = this.y + 10;
    const lines = [];
    for (const [day, text] of ticksOf(this.from, this.to, Math.max(3, (this.right - this.left) / 90))) {
      lines.push(s("line", { x1: this.x(day), x2: this.x(day), y1: 20, y2: bottom, class: "grid" }), s("text", { x: this.x(day), y: 14, "text-anchor": "middle", class: "said" }, text), s("text", { x: this.x(day), y: bottom + 14, "text-anchor": "middle", class: "said" }, text));
    }
    const upright = (date, text, name) => date && lines.push(s("line", { x1: this.x(date.from), x2: this.x(date.from), y1: 20, y2: bottom, class: `upright ${name}` }), s("text", { x: this.x(date.from) + 3, y: bottom + (name === "death" ? 28 : 28), class: `said ${name}` }, text));
    upright(reference, "Day 1", "reference");
    upright(death, "Death", "death");
    return s("svg", { viewBox: `0 0 ${this.width} ${bottom + 34}`, width: this.width, height: bottom + 34, role: "group", "aria-labelledby": "time-title time-desc", class: "timeline" },
      s("title", { id: "time-title" }, `Timeline of ${subject.id}`), s("desc", { id: "time-desc" }, said),
      s("defs", {}, s("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { width: 6, height: 6, class: "hatch-ground" }), s("line", { x1: 0, x2: 0, y1: 0, y2: 6, class: "hatch-line" }))),
      s("g", { "aria-hidden": "true" }, lines, this.parts.filter((one) => one.tagName !== "a")), this.parts.filter((one) => one.tagName === "a"));
  }
}
