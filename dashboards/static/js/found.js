// Messages behind a number: those with some words, of a week, of a month, or made from one text.
const SHOWN_AT_ONCE = 60;
let ownMessages = null;

/** Every message the page carries, once, with whose page it is on; newest first. */
async function everyMessage() {
  const found = new Map();
  for (let index = 0; index < facts.chunks; index += 1) {
    const by = await chunkOf(index);
    for (const messages of by.messages.values()) {
      for (const message of messages) {
        if (message.author === "them" || !found.has(message.message_id)) found.set(message.message_id, message);
      }
    }
  }
  ownMessages = ownMessages || unpack("own").then(rows);
  for (const message of await ownMessages) {
    if (!found.has(message.message_id)) found.set(message.message_id, { ...message, author: "you" });
  }
  return [...found.values()].sort((a, b) => b.sent_at - a.sent_at);
}

const DAY = 24 * 3600;
const inUtc = (seconds) => new Date(seconds * 1000).toISOString();

/** What is asked for: a title, a test of a message, the words to mark. */
function question(params) {
  const [words, week, text, month] = ["q", "week", "text", "month"].map((name) => params.get(name));
  if (week) {
    const from = Date.parse(`${week}T00:00:00Z`) / 1000;
    return {
      title: ["Promotional messages in the week of ", calendarDay(week)],
      test: (m) => m.author === "them" && m.sent_at >= from && m.sent_at < from + 7 * DAY
        && (m.is_pitch || m.is_newsletter || m.kind === "sponsored"),
    };
  }
  if (month) {
    const first = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
    return {
      title: [`What you wrote in ${first.format(new Date(`${month}-01T00:00:00Z`))}`],
      test: (m) => m.author === "you" && inUtc(m.sent_at).startsWith(month),
    };
  }
  if (text) {
    return {
      title: ["Messages made from the same text"],
      test: (m) => m.template_id === text,
    };
  }
  const terms = (words || "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return {
    title: ["Messages with ", el("q", {}, bdi(words || ""))],
    terms,
    test: (m) => {
      const said = `${m.subject || ""}\n${m.text || ""}`.toLocaleLowerCase();
      return terms.length > 0 && terms.every((term) => said.includes(term));
    },
  };
}

async function messagesPage(params) {
  shownPerson = null;
  const { title, test, terms } = question(params);
  const messages = (await everyMessage()).filter(test);
  const people = new Set(messages.map((m) => m.identity_id)).size;
  const list = el("ol", { class: "bubbles found-list" });
  const more = el("button", { type: "button", class: "quiet" });
  const show = () => {
    const shown = list.children.length;
    list.append(...messages.slice(shown, shown + SHOWN_AT_ONCE).map((m) => foundMessage(m, terms || [])));
    const left = messages.length - list.children.length;
    more.hidden = left === 0;
    more.textContent = `Show ${whole(Math.min(left, SHOWN_AT_ONCE))} more of ${whole(left)}`;
  };
  more.addEventListener("click", show);
  show();
  const heading = el("h1", {}, title);
  document.title = `${heading.textContent} · MeMeMeter`;
  const all = peopleById.size;
  return [
    el("header", { class: "person-head" }, heading, el("p", { class: "sub", role: "status" },
      messages.length ? `${whole(messages.length)} ${plural(messages.length, "message")}, ${whole(people)} ${plural(people, "person", "people")}, newest first. Times in ${zone}. ` : "None of the messages this page carries. ",
      facts.carried < all ? `It carries those of the first ${whole(facts.carried)} of ${whole(all)} people; the terminal has the others: ` : null,
      facts.carried < all ? el("code", {}, "mememeter sql") : null)),
    list,
    more,
  ];
}

function foundMessage(message, terms) {
  const known = peopleById.get(message.identity_id);
  const name = bdi(known ? nameOf(known) : nameOf({ name: message.name || message.author_name }));
  const link = known ? el("a", { class: "who", href: `${personHref(message.identity_id)}&m=${encodeURIComponent(message.message_id)}` }, name) : name;
  const isPost = !message.conversation_id && message.author === "you" && !message.identity_id;
  const from = message.author === "you" ? [el("b", {}, "You"), isPost ? "" : " to ", isPost ? "" : link]
    : message.author === "other" ? [el("b", {}, bdi(nameOf({ name: message.author_name }))), " in a group with ", link] : [link];
  return bubble(message, from, terms);
}
