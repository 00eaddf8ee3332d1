// Draws what the address asks for. Focus goes to the heading of a new view, and stays where it was within one.
const DRAWN = {
  overview, findings: findingsView, sites: sitesView, rules: rulesView, datasets: datasetsView,
  subjects: subjectsView, looked: lookedView, finding: findingView, subject: subjectView,
};
const main = document.getElementById("main");
const TITLE = document.title;
let place = "";
const drawNavigation = () => {
  const nav = document.getElementById("views");
  const here = { finding: "findings", subject: "subjects" }[route.view] ?? route.view;
  const focused = nav.contains(document.activeElement) ? document.activeElement.id : "";
  nav.replaceChildren(h("ul", {}, VIEWS.map(([view, label]) => h("li", {}, h("a", { href: to(view), id: `view-${view}`, "aria-current": view === here ? "page" : null }, label)))));
  if (focused) document.getElementById(focused)?.focus();
};
// What does not scroll need not be stopped at by Tab; listings of raw forms are always.
const reach = () => {
  for (const one of main.querySelectorAll(".scrolled")) {
    if (one.closest(".form") || one.scrollWidth > one.clientWidth) one.setAttribute("tabindex", "0");
    else one.removeAttribute("tabindex");
  }
};
const draw = () => {
  const next = `${route.view}/${route.id}`;
  const moved = place !== next;
  const focused = main.contains(document.activeElement) ? document.activeElement.id : "";
  drawNavigation();
  showFilters();
  tellShown();
  main.replaceChildren(...[DRAWN[route.view]()].flat(3).filter(Boolean));
  reach();
  const title = main.querySelector("h1");
  document.title = `${title.textContent} - ${TITLE}`;
  if (moved && place) {
    scrollTo(0, 0);
    title.focus({ preventScroll: true });
  } else if (focused) {
    const again = document.getElementById(focused);
    (again && !again.disabled ? again : title).focus({ preventScroll: true });
  }
  place = next;
};
const turn = (change) => {
  route = { ...route, ...change, filter: { ...Object.fromEntries(FILTERS.map((name) => [name, ""])), ...(change.filter ?? route.filter) } };
  history.replaceState(null, "", address(route));
  draw();
};
addEventListener("hashchange", () => {
  if (location.hash === "#main") return;
  route = readAddress();
  draw();
});
document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); (main.querySelector("h1") ?? main).focus(); });
document.getElementById("views").addEventListener("keydown", (event) => {
  const links = [...event.currentTarget.querySelectorAll("a")];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && links.includes(event.target)) links[(links.indexOf(event.target) + step + links.length) % links.length].focus();
});
let width = innerWidth;
addEventListener("resize", () => {
  if (route.view === "subject" && innerWidth !== width) draw();
  reach();
  width = innerWidth;
});
drawFilters();
draw();
