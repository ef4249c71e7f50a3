// The chat page: draws the conversation, sends what the person writes, and loses nothing on the way.
// Whatever a person or the bot wrote is put in with textContent, never as HTML.
"use strict";

(() => {
  const WORDS = {
    bot: "Clonus Companion",
    person: "You",
    starting: "The chat is starting.",
    writing: "Clonus Companion is writing.",
    waiting: "Not sent yet. I will send it when I can.",
    notSent: "This was not sent.",
    offline: "There is no connection. I keep what you wrote. I will send it when the connection is back.",
    unreachable: "I cannot reach the chat right now. I keep what you wrote and try again.",
    refused: "I could not send your message. Please try it once more.",
    noHistory: "I cannot show what we wrote before. You can still write to me.",
    notCleared: "I could not start again. Please check your connection and try once more.",
    chosen: "You chose: ",
    call: "Call ",
    newTab: " (opens in a new tab)",
    today: "Today",
  };
  const KINDS = {
    answer: "Answer", question: "Question", result: "Your result", clarify: "Please choose", fallback: "Sorry",
    notice: "Please note", handover: "Reach a person",
  };
  const LEVELS = {
    emergency: "Call now", urgent: "Get advice today", soon: "Get advice in the next few days", "self-care": "Keep to your plan",
  };
  const PATIENCE = 20000;            // milliseconds one request may take
  const WRITING_AFTER = 500;         // milliseconds before "is writing" is said
  const PAUSES = [2000, 4000, 8000, 15000];

  const at = (id) => document.getElementById(id);
  const log = at("log");
  const box = at("text");
  const status = at("status");

  // --- what the browser keeps: unsent messages and the draft for this tab, the text size for next time ---

  const kept = (store, key) => {
    try { return window[store].getItem("clonus-" + key); } catch { return null; }
  };
  const keep = (store, key, value) => {
    try {
      if (value) window[store].setItem("clonus-" + key, value);
      else window[store].removeItem("clonus-" + key);
    } catch { /* storage is off: the page works without it */ }
  };

  // --- drawing ---

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const when = (seconds) => {
    const date = new Date(seconds * 1000);
    const time = date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
    const isToday = date.toDateString() === new Date().toDateString();
    const day = isToday ? WORDS.today : date.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
    const shown = element("time", "", `${day}, ${time}`);
    shown.dateTime = date.toISOString();
    return shown;
  };

  const addLink = (parent, address) => {
    const link = element("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(element("span", "unseen", WORDS.newTab));
    parent.append(link);
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

  // A numbered list that only repeats the buttons is drawn once: as buttons with their numbers.
  const withoutChoices = (text, buttons) => {
    const repeated = new Set(buttons.map((title, index) => `${index + 1}. ${title}`));
    const lines = text.split("\n");
    const left = lines.filter((line) => !repeated.has(line));
    const numbered = buttons.length > 0 && lines.length - left.length === buttons.length;
    return { text: numbered ? left.join("\n").trim() : text, numbered };
  };

  const frame = (message, who) => {
    const drawn = element("div", "message " + message.from);
    drawn.tabIndex = -1;
    const sender = element("p", "sender");
    sender.append(element("strong", "", who), " ", when(message.time));
    drawn.append(sender);
    return drawn;
  };

  const drawPerson = (message) => {
    const drawn = frame(message, WORDS.person);
    const body = element("div", "body");
    message.text.split("\n").forEach((line, index) => {
      if (index) body.append(element("br"));
      body.append(line);
    });
    drawn.append(body);
    return drawn;
  };

  // A link for each number that can be dialed; below them every number as text, for another phone.
  const drawCalls = (drawn, ways) => {
    const links = element("div", "calls");
    const numbers = element("ul", "numbers");
    for (const { label, number } of ways) {
      if (/^[\d\s()+-]+$/.test(number)) {
        const link = element("a", "call", WORDS.call + number);
        link.href = "tel:" + number.replace(/[^\d+]/g, "");
        links.append(link);
      }
      numbers.append(element("li", "", label ? `${label}: ${number}` : number));
    }
    drawn.append(links, numbers);
  };

  const drawChoices = (titles, numbered) => {
    const choices = element("div", "choices");
    choices.setAttribute("role", "group");
    choices.setAttribute("aria-label", "Choices");
    titles.forEach((title, index) => {
      const button = element("button", "", numbered ? `${index + 1}. ${title}` : title);
      button.type = "button";
      button.dataset.says = title;
      button.addEventListener("click", () => say(title, true));
      choices.append(button);
    });
    return choices;
  };

  const drawBot = (message) => {
    const about = message.metadata;
    const drawn = frame(message, WORDS.bot);
    drawn.classList.add("kind-" + about.kind);
    if (about.level) drawn.classList.add("level-" + about.level);
    if (about.kind === "escalation") {
      drawn.append(element("h2", "", LEVELS[about.level] || LEVELS.emergency));
    } else if (KINDS[about.kind]) {
      drawn.append(element("p", "label", about.progress || KINDS[about.kind]));
    }
    if (about.kind === "result" && LEVELS[about.level]) drawn.append(element("h2", "", LEVELS[about.level]));
    if (about.call && about.call.length) drawCalls(drawn, about.call);
    const body = element("div", "body");
    const { text, numbered } = withoutChoices(message.text, message.buttons);
    drawText(body, text);
    drawn.append(body);
    if (message.buttons.length) drawn.append(drawChoices(message.buttons, numbered));
    return drawn;
  };

  // Earlier choices can no longer be pressed; the one taken stays to be seen.
  const spendChoices = (text) => {
    for (const button of log.querySelectorAll(".choices button:not(:disabled)")) {
      button.disabled = true;
      if (button.dataset.says === text) {
        button.classList.add("chosen");
        button.textContent = WORDS.chosen + text;
      }
    }
    for (const choices of log.querySelectorAll(".choices")) choices.hidden = !choices.querySelector("button:enabled, .chosen");
  };

  const draw = (message) => {
    if (message.from === "person") spendChoices(message.text);
    const drawn = message.from === "person" ? drawPerson(message) : drawBot(message);
    log.append(drawn);
    return drawn;
  };

  // A new reply is read from its start. In an emergency the card is next for the keyboard, unless the person is typing.
  const show = (replies) => {
    const drawn = replies.map(draw);
    const card = drawn.find((message) => message.classList.contains("kind-escalation"));
    const first = card || drawn[0];
    if (card && !box.value) card.focus({ preventScroll: true });
    if (first) first.scrollIntoView({ block: "start" });
  };

  // --- trouble ---

  const trouble = (words, canRetry) => {
    at("retry").hidden = !canRetry;
    if (at("trouble").hidden || at("trouble-text").textContent !== words) {
      at("trouble-text").textContent = words;
      at("trouble").hidden = false;
    }
  };
  const showTrouble = () => at("trouble").scrollIntoView({ block: "end" });
  const noTrouble = () => { at("trouble").hidden = true; };

  // --- talking to the server ---

  class Refused extends Error {}

  // The answer's JSON. Throws Refused when sending the same again would not help; any other error may pass.
  const ask = async (path, body) => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch("/chat/" + path, {
        method: body ? "POST" : "GET",
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body ? JSON.stringify(body) : undefined,
        credentials: "same-origin",
        cache: "no-store",
        signal: patience.signal,
      });
      if (answer.ok) return await answer.json();
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error("busy");
      const problem = await answer.json().catch(() => ({}));
      throw new Refused(problem.error || WORDS.refused);
    } finally {
      clearTimeout(timer);
    }
  };

  // --- sending: one message after the other, each until it has arrived ---

  let waiting = [];      // {id, text, time, again}: not yet answered, oldest first
  let drawnWaiting = new Map();
  let conversation = 0;  // counts up with "Start again": late answers to the old one are dropped
  let sending = false;
  let opening = true;    // what was said before is on its way: new messages wait for it
  let justSaid = false;  // the person waits for an answer to what they did last
  let failures = 0;
  let nextTry = null;

  const keepWaiting = () => keep("sessionStorage", "waiting", waiting.length ? JSON.stringify(waiting) : "");

  const mark = (item, words) => {
    const drawn = drawnWaiting.get(item.id);
    if (!drawn) return;
    const old = drawn.querySelector(".waiting");
    if (old && old.textContent === words) return;
    if (old) old.remove();
    if (words) drawn.append(element("p", "waiting", words));
  };

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const queue = (item) => {
    const drawn = draw({ from: "person", text: item.text, time: item.time });
    drawnWaiting.set(item.id, drawn);
    return drawn;
  };

  const say = (text, byButton) => {
    const item = { id: newId(), text, time: Date.now() / 1000, again: false };
    waiting.push(item);
    keepWaiting();
    if (opening) return;
    justSaid = true;
    const drawn = queue(item);
    drawn.scrollIntoView({ block: "end" });
    // the pressed button is gone: from the person's own message, Tab leads on to the reply
    if (byButton) drawn.focus({ preventScroll: true });
    send();
  };

  const finished = (item, words) => {
    mark(item, words);
    waiting = waiting.filter((other) => other !== item);
    drawnWaiting.delete(item.id);
    keepWaiting();
  };

  const tryLater = () => {
    const offline = navigator.onLine === false;
    waiting.forEach((item) => mark(item, WORDS.waiting));
    trouble(offline ? WORDS.offline : WORDS.unreachable, true);
    if (justSaid) showTrouble();
    justSaid = false;
    clearTimeout(nextTry);
    nextTry = setTimeout(send, PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
  };

  const giveBack = (item, words) => {
    finished(item, WORDS.notSent);
    trouble(words, false);
    if (!box.value) box.value = item.text;
    fit();
    showTrouble();
  };

  const send = async () => {
    if (sending || opening) return;
    sending = true;
    clearTimeout(nextTry);
    while (waiting.length) {
      const item = waiting[0];
      const mine = conversation;
      const writing = setTimeout(() => { status.textContent = WORDS.writing; }, WRITING_AFTER);
      const sent = { text: item.text, id: item.id, again: item.again };
      item.again = true;
      keepWaiting();
      try {
        const answer = await ask("messages", sent);
        if (mine !== conversation) continue;
        failures = 0;
        noTrouble();
        finished(item, "");
        show(answer.replies);
      } catch (problem) {
        if (mine !== conversation) continue;
        if (!(problem instanceof Refused)) {
          tryLater();
          break;
        }
        giveBack(item, problem.message);
      } finally {
        clearTimeout(writing);
        status.textContent = "";
      }
    }
    sending = false;
  };

  // --- the person's controls ---

  const fit = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 4}px`;
    keep("sessionStorage", "draft", box.value);
  };

  const submit = () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    fit();
    say(text, false);
  };

  const setSize = (size) => {
    document.documentElement.dataset.textSize = size;
    for (const button of document.querySelectorAll("[data-size]")) {
      button.setAttribute("aria-pressed", String(button.dataset.size === size));
    }
    keep("localStorage", "text-size", size);
    fit();
  };

  const askRestart = (open) => {
    at("confirm").hidden = !open;
    if (open) at("confirm-question").focus();
    else at("restart").focus();
  };

  const restart = async () => {
    try {
      await ask("restart", {});
    } catch {
      trouble(WORDS.notCleared, false);
      askRestart(false);
      return;
    }
    conversation += 1;
    waiting = [];
    drawnWaiting = new Map();
    keepWaiting();
    box.value = "";
    fit();
    noTrouble();
    at("confirm").hidden = true;
    log.replaceChildren();
    await open();
    box.focus();
  };

  // --- the start: greeting, what was said before, what was not sent yet ---

  const open = async () => {
    const mine = conversation;
    opening = true;
    status.textContent = WORDS.starting;
    const [greeting, history] = await Promise.allSettled([ask("greeting"), ask("history")]);
    if (mine !== conversation) return;
    opening = false;
    status.textContent = "";
    if (greeting.status === "fulfilled") greeting.value.replies.forEach(draw);
    if (history.status === "fulfilled") {
      const messages = history.value.messages;
      messages.forEach(draw);
      const answered = new Set(messages.slice(0, -1).map((message) => message.id));
      waiting = waiting.filter((item) => !answered.has(item.id));
      const last = messages[messages.length - 1];
      // a message that arrived without its reply is drawn once, and asked for again
      waiting.forEach((item) => {
        if (last && last.id === item.id) drawnWaiting.set(item.id, log.lastElementChild);
        else queue(item);
      });
      if (messages.length && !waiting.length) log.lastElementChild.scrollIntoView({ block: "start" });
    } else {
      trouble(WORDS.noHistory, false);
      waiting.forEach(queue);
    }
    keepWaiting();
    send();
  };

  const start = () => {
    try { waiting = JSON.parse(kept("sessionStorage", "waiting") || "[]"); } catch { waiting = []; }
    box.value = kept("sessionStorage", "draft") || "";
    setSize(kept("localStorage", "text-size") || "normal");

    at("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
    box.addEventListener("input", fit);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    for (const button of document.querySelectorAll("[data-size]")) {
      button.addEventListener("click", () => setSize(button.dataset.size));
    }
    at("restart").addEventListener("click", () => askRestart(true));
    at("confirm-no").addEventListener("click", () => askRestart(false));
    at("confirm-yes").addEventListener("click", restart);
    at("retry").addEventListener("click", send);
    window.addEventListener("online", send);
    window.addEventListener("offline", () => trouble(WORDS.offline, waiting.length > 0));

    at("starting").hidden = true;
    at("tools").hidden = false;
    at("composer").hidden = false;
    fit();
    open();
  };

  start();
})();
