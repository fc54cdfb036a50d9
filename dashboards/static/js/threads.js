// The messages of a person's page: threads with times, what fired marked, a line of who wrote when.
const MARKED_THREADS_OPEN = 3;

function threadsPart(person, details) {
  if (!details.messages.length) {
    return person.messages + person.posts
      ? el("section", {}, el("h2", {}, "Messages"), el("p", {}, "None of the messages could be carried."))
      : null;
  }
  const threads = new Map();
  for (const message of details.messages) {
    const key = message.conversation_id || "posts";
    if (!threads.has(key)) threads.set(key, []);
    threads.get(key).push(message);
  }
  const newest = (thread) => thread[thread.length - 1].sent_at;
  const weight = (thread) => thread.filter((m) => m.is_evidence || m.is_pitch).length;
  const ordered = [...threads.values()].sort((a, b) => weight(b) - weight(a) || newest(b) - newest(a));
  const own = details.messages.filter((m) => m.author === "them").length;
  const all = person.messages + person.posts;
  return el(
    "section",
    { "aria-labelledby": "threads-h" },
    el("h2", { id: "threads-h" }, "The messages"),
    el("p", { class: "sub" }, own < all ? `${whole(own)} of their ${whole(all)} messages and posts, those with evidence first. ` : "", `Times in ${zone}.`),
    ordered.map((thread, i) => threadPart(person, thread, i < MARKED_THREADS_OPEN)),
  );
}

function threadPart(person, messages, open) {
  const [first] = messages;
  const isPosts = !first.conversation_id;
  const title = isPosts ? "Posts" : first.title || facts.kinds[first.kind] || "Thread";
  const span = [time(first.sent_at, "day")];
  if (messages.length > 1) span.push(" to ", time(messages[messages.length - 1].sent_at, "day"));
  const list = [];
  let before = null;
  for (const message of messages) {
    if (before !== null && message.sent_at - before > 24 * 3600) {
      list.push(el("li", { class: "gap" }, `${gap(message.sent_at - before)} later`));
    }
    list.push(messagePart(person, message));
    before = message.sent_at;
  }
  return el(
    "details",
    { class: "thread", open },
    el("summary", {}, bdi(title), el("span", { class: "sub" }, ` · ${messages.length} ${plural(messages.length, isPosts ? "post" : "message")}, `, ...span)),
    messages.length > 2 ? strip(messages) : null,
    messages.length > 2 ? el("p", { class: "strip-ends", "aria-hidden": "true" }, time(first.sent_at, "day"), el("span", {}, el("i", { class: "tick-theirs" }), "theirs", el("i", { class: "tick-pitch" }), "promotional", el("i", { class: "tick-yours" }), isPosts ? "" : "the others"), time(messages[messages.length - 1].sent_at, "day")) : null,
    el("ol", { class: "bubbles" }, list),
  );
}

/** Who wrote when: theirs above the line, everybody else's below. */
function strip(messages) {
  const [from, to] = [messages[0].sent_at, messages[messages.length - 1].sent_at];
  const x = (at) => 6 + (to > from ? (at - from) / (to - from) : 0.5) * 588;
  const theirs = messages.filter((m) => m.author === "them").length;
  return el(
    "svg",
    {
      class: "strip", viewBox: "0 0 600 36", role: "img", preserveAspectRatio: "none",
      "aria-label": `${theirs} of ${messages.length} are theirs; times are with each message`,
    },
    el("line", { class: "axis", x1: 0, x2: 600, y1: 18, y2: 18 }),
    messages.map((m) => el("rect", {
      class: m.author === "them" ? (m.is_pitch || m.is_newsletter ? "tick pitch" : "tick theirs") : "tick yours",
      x: x(m.sent_at) - 2, y: m.author === "them" ? 5 : 20, width: 4, height: 11, rx: 1.5,
    })),
  );
}

function messagePart(person, message) {
  const who = message.author === "them" ? bdi(nameOf(person)) : message.author === "you" ? "You" : bdi(nameOf({ name: message.author_name }));
  const number = message.number && message.conversation_id ? ` · message ${message.number}` : "";
  return bubble(message, [el("b", {}, who)], [], number);
}

/** One message: who and when, the text with what fired marked, what the marks mean. */
function bubble(message, from, terms, number = "") {
  const own = message.author === "them";
  const notes = [];
  if (message.is_pitch) notes.push("unprompted pitch");
  if (message.is_newsletter) notes.push("newsletter");
  if (message.is_evidence) notes.push("a flag rests on this");
  const { node, rules } = marked(message, terms);
  const kind = message.conversation_id && message.kind === "dm" ? "" : ` · ${(facts.kinds[message.kind] || message.kind).toLowerCase()}`;
  return el(
    "li",
    { id: `m-${message.message_id}`, tabindex: -1, class: `bubble ${own ? "theirs" : "yours"}${message.is_evidence ? " evidence" : ""}` },
    el("p", { class: "by" }, from, " ", time(message.sent_at), number, kind),
    message.subject ? el("p", { class: "subject", dir: "auto" }, message.subject) : null,
    node,
    notes.length || rules.length
      ? el("p", { class: "notes" }, notes.map((note) => el("span", { class: "chip chip-watch" }, note)), rules.length ? `Marked: ${rules.join(", ")}` : "")
      : null,
  );
}

/** The text with its spans in <mark>; they count code points, as the pipeline does. */
function marked(message, terms) {
  if (message.text === null) {
    return { node: el("p", { class: "thin" }, facts.redacted ? "(text left out)" : "(no text: an attachment, or left out)"), rules: [] };
  }
  const points = Array.from(message.text);
  const spans = (message.spans || []).filter((s) => s.start < points.length && s.stop > s.start);
  spans.push(...wordSpans(message.text, terms));
  const edges = [...new Set([0, points.length, ...spans.flatMap((s) => [s.start, Math.min(s.stop, points.length)])])].sort((a, b) => a - b);
  const rules = new Set();
  const parts = edges.slice(0, -1).map((start, i) => {
    const text = points.slice(start, edges[i + 1]).join("");
    const over = spans.filter((s) => s.start <= start && s.stop > start);
    const fired = over.filter((s) => s.rule).map((s) => ruleLabel(s.rule));
    fired.forEach((rule) => rules.add(rule));
    if (!over.length) return text;
    return el("mark", { class: over.some((s) => !s.rule) ? "word" : null, title: fired.join(", ") || null }, text);
  });
  if (message.is_cut) parts.push(" … (the text goes on)");
  return { node: el("p", { class: "text", dir: "auto" }, parts), rules: [...rules] };
}

/** Where the words of a search stand, in code points. */
function wordSpans(text, terms) {
  const low = text.toLocaleLowerCase();
  if (low.length !== text.length) return []; // a letter whose small form is longer: no safe place
  return terms.flatMap((term) => {
    const found = [];
    for (let at = low.indexOf(term); at >= 0; at = low.indexOf(term, at + term.length)) {
      const start = Array.from(text.slice(0, at)).length;
      found.push({ start, stop: start + Array.from(term).length });
    }
    return found;
  });
}

const ruleLabel = (rule) => rule.startsWith("own.") ? `your own words: ${ruleLabel(rule.slice(4))}` : (facts.rules[rule] || rule).replaceAll("_", " ").toLowerCase();
