// Draws messages. Whatever a person, the staff or the bot wrote is put in with textContent, never as HTML.
import { button, element, filled, words } from "./page.js";
import { framed } from "./server.js";
import { sentences } from "./steps.js";

const KINDS = {
  answer: words.kind_answer, question: words.kind_question, result: words.kind_result, clarify: words.kind_clarify,
  fallback: words.kind_fallback, notice: words.kind_notice, handover: words.kind_handover,
};
const LEVELS = {
  emergency: words.level_emergency, urgent: words.level_urgent, soon: words.level_soon, "self-care": words.level_self_care,
};
const SOURCES = "Where is this from?"; // the bot's own choice, which folds open here instead

const when = (seconds) => {
  const date = new Date(seconds * 1000);
  const time = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  const isToday = date.toDateString() === new Date().toDateString();
  const day = isToday ? words.today : date.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
  const shown = element("time", "", `${day}, ${time}`);
  shown.dateTime = date.toISOString();
  return shown;
};

const addLink = (parent, address, text) => {
  const link = element("a", "", text || address);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(element("span", "unseen", words.new_tab));
  parent.append(link);
  return link;
};

// Text with its http and https addresses as links.
const addText = (parent, text) => {
  const address = /https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}]/g;
  let from = 0;
  for (const found of text.matchAll(address)) {
    parent.append(text.slice(from, found.index));
    addLink(parent, found[0]);
    from = found.index + found[0].length;
  }
  parent.append(text.slice(from));
};

// Paragraphs, "- " lists and the line that leads into a list.
const drawText = (parent, text) => {
  for (const block of text.split(/\n{2,}/)) {
    let list = null;
    let paragraph = null;
    const lines = block.split("\n");
    lines.forEach((line, index) => {
      if (line.startsWith("- ")) {
        if (!list) parent.append(list = element("ul"));
        const item = element("li");
        addText(item, line.slice(2));
        list.append(item);
        paragraph = null;
        return;
      }
      list = null;
      if (!line.trim()) return;
      const leads = line.endsWith(":") && (lines[index + 1] || "").startsWith("- ");
      if (paragraph && !leads) paragraph.append(element("br"));
      else parent.append(paragraph = element("p", leads ? "lead" : ""));
      addText(paragraph, line);
    });
  }
};

const drawSentences = (parent, text) => {
  for (const sentence of sentences(text)) {
    const line = element("p", "sentence");
    addText(line, sentence);
    parent.append(line);
  }
};

// A numbered list that only repeats the buttons is drawn once: as buttons with their numbers.
const withoutChoices = (text, buttons) => {
  const repeated = new Set(buttons.map((title, index) => `${index + 1}. ${title}`));
  const lines = text.split("\n");
  const left = lines.filter((line) => !repeated.has(line));
  const numbered = buttons.length > 0 && lines.length - left.length === buttons.length;
  return { text: numbered ? left.join("\n").trim() : text, numbered };
};

// What a message says, for reading it aloud.
export const spoken = (message) => {
  const level = ["escalation", "result"].includes(message.metadata.kind) ? LEVELS[message.metadata.level] : "";
  const { text } = withoutChoices(message.text, message.buttons);
  return [level, ...sentences(text), spokenChoices(message)].filter(Boolean).join(". ").replace(/([.?!:])\./g, "$1");
};
export const spokenChoices = (message) => message.buttons.map((title, index) => `${index + 1}: ${title}.`).join(" ");

let frames = 0;

const frame = (message, who) => {
  const drawn = element("article", "message " + message.from);
  drawn.tabIndex = -1;
  const sender = element("p", "sender");
  sender.id = `sender-${frames += 1}`;
  drawn.setAttribute("aria-labelledby", sender.id);
  sender.append(element("strong", "", who), " ", when(message.time));
  drawn.append(sender);
  return drawn;
};

export const drawPerson = (message) => {
  const drawn = frame(message, words.you);
  const body = element("div", "body");
  message.text.split("\n").forEach((line, index) => {
    if (index) body.append(element("br"));
    body.append(line);
  });
  drawn.append(body);
  return drawn;
};

// A link for each number that can be dialed; below them every number as text, for another phone.
const drawCalls = (ways) => {
  const links = element("div", "calls");
  const numbers = element("ul", "numbers");
  for (const { label, number } of ways) {
    if (/^[\d\s()+-]+$/.test(number)) {
      const link = element("a", "call", filled(words.call, { number }));
      link.href = "tel:" + number.replace(/[^\d+]/g, "");
      links.append(link);
    }
    numbers.append(element("li", "", label ? `${label}: ${number}` : number));
  }
  return [links, numbers];
};

const drawChoices = (message, numbered, say) => {
  const choices = element("div", "choices");
  choices.setAttribute("role", "group");
  choices.setAttribute("aria-label", words.choices);
  message.buttons.forEach((title, index) => {
    const choice = button("", "", () => say(title, true));
    if (numbered) choice.append(`${index + 1}. `);
    else choice.append(element("span", "number", `${index + 1}. `)); // shown in easy mode
    choice.append(title);
    choice.dataset.says = title;
    if (title === SOURCES && sourcesOf(message).length) choice.classList.add("folded-instead");
    choices.append(choice);
  });
  return choices;
};

