// The filters over the lists. They combine, and stand in the address.
const form = document.getElementById("filters");
const choice = (name, label, options) =>
  h("div", { class: "field" }, h("label", { for: `filter-${name}` }, label),
    h("select", { id: `filter-${name}`, name, onchange: (event) => narrow(name, event.target.value) }, options.map(([value, text]) => h("option", { value }, text))));
const valuesOf = (name) => {
  const counts = new Map();
  for (const finding of FINDINGS) counts.set(finding[name], (counts.get(finding[name]) ?? 0) + 1);
  return [...counts].filter(([value]) => value).sort(([a], [b]) => compare(a, b)).map(([value, number]) => [value, `${value} (${shownNumber(number)})`]);
};
const narrow = (name, value) => turn({ filter: { ...route.filter, [name]: value }, page: 1 });
const typed = (name, label, type, list) => {
  let waiting = 0;
  return h("div", { class: "field" }, h("label", { for: `filter-${name}` }, label),
    h("input", { id: `filter-${name}`, name, type, list, autocomplete: "off", oninput: (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        narrow(name, event.target.value.trim());
      }, 200);
    } }));
};
const drawFilters = () => {
  form.append(
    choice("severity", "Severity", [["", "All"], ["error", "Errors"], ["error,warning", "Errors and warnings"], ["warning", "Warnings"], ["note", "Notes"]]),
    choice("state", "State", [["", "Open"], ["all", "All states"], ...STATES.map((state) => [state, capital(state)])]),
    choice("rule", "Rule", [["", "All"], ...valuesOf("rule")]),
    choice("dataset", "Dataset", [["", "All"], ...valuesOf("dataset")]),
    choice("site", "Site", [["", "All"], ...valuesOf("site"), ...(FINDINGS.some((one) => !one.site) ? [[NO_SITE, NO_SITE]] : [])]),
    typed("subject", "Subject", "text", "subjects"),
    typed("text", "Text", "search", null),
    h("datalist", { id: "subjects" }, [...new Set(FINDINGS.map((one) => one.subject).filter(Boolean))].sort(compare).map((value) => h("option", { value }))),
    h("div", { class: "buttons" },
      h("button", { type: "reset", id: "clear" }, "Clear filters"),
      h("button", { type: "button", id: "copy-link", onclick: () => copy(location.href, "link") }, "Copy link to this view")));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => { event.preventDefault(); turn({ filter: {}, page: 1 }); });
};
const WITH_FILTERS = ["overview", "findings", "sites", "rules", "datasets", "subjects"];
const showFilters = () => {
  form.hidden = !WITH_FILTERS.includes(route.view) || !FINDINGS.length;
  for (const name of FILTERS) {
    const field = document.getElementById(`filter-${name}`);
    const value = route.filter[name];
    if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) field.append(h("option", { value }, value));
    if (field !== document.activeElement || field.tagName === "SELECT") field.value = value;
    field.classList.toggle("set", value !== "");
  }
  document.getElementById("clear").disabled = !FILTERS.some((name) => route.filter[name]);
};
const tellShown = () => {
  const found = chosen();
  const what = route.filter.state === "" ? "open findings" : "findings";
  const all = route.filter.state === "" ? FINDINGS.filter((one) => OPEN.has(one.state)).length : FINDINGS.length;
  const text = found.length === all ? `All ${shownNumber(all)} ${what}` : `${shownNumber(found.length)} of ${shownNumber(all)} ${what}`;
  const line = document.getElementById("shown");
  line.hidden = form.hidden;
  if (line.textContent !== text) line.textContent = text;
};
