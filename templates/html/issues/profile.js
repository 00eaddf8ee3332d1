// The profile of a subject: who it is, its findings, what happened to it as a picture and as a table.
const MOST = 10;
const dateOfFinding = (finding) => {
  for (const { from, rows } of recordsOf(finding)) {
    const start = `${from.name.slice(0, 2)}`;
    const own = /(DTC|DT)$/.test(finding.variable) ? [finding.variable] : [];
    for (const name of [...own, `${start}STDTC`, `${start}DTC`, "ASTDT", "ADT", `${start}ENDTC`]) {
      const text = from.at(name, rows[0]);
      if (readDate(text)) return text;
    }
  }
  return "";
};
const keyOfFinding = (finding) => {
  const [found] = recordsOf(finding);
  return found ? `${found.from.name}/${found.from.at(`${found.from.name}SEQ`, found.rows[0])}` : "";
};
const happened = (subject) => {
  const table = slice("events");
  return rowsOf("events", subject).map((row) => {
    const event = Object.fromEntries(table.columns.map((column) => [column.name, column.at(row)]));
    return { ...event, from: readDate(event.start), till: readDate(event.end) };
  });
};
const measured = (subject) => {
  const table = slice("labs");
  return rowsOf("labs", subject).map((row) => {
    const result = Object.fromEntries(table.columns.map((column) => [column.name, column.at(row)]));
    const number = (text) => (text === "" ? null : Number(text));
    return { ...result, on: readDate(result.date), number: number(result.number), low: number(result.low), high: number(result.high) };
  });
};
const dateText = (text, date) => (text === "" ? h("span", { class: "none" }, "(no date)") : date ? [text, date.whole ? null : h("span", { class: "few" }, " partial")] : [text, h("span", { class: "few" }, " not a date")]);
const factsOf = (subject) => {
  const table = slice("subjects");
  return pairs(table.columns.filter((column) => column.name !== "USUBJID").map((column) => {
    const text = column.at(subject.row);
    return [h("abbr", { title: column.name }, column.label || column.name), text && (column.name === "SITEID" ? siteLink(text) : text)];
  }));
};
const eventTable = (subject, events, results, findings, reference) => {
  const marks = new Map();
  for (const finding of findings) {
    const key = keyOfFinding(finding);
    if (!marks.has(key)) marks.set(key, []);
    marks.get(key).push(finding);
  }
  const rows = [
    ...events.map((one) => ({ ...one, sign: `${one.dataset}/${one.key}` })),
    ...results.map((one) => ({ kind: "Laboratory", what: one.series, start: one.date, from: one.on, end: "", detail: `${one.text} ${one.unit}`.trim(), grade: "", key: one.key, sign: `${STUDY.labs}/${one.key}` })),
  ];
  const order = (row) => (row.from ? row.from.from : Infinity);
  rows.sort((a, b) => order(a) - order(b) || 0);
  const columns = [
    { id: "start", label: "Start", value: order, cell: (row) => dateText(row.start, row.from), head: true, class: "id" },
    { id: "end", label: "End", value: (row) => row.till?.from ?? Infinity, cell: (row) => (row.ongoing ? "ongoing" : row.end ? dateText(row.end, row.till) : ""), class: "id" },
    { id: "day", label: "Day", value: (row) => studyDay(row.from, reference), number: true, wide: true, cell: (row) => String(studyDay(row.from, reference)) },
    { id: "kind", label: "Kind", value: (row) => row.kind },
    { id: "what", label: "What", value: (row) => row.what, class: "text" },
    { id: "detail", label: "Detail", value: (row) => row.detail, wide: true, class: "text", cell: (row) => [row.serious ? h("strong", {}, "Serious. ") : null, row.detail] },
    { id: "grade", label: "Grade", value: (row) => row.grade },
    { id: "findings", label: "Findings", value: (row) => (marks.get(row.sign) ?? []).length, cell: (row) => (marks.get(row.sign) ?? []).slice(0, 3).map((one) => h("div", {}, findingLink(one, `${SIGNS[one.severity]} ${one.rule}`))) },
  ];
  return table({ caption: `What is known of ${subject.id}, by date as collected`, columns, rows, ...addressed(""), none: "Nothing of what a profile shows is in the data for this subject." });
};
const subjectView = () => {
  const subject = SUBJECTS.get(route.id);
  if (!subject) return [heading("No such subject"), h("p", {}, `There is no subject ${route.id} in this page. `, link(to("subjects"), "All subjects"))];
  const findings = FINDINGS.filter((one) => one.subject === subject.id && stateFits(one.state, route.filter.state));
  const [events, results] = [happened(subject.id), measured(subject.id)];
  const facts = slice("subjects");
  const reference = ["RFSTDTC", "RFXSTDTC", "TRTSDT"].map((name) => readDate(facts.at(name, subject.row))).find(Boolean);
  return [
    h("p", { class: "neighbours" }, link(to("findings", "", { ...route.filter, subject: subject.id }), "The findings of this subject"), link(to("subjects"), "All subjects")),
    heading(`Subject ${subject.id}`),
    h("section", { class: "card", "aria-label": "Who it is" }, factsOf(subject)),
    h("section", { class: "card", "aria-labelledby": "h-time" }, h("h2", { id: "h-time" }, "Timeline"), timeline(subject, events, results, findings, reference)),
    h("section", { class: "card", "aria-labelledby": "h-found" }, h("h2", { id: "h-found" }, `${count(findings.length, route.filter.state ? "finding" : "open finding")}`),
      findings.length ? table({ caption: `Findings of ${subject.id}${findings.length > MOST ? `, the first ${MOST}` : ""}`, columns: findingColumns(true), rows: findings.slice(0, MOST), size: MOST }) : h("p", {}, "No open finding for this subject."),
      findings.length > MOST ? h("p", {}, link(to("findings", "", { state: route.filter.state, subject: subject.id }), `All ${findings.length} findings of this subject`)) : null),
    h("section", { class: "card", "aria-labelledby": "h-events" }, h("h2", { id: "h-events" }, "The same as a table"), eventTable(subject, events, results, findings, reference)),
  ];
};