// Only pages of this server are linked. In a frame the link stays inside: a new tab would not have the frame's cookie.
const drawSummaryLink = (drawn, path) => {
  if (!framed) {
    addLink(drawn, path, words.summary).className = "summary";
    return;
  }
  const link = element("a", "summary", words.summary);
  link.href = `${path}?framed=1`;
  drawn.append(link);
};

const sourcesOf = (message) => (message.metadata.sources || []).filter((source) => source && source.title);

const drawSources = (sources) => {
  const folded = element("details", "sources");
  folded.append(element("summary", "", words.sources));
  const list = element("ul");
  for (const { title, publisher, year, url } of sources) {
    const item = element("li");
    if (url && /^https?:\/\//.test(url)) addLink(item, url, title);
    else item.append(title);
    item.append(`. ${publisher}${year ? `, ${year}` : ""}`);
    list.append(item);
  }
  folded.append(list);
  return folded;
};

const drawHelpful = (message, judge) => {
  const asked = element("div", "helpful");
  asked.setAttribute("role", "group");
  asked.setAttribute("aria-label", words.helpful_question);
  const answer = (helpful) => async () => {
    const thanks = element("p", "", await judge(message.id, helpful));
    thanks.setAttribute("role", "status");
    thanks.tabIndex = -1;
    asked.replaceChildren(thanks);
    asked.classList.add("answered");
    thanks.focus({ preventScroll: true });
  };
  asked.append(
    element("span", "", words.helpful_question),
    button("quiet", words.helpful_yes, answer(true)),
    button("quiet", words.helpful_no, answer(false)),
  );
  return asked;
};

// What the person wrote before a message of the bot.
const saidBefore = (drawn) => {
  for (let here = drawn.previousElementSibling; here; here = here.previousElementSibling) {
    if (here.classList.contains("person")) return here.querySelector(".body").innerText;
  }
  return "";
};

// `does`: say(text, byButton), judge(id, helpful), readAloud(message, button), and whether `easy` mode is on.
export const drawBot = (message, does) => {
  const about = message.metadata;
  const drawn = frame(message, about.sender || words.name);
  drawn.classList.add("kind-" + about.kind);
  if (about.level) drawn.classList.add("level-" + about.level);
  const loud = ["escalation", "result"].includes(about.kind);
  if (about.kind !== "escalation" && KINDS[about.kind]) drawn.append(element("p", "label", about.progress || KINDS[about.kind]));
  if (loud && (LEVELS[about.level] || about.kind === "escalation")) {
    drawn.append(element("h3", "", LEVELS[about.level] || LEVELS.emergency));
  }
  if (about.call && about.call.length) drawn.append(...drawCalls(about.call));
  const body = element("div", "body");
  const { text, numbered } = withoutChoices(message.text, message.buttons);
  const withoutProgress = about.progress ? text.split("\n").filter((line) => line !== about.progress).join("\n") : text;
  if (does.easy) drawSentences(body, withoutProgress);
  else drawText(body, withoutProgress);
  drawn.append(body);
  if (/^\/(?!\/)/.test(about.summary_url || "")) drawSummaryLink(drawn, about.summary_url);
  if (sourcesOf(message).length && about.kind === "answer") drawn.append(drawSources(sourcesOf(message)));
  if (message.buttons.length) drawn.append(drawChoices(message, numbered, does.say));
  const extras = element("div", "extras");
  extras.append(button("quiet with-voice", words.read_aloud, (event) => does.readAloud(message, event.currentTarget)));
  // an apology has no choices of its own, and those before it are spent: one tap says the same once more
  const apology = about.kind === "fallback" && !message.buttons.length;
  if (apology) extras.append(button("again", words.send_again, () => does.say(saidBefore(drawn), true)));
  if (about.kind in KINDS && about.kind !== "notice" && !apology) extras.append(button("quiet again", words.say_again, () => does.say(words.say_again, true)));
  if ((about.kind === "answer" && about.topic) || about.kind === "result") extras.append(drawHelpful(message, does.judge));
  drawn.append(extras);
  return drawn;
};

// Choices before the person's last message can no longer be pressed; the one taken stays to be seen.
export const settle = (log) => {
  let next = null;
  for (const drawn of [...log.children].reverse()) {
    if (drawn.classList.contains("person")) next = drawn;
    else if (next) spend(drawn, next.querySelector(".body").textContent);
  }
};

const spend = (drawn, text) => {
  for (const over of drawn.querySelectorAll(".helpful:not(.answered), .again")) over.remove();
  const choices = drawn.querySelector(".choices");
  if (!choices || choices.dataset.spent) return;
  choices.dataset.spent = "yes";
  for (const choice of choices.children) {
    choice.disabled = true;
    if (choice.dataset.says !== text) continue;
    choice.classList.add("chosen");
    choice.textContent = filled(words.chosen, { words: text });
  }
  choices.hidden = !choices.querySelector(".chosen");
};
