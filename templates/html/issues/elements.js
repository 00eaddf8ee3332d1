// Elements: texts are only ever set as text, so nothing in the data can become markup.
const put = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};
const h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const bar = (share) => {
  const fill = h("span", { class: "fill" });
  fill.style.width = `${Math.max(0, Math.min(100, share * 100))}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, fill);
};
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const badge = (severity) => h("span", { class: `badge ${severity}` }, h("span", { "aria-hidden": "true" }, SIGNS[severity]), ` ${capital(severity)}`);
const stateBadge = (state) => h("span", { class: `state ${state.replace(" ", "-")}` }, capital(state));
const shownValue = (text) => (text === "" ? h("span", { class: "none" }, "(empty)") : h("span", { class: "value" }, text));
const heading = (text, ...more) => h("h1", { tabindex: "-1" }, text, ...more);
const pairs = (list) =>
  h("dl", { class: "pairs" }, list.filter(([, value]) => value !== null && value !== "").map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))));
const scrolled = (label, ...children) => h("div", { class: "scrolled", role: "region", "aria-label": label, tabindex: "0" }, ...children);

const say = (text) => { document.getElementById("told").textContent = text; };
const copy = async (text, what) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "away", readonly: true, "aria-hidden": "true", tabindex: "-1" });
    const before = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    if (!done) return say(`The browser does not allow copying. Select the ${what} and copy it by hand.`);
  }
  say(`The ${what} is copied.`);
};
const copyButton = (label, text, what) => h("button", { type: "button", id: `copy-${what.replace(" ", "-")}`, onclick: () => copy(text(), what) }, label);
