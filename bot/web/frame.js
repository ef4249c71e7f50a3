// The page inside another site's page: its colors, its close button, and word that something was said.
// The site can choose colors, never how well they can be read.
import { at } from "./page.js";

const query = new URLSearchParams(location.search);
export const framed = query.get("framed") === "1" && window.parent !== window;
const corner = query.get("place") === "corner";

const STRONG = 7; // contrast of text to its background, WCAG 2.2, 1.4.6
const CARDS = { light: [255, 255, 255], dark: [27, 37, 38] };

const light = (color) => {
  const [r, g, b] = color.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
export const contrast = (one, two) => {
  const [dim, bright] = [light(one), light(two)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
};

const numbersOf = (color) => {
  const probe = document.createElement("span");
  probe.style.color = color;
  document.body.append(probe);
  const found = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
  probe.remove();
  return found;
};

// The color, moved toward black or white until it can be read on the card.
const readable = (color, card) => {
  const goal = light(card) > 0.5 ? 0 : 255;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = color.map((part) => Math.round(part + (goal - part) * share));
    if (contrast(mixed, card) >= STRONG) return mixed;
  }
  return [goal, goal, goal];
};

const wear = (theme) => {
  const style = document.documentElement.style;
  const brand = theme.get("brand");
  if (brand && CSS.supports("color", brand)) {
    for (const [scheme, card] of Object.entries(CARDS)) {
      style.setProperty(`--host-brand-${scheme}`, `rgb(${readable(numbersOf(brand), card).join(" ")})`);
    }
  }
  const font = theme.get("font");
  if (font && CSS.supports("font-family", font)) style.setProperty("--host-font", font);
  const radius = theme.get("radius");
  if (radius && CSS.supports("border-radius", radius)) style.setProperty("--host-radius", radius);
};

const post = (what) => window.parent.postMessage({ clonus: what }, "*"); // says nothing that is private

export const startFrame = () => {
  if (!framed) return () => {};
  document.documentElement.dataset.framed = "yes";
  wear(new URLSearchParams(location.hash.slice(1)));
  if (corner) {
    at("close").hidden = false;
    at("close").addEventListener("click", () => post("close"));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") post("close"); });
  }
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data && event.data.clonus === "focus") at("text").focus();
  });
  post("ready");
  return () => post("said");
};
