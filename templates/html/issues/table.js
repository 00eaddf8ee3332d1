// Tables: sorted by a button in the head of a column, shown in pages. Where they are stands in the address.
// A column: {id, label, value: row -> what it is sorted by, cell: row -> what is shown, number, narrow, first}
const sortedRows = (rows, columns, sort) => {
  const column = columns.find((one) => one.id === sort.replace(/^-/, ""));
  if (!column) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  return rows.map((row, at) => [row, at]).sort(([a, i], [b, j]) => sign * compare(column.value(a), column.value(b)) || i - j).map(([row]) => row);
};
const headOf = (column, sort, go) => {
  const name = sort.replace(/^-/, "");
  const is = name === column.id ? (sort.startsWith("-") ? "descending" : "ascending") : "none";
  const first = column.number ? `-${column.id}` : column.id;
  const other = sort === first ? (column.number ? column.id : `-${column.id}`) : first;
  const mark = is === "none" ? "\u2195" : is === "ascending" ? "\u2191" : "\u2193";
  const attributes = { scope: "col", class: classes(column), "aria-sort": go ? is : null };
  if (!go) return h("th", attributes, column.label);
  return h("th", attributes, h("button", { type: "button", class: "sort", id: `sort-${column.id}`, onclick: () => go({ sort: other, page: 1 }) }, column.label, h("span", { "aria-hidden": "true" }, `\u00A0${mark}`)));
};
const classes = (column) => [column.number && "number", column.wide && "wide", column.class].filter(Boolean).join(" ") || null;
const cellOf = (column, row) => {
  const shown = (column.cell ?? column.value)(row);
  const content = typeof shown === "number" ? shownNumber(shown) : shown;
  return column.head ? h("th", { scope: "row", class: classes(column) }, content) : h("td", { class: classes(column) }, content);
};
const pager = (pages, page, go) =>
  pages < 2 ? null : h("div", { class: "pager", role: "group", "aria-label": "Pages of the table" },
    h("button", { type: "button", id: "page-before", disabled: page <= 1, onclick: () => go({ page: page - 1 }) }, "Previous page"),
    h("span", {}, `Page ${shownNumber(page)} of ${shownNumber(pages)}`),
    h("button", { type: "button", id: "page-after", disabled: page >= pages, onclick: () => go({ page: page + 1 }) }, "Next page"));
const table = ({ caption, columns, rows, sort, page = 1, go = null, size = PAGE, none = "Nothing to show.", mark = null }) => {
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages);
  const shown = sortedRows(rows, columns, sort ?? "").slice((at - 1) * size, at * size);
  const body = shown.map((row) => h("tr", mark?.(row) ?? {}, columns.map((column) => cellOf(column, row))));
  if (!rows.length) return h("p", { class: "empty" }, none);
  return h("div", { class: "listed" },
    scrolled(caption, h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, columns.map((column) => headOf(column, sort ?? "", go)))), h("tbody", {}, body))),
    pager(pages, at, go));
};
const addressed = (start) => ({ sort: route.sort || start, page: route.page, go: (change) => turn({ sort: route.sort || start, ...change }) });

// Arrow keys go from row to row by the links in the same column.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("tbody tr");
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  if (!row || !(event.key in steps) || !event.target.matches("a, button")) return;
  const column = event.target.closest("td, th").cellIndex;
  const links = [...row.parentNode.rows].map((one) => one.cells[column]?.querySelector("a, button")).filter(Boolean);
  const next = links[Math.max(0, Math.min(links.length - 1, links.indexOf(event.target) + steps[event.key]))];
  if (next) { event.preventDefault(); next.focus(); }
});
