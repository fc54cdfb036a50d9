// The ranking: everybody, searchable, sortable, filterable; and the action list as CSV.
// Below the first width in pixels a row is one cell; below the second the least needed columns go.
const NARROW = 640;
const MIDDLE = 1060;
const sizeOf = (holder) => (holder.clientWidth < NARROW ? "narrow" : holder.clientWidth < MIDDLE ? "middle" : "wide");
const MIDDLE_COLUMNS = ["name", "advice", "reason", "me_score", "messages"];
let table = null;
let words = null; // identity → the carried words of that person, in small letters

const haystacks = new Map();

function haystack(person) {
  if (!haystacks.has(person)) {
    const parts = [person.name, person.handle, person.headline, person.reason, person.advice_reason];
    haystacks.set(person, parts.filter(Boolean).join("\n").toLocaleLowerCase());
  }
  return haystacks.get(person);
}

// Parameter of the address → the control that holds it.
const CONTROLS = { q: "q", advice: "f-advice", seen: "f-seen", platform: "f-platform", state: "f-state" };

/** The filters as the address says them: `#ranking?seen=pitched_early`. */
function setFilters(params) {
  if (!byId("q")) return;
  for (const [name, id] of Object.entries(CONTROLS)) byId(id).value = params.get(name) || "";
  byId("f-words").checked = params.has("words");
  if (table) update();
}

/** The address says the filters, so that it can be kept, and nothing is added to the way back. */
function keepFilters() {
  const params = new URLSearchParams();
  for (const [name, id] of Object.entries(CONTROLS)) if (byId(id).value) params.set(name, byId(id).value);
  if (byId("f-words").checked) params.set("words", "1");
  lastHash = params.size ? `#ranking?${params}` : "#ranking";
  history.replaceState(null, "", lastHash);
  update();
}

async function update() {
  if (byId("f-words").checked && !words) {
    byId("found").textContent = "Unpacking the messages…";
    words = await allWords();
  }
  table.setFilter(matcher());
  const filtered = Object.values(CONTROLS).some((id) => byId(id).value);
  byId("clear").hidden = !filtered;
  const asked = byId("q").value.trim();
  byId("found").replaceChildren(
    said(table.getDataCount("active"), table.getDataCount()), " ",
    asked ? el("a", { href: `#messages?${new URLSearchParams({ q: asked })}` }, "Messages with these words") : "",
  );
}

function matcher() {
  const terms = byId("q").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const [advice, seen, platform, state] = ["advice", "seen", "platform", "state"].map((f) => byId(`f-${f}`).value);
  const inWords = byId("f-words").checked && words;
  return (person) =>
    (!advice || person.advice === advice)
    && (!seen || person.seen.includes(seen))
    && (!platform || person.platforms.includes(platform))
    && (!state || person.state === state)
    && terms.every(
      (term) =>
        haystack(person).includes(term)
        || (inWords && (words.get(person.identity_id) || "").includes(term)),
    );
}

function said(found, all) {
  const carried = facts.carried < all
    ? ` Messages are carried for the first ${whole(facts.carried)} people.` : "";
  return `${whole(found)} of ${whole(all)} ${plural(all, "person", "people")}.${byId("f-words").checked ? carried : ""}`;
}

const nullsLast = (pick) => (_a, _b, rowA, rowB, _column, direction) => {
  const [a, b] = [pick(rowA.getData()), pick(rowB.getData())];
  if (a === b) return rowA.getData().position - rowB.getData().position;
  if (a === null) return direction === "asc" ? 1 : -1;
  if (b === null) return direction === "asc" ? -1 : 1;
  return a < b ? -1 : 1;
};

const byName = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

function columnsFor(size) {
  const narrow = size === "narrow";
  const all = [
    { title: "#", field: "position", width: 66, hozAlign: "right", headerHozAlign: "right" },
    {
      title: "Name", field: "name", minWidth: 170, widthGrow: 2,
      sorter: (_a, _b, a, b) => byName.compare(nameOf(a.getData()), nameOf(b.getData())),
      formatter: (cell) => nameCell(cell.getData(), narrow),
    },
    {
      title: "Advice", field: "advice", width: 142,
      sorter: nullsLast((p) => facts.adviceOrder.indexOf(p.advice)),
      formatter: (cell) => chip(cell.getValue()),
    },
    {
      title: "Strongest flag", field: "reason", minWidth: 200, widthGrow: 4,
      sorter: nullsLast((p) => p.flags),
      formatter: (cell) => {
        const p = cell.getData();
        return el("span", { class: p.flags ? "reason" : "reason thin" }, bdi(p.reason || p.advice_reason));
      },
    },
    {
      title: "Score", field: "me_score", width: 218, headerSortStartingDir: "desc",
      sorter: nullsLast((p) => p.me_score_low), formatter: (cell) => scoreOf(cell.getData()),
    },
    {
      title: "Messages", field: "messages", width: 126, hozAlign: "right", headerHozAlign: "right",
      headerSortStartingDir: "desc", sorter: nullsLast((p) => p.messages),
      formatter: (cell) => whole(cell.getValue()),
    },
    {
      title: "Platform", field: "platforms", width: 116, sorter: nullsLast((p) => p.platforms.join()),
      formatter: (cell) => cell.getValue().map((key) => facts.platforms[key] || key).join(", "),
    },
  ];
  if (narrow) return all.filter((column) => column.field === "name");
  return size === "middle" ? all.filter((column) => MIDDLE_COLUMNS.includes(column.field)) : all;
}

