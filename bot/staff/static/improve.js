// Checks a topic while somebody writes it. Without this script the checks come with each save.

const form = document.getElementById("topic");
const PAUSE = 600;
let waiting = 0;
let asked = 0;

const paragraph = (words, name = "") => {
  const made = document.createElement("p");
  if (name) made.className = name;
  made.textContent = words;
  return made;
};

function drawFields(found) {
  for (const told of form.querySelectorAll("[data-field]")) {
    const name = told.dataset.field;
    const measure = found.measures[name];
    const lines = measure ? [paragraph(measure.told, measure.fits ? "measure" : "measure wrong")] : [];
    for (const words of found.mistakes[name] ?? []) lines.push(paragraph(`Mend: ${words}`, "wrong"));
    told.replaceChildren(...lines);
  }
}

function drawNear(found) {
  if (found.near === null) return;
  const lines = found.near.map((near) => paragraph(`Near: ${near.title} (${near.percent} %)`));
  if (!lines.length) lines.push(paragraph("No other topic is near."));
  for (const near of found.taken) {
    lines.push(paragraph(`“${near.words}” goes to ${near.title} now (${near.percent} %)`, "wrong"));
  }
  document.getElementById("near").replaceChildren(...lines);
}

async function check() {
  const turn = ++asked;
  const answer = await fetch(form.dataset.check, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Part": "1" },
  });
  if (!answer.ok || turn !== asked) return; // a later check is on its way
  const found = await answer.json();
  drawFields(found);
  drawNear(found);
}

function checkSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => check().catch(() => {}), PAUSE);
}

form.addEventListener("input", checkSoon);

// what was written before this script had come, or what the browser has filled in again
if ([...form.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue)) checkSoon();
