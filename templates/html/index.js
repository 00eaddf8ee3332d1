"use strict";
// Shows the outputs that hold every word asked for: in number, title, population, status, heads, labels or footnotes.
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const form = document.querySelector("form");
const asked = document.querySelector("input");
const told = document.querySelector("output");
const groups = [...document.querySelectorAll("section")].map((section) => ({
  section,
  rows: [...section.querySelectorAll("tbody tr")].map((row) => ({ row, text: fold(row.textContent + " " + row.dataset.words) })),
}));
const search = () => {
  const words = fold(asked.value).split(/\s+/).filter(Boolean);
  let shown = 0, all = 0;
  for (const { section, rows } of groups) {
    let here = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      here += row.hidden ? 0 : 1;
    }
    section.hidden = here === 0;
    shown += here;
    all += rows.length;
  }
  told.textContent = words.length ? `${shown} of ${all} outputs` : "";
};
form.addEventListener("submit", (event) => event.preventDefault());
asked.addEventListener("input", search);
form.hidden = false;
search();
