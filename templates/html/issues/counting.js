// Which findings a filter lets through, and how many there are of them by anything.
const haystack = (finding) => {
  finding.words ??= ["text", "id", "rule", "dataset", "variable", "key", "value", "before", "subject", "site", "query", "why", "who"]
    .map((name) => finding[name]).join("\n").toLowerCase();
  return finding.words;
};
const stateFits = (state, wanted) => wanted === "all" || (wanted === "" ? OPEN.has(state) : wanted === state);
// A whole identifier means this subject alone, a part of one all that have it.
const subjectFits = (subject, wanted) => (SUBJECTS.has(wanted) ? subject === wanted : subject.toLowerCase().includes(wanted.toLowerCase()));
const fits = (filter) => {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const severities = filter.severity ? filter.severity.split(",") : SEVERITIES;
  const same = ["rule", "dataset"].filter((name) => filter[name]);
  return (finding) =>
    severities.includes(finding.severity) && stateFits(finding.state, filter.state)
    && same.every((name) => finding[name] === filter[name])
    && (!filter.subject || subjectFits(finding.subject, filter.subject))
    && (!filter.site || finding.site === (filter.site === NO_SITE ? "" : filter.site))
    && words.every((word) => haystack(finding).includes(word));
};
let lastFilter = "", lastFound = [];
const chosen = (filter = route.filter) => {
  const key = JSON.stringify(filter);
  if (key !== lastFilter) [lastFilter, lastFound] = [key, FINDINGS.filter(fits(filter))];
  return lastFound;
};
const countBy = (findings, name, otherwise) => {
  const groups = new Map();
  for (const finding of findings) {
    const key = finding[name] || otherwise;
    if (!groups.has(key)) groups.set(key, { key, findings: 0, error: 0, warning: 0, note: 0, who: new Set(), where: new Set(), first: finding });
    const group = groups.get(key);
    group.findings += 1;
    group[finding.severity] += 1;
    if (finding.subject) group.who.add(finding.subject);
    if (finding.site) group.where.add(finding.site);
  }
  return [...groups.values()];
};

// How much the mean of a site is worth: as many subjects as the variance within sites is greater than that between them
// (Buhlmann and Straub's credibility), of at least FEW and at most MANY. `sites` has the counts of all its subjects each.
const MANY = 50;
const credibility = (sites) => {
  const total = sites.reduce((sum, counts) => sum + counts.length, 0);
  if (sites.length < 2 || total <= sites.length) return MANY;
  const mean = (counts) => counts.reduce((sum, one) => sum + one, 0) / counts.length;
  const usual = mean(sites.flat());
  const within = sites.reduce((sum, counts) => sum + counts.reduce((square, one) => square + (one - mean(counts)) ** 2, 0), 0) / (total - sites.length);
  const apart = sites.reduce((sum, counts) => sum + counts.length * (mean(counts) - usual) ** 2, 0) - (sites.length - 1) * within;
  const between = apart / (total - sites.reduce((sum, counts) => sum + counts.length ** 2, 0) / total);
  return between > 0 ? Math.max(FEW, Math.min(MANY, Math.round(within / between))) : MANY;
};
const rated = (findings) => (route.filter.severity === "note" ? findings : findings.filter((one) => one.severity !== "note"));

// Errors and warnings per 100 subjects of each site. The adjusted rate is that of the site with some more subjects who
// have the rate of the study: where there are few subjects it says little, where there are many it is the rate itself.
const countSites = (all) => {
  const findings = rated(all);
  const groups = new Map(countBy(all, "site", NO_SITE).map((group) => [group.key, group]));
  const empty = (key) => ({ key, findings: 0, error: 0, warning: 0, note: 0, who: new Set(), where: new Set() });
  const located = findings.filter((finding) => SITES.has(finding.site)).length;
  const subjects = [...SITES.values()].reduce((sum, size) => sum + size, 0);
  const usual = subjects ? located / subjects : 0;
  const bySubject = new Map(countBy(findings, "subject", "").map((group) => [group.key, group.findings]));
  const bySite = new Map([...SITES.keys()].map((key) => [key, []]));
  for (const { id, site } of SUBJECTS.values()) if (site) bySite.get(site).push(bySubject.get(id) ?? 0);
  const added = credibility([...bySite.values()]);
  const counted = new Map(countBy(findings, "site", NO_SITE).map((group) => [group.key, group]));
  return [...new Set([...SITES.keys(), ...groups.keys()])].map((key) => {
    const group = { ...(groups.get(key) ?? empty(key)), added };
    const { findings: number, who } = counted.get(key) ?? empty(key);
    group.subjects = SITES.get(key) ?? 0;
    group.concerned = who.size;
    group.rate = group.subjects ? (100 * number) / group.subjects : -1;
    group.adjusted = group.subjects ? (100 * (number + added * usual)) / (group.subjects + added) : -1;
    return group;
  });
};
