// The chat page: the person's controls, put to work.
import { forgetEverything, keep, kept } from "./kept.js";
import { startFrame } from "./frame.js";
import { look, restoreLook, setLook } from "./look.js";
import { at, confirm, showTrouble, status, trouble, words } from "./page.js";
import { Refused, ask } from "./server.js";
import { isWaiting, leave, onSaid, open, redraw, renew, say, send } from "./talk.js";
import { canListen, canRead, listen, listensHere, stopReading, whenVoices } from "./voice.js";

const box = at("text");
const header = document.querySelector("header");
const tabs = window.BroadcastChannel ? new BroadcastChannel("clonus") : null;
const tellTabs = (what) => { if (tabs) tabs.postMessage(what); };

// --- writing ---

const fit = () => {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 4}px`;
  keep("sessionStorage", "draft", box.value);
};

const ASKS_TO_FORGET = words.forget_phrases.split(".").map((phrase) => phrase.trim().toLowerCase()).filter(Boolean);
const plain = (text) => text.toLowerCase().replace(/[^a-z ]/g, "").replace(/^please |\bplease$/g, "").trim();

const submit = () => {
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  fit();
  if (ASKS_TO_FORGET.includes(plain(text))) askForget();
  else say(text, false);
};

const showWriting = (shown) => {
  at("writing").classList.toggle("shown", shown);
  at("write-instead").setAttribute("aria-expanded", String(shown));
};

// --- start again, forget me, end and clear ---

const afresh = async (path, note) => {
  try {
    await ask(path, {});
  } catch (problem) {
    trouble(problem instanceof Refused ? problem.message : words.not_cleared, false);
    showTrouble();
    return;
  }
  leave();
  box.value = "";
  fit();
  tellTabs("renew");
  await open();
  status(note);
  if (look.easy === "on") at("log").focus();
  else box.focus();
};

const askRestart = () => confirm(
  header, at("restart"), words.start_again_question, words.start_again_yes, words.keep_it, () => afresh("restart", ""),
);
const askForget = () => confirm(
  header, look.easy === "on" ? at("settings") : box, words.forget_question, words.forget_yes, words.keep_it,
  () => afresh("forget", words.forgotten),
);

// `state` is ending, ended_waiting or ended: until the last, this browser remembers that a chat is still to be closed.
const closeChat = (state) => {
  leave();
  stopReading();
  forgetEverything();
  if (state !== "ended") keep("localStorage", "ended", "yes");
  box.value = "";
  for (const id of ["tools", "panel", "confirm", "composer", "trouble"]) at(id).hidden = true;
  document.querySelector(".skip").hidden = true;
  at("closed-text").textContent = words[state];
  if (!at("closed").hidden) return;
  at("closed").hidden = false;
  at("closed").focus();
};

// The screens of all tabs are cleared at once; the cookie, which only the server can take away, as soon as it can be
// reached. What stands there is true at that moment: nothing is said to be gone that is not.
const closeEverywhere = (state) => {
  closeChat(state);
  tellTabs(state);
};

const end = async () => {
  closeEverywhere("ending");
  try {
    await ask("end", {});
    closeEverywhere("ended");
  } catch {
    closeEverywhere("ended_waiting");
  }
};

// --- voice ---

let stopListening = null;

const startListening = (here) => {
  stopReading();
  showWriting(true);
  const before = box.value.trim();
  at("speak").setAttribute("aria-pressed", "true");
  at("speak").textContent = words.speak_stop;
  status(words.listening);
  stopListening = listen(
    here,
    (text) => {
      box.value = before ? `${before} ${text}` : text;
      fit();
    },
    (note) => {
      stopListening = null;
      at("speak").setAttribute("aria-pressed", "false");
      at("speak").textContent = words.speak;
      status(note);
    },
  );
};

const speak = async () => {
  if (stopListening) {
    stopListening();
    return;
  }
  const here = await listensHere();
  if (here || kept("localStorage", "may-listen")) {
    startListening(here);
    return;
  }
  confirm(at("composer"), at("speak"), words.speak_question, words.speak_yes, words.speak_no, () => {
    keep("localStorage", "may-listen", "yes");
    at("speak").focus();
    startListening(false);
  });
};

// --- settings ---

const showSettings = (shown) => {
  at("panel").hidden = !shown;
  at("settings").setAttribute("aria-expanded", String(shown));
};

const toggleEasy = () => {
  const easy = look.easy === "on" ? "off" : "on";
  setLook({ easy, read: easy === "on" && canRead() ? "on" : "off" });
  if (easy === "off") stopReading();
  showWriting(false);
  redraw();
};

// --- keys ---

// F6 goes between the newest message and the message box.
const otherPart = () => {
  if (!at("composer").contains(document.activeElement)) {
    (box.offsetParent ? box : at("write-instead")).focus();
    return;
  }
  const messages = [...document.querySelectorAll(".message.bot")].filter((message) => !message.hidden);
  (messages[messages.length - 1] || at("log")).focus();
};

const onKey = (event) => {
  if (event.key === "F6" && !at("composer").hidden) {
    event.preventDefault();
    otherPart();
    return;
  }
  // in easy mode a number picks the choice of that number
  const typing = /^(textarea|input|select)$/i.test(event.target.tagName || "");
  if (look.easy !== "on" || typing || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
  const group = [...document.querySelectorAll(".choices:not([data-spent])")].filter((each) => each.offsetParent).pop();
  const choice = group && group.children[Number(event.key) - 1];
  if (choice) choice.click();
};

const wire = () => {
  at("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  document.addEventListener("keydown", onKey);
  at("easy").addEventListener("click", toggleEasy);
  at("settings").addEventListener("click", () => showSettings(at("panel").hidden));
  at("settings-close").addEventListener("click", () => { showSettings(false); at("settings").focus(); });
  for (const button of document.querySelectorAll("button[data-size]")) {
    button.addEventListener("click", () => { setLook({ size: button.dataset.size }); fit(); });
  }
  for (const button of document.querySelectorAll("button[data-colors]")) {
    button.addEventListener("click", () => setLook({ colors: button.dataset.colors }));
  }
  at("read").addEventListener("click", () => {
    setLook({ read: look.read === "on" ? "off" : "on" });
    if (look.read === "off") stopReading();
  });
  at("restart").addEventListener("click", askRestart);
  at("forget").addEventListener("click", askForget);
  at("end").addEventListener("click", end);
  at("new-chat").addEventListener("click", () => location.reload());
  at("write-instead").addEventListener("click", () => { showWriting(true); box.focus(); fit(); });
  at("speak").hidden = !canListen;
  document.documentElement.dataset.ear = canListen ? "yes" : "no";
  at("speak").addEventListener("click", speak);
  at("retry").addEventListener("click", send);
  window.addEventListener("online", () => (kept("localStorage", "ended") ? end() : send()));
  window.addEventListener("offline", () => trouble(words.offline, isWaiting()));
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  if (tabs) {
    tabs.addEventListener("message", (event) => {
      if (event.data !== "renew") closeChat(event.data);
      else if (at("closed").hidden) renew();
    });
  }
  whenVoices((possible) => { document.documentElement.dataset.voice = possible ? "yes" : "no"; });
  onSaid(startFrame());
};

const start = () => {
  restoreLook();
  wire();
  at("starting").hidden = true;
  if (kept("localStorage", "ended")) {
    end();
    return;
  }
  box.value = kept("sessionStorage", "draft") || "";
  at("tools").hidden = false;
  at("composer").hidden = false;
  fit();
  open().then(fit);
};

start();
