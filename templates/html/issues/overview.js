// What one sees first: how much was looked at, what is open, where it is worst, and how it went over the cuts.
const tile = (number, label, filter, sign) =>
  h("li", {}, link(to("findings", "", { ...route.filter, ...filter }), [h("span", { class: "big" }, sign ? h("span", { class: `sign ${sign}`, "aria-hidden": "true" }, `${SIGNS[sign]} `) : null, shownNumber(number)), h("span", {}, label)], { class: `tile ${sign ?? ""}` }));
const lookedAt = () => {
  const there = STUDY.looked.filter((one) => one.variables);
  const sum = (name, list) => list.reduce((total, one) => total + one[name], 0);
  const failed = sum("could_not_run", STUDY.looked);
  const idle = [failed ? count(failed, "expectation") : "", STUDY.failed ? count(STUDY.failed, "check") : ""].filter(Boolean).join(" and ");
  return h("section", { "aria-labelledby": "h-looked", class: "card" },
    h("h2", { id: "h-looked" }, "Looked at"),
    h("p", {}, h("strong", {}, `${count(there.length, "dataset")}, ${count(sum("records", there), "record")}, ${count(SUBJECTS.size, "subject")}, ${count(SITES.size, "site")}. `),
      `${count(sum("expectations", there), "expectation")} ran, ${shownNumber(sum("not_applicable", STUDY.looked))} not applicable, ${shownNumber(failed)} could not run. `,
      link(to("looked"), "By dataset")),
    idle ? h("p", { class: "alert", role: "note" }, h("strong", {}, `\u25B2 ${idle} could not run. `), "What could not run has not passed.") : null,
    STUDY.said.map((text) => h("p", {}, text)));
};
const tiles = (filter) => {
  const base = FINDINGS.filter(fits({ ...filter, state: "all", severity: "" }));
  const open = base.filter((one) => OPEN.has(one.state));
  const of = (list, name, value) => list.filter((one) => one[name] === value).length;
  return [
    h("section", { "aria-labelledby": "h-open", class: "card" }, h("h2", { id: "h-open" }, "Open, by severity"),
      h("ul", { class: "tiles" }, SEVERITIES.map((one) => tile(of(open, "severity", one), `${one}${of(open, "severity", one) === 1 ? "" : "s"}`, { severity: one, state: "" }, one)))),
    h("section", { "aria-labelledby": "h-states", class: "card" }, h("h2", { id: "h-states" }, "All, by state"),
      h("ul", { class: "tiles" }, STATES.map((one) => tile(of(base, "state", one), one, { state: one, severity: "" })))),
  ];
};
const card = (id, title, more, ...children) =>
  h("section", { "aria-labelledby": id, class: "card" }, h("h2", { id }, title), ...children, more);
const overview = () => {
  const found = chosen();
  const sites = countSites(found).filter((one) => one.findings && one.subjects);
  const nothing = !FINDINGS.length;
  return [
    heading(nothing ? "No issues" : "Overview"),
    nothing ? h("p", { class: "good" }, "No issues were found in what was looked at. What was not looked at may have some.") : null,
    h("div", { class: "row" }, lookedAt(), nothing ? null : tiles(route.filter)),
    nothing ? null : h("div", { class: "row two" },
      card("h-sites", "Sites that need most attention", h("p", {}, link(to("sites"), `All ${count(SITES.size, "site")}`)),
        table({ caption: "Sites by adjusted rate, the worst first", columns: siteColumns(sites, true), rows: sortedRows(sites, siteColumns(sites), "-adjusted").slice(0, 10), size: 10, none: "No finding belongs to a site." }), adjustedNote(sites)),
      card("h-rules", "Rules with most errors and warnings", h("p", {}, link(to("rules"), "All rules")), shortList("rule", "Rules by errors and warnings, the most first", ruleColumns, found)),
      card("h-data", "Datasets with most errors and warnings", h("p", {}, link(to("datasets"), "All datasets")), shortList("dataset", "Datasets by errors and warnings, the most first", datasetColumns, found)),
      card("h-people", "Subjects with most errors and warnings", h("p", {}, link(to("subjects"), "All subjects")), shortList("subject", "Subjects by errors and warnings, the most first", subjectColumns, found.filter((one) => one.subject)))),
    trend(),
  ];
};
const shortList = (name, caption, columns, found) => {
  const rows = countBy(found, name, "(none)");
  return table({ caption, columns: columns(rows, true), rows: sortedRows(rows, columns(rows), "-weighty").slice(0, 10), size: 10, none: "No finding passes the filters." });
};
