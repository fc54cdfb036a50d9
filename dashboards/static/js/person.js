// One person: what was seen, how the points add up, the messages, what cannot be known.
const FLAG_LINKS = 12;
const chunks = new Map();
let peopleById = new Map();
let shownPerson = null;
let shownBlocks = null;
const namesakes = new Map(); // name → how many are called so

function chunkOf(index) {
  if (!chunks.has(index)) {
    chunks.set(index, unpack(index).then((frames) => {
      const by = {};
      for (const [name, columns] of Object.entries(frames)) {
        by[name] = Map.groupBy
          ? Map.groupBy(rows(columns), (row) => row.position)
          : rows(columns).reduce((m, row) => m.set(row.position, [...(m.get(row.position) || []), row]), new Map());
      }
      return by;
    }));
  }
  return chunks.get(index);
}

/** Everything carried about a person, or null when the page had no room for it. */
async function detailsOf(person) {
  if (person.position > facts.carried) return null;
  const by = await chunkOf(Math.floor((person.position - 1) / facts.chunk));
  const of = (name) => (by[name] && by[name].get(person.position)) || [];
  return { blocks: of("blocks"), flags: of("flags"), messages: of("messages"), templates: of("templates") };
}

/** identity → the carried words of that person, in small letters. */
async function allWords() {
  const found = new Map();
  for (let index = 0; index < facts.chunks; index += 1) {
    const by = await chunkOf(index);
    for (const messages of by.messages.values()) {
      const text = messages.map((m) => `${m.subject || ""}\n${m.text || ""}`).join("\n").toLocaleLowerCase();
      found.set(messages[0].identity_id, text);
    }
  }
  return found;
}

/** The parts of a person's page; null when it is the one on screen. */
async function personPage(id) {
  const person = peopleById.get(id);
  if (!person) {
    shownPerson = null;
    return [el("h1", {}, "Nobody of this identifier"), el("p", {}, "This report does not hold the person the address names. They may be in another one.")];
  }
  document.title = `${nameOf(person)} · MeMeMeter`;
  if (shownPerson === person) return null;
  const details = await detailsOf(person);
  shownPerson = person;
  shownBlocks = details && details.blocks;
  return [head(person), ...(details ? detailParts(person, details) : [notCarried(person)]), facts.redacted ? null : verdict(person)].filter(Boolean);
}

async function drawPoints(page) {
  const chart = page.querySelector("[data-points]");
  if (chart) await drawChart(chart, pointsFigure(shownPerson, shownBlocks));
}

