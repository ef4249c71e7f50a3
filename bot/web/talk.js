// The conversation on the screen: what was said, what is on its way, and what waits for a connection.
// Unsent messages are kept on the device, so that they outlive the tab; every tab shows them, one tab sends them.
import { drawBot, drawPerson, settle, spoken, spokenChoices } from "./draw.js";
import { keep, kept } from "./kept.js";
import { look } from "./look.js";
import { at, callAsBefore, callHere, filled, noTrouble, showTrouble, status, trouble, words } from "./page.js";
import { Busy, Refused, ask, follow } from "./server.js";
import { finishSteps, stepThrough } from "./steps.js";
import { read, stopReading } from "./voice.js";

const WRITING_AFTER = 500;                    // milliseconds before "is writing" is said
const PAUSES = [2000, 4000, 8000, 15000];     // milliseconds between two tries
const STALE = 24 * 60 * 60;                   // seconds after which an unsent message is no longer news

const log = at("log");
const box = at("text");

let shown = [];            // every message on the screen that came from the server, in order
let drawn = new Map();     // their drawings by id
let waitingDrawn = new Map(); // drawings of messages that are not answered yet, by id
let heardOf = new Set();   // ids of waiting messages that the server has already got
let lastId = null;         // the last message of the stored conversation
let talk = null;           // the server's mark of the conversation on the screen
let keeps = true;          // whether the browser keeps its cookie; without, every message is a conversation of its own
let consent = null;        // names the first words the person saw
let round = 0;             // counts up with every new conversation: late answers to an old one are dropped
let opening = true;        // what was said before is on its way: new messages wait for it
let sending = false;
let failures = 0;
let nextTry = null;
let justSaid = false;      // the person waits for an answer to what they did last
let tell = () => {};       // tells the site around the page that something was said

// --- unsent messages: {id, text, time, again}, oldest first ---

const readWaiting = () => {
  try { return JSON.parse(kept("localStorage", "waiting") || "[]"); } catch { return []; }
};
const writeWaiting = (items) => keep("localStorage", "waiting", items.length ? JSON.stringify(items) : "");
const changeWaiting = (id, change) => writeWaiting(readWaiting().map((item) => (item.id === id ? { ...item, ...change } : item)));

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const mark = (id, text) => {
  const message = waitingDrawn.get(id);
  if (!message) return;
  const old = message.querySelector(".waiting");
  if (old && old.textContent === text) return;
  if (old) old.remove();
  if (text) {
    const note = document.createElement("p");
    note.className = "waiting";
    note.textContent = text;
    message.append(note);
  }
};

const drawWaiting = (item) => {
  if (waitingDrawn.has(item.id) || drawn.has(item.id)) return;
  const message = drawPerson(item);
  waitingDrawn.set(item.id, message);
  log.append(message);
  settle(log);
};

const finished = (id, note) => {
  mark(id, note);
  writeWaiting(readWaiting().filter((item) => item.id !== id));
  heardOf.delete(id);
  if (waitingDrawn.has(id)) drawn.set(id, waitingDrawn.get(id));
  waitingDrawn.delete(id);
};

// Another tab wrote something, or sent what waited.
const followWaiting = () => {
  if (opening) return;
  const items = readWaiting();
  items.forEach(drawWaiting);
  const left = new Set(items.map((item) => item.id));
  for (const id of [...waitingDrawn.keys()]) if (!left.has(id)) finished(id, "");
};

// --- drawing what comes from the server ---

// New messages stand before those that still wait to be sent.
const place = (node) => {
  const unsent = [...waitingDrawn].find(([id]) => !heardOf.has(id));
  log.insertBefore(node, unsent ? unsent[1] : null);
};

const readAloud = (message, pressed) => {
  if (pressed.textContent === words.read_stop) {
    stopReading();
    return;
  }
  read(spoken(message), () => { pressed.textContent = words.read_aloud; });
  pressed.textContent = words.read_stop;
};

const judge = async (id, helpful) => {
  try {
    await ask("helpful", { id, helpful });
    return helpful ? words.helpful_thanks : words.helpful_sorry;
  } catch {
    return words.helpful_failed;
  }
};

