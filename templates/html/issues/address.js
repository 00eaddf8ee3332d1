// What is shown stands in the fragment of the address: #view/id?severity=error&site=1012&sort=-rate&page=2
const VIEWS = [
  ["overview", "Overview"], ["findings", "Findings"], ["sites", "Sites"], ["rules", "Rules"],
  ["datasets", "Datasets"], ["subjects", "Subjects"], ["looked", "Looked at"],
];
const FILTERS = ["severity", "state", "rule", "dataset", "site", "subject", "text"];
const decoded = (text) => {
  try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch { return text; }
};
const readAddress = () => {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?", 2);
  const [view, ...rest] = path.split("/");
  const given = new Map(query.split("&").filter(Boolean).map((pair) => {
    const [name, ...value] = pair.split("=");
    return [decoded(name), decoded(value.join("="))];
  }));
  const filter = Object.fromEntries(FILTERS.map((name) => [name, given.get(name) ?? ""]));
  const known = [...VIEWS.map(([name]) => name), "finding", "subject"].includes(view) ? view : "overview";
  return { view: known, id: decoded(rest.join("/")), filter, sort: given.get("sort") ?? "", page: Math.max(1, parseInt(given.get("page"), 10) || 1) };
};
const address = ({ view, id = "", filter = {}, sort = "", page = 1 }) => {
  const named = FILTERS.filter((name) => filter[name]).map((name) => [name, filter[name]]);
  if (sort) named.push(["sort", sort]);
  if (page > 1) named.push(["page", String(page)]);
  const query = named.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return `#${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
};
let route = readAddress();
const to = (view, id, filter) => address({ view, id, filter: filter ?? route.filter });
const link = (href, text, attributes) => h("a", { href, ...attributes }, text);
const findingLink = (finding, text) => link(to("finding", finding.id), text ?? finding.text);
const siteLink = (site) => (site && site !== NO_SITE ? link(to("findings", "", { ...route.filter, site }), site) : site || NO_SITE);
const subjectLink = (subject) => (SUBJECTS.has(subject) ? link(to("subject", subject), subject) : subject || NO_SUBJECT);
