// The lists: findings, and how many there are by site, rule, dataset and subject.
const severityColumns = (brief, notes = true) =>
  SEVERITIES.map((one) => ({ id: one, label: `${capital(one)}s`, value: (row) => row[one], number: true, wide: one === "note" && !(brief && notes) }));
// Errors and warnings before notes: where there are as many of those, what has more findings comes first.
const weighty = (brief) => ({ id: "weighty", label: "Errors + warnings", value: (row) => row.error + row.warning + row.findings / 1e9, cell: (row) => row.error + row.warning, number: true, class: brief ? "roomy" : null });
const total = { id: "findings", label: "Findings", value: (row) => row.findings, number: true };
const barOf = (rows, name) => {
  const worth = (row) => (name === "weighty" ? row.error + row.warning : row[name]);
  const most = rows.reduce((so, row) => Math.max(so, worth(row)), 1e-9);
  return { cell: (row) => bar(worth(row) / most) };
};
const shownCell = (column, row) => {
  const shown = (column.cell ?? column.value)(row);
  return typeof shown === "number" ? shownNumber(shown) : shown;
};
const barred = (columns, rows, name, brief = false) => {
  const drawn = barOf(rows, name);
  return columns.filter((column) => !brief || !column.wide).map((column) => (column.id === name ? { ...column, cell: (row) => h("span", { class: "with-bar" }, shownCell(column, row), drawn.cell(row)) } : column));
};
const filtered = (change, text) => link(to("findings", "", { ...route.filter, ...change }), text);

const shownRate = (value) => (value < 0 ? "" : shownNumber(value, 1));
const siteColumns = (rows, brief = false) => barred([
  { id: "key", label: "Site", value: (row) => row.key, cell: (row) => siteLink(row.key), head: true, class: "id" },
  { id: "subjects", label: "Subjects", value: (row) => row.subjects, number: true,
    cell: (row) => [row.subjects && row.subjects < FEW ? h("span", { class: "few" }, "few") : null, ` ${shownNumber(row.subjects)}`] },
  { id: "concerned", label: "With errors, warnings", value: (row) => row.concerned, number: true, wide: true },
  ...severityColumns(brief, false), { ...total, wide: true },
  { id: "rate", label: "Per 100 subjects", value: (row) => row.rate, cell: (row) => shownRate(row.rate), number: true, wide: true },
  { id: "adjusted", label: "Adjusted rate", value: (row) => row.adjusted, cell: (row) => shownRate(row.adjusted), number: true },
], rows, "adjusted", brief);
const adjustedNote = (rows) =>
  h("p", { class: "hint" }, `Rates are ${route.filter.severity === "note" ? "notes" : "errors and warnings"} per 100 subjects. The adjusted rate is what the site would have with ${rows[0]?.added ?? FEW} more subjects like the average of the study, so that a site is not the worst by chance because it has few subjects; the more the subjects within sites differ, the more are added. Sites with fewer than ${FEW} subjects are marked \u201Cfew\u201D.${rows[0]?.added === MANY ? " Here the sites differ no more than chance would have it: do not make much of their order." : ""}`);
const ruleColumns = (rows, brief = false) => barred([
  { id: "key", label: "Rule", value: (row) => row.key, cell: (row) => filtered({ rule: row.key }, row.key), head: true, class: "rule" },
  { id: "text", label: "What it found", value: (row) => row.first.text, cell: (row) => h("span", { class: "cut", title: row.first.text }, row.first.text), class: "text", wide: true },
  ...severityColumns(brief),
  { id: "who", label: "Subjects", value: (row) => row.who.size, number: true, wide: brief },
  { id: "where", label: "Sites", value: (row) => row.where.size, number: true, wide: true }, weighty(brief), { ...total, wide: true },
], rows, "weighty", brief);
const LOOKED = new Map(STUDY.looked.map((one) => [one.dataset, one]));
const datasetColumns = (rows, brief = false) => barred([
  { id: "key", label: "Dataset", value: (row) => row.key, cell: (row) => filtered({ dataset: row.key }, row.key), head: true },
  { id: "label", label: "Label", value: (row) => LOOKED.get(row.key)?.label ?? "", wide: true, class: "text" },
  { id: "records", label: "Records looked at", value: (row) => LOOKED.get(row.key)?.records ?? -1, number: true, wide: brief,
    cell: (row) => (LOOKED.has(row.key) ? shownNumber(LOOKED.get(row.key).records) : "") },
  ...severityColumns(brief),
  { id: "who", label: "Subjects", value: (row) => row.who.size, number: true, wide: true }, weighty(brief), { ...total, wide: true },
], rows, "weighty", brief);
const subjectColumns = (rows, brief = false) => barred([
  { id: "key", label: "Subject", value: (row) => row.key, cell: (row) => subjectLink(row.key), head: true, class: "id" },
  { id: "site", label: "Site", value: (row) => row.first?.site || SUBJECTS.get(row.key)?.site || "", cell: (row) => siteLink(row.first?.site || SUBJECTS.get(row.key)?.site || ""), wide: brief },
  ...severityColumns(brief), weighty(brief),
  { ...total, wide: brief, cell: (row) => (row.findings ? filtered({ subject: row.key }, shownNumber(row.findings)) : 0) },
], rows, "weighty", brief);