function nameCell(person, narrow) {
  const link = el("a", { class: "who", href: personHref(person.identity_id) }, bdi(nameOf(person)));
  const below = narrow
    ? el(
      "span", { class: "below" },
      el("span", { class: "first-top" }, chip(person.advice), scoreOf(person)),
      el("span", { class: "reason" }, bdi(person.reason || person.advice_reason)),
    )
    : person.headline && el("span", { class: "below sub" }, bdi(person.headline));
  return el("span", { class: person.flags || person.state === "scored" ? "cell" : "cell thin-row" }, link, below || null);
}

function buildRanking(people) {
  const holder = byId("table");
  if (!holder || !people.length) return;
  byId("ranking-fixed").classList.add("print-only");
  byId("filters").hidden = false;
  let size = sizeOf(holder);
  table = new Tabulator(holder, {
    data: people,
    index: "identity_id",
    layout: "fitColumns",
    columns: columnsFor(size),
    columnDefaults: { headerHozAlign: "left", vertAlign: "middle", resizable: false },
    height: people.length > 12 ? Math.min(680, Math.round(window.innerHeight * 0.8)) : undefined,
    renderVerticalBuffer: 600,
    placeholder: "Nobody matches.",
    headerSortClickElement: "header",
  });
  table.on("tableBuilt", () => {
    holder.setAttribute("aria-label", "Everybody who wrote, in the order of the list");
    makeReachable(holder);
    window.addEventListener("resize", () => {
      if (!holder.clientWidth || size === sizeOf(holder)) return;
      size = sizeOf(holder);
      table.setColumns(columnsFor(size));
      makeReachable(holder);
    });
    let waiting = 0;
    byId("q").addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(keepFilters, 120);
    });
    for (const id of ["f-advice", "f-seen", "f-platform", "f-state", "f-words"]) byId(id).addEventListener("change", keepFilters);
    byId("clear").addEventListener("click", () => {
      setFilters(new URLSearchParams());
      keepFilters();
      byId("q").focus();
    });
    byId("f-sort").addEventListener("change", ({ target }) => {
      const [field, direction] = target.value.split(" ");
      const column = columnsFor("wide").find((c) => c.field === field);
      people.sort((a, b) => column.sorter
        ? column.sorter(null, null, { getData: () => a }, { getData: () => b }, null, direction) * (direction === "desc" ? -1 : 1)
        : a.position - b.position);
      table.clearSort();
      table.replaceData(people).then(update);
    });
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("csv").addEventListener("click", () => saveCsv(table.getData("active")));
    byId("copy").addEventListener("click", (event) => copyText(csvOf(table.getData("active")), event.target));
    update();
    document.documentElement.dataset.ready = "yes";
  });
}

/** What Tabulator leaves open: its scrolling part is no row, and headers cannot be reached by keys. */
function makeReachable(holder) {
  const scrolling = holder.querySelector(".tabulator-tableholder");
  scrolling.setAttribute("role", "rowgroup");
  scrolling.querySelector(".tabulator-table").setAttribute("role", "presentation");
  for (const header of holder.querySelectorAll(".tabulator-col.tabulator-sortable")) {
    header.tabIndex = 0;
    header.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      header.click();
    });
  }
}

// A cell that begins with one of these is a formula to a spreadsheet; full-width forms, too.
const FORMULA = /^[\s\u0000-\u001f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/;

function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const flat = String(value).replace(/[\r\n\t\u0000-\u001f\u2028\u2029]+/g, " ");
  const safe = FORMULA.test(flat) ? `'${flat}` : flat;
  return `"${safe.replaceAll('"', '""')}"`;
}

function csvOf(people) {
  const header = ["name", "platforms", "advice", "why", "score", "score_low", "score_high", "state", "messages", "profile_url", "identity_id"];
  const lines = people.map((p) =>
    [
      nameOf(p), p.platforms.join(" "), p.advice, p.reason || p.advice_reason, p.me_score, p.me_score_low,
      p.me_score_high, p.state, p.messages, webAddress(p.profile_url), p.identity_id,
    ].map(csvCell).join(","));
  return [header.join(","), ...lines].join("\r\n") + "\r\n";
}

// The mark tells a spreadsheet that this is UTF-8.
const saveCsv = (people) => saveBlob(new Blob(["\ufeff", csvOf(people)], { type: "text/csv;charset=utf-8" }), "mememeter-actions.csv");

async function copyText(text, button) {
  const label = button.textContent;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "away" });
    area.value = text;
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  button.textContent = done ? "Copied" : "Copying is not allowed here";
  setTimeout(() => { button.textContent = label; }, 2000);
}
