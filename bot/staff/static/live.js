// Renews pieces of a page when the console says that something changed.
// <div id="waiting" data-live="escalations" data-from="/escalations/list"> is filled anew from that address; an element
// without an id, or in which somebody writes, is left alone. It then gets the event "renewed", for other scripts.

const pieces = [...document.querySelectorAll("[data-live][data-from]")];
const topics = [...new Set(pieces.flatMap((piece) => piece.dataset.live.split(" ")))];
const waiting = new Set();

function isBusy(piece) {
  const here = document.activeElement;
  return piece.contains(here) && here.matches("input, textarea, select");
}

export async function renew(piece) {
  if (isBusy(piece)) {
    waiting.add(piece);
    return;
  }
  waiting.delete(piece);
  const answer = await fetch(piece.dataset.from, { headers: { "X-Part": "1" } });
  if (answer.status === 401) {
    location.reload();
    return;
  }
  if (!answer.ok) return;
  const words = await answer.text();
  if (isBusy(piece)) {
    waiting.add(piece);
    return;
  }
  const focused = piece.contains(document.activeElement) ? document.activeElement.id : "";
  piece.innerHTML = words;
  if (focused) document.getElementById(focused)?.focus();
  piece.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}

function renewAbout(topic) {
  for (const piece of pieces) {
    if (piece.dataset.live.split(" ").includes(topic)) renew(piece).catch(() => waiting.add(piece));
  }
}

if (topics.length) {
  const stream = new EventSource(`/events?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&")}`);
  let opened = false;
  stream.addEventListener("open", () => {
    document.documentElement.dataset.live = "on";
    if (opened) topics.forEach(renewAbout); // what changed while there was no connection
    opened = true;
  });
  stream.addEventListener("error", () => {
    document.documentElement.dataset.live = "off";
  });
  stream.addEventListener("changed", (event) => renewAbout(event.data));
  document.addEventListener("focusout", () => setTimeout(() => waiting.forEach((piece) => renew(piece).catch(() => {})), 200));
  addEventListener("pagehide", () => stream.close());
}
