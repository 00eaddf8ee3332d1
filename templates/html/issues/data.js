// The data of the page: each part is read when it is first asked for.
const parsed = new Map();
const part = (name) => {
  if (!parsed.has(name)) parsed.set(name, JSON.parse(document.getElementById(`data-${name}`).textContent));
  return parsed.get(name);
};

// A table of texts: `at(name, row)` is a text, empty where there is none.
class Slice {
  constructor(data) {
    this.size = data.size;
    this.name = data.name;
    this.label = data.label;
    this.columns = data.columns.map(([name, label, texts, codes]) => ({ name, label, at: Slice.reader(texts, codes) }));
    this.byName = new Map(this.columns.map((column) => [column.name, column]));
  }
  static reader(texts, codes) {
    if (codes === null) return (row) => texts[row] ?? "";
    if (typeof codes === "number") return () => (codes ? texts[codes - 1] : "");
    return (row) => (codes[row] ? texts[codes[row] - 1] : "");
  }
  has(name) { return this.byName.has(name); }
  at(name, row) { return this.byName.has(name) ? this.byName.get(name).at(row) : ""; }
  rowsBy(name) {
    const rows = new Map();
    for (let row = 0; row < this.size; row++) {
      const key = this.at(name, row);
      if (!rows.has(key)) rows.set(key, []);
      rows.get(key).push(row);
    }
    return rows;
  }
}

const slices = new Map();
const slice = (name, data) => {
  if (!slices.has(name)) slices.set(name, new Slice(data ?? part(name)));
  return slices.get(name);
};

const STUDY = part("study");
const FINDINGS = (() => {
  const { table, own, raw } = part("findings");
  const found = slice("findings", table);
  return Array.from({ length: found.size }, (_, row) => {
    const finding = { row, own: own[row], raw: raw[row] };
    for (const column of found.columns) finding[column.name === "raw" ? "named" : column.name] = column.at(row);
    return finding;
  });
})();
const BY_ID = new Map();
for (const finding of FINDINGS) {
  while (BY_ID.has(finding.id)) finding.id += "~";
  BY_ID.set(finding.id, finding);
}
const SUBJECTS = (() => {
  const table = slice("subjects");
  const found = Array.from({ length: table.size }, (_, row) => ({ row, id: table.at("USUBJID", row), site: table.at("SITEID", row) }));
  return new Map(found.map((subject) => [subject.id, subject]));
})();

// How many subjects each site has.
const SITES = new Map();
for (const { site } of SUBJECTS.values()) if (site) SITES.set(site, (SITES.get(site) ?? 0) + 1);

const rowsOfSubject = new Map();
const rowsOf = (name, subject) => {
  if (!rowsOfSubject.has(name)) rowsOfSubject.set(name, slice(name).rowsBy("subject"));
  return rowsOfSubject.get(name).get(subject) ?? [];
};