// `fresh` is "new" for what is said just now, "first" for the first words, and empty for what was said before: in easy mode
// only what is fresh is shown one sentence at a time.
const drawing = (message, fresh) => {
  if (message.from === "person") return drawPerson(message);
  const node = drawBot(message, { say, judge, readAloud, easy: look.easy === "on" });
  const lines = [...node.querySelectorAll(".sentence")];
  const loud = message.metadata.kind === "escalation"; // advice in an emergency is never held back
  if (look.easy === "on" && fresh && !loud && lines.length > 1) {
    const after = [...node.querySelectorAll(".choices, .extras, .summary, .sources")];
    stepThrough(node, lines, after, fresh === "new", (line, last) => {
      if (look.read === "on") read(last ? `${line} ${spokenChoices(message)}` : line);
    });
  }
  return node;
};

const add = (message, fresh) => {
  const node = drawing(message, fresh);
  shown.push(message);
  drawn.set(message.id, node);
  place(node);
  return node;
};

// Takes in messages of the stored conversation; those already there are left alone. Returns the new drawings.
const take = (messages, fresh) => {
  const nodes = [];
  for (const message of messages) {
    lastId = message.id;
    if (message.emergency) callHere(message.emergency);
    if (message.from === "person" && waitingDrawn.has(message.id)) {
      heardOf.add(message.id);
      if (!shown.some((other) => other.id === message.id)) shown.push(message);
    } else if (!drawn.has(message.id)) {
      nodes.push([message, add(message, fresh)]);
    }
  }
  settle(log);
  return nodes;
};

// A new reply is read from its start. In an emergency the card is next for the keyboard, unless the person is typing.
const show = (messages) => {
  const nodes = take(messages, "new");
  const bots = nodes.filter(([message]) => message.from === "bot");
  if (!nodes.length) return;
  const card = bots.find(([message]) => message.metadata.kind === "escalation");
  const [, first] = card || bots[0] || nodes[0];
  if (card && !box.value) first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "start" });
  if (!bots.length) return;
  tell();
  const aloud = bots.filter(([, node]) => !node.querySelector(".stepping") && !node.hidden).map(([message]) => spoken(message));
  if (look.read === "on" && aloud.length) read(aloud.join(" "));
};

export const redraw = () => {
  finishSteps();
  log.replaceChildren();
  const unsent = [...waitingDrawn.values()];
  drawn = new Map();
  const messages = shown;
  shown = [];
  waitingDrawn = new Map([...waitingDrawn].filter(([id]) => !messages.some((message) => message.id === id)));
  const lastSaid = messages.map((message) => message.from).lastIndexOf("person");
  const from = lastSaid < 0 ? messages.length - 2 : lastSaid; // before the person says anything, only the greeting
  messages.forEach((message, index) => add(message, index > from ? "new" : ""));
  unsent.filter((node) => [...waitingDrawn.values()].includes(node)).forEach((node) => log.append(node));
  settle(log);
  const last = [...log.children].filter((node) => !node.hidden).pop();
  if (last) last.scrollIntoView({ block: "start" });
};

// --- sending: one message after the other, each until it has arrived ---

export const say = (text, byButton) => {
  stopReading();
  finishSteps();
  const item = { id: newId(), text, time: Date.now() / 1000, again: false, from: "person" };
  writeWaiting([...readWaiting(), item]);
  if (opening) return;
  justSaid = true;
  drawWaiting(item);
  const node = waitingDrawn.get(item.id);
  node.scrollIntoView({ block: "end" });
  // the pressed button is gone: from the person's own message, Tab leads on to the reply
  if (byButton) node.focus({ preventScroll: true });
  send();
};

const tryLater = (problem) => {
  const text = problem instanceof Busy ? problem.message : navigator.onLine === false ? words.offline : words.unreachable;
  readWaiting().forEach((item) => mark(item.id, words.waiting));
  trouble(text, true);
  if (justSaid) showTrouble();
  justSaid = false;
  clearTimeout(nextTry);
  const pause = problem instanceof Busy ? problem.seconds * 1000 : PAUSES[Math.min(failures, PAUSES.length - 1)];
  nextTry = setTimeout(send, pause);
  failures += 1;
};

const giveBack = (item, text) => {
  finished(item.id, words.not_sent);
  trouble(text, false);
  if (!box.value) box.value = item.text;
  box.dispatchEvent(new Event("input"));
  showTrouble();
};