function head(person) {
  const address = webAddress(person.profile_url);
  const platforms = person.platforms.map((key) => facts.platforms[key] || key).join(" and ");
  return el(
    "header",
    { class: "person-head" },
    el("h1", { id: "person-h", tabindex: -1 }, bdi(nameOf(person))),
    person.headline && el("p", { class: "headline" }, bdi(person.headline)),
    el("p", { class: "chips" }, chip(person.advice), el("span", {}, person.advice_reason)),
    el("p", { class: "timeline" }, story(person)),
    el(
      "p",
      { class: "sub" },
      `${whole(person.messages)} ${plural(person.messages, "message")}, ${whole(person.posts)} ${plural(person.posts, "post")}, ${platforms || "platform unknown"}. `,
      address && el("a", { href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, "Profile on the web"),
    ),
    person.me_score === null
      ? el("p", { class: "thin" }, `No score: ${person.state_reason || "there is too little to go by"}. What follows are facts.`)
      : el("p", { class: "person-score" }, scoreOf(person), el("span", { class: "sub" }, ` of 100, rank ${whole(person.rank || 0)}; ${whole(person.points_measurable)} of 100 points can be measured from these exports.`)),
  );
}

/** "Connected 3 Feb, pitched 3 Feb, message 1". */
function story(person) {
  const parts = [];
  if (person.connected_on) {
    const who = { them: " (they asked)", owner: " (you asked)" }[person.invited_by] || "";
    parts.push(["Connected ", calendarDay(person.connected_on), who]);
  }
  // Only where something was flagged: a survey sent to an attendee reads as a pitch here.
  if (person.pitched_at !== null && person.flags) {
    const which = person.pitch_in_invitation ? ", in the invitation" : `, message ${person.pitch_number}`;
    parts.push(["pitched ", time(person.pitched_at, "day"), which]);
  }
  return parts.flatMap((part, i) => (i ? [" · ", ...part] : part));
}

function detailParts(person, details) {
  const hidden = details.blocks.filter((block) => block.points === null);
  return [
    el("div", { class: "person-grid" }, flagsPart(person, details.flags, details.messages), pointsPart(person, details.blocks)),
    hidden.length
      ? el(
        "section",
        { "aria-labelledby": "unknown-h" },
        el("h2", { id: "unknown-h" }, "What cannot be known from these exports"),
        el("ul", { class: "plain" }, hidden.map((b) => el("li", {}, el("b", {}, `${facts.blocks[b.block] || b.block}: `), b.explanation))),
      )
      : null,
    sharedPart(person, details.templates),
    threadsPart(person, details),
  ].filter(Boolean);
}

function flagsPart(person, flags, messages) {
  const carried = new Map(messages.map((m) => [m.message_id, m]));
  const body = flags.length
    ? el("ul", { class: "flags" }, flags.map((flag) => el(
      "li",
      {},
      el("p", { class: "statement" }, flag.statement),
      rateBar(flag),
      el("p", { class: "innocent" }, "It could be harmless: ", flag.innocent_explanation),
      evidenceLinks(person, flag.message_ids.filter((id) => carried.has(id)).map((id) => carried.get(id)), flag.message_ids.length),
    )))
    : el("p", {}, "Nothing was flagged.");
  return el("section", { "aria-labelledby": "seen-h" }, el("h2", { id: "seen-h" }, "What was seen"), body);
}

/** The messages a flag rests on, each by its day. */
function evidenceLinks(person, messages, all) {
  if (!messages.length) return null;
  const shown = [...messages].sort((a, b) => a.sent_at - b.sent_at).slice(0, FLAG_LINKS);
  const left = all - shown.length;
  return el(
    "p", { class: "evidence-links" }, all === 1 ? "The message: " : `The ${whole(all)} messages: `,
    shown.flatMap((m, i) => [i ? " · " : "", el("a", { href: `${personHref(person.identity_id)}&m=${encodeURIComponent(m.message_id)}` }, time(m.sent_at, "day"))]),
    left > 0 ? ` and ${whole(left)} more` : null,
  );
}

/** k of n with the ends of its interval, for flags that are rates. */
function rateBar(flag) {
  if (flag.rate_low === null || !flag.n) return null;
  const at = (share) => 4 + Math.min(1, share) * 192;
  const label = `${flag.k} of ${flag.n}, 90 % interval ${Math.round(flag.rate_low * 100)} to ${Math.round(flag.rate_high * 100)} %`;
  return el(
    "p",
    { class: "rate" },
    el(
      "svg",
      { class: "interval", viewBox: "0 0 200 16", width: 200, height: 16, role: "img", "aria-label": label },
      el("line", { class: "axis", x1: 4, x2: 196, y1: 8, y2: 8 }),
      el("rect", { class: "band", x: at(flag.rate_low), y: 3, width: at(flag.rate_high) - at(flag.rate_low), height: 10, rx: 5 }),
      el("circle", { class: "dot", cx: at(flag.k / flag.n), cy: 8, r: 3.5 }),
    ),
    el("span", { class: "sub", "aria-hidden": "true" }, label),
  );
}

function reveal(messageId) {
  const node = byId(`m-${messageId}`);
  if (!node) return;
  const folded = node.closest("details");
  if (folded) folded.open = true;
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
}

function pointsPart(person, blocks) {
  const known = blocks.filter((block) => block.points !== null);
  if (!known.length) return null;
  const table = el(
    "div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Blocks" },
    person.me_score === null ? countedTable(known) : pointsTable(known),
  );
  if (person.me_score === null) {
    return el(
      "section", { "aria-labelledby": "points-h" },
      el("h2", { id: "points-h" }, "What was counted"),
      el("p", { class: "thin" }, "Too little for a score, so no points. The bars are 90 % intervals of each rate: wide ones are mostly the average of everybody."),
      table,
    );
  }
  return el(
    "section", { "aria-labelledby": "points-h" },
    el("h2", { id: "points-h" }, "How the points add up"),
    el("div", { class: "chart", "data-points": true, role: "img", "aria-label": "Points by block, adding up to the score; the same numbers are in the table below" }),
    el("details", {}, el("summary", {}, "The numbers behind the chart"), table),
  );
}

const headings = (...titles) => el("thead", {}, el("tr", {}, titles.map((title) => el("th", { scope: "col", class: title.startsWith("#") ? "n" : null }, title.replace("#", "")))));
const blockName = (block) => el("th", { scope: "row" }, facts.blocks[block.block] || block.block);
const signed = (value) => `${value >= 0.05 ? "+" : value <= -0.05 ? "−" : ""}${Math.abs(value).toFixed(1)}`;

function pointsTable(known) {
  const sum = known.reduce((total, block) => total + block.points, 0);
  return el(
    "table", {}, headings("Block", "#Points", "#Of", "What was counted"),
    el(
      "tbody", {},
      known.map((b) => el("tr", {}, blockName(b), el("td", { class: "n" }, signed(b.points)), el("td", { class: "n" }, b.cap ? whole(b.cap) : "–"), el("td", {}, b.explanation))),
      el("tr", { class: "sum" }, el("th", { scope: "row" }, "Sum, the score"), el("td", { class: "n" }, sum.toFixed(1)), el("td", {}), el("td", {})),
    ),
  );
}

