// Start, addresses (#person=…&m=…, #ranking?advice=…, #messages?q=…), light and dark.
let leftFrom = null; // where the reader was in the overview when a person or messages were opened
let turn = 0;

/** What the address names, and its parameters; `person` and `m` are parameters, too. */
function address() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("person=")) return { place: "person", params: new URLSearchParams(hash) };
  const [place, query] = hash.split("?");
  return { place, params: new URLSearchParams(query || "") };
}

async function follow() {
  turn += 1;
  const mine = turn;
  const { place, params } = address();
  const overview = byId("overview");
  if (place !== "person" && place !== "messages") {
    showOverview(place, params);
    return;
  }
  if (!overview.hidden) leftFrom = { hash: lastHash, top: window.scrollY };
  lastHash = location.hash;
  const nodes = place === "person"
    ? await personPage(params.get("person")) : await messagesPage(params);
  if (mine !== turn) return; // the reader has gone on meanwhile
  overview.hidden = true;
  if (nodes) {
    const page = byId("page");
    page.replaceChildren(backLink(), ...nodes);
    page.hidden = false;
    await drawPoints(page);
    window.scrollTo({ top: 0, behavior: "instant" });
    const title = page.querySelector("h1");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
  if (params.get("m")) reveal(params.get("m"));
}

let lastHash = location.hash;

function showOverview(place, params) {
  const overview = byId("overview");
  const wasAway = overview.hidden;
  overview.hidden = false;
  byId("page").hidden = true;
  byId("page").replaceChildren();
  shownPerson = null;
  document.title = homeTitle;
  const isBack = wasAway && leftFrom && leftFrom.hash === location.hash;
  lastHash = location.hash;
  if (place === "ranking") setFilters(params);
  if (wasAway && table) table.redraw();
  if (isBack) {
    window.scrollTo({ top: leftFrom.top, behavior: "instant" });
    return;
  }
  const target = place ? byId(place) : null;
  if (target && (wasAway || params.size)) target.scrollIntoView({ behavior: "instant" });
}

const backLink = () => el(
  "p", { class: "back" },
  el("a", { href: leftFrom && leftFrom.hash ? leftFrom.hash : "#answer" }, "← Back"),
  " · ", el("a", { href: "#ranking" }, "the ranking"),
);

const homeTitle = document.title;

function startTheme() {
  const root = document.documentElement;
  const button = byId("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    label();
    redrawCharts();
  });
  dark.addEventListener("change", () => { label(); redrawCharts(); });
  label();
}

/** Marks the section on screen in the navigation. */
function watchSections() {
  const links = new Map([...document.querySelectorAll(".bar li a")].map((a) => [a.hash.slice(1), a]));
  const onScreen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) onScreen[isIntersecting ? "add" : "delete"](target.id);
    const current = [...links.keys()].find((id) => onScreen.has(id));
    for (const [id, link] of links) {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-30% 0px -65% 0px" });
  for (const id of links.keys()) if (byId(id)) watcher.observe(byId(id));
}

async function start() {
  startTheme();
  showLocalTimes();
  watchSections();
  if (typeof DecompressionStream === "undefined") {
    byId("main").prepend(el("p", { class: "wrap notice" }, "This browser is too old to unpack the people and messages of this page. The summary, the first people and the method are readable."));
    return;
  }
  const people = rows(await unpack("people"));
  people.forEach((person, i) => {
    person.position = i + 1;
    const called = nameOf(person);
    namesakes.set(called, (namesakes.get(called) || 0) + 1);
  });
  peopleById = new Map(people.map((person) => [person.identity_id, person]));
  figures = await unpack("charts");
  window.addEventListener("hashchange", follow);
  await follow();
  buildRanking(people);
  watchCharts();
  printCharts();
  if (!people.length) document.documentElement.dataset.ready = "yes";
}

start();
