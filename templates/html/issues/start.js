"use strict";
// What findings are called, and which of them are open.
const SEVERITIES = ["error", "warning", "note"];
const SIGNS = { error: "\u2716", warning: "\u25B2", note: "\u25CF" };
const STATES = ["new", "still open", "changed", "resolved", "accepted"];
const OPEN = new Set(["new", "still open", "changed"]);
const PAGE = 50;
const FEW = 5;
const NO_SITE = "(no site)";
const NO_SUBJECT = "(no subject)";
const shownNumber = (value, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const count = (value, word) => `${shownNumber(value)} ${word}${value === 1 ? "" : "s"}`;
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
