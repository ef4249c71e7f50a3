// Makes something new unmistakable: a sound, and the window's title. Both can be switched off, for this browser.
// Puts ready answers into the reply box, and keeps a draft of it in this window until it was sent.

const line = document.getElementById("waiting");
const plainTitle = document.title;

function isOn(name) {
  return localStorage.getItem(`staff-${name}`) !== "off";
}

function counts() {
  const told = line?.querySelector("[data-newest]");
  const number = (name) => Number(told?.dataset[name] ?? 0);
  return { newest: number("newest"), request: number("request"), count: number("count"), known: Boolean(told) };
}

const sound = new Audio("/static/alert.wav");

function play() {
  const page = document.documentElement;
  page.dataset.sounded = String(Number(page.dataset.sounded ?? 0) + 1);
  sound.currentTime = 0;
  sound.play().catch(() => {
    page.dataset.soundBlocked = "yes"; // the browser wants a press on the page first
  });
}

function showTitle() {
  const { count } = counts();
  document.title = count && isOn("title") ? `(${count}) waiting! ${plainTitle}` : plainTitle;
}

if (line) {
  let last = counts();
  showTitle();
  line.addEventListener("renewed", () => {
    const now = counts();
    if (now.known && (now.newest > last.newest || now.request > last.request) && isOn("sound")) play();
    if (now.known) last = now;
    showTitle();
  });
}

const switches = document.querySelector("[data-alerting]");
if (switches) {
  switches.hidden = false;
  for (const name of ["sound", "title"]) {
    const box = document.getElementById(`with-${name}`);
    box.checked = isOn(name);
    box.addEventListener("change", () => {
      localStorage.setItem(`staff-${name}`, box.checked ? "on" : "off");
      showTitle();
    });
  }
  document.getElementById("try-sound").addEventListener("click", play);
}

const reply = document.getElementById("reply");
if (reply) {
  const { text, key, topic } = reply.elements;
  const draft = reply.dataset.draft;
  const kept = JSON.parse(sessionStorage.getItem(draft) ?? "null");
  if (kept?.key === reply.dataset.kept) {
    sessionStorage.removeItem(draft);
  } else if (kept && !text.value) {
    // the draft goes with the key of its form: sent again after a crash, it is the same message
    text.value = kept.text;
    key.value = kept.key;
  }
  const keep = () => sessionStorage.setItem(draft, JSON.stringify({ text: text.value, key: key.value }));
  text.addEventListener("input", keep);
  reply.addEventListener("submit", keep);
  for (const link of document.querySelectorAll("a[data-insert]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      text.value = text.value ? `${text.value.trimEnd()} ${link.dataset.insert}` : link.dataset.insert;
      if (link.dataset.topic) topic.value = link.dataset.topic;
      keep();
      text.focus();
    });
  }
}

const log = document.getElementById("said");
if (log) {
  const down = () => { log.scrollTop = log.scrollHeight; };
  down();
  log.addEventListener("renewed", down);
}