const sendFirst = async (item) => {
  const mine = round;
  const writing = setTimeout(() => status(filled(words.writing, { name: words.name })), WRITING_AFTER);
  changeWaiting(item.id, { again: true });
  try {
    const answer = await ask("messages", { text: item.text, id: item.id, again: item.again, consent });
    if (mine !== round) return true;
    failures = 0;
    noTrouble();
    if (talk === null || !keeps) talk = answer.talk;
    if (answer.talk !== talk) { // another tab has started again
      finished(item.id, "");
      await renew();
      show(answer.replies);
      return true;
    }
    heardOf.add(item.id);
    if (answer.emergency) callHere(answer.emergency);
    show(answer.replies);
    if (!shown.some((message) => message.id === item.id)) insertShown(item, answer.replies);
    finished(item.id, "");
    return true;
  } catch (problem) {
    if (mine !== round) return true;
    if (problem instanceof Refused) {
      giveBack(item, problem.message);
      return true;
    }
    tryLater(problem);
    return false;
  } finally {
    clearTimeout(writing);
    status("");
  }
};

// What the person said stands before its first reply, also when all is drawn anew.
const insertShown = (item, replies) => {
  const first = shown.findIndex((message) => replies.some((reply) => reply.id === message.id));
  shown.splice(first < 0 ? shown.length : first, 0, { ...item, from: "person" });
};

const sendAll = async () => {
  for (let items = readWaiting(); items.length && !opening; items = readWaiting()) {
    drawWaiting(items[0]);
    if (!(await sendFirst(items[0]))) return;
  }
};

// One tab at a time. A browser without locks, or one that refuses them in a frame, goes ahead: the server hears each
// message once all the same.
const inTurn = async (work) => {
  let begun = false;
  try {
    await navigator.locks.request("clonus-send", () => {
      begun = true;
      return work();
    });
  } catch (problem) {
    if (begun) throw problem;
    await work();
  }
};

export const send = async () => {
  if (sending || opening) return;
  sending = true;
  clearTimeout(nextTry);
  try {
    await inTurn(sendAll);
  } finally {
    sending = false;
  }
};

// --- the start: greeting, what was said before, what was not sent yet ---

const live = follow({
  place: () => ({ after: lastId, talk }),
  heard: (messages) => show(messages),
  renew: () => renew(),
});

const clear = () => {
  round += 1;
  live.stop();
  finishSteps();
  stopReading();
  shown = [];
  drawn = new Map();
  waitingDrawn = new Map();
  heardOf = new Set();
  lastId = null;
  callAsBefore();
  log.replaceChildren();
};

const dropStale = () => {
  const now = Date.now() / 1000;
  const items = readWaiting();
  const stale = items.filter((item) => now - item.time > STALE);
  if (!stale.length) return;
  writeWaiting(items.filter((item) => !stale.includes(item)));
  if (!box.value) box.value = stale.map((item) => item.text).join("\n");
};

export const open = async () => {
  const mine = round;
  opening = true;
  status(words.starting);
  const [greeting, history] = await Promise.allSettled([ask("greeting"), ask("history")]);
  if (mine !== round) return;
  opening = false;
  status("");
  dropStale();
  const nothingYet = history.status === "fulfilled" && !history.value.messages.length;
  if (greeting.status === "fulfilled") {
    consent = greeting.value.consent;
    const first = greeting.value.replies;
    first.forEach((message, index) => add(message, nothingYet && index === first.length - 1 ? "first" : ""));
  }
  if (history.status === "fulfilled") {
    const { messages, talk: markOfTalk } = history.value;
    talk = markOfTalk;
    const answered = new Set(messages.slice(0, -1).map((message) => message.id));
    writeWaiting(readWaiting().filter((item) => !answered.has(item.id)));
    take(messages, "");
    // a message that arrived without its reply is drawn once, and asked for again
    const last = messages[messages.length - 1];
    for (const item of readWaiting()) {
      if (!last || last.id !== item.id) continue;
      waitingDrawn.set(item.id, drawn.get(item.id));
      heardOf.add(item.id);
    }
    keeps = history.value.kept;
    if (!keeps) trouble(words.not_kept, false, true);
    if (messages.length && !readWaiting().length) log.lastElementChild.scrollIntoView({ block: "start" });
  } else {
    trouble(words.no_history, false);
  }
  readWaiting().forEach(drawWaiting);
  settle(log);
  if (keeps) live.start();
  await send();
};

// The browser has another conversation than the screen shows: show that one.
export const renew = async () => {
  clear();
  await open();
};

// A new, empty conversation: nothing that waited belongs to it.
export const leave = () => {
  clear();
  writeWaiting([]);
  clearTimeout(nextTry);
  noTrouble();
};

export const onSaid = (listener) => { tell = listener; };

export const isWaiting = () => readWaiting().length > 0;

window.addEventListener("storage", (event) => { if (event.key === "clonus-waiting") followWaiting(); });
