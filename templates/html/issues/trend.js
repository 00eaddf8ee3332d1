// The findings over the cuts of the data: a picture, and the same as a table.
const LINES = [["errors", "Errors", ""], ["warnings", "Warnings", "6 3"], ["notes", "Notes", "2 3"]];
const trendPicture = (cuts) => {
  const [width, height, left, right, top, bottom] = [640, 240, 48, 84, 16, 34];
  const most = Math.max(1, ...cuts.flatMap((cut) => LINES.map(([name]) => cut[name])));
  const x = (at) => (cuts.length > 1 ? left + (at * (width - left - right)) / (cuts.length - 1) : (left + width - right) / 2);
  const y = (value) => height - bottom - (value * (height - top - bottom)) / most;
  const every = Math.ceil(cuts.length / 6);
  const ticks = [...new Set([0, Math.round(most / 2), most])];
  const ends = LINES.map(([name]) => [name, y(cuts[cuts.length - 1][name])]).sort((a, b) => a[1] - b[1]);
  for (let at = 1; at < ends.length; at++) ends[at][1] = Math.max(ends[at][1], ends[at - 1][1] + 14);
  const labelled = new Map(ends);
  return s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "trend-title trend-desc", class: "trend" },
    s("title", { id: "trend-title" }, "Open findings at each cut"),
    s("desc", { id: "trend-desc" }, cuts.map((cut) => `${cut.label}: ${cut.errors} errors, ${cut.warnings} warnings, ${cut.notes} notes`).join(". ")),
    ticks.map((value) => [s("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }), s("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, shownNumber(value))]),
    cuts.map((cut, at) => (at % every === 0 || at === cuts.length - 1) && s("text", { x: x(at), y: height - 12, "text-anchor": "middle" }, cut.label)),
    LINES.map(([name, label, dash]) => [
      s("polyline", { points: cuts.map((cut, at) => `${x(at)},${y(cut[name])}`).join(" "), class: `line ${name}`, "stroke-dasharray": dash || null }),
      cuts.map((cut, at) => s("circle", { cx: x(at), cy: y(cut[name]), r: 3.5, class: `dot ${name}` })),
      s("text", { x: width - right + 8, y: labelled.get(name) + 4, class: `named ${name}` }, label)]));
};
const trend = () => {
  const cuts = STUDY.history;
  if (!cuts.length) return null;
  const column = (id, label) => ({ id, label, value: (row) => row[id], number: true });
  return h("section", { class: "card", "aria-labelledby": "h-trend" }, h("h2", { id: "h-trend" }, "Over the cuts of the data"),
    h("p", { class: "hint" }, "All findings, whatever the filters."),
    h("div", { class: "row two" }, h("div", {}, trendPicture(cuts)),
      table({ caption: "Findings at each cut, the oldest first", rows: cuts, size: 200,
        columns: [{ id: "label", label: "Cut", value: (row) => row.label, head: true }, ...LINES.map(([id, label]) => column(id, label)), column("new", "New"), column("resolved", "Resolved")] })));
};
