// Records: one with all its variables, and the listing of a raw form with the records meant marked.
const recordsOf = (finding) => finding.own.map(([at, number, ...rows]) => ({ from: slice(`record-${at}`), number, rows }));
const formsOf = (finding) => finding.raw.map(([at, number, ...rows]) => ({ from: slice(`form-${at}`), data: part(`form-${at}`), at, number, rows }));

const recordTable = (from, row, marked, caption) => {
  const filled = from.columns.filter((column) => column.at(row) !== "" || column.name === marked);
  const empty = from.columns.filter((column) => column.at(row) === "" && column.name !== marked);
  const line = (column) => h("tr", column.name === marked ? { class: "marked" } : {}, h("th", { scope: "row" }, column.name, column.name === marked ? h("span", { class: "here" }, " \u25C0 the finding") : null), from.columns.some((one) => one.label) ? h("td", { class: "wide" }, column.label) : null, h("td", {}, shownValue(column.at(row))));
  return h("div", {},
    h("table", { class: "record" }, h("caption", {}, caption), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Variable"), from.columns.some((one) => one.label) ? h("th", { scope: "col", class: "wide" }, "Label") : null, h("th", { scope: "col" }, "Value"))), h("tbody", {}, filled.map(line))),
    empty.length ? h("p", { class: "hint" }, `Empty: ${empty.map((column) => column.name).join(", ")}`) : null);
};
const more = (number, shown) => (number > shown ? h("p", { class: "hint" }, `The first ${shown} of ${shownNumber(number)} records are shown.`) : null);

const ownRecords = (finding) => {
  const found = recordsOf(finding);
  if (!found.length) {
    if (finding.dataset.startsWith("raw.")) return null;
    const why = finding.key ? "The record that the key names is not among the data of this page." : "This finding is about the dataset or variable as a whole, not about one record.";
    return h("section", { class: "card", "aria-labelledby": "h-record" }, h("h2", { id: "h-record" }, "The record"), h("p", {}, why));
  }
  return found.map(({ from, number, rows }) =>
    h("section", { class: "card", "aria-labelledby": "h-record" }, h("h2", { id: "h-record" }, `The record in ${from.name}`, from.label ? `: ${from.label}` : ""),
      more(number, rows.length), rows.map((row, at) => recordTable(from, row, finding.variable, rows.length > 1 ? `Record ${at + 1} of ${rows.length}` : `All variables of the record, by name`))));
};

// The records of the same subject in the form, those meant marked; columns that are empty in all of them are named below.
const listing = ({ from, data, at, rows, number }, finding) => {
  const marked = new Set(rows);
  const whose = data.subject ? [...new Set(rows.map((row) => from.at(data.subject, row)))].filter(Boolean) : [];
  const theirs = data.subject ? Array.from({ length: from.size }, (_, row) => row).filter((row) => marked.has(row) || whose.includes(from.at(data.subject, row))) : rows;
  const filled = from.columns.filter((column) => theirs.some((row) => column.at(row) !== ""));
  const empty = from.columns.filter((column) => !filled.includes(column));
  const about = finding.dataset === `raw.${from.name}` ? finding.variable : "";
  const columns = [
    { id: "at", label: "Record no.", value: (row) => data.at[row] + 1, head: true, class: "tight",
      cell: (row) => (marked.has(row) ? [h("span", { class: "here" }, "\u25B6 "), h("span", { class: "away" }, "This record: "), shownNumber(data.at[row] + 1)] : shownNumber(data.at[row] + 1)) },
    ...filled.map((column) => ({ id: column.name, label: column.name, value: column.at, cell: (row) => h("span", { class: column.at(row).length > 40 ? "value long" : "value" }, column.at(row)), class: column.name === about ? "about" : null })),
  ];
  const holder = h("div", { id: `listing-${at}` });
  const first = Math.floor(Math.max(0, theirs.indexOf(rows[0])) / PAGE) + 1;
  const who = whose.length ? ` of ${whose.length === 1 ? "subject" : "subjects"} ${whose.join(", ")}` : "";
  const caption = `Form ${from.name}${who}: ${count(theirs.length, "record")}, ${rows.length} marked`;
  const draw = (page) => {
    holder.replaceChildren(table({ caption, columns, rows: theirs, page, mark: (row) => (marked.has(row) ? { class: "marked", "aria-current": "true" } : {}),
      go: theirs.length > PAGE ? ({ page: next }) => { draw(next ?? page); holder.querySelector(".scrolled").focus(); } : null }));
    for (const button of holder.querySelectorAll("th .sort")) button.replaceWith(button.firstChild);
  };
  draw(first);
  return h("section", { class: "form", "aria-labelledby": `h-form-${at}` }, h("h3", { id: `h-form-${at}`, tabindex: "-1" }, `Form ${from.name}`), more(number, rows.length), holder,
    empty.length ? h("p", { class: "hint" }, `Empty in all of these records: ${empty.map((column) => column.name).join(", ")}`) : null,
    rows.length < 4 ? h("details", {}, h("summary", {}, rows.length === 1 ? "The marked record, field by field" : "The marked records, field by field"), rows.map((row) => recordTable(from, row, about, `Record ${data.at[row] + 1} of form ${from.name}`))) : null);
};
const rawRecords = (finding) => {
  const found = formsOf(finding);
  const whole = !finding.key && !finding.named;
  if (!found.length && whole) return null;
  return h("section", { class: "card", "aria-labelledby": "h-raw", id: "raw" }, h("h2", { id: "h-raw", tabindex: "-1" }, "The raw records it came from"),
    found.length > 3 ? h("ul", { class: "jump", "aria-label": "Forms" }, found.map(({ from, at }) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => document.getElementById(`h-form-${at}`).focus() }, from.name)))) : null,
    found.length ? found.map((one) => listing(one, finding))
      : h("p", {}, finding.named ? `This finding names ${finding.named}; the raw forms are not in this page.` : "No raw record is known for this finding: the lineage or the raw forms were not given to this page."));
};
