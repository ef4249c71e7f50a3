// Small helpers that every part of the page uses. All text goes in with textContent, never as HTML.
import { words } from "./words.js";

export const at = (id) => document.getElementById(id);

export const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

export const button = (className, text, press) => {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
};

// A text with its {placeholders} filled in.
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const trouble = (text, canRetry, alone = false) => {
  at("retry").hidden = !canRetry;
  at("alone").hidden = !alone;
  if (at("trouble").hidden || at("trouble-text").textContent !== text) {
    at("trouble-text").textContent = text;
    at("trouble").hidden = false;
  }
};
export const showTrouble = () => at("trouble").scrollIntoView({ block: "end" });
export const noTrouble = () => { at("trouble").hidden = true; };

export const status = (text) => { at("status").textContent = text; };

// The number on the bar: what to call in an emergency where the person says they are, or the page's own.
const ownCall = [...at("call").childNodes];
export const callHere = (emergency) => {
  const call = filled(words.call, { number: emergency.say });
  const link = emergency.number ? element("a", "call", call) : call;
  if (emergency.number) link.href = `tel:${emergency.number}`;
  at("call").replaceChildren(link);
};
export const callAsBefore = () => at("call").replaceChildren(...ownCall);

// One question with yes and no, asked below `place`; the focus goes back to `asker` when it is over.
export const confirm = (place, asker, question, yes, no, then) => {
  place.prepend(at("confirm"));
  if (place.tagName === "HEADER") place.append(at("confirm"));
  at("confirm-question").textContent = question;
  const finish = (agreed) => {
    at("confirm").hidden = true;
    if (agreed) then();
    else asker.focus();
  };
  at("confirm-yes").textContent = yes;
  at("confirm-no").textContent = no;
  at("confirm-yes").onclick = () => finish(true);
  at("confirm-no").onclick = () => finish(false);
  at("confirm").hidden = false;
  at("confirm-question").focus();
};

export { words };
