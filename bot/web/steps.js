// Easy mode: a message one short sentence at a time.
import { button, element, filled, words } from "./page.js";

const segmenter = window.Intl && Intl.Segmenter ? new Intl.Segmenter("en", { granularity: "sentence" }) : null;

// The sentences of a text. A line that leads into a list stays with its first point.
export const sentences = (text) => {
  const found = [];
  let lead = "";
  for (const line of text.split("\n").map((each) => each.replace(/^- /, "").trim()).filter(Boolean)) {
    const parts = segmenter ? Array.from(segmenter.segment(line), (part) => part.segment.trim()) : [line];
    for (const part of parts.filter(Boolean)) {
      if (part.endsWith(":") && !lead) lead = part;
      else {
        found.push(lead ? `${lead} ${part}` : part);
        lead = "";
      }
    }
  }
  return lead ? [...found, lead] : found;
};

let queue = Promise.resolve(); // messages that arrive together are stepped through one after the other
let unfinished = new Set();     // how to show each of them whole

// Shows everything that is still held back: the person goes on, so nothing may wait for "Next".
export const finishSteps = () => {
  for (const finish of [...unfinished]) finish();
  queue = Promise.resolve();
};

// Shows the sentences of a drawn message one by one; `told` is called with each one, `after` holds what comes last,
// `scroll` brings the message into view.
export const stepThrough = (drawn, lines, after, scroll, told) => {
  const controls = element("div", "stepping");
  const count = element("span", "count");
  let shown = 1;
  let over = () => {};
  drawn.hidden = true;
  after.forEach((part) => { part.hidden = true; });

  const finish = () => {
    const hadFocus = controls.contains(document.activeElement);
    unfinished.delete(finish);
    controls.remove();
    [drawn, ...lines, ...after].forEach((part) => { part.hidden = false; });
    if (hadFocus) (drawn.querySelector(".choices button:enabled") || drawn).focus();
    over();
  };
  const show = (upTo) => {
    shown = upTo;
    lines.forEach((line, index) => { line.hidden = index >= shown; });
    count.textContent = filled(words.next_count, { number: shown, of: lines.length });
    if (shown >= lines.length) finish();
  };
  const next = button("next", words.next, () => {
    show(shown + 1);
    told(lines[shown - 1].textContent, shown >= lines.length);
    lines[shown - 1].scrollIntoView({ block: "center" });
  });
  const all = button("all", words.show_all, () => {
    const rest = lines.slice(shown).map((line) => line.textContent).join(" ");
    show(lines.length);
    told(rest, true);
  });
  controls.append(next, count, all);
  unfinished.add(finish);

  queue = queue.then(() => new Promise((done) => {
    over = done;
    if (!unfinished.has(finish)) {
      done();
      return;
    }
    drawn.hidden = false;
    lines[lines.length - 1].after(controls);
    show(1);
    told(lines[0].textContent, false);
    if (scroll) drawn.scrollIntoView({ block: "start" });
  }));
};
