// Start, addresses (#person=…), light and dark.
let placeInList = 0;

async function follow() {
  const hash = location.hash;
  const [overview, page] = [byId("overview"), byId("person-page")];
  if (hash.startsWith("#person=")) {
    if (!overview.hidden) placeInList = window.scrollY;
    let id = "";
    try {
      id = decodeURIComponent(hash.slice("#person=".length));
    } catch {
      id = hash;
    }
    overview.hidden = true;
    await showPerson(id);
    page.hidden = false;
    window.scrollTo({ top: 0, behavior: "instant" });
    const title = byId("person-h");
    if (title) title.focus({ preventScroll: true });
    return;
  }
  const wasAway = overview.hidden;
  overview.hidden = false;
  page.hidden = true;
  page.replaceChildren();
  document.title = homeTitle;
  if (!wasAway) return;
  if (table) table.redraw();
  const target = hash.length > 1 ? byId(hash.slice(1)) : null;
  if (placeInList) window.scrollTo({ top: placeInList, behavior: "instant" });
  else if (target) target.scrollIntoView();
  placeInList = 0;
}

const homeTitle = document.title;

function startTheme() {
  const root = document.documentElement;
  const button = byId("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.setAttribute("aria-label", "Switch between light and dark");
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    label();
    redrawCharts();
  });
  dark.addEventListener("change", () => { label(); redrawCharts(); });
  label();
}

async function start() {
  startTheme();
  showLocalTimes();
  if (typeof DecompressionStream === "undefined") {
    byId("main").prepend(el("p", { class: "wrap notice" }, "This browser is too old to unpack the people and messages of this page. The summary, the first people and the method are readable."));
    return;
  }
  const columns = await unpack("people");
  const people = rows(columns);
  people.forEach((person, i) => { person.position = i + 1; });
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