function countedTable(known) {
  return el(
    "table", {}, headings("Block", "What was counted", "Rate"),
    el("tbody", {}, known.filter((b) => b.block !== "floor").map((b) => el("tr", {}, blockName(b), el("td", {}, b.explanation), el("td", {}, blockBar(b))))),
  );
}

function blockBar(block) {
  if (block.rate_low === null || block.rate_high === null) return "–";
  const at = (rate) => 4 + Math.min(1, Math.max(0, rate)) * 112;
  const percent = (rate) => Math.round(rate * 100);
  return el(
    "svg",
    { class: "interval", viewBox: "0 0 120 16", width: 120, height: 16, role: "img", "aria-label": `90 % interval ${percent(block.rate_low)} to ${percent(block.rate_high)} %` },
    el("line", { class: "axis", x1: 4, x2: 116, y1: 8, y2: 8 }),
    el("rect", { class: "band", x: at(block.rate_low), y: 3, width: at(block.rate_high) - at(block.rate_low), height: 10, rx: 5 }),
  );
}

/** The empty waterfall of the report, filled with one person's bars. */
function pointsFigure(person, blocks) {
  const figure = structuredClone(figures.points);
  const bars = blocks.filter((block) => block.points !== null);
  const [trace] = figure.data;
  trace.y = [...bars.map((b) => facts.blocks[b.block] || b.block), "Score"];
  trace.x = [...bars.map((b) => b.points), person.me_score];
  trace.base = [...bars.map((b) => b.from), 0];
  trace.text = [...bars.map((b) => signed(b.points)), person.me_score.toFixed(1)];
  trace.hovertext = [...bars.map((b) => plotlyText(b.explanation)), "the sum of the above"];
  trace.marker.color = [...bars.map((b) => (b.points < 0 ? "var(--takes)" : "var(--adds)")), "var(--total)"];
  const ends = [0, person.me_score, ...bars.flatMap((b) => [b.from, b.to])];
  const [low, high] = [Math.min(...ends), Math.max(20, ...ends)];
  figure.layout.xaxis.range = [low < 0 ? low - (high - low) * 0.12 : 0, high + (high - low) * 0.14];
  return figure;
}

const plotlyText = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function sharedPart(person, templates) {
  const items = templates.flatMap(({ template_id: key }) => {
    const others = (facts.texts[key] || []).filter((s) => s.id !== person.identity_id && !s.owner);
    if (!others.length) return [];
    const names = others.slice(0, 8).flatMap((s, i) => [i ? ", " : "", s.id ? el("a", { href: personHref(s.id) }, bdi(nameOf(s))) : "somebody unnamed"]);
    return [el("li", {}, "The same text, but for its slots, also came from ", ...names, others.length > 8 ? ` and ${others.length - 8} more.` : ".")];
  });
  return items.length
    ? el("section", { "aria-labelledby": "shared-h" }, el("h2", { id: "shared-h" }, "Who else sent this text"), el("ul", { class: "plain" }, items))
    : null;
}

function notCarried(person) {
  return el(
    "section", { class: "card" },
    el("h2", {}, "The messages are not in this file"),
    el("p", {}, `The page carries the messages of the first ${whole(facts.carried)} people of the list, as it has to stay small. For this one, ask in the terminal:`),
    el("p", {}, el("code", {}, `mememeter sender ${shellName(person)}`)),
  );
}

/** A name that any shell takes as it is and nobody else has, else the identifier. */
function shellName(person) {
  const plain = person.name && /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} .'’-]*$/u.test(person.name);
  return plain && namesakes.get(nameOf(person)) === 1 ? `"${person.name}"` : person.identity_id;
}

function verdict(person) {
  const commands = ["fine", "not-fine", "unset"].map((word) => {
    const command = `mememeter verdict ${shellName(person)} ${word}`;
    const [before, after] = command.split(shellName(person));
    const button = el("button", { type: "button", class: "quiet" }, "Copy");
    button.addEventListener("click", () => copyText(command, button));
    return el("li", {}, el("code", { dir: "ltr" }, before, bdi(shellName(person)), after), button);
  });
  return el(
    "section",
    { class: "card verdict", "aria-labelledby": "verdict-h" },
    el("h2", { id: "verdict-h" }, "Your word"),
    el("p", {}, "You know more than any export. What you say here is stronger than any rule, and counts from the next run on:"),
    el("ul", { class: "plain commands" }, commands),
  );
}
