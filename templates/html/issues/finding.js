// One finding: what is wrong, where, what is asked of the site, and the records behind it.
const neighbours = (finding) => {
  const list = sortedRows(chosen(), findingColumns(), route.sort);
  const at = list.indexOf(finding);
  if (at < 0) return h("p", { class: "neighbours" }, link(to("findings"), "Back to the findings"));
  const step = (other, label, id) => (other ? h("a", { href: address({ ...route, id: other.id }), id }, label) : h("span", { class: "off" }, label));
  return h("nav", { class: "neighbours", "aria-label": "Findings that pass the filters" },
    h("a", { href: address({ ...route, view: "findings", id: "", page: Math.floor(at / PAGE) + 1 }) }, "Back to the findings"),
    step(list[at - 1], "\u2190 Previous", "finding-before"), h("span", {}, `${shownNumber(at + 1)} of ${shownNumber(list.length)}`), step(list[at + 1], "Next \u2192", "finding-after"));
};
const queryOf = (finding) => finding.query && h("section", { class: "card", "aria-labelledby": "h-query" }, h("h2", { id: "h-query" }, "Query to the site"),
  h("blockquote", { class: "query" }, finding.query), copyButton("Copy query", () => finding.query, "query text"));
const acceptedOf = (finding) => (finding.who || finding.why) && h("section", { class: "card", "aria-labelledby": "h-accepted" }, h("h2", { id: "h-accepted" }, "Accepted"),
  h("p", {}, finding.why), h("p", { class: "hint" }, [finding.who, finding.when].filter(Boolean).join(", ")));
const alsoThere = (finding) => {
  if (!finding.subject) return null;
  const others = FINDINGS.filter((one) => one !== finding && one.subject === finding.subject && OPEN.has(one.state));
  return h("section", { class: "card", "aria-labelledby": "h-also" }, h("h2", { id: "h-also" }, "The same subject"),
    h("p", {}, link(to("subject", finding.subject), `Profile of ${finding.subject}`)),
    others.length ? table({ caption: `${count(others.length, "other open finding")} of this subject${others.length > 10 ? ", the first 10" : ""}`, columns: findingColumns(true), rows: others.slice(0, 10), size: 10 }) : h("p", {}, "No other open finding."));
};
const findingView = () => {
  const finding = BY_ID.get(route.id);
  if (!finding) return [heading("No such finding"), h("p", {}, `There is no finding ${route.id} in this page. It may be of another cut. `, link(to("findings"), "All findings"))];
  return [
    neighbours(finding),
    heading(finding.text),
    h("div", { class: "row" },
      h("section", { class: "card facts", "aria-label": "The finding" }, pairs([
        ["Severity", badge(finding.severity)], ["State", stateBadge(finding.state)],
        ["Value", finding.value && shownValue(finding.value)], ["Value in the cut before", finding.before && h("span", { class: "value" }, finding.before)],
        ["Subject", finding.subject && subjectLink(finding.subject)], ["Site", finding.site && siteLink(finding.site)],
        ["Where", [finding.dataset, finding.variable].filter(Boolean).join(".")], ["Record", finding.key],
        ["Rule", link(to("findings", "", { rule: finding.rule }), finding.rule)], ["Found by", finding.source], ["Raw records named", finding.named], ["Identifier", finding.id]])),
      h("div", { class: "stack" }, queryOf(finding), acceptedOf(finding))),
    rawRecords(finding),
    ownRecords(finding),
    alsoThere(finding),
  ];
};
