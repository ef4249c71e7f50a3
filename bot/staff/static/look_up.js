// Results as one types; arrow keys between the box and the topics.

const box = document.getElementById("q");
const results = document.getElementById("results");
const count = document.getElementById("count");
const PAUSE = 180;
let timer = 0;
let running = null;

async function search() {
  running?.abort();
  running = new AbortController();
  const words = box.value.trim();
  const query = words ? `?q=${encodeURIComponent(words)}` : "";
  try {
    const answer = await fetch(`/look-up/results${query}`, { headers: { "X-Part": "1" }, signal: running.signal });
    if (answer.status === 401) location.reload();
    if (!answer.ok) return;
    results.innerHTML = await answer.text();
    history.replaceState(null, "", `/look-up${query}`);
    count.textContent = results.querySelector("h2")?.textContent ?? "";
  } catch (error) {
    if (error.name !== "AbortError") count.textContent = "The console does not answer. Press Search to try again.";
  }
}

function links() {
  return [...results.querySelectorAll("h3 a, .links a")];
}

function go(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  if (here + step < 0) box.focus();
  else all[Math.min(here + step, all.length - 1)]?.focus();
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  links()[0]?.focus();
});
results.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    go(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape") {
    box.focus();
    box.select();
  }
});
if (!box.value) box.focus({ preventScroll: true });
