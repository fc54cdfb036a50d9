// What everything else uses: facts, elements, unpacking, dates. Strings from strangers become text
// nodes here and nothing else: there is no innerHTML in this page.
const byId = (id) => document.getElementById(id);
const facts = JSON.parse(byId("facts").textContent);

/** An element; children are strings (as text), nodes, or null. */
function el(tag, attributes = {}, ...children) {
  const svg = ["svg", "line", "rect", "circle", "title", "path"].includes(tag);
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** A name or other short string by a stranger, kept from turning the text around it. */
const bdi = (text) => el("bdi", {}, text);
// A name of blanks and invisible characters shows nothing to click on.
const nameOf = ({ name }) => (/[\p{L}\p{N}\p{P}\p{S}]/u.test(name || "") ? name : "Somebody without a name");
const personHref = (id) => `#person=${encodeURIComponent(id)}`;
const chip = (advice) => el("span", { class: `chip chip-${advice}` }, facts.advice[advice] || advice);
const plural = (count, one, many) => (count === 1 ? one : many || `${one}s`);
const whole = (value) => Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");

/** The address when it is one of a profile on the web, else null: never javascript:, never data:. */
function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The bytes of base64. */
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** Hands a file to the reader. */
function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

async function unpack(id) {
  const node = byId(`packed-${id}`);
  const text = node.textContent;
  node.remove();
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** Columns → rows, lazily: one object per index with the columns' names. */
function rows(columns) {
  const names = Object.keys(columns);
  const length = names.length ? columns[names[0]].length : 0;
  return Array.from({ length }, (_, i) => {
    const row = {};
    for (const name of names) row[name] = columns[name][i];
    return row;
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const shapes = {
  day: { day: "numeric", month: "short", year: "numeric" },
  minute: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  clock: { hour: "2-digit", minute: "2-digit" },
};
const formats = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    new Intl.DateTimeFormat("en-GB", { ...shape, timeZone: zone }),
  ]),
);

/** Epoch seconds in the reader's zone. */
function time(seconds, shape = "minute") {
  const at = new Date(seconds * 1000);
  return el("time", { datetime: at.toISOString() }, formats[shape].format(at));
}

/** A calendar day (YYYY-MM-DD) as it is: it has no zone. */
function calendarDay(text) {
  const at = new Date(`${text}T00:00:00Z`);
  const shown = new Intl.DateTimeFormat("en-GB", { ...shapes.day, timeZone: "UTC" }).format(at);
  return el("time", { datetime: text }, shown);
}

/** The gap between two moments in the largest sensible unit. */
function gap(seconds) {
  const hours = seconds / 3600;
  if (hours < 1) return `${Math.max(1, Math.round(seconds / 60))} min`;
  if (hours < 48) return `${Math.round(hours)} h`;
  const days = Math.round(hours / 24);
  return days < 60 ? `${days} days` : `${Math.round(days / 30.4)} months`;
}

function showLocalTimes() {
  for (const node of document.querySelectorAll("time[data-show]")) {
    const at = new Date(node.getAttribute("datetime"));
    if (!Number.isNaN(at.getTime())) node.textContent = formats[node.dataset.show].format(at);
  }
  byId("zone").textContent = `${zone}, your zone`;
  for (const node of document.querySelectorAll("[data-zone]")) node.textContent = zone;
}

/** A score from 0 to 100 with its interval, drawn. */
function intervalBar(person) {
  const at = (value) => 4 + value * 1.12;
  const { me_score: score, me_score_low: low, me_score_high: high } = person;
  return el(
    "svg",
    {
      class: "interval", viewBox: "0 0 120 16", width: 120, height: 16, role: "img",
      "aria-label": `score ${whole(score)}, 90 % interval ${whole(low)} to ${whole(high)}`,
    },
    el("line", { class: "axis", x1: 4, x2: 116, y1: 8, y2: 8 }),
    el("rect", { class: "band", x: at(low), y: 3, width: Math.max(0, at(high) - at(low)), height: 10, rx: 5 }),
    el("circle", { class: "dot", cx: at(score), cy: 8, r: 3.5 }),
  );
}

function scoreOf(person) {
  if (person.me_score === null) {
    return el("span", { class: "score thin" }, (facts.states[person.state] || person.state).toLowerCase());
  }
  return el(
    "span",
    { class: "score" },
    el("b", {}, whole(person.me_score)),
    intervalBar(person),
    el("span", { class: "ends" }, `${whole(person.me_score_low)}–${whole(person.me_score_high)}`),
  );
}