const NOTHING = "No finding passes the filters.";
const sitesView = () => {
  const rows = countSites(chosen());
  return [heading("Sites"), adjustedNote(rows), table({ caption: `Findings by site, ${count(SITES.size, "site")}`, columns: siteColumns(rows), rows, ...addressed("-adjusted"), none: NOTHING })];
};
const rulesView = () => {
  const rows = countBy(chosen(), "rule", "(none)");
  return [heading("Rules"), table({ caption: `Findings by rule, ${count(rows.length, "rule")} with findings`, columns: ruleColumns(rows), rows, ...addressed("-weighty"), none: NOTHING })];
};
const datasetsView = () => {
  const rows = countBy(chosen(), "dataset", "(none)");
  return [heading("Datasets"), table({ caption: `Findings by dataset, ${count(rows.length, "dataset")} with findings`, columns: datasetColumns(rows), rows, ...addressed("-weighty"), none: NOTHING })];
};
const subjectsView = () => {
  const groups = new Map(countBy(chosen().filter((one) => one.subject), "subject", "").map((group) => [group.key, group]));
  const asked = route.filter.text.toLowerCase();
  const none = (id) => ({ key: id, findings: 0, error: 0, warning: 0, note: 0 });
  const people = [...SUBJECTS.values()].filter((one) => (!route.filter.site || one.site === route.filter.site) && (!route.filter.subject || subjectFits(one.id, route.filter.subject)));
  const rows = people.map((one) => groups.get(one.id) ?? none(one.id)).filter((row) => row.findings || !(asked || route.filter.rule || route.filter.dataset || route.filter.severity));
  return [heading("Subjects"), h("p", { class: "hint" }, "Every subject has a profile: doses, key laboratory results, responses, adverse events, disposition."),
    table({ caption: `Findings by subject, ${count(rows.length, "subject")}`, columns: subjectColumns(rows), rows, ...addressed("-weighty"), none: NOTHING })];
};

const WEIGHT = { error: 3, warning: 2, note: 1 };
const findingColumns = (brief = false) => [
  { id: "severity", label: "Severity", value: (one) => WEIGHT[one.severity], cell: (one) => badge(one.severity), class: "tight sev" },
  { id: "text", label: "Finding", value: (one) => one.text, cell: (one) => [h("span", { class: "small-only" }, badge(one.severity), " "), findingLink(one), h("span", { class: "small-only sub" }, [one.dataset, one.variable].filter(Boolean).join("."), one.subject ? ` \u00B7 ${one.subject}` : "")], head: true, class: "text" },
  { id: "value", label: "Value", value: (one) => one.value, cell: (one) => h("span", { class: "value cut" }, one.value), wide: true, class: "text" },
  { id: "state", label: "State", value: (one) => STATES.indexOf(one.state), cell: (one) => stateBadge(one.state), class: "tight" },
  { id: "where", label: "Where", value: (one) => `${one.dataset}.${one.variable}`, cell: (one) => [one.dataset, one.variable].filter(Boolean).join("."), wide: true },
  { id: "rule", label: "Rule", value: (one) => one.rule, wide: true, cell: (one) => h("span", { class: one.rule.length > 20 ? null : "id" }, filtered({ rule: one.rule }, one.rule)) },
  ...(brief ? [] : [
    { id: "subject", label: "Subject", value: (one) => one.subject, cell: (one) => (one.subject ? subjectLink(one.subject) : ""), wide: true, class: "id" },
    { id: "site", label: "Site", value: (one) => one.site, cell: (one) => (one.site ? siteLink(one.site) : ""), wide: true }]),
];
const findingsView = () => [
  heading("Findings"),
  table({ caption: "Findings that pass the filters", columns: findingColumns(), rows: chosen(), ...addressed(""), none: FINDINGS.length ? NOTHING : "No issues were found in what was looked at." }),
];
const lookedView = () => {
  const column = (id, label, wide) => ({ id, label, value: (one) => one[id], number: true, wide });
  return [heading("What was looked at"), STUDY.said.map((text) => h("p", {}, text)),
    table({ caption: "Datasets that were checked, and those that checks speak of and the study does not have", rows: STUDY.looked, ...addressed("dataset"), none: "Nothing was looked at.",
      columns: [{ id: "dataset", label: "Dataset", value: (one) => one.dataset, head: true }, { id: "label", label: "Label", value: (one) => one.label, wide: true, class: "text" },
        column("records", "Records"), column("variables", "Variables", true), column("expectations", "Expectations that ran"), column("not_applicable", "Not applicable", true), column("could_not_run", "Could not run")] })];
};
