// How the page looks and reads: text size, colors, easy mode, reading aloud. Remembered on the device.
import { keep, kept } from "./kept.js";
import { at } from "./page.js";

const DARK = { device: "(prefers-color-scheme: dark)", dark: "all" };
const root = document.documentElement;

export const look = { size: "normal", colors: "device", easy: "off", read: "off" };

const pressed = (selector, name) => {
  for (const button of document.querySelectorAll(selector)) {
    button.setAttribute("aria-pressed", String(button.dataset[name] === look[name]));
  }
};

const apply = () => {
  root.dataset.size = look.size;
  root.dataset.colors = look.colors;
  root.dataset.easy = look.easy;
  at("dark").media = DARK[look.colors] || "not all";
  pressed("[data-size]:not(html)", "size");
  pressed("[data-colors]:not(html)", "colors");
  at("easy").setAttribute("aria-pressed", String(look.easy === "on"));
  at("read").setAttribute("aria-pressed", String(look.read === "on"));
};

export const setLook = (changes) => {
  Object.assign(look, changes);
  for (const name of Object.keys(changes)) keep("localStorage", name, look[name]);
  apply();
};

export const restoreLook = () => {
  for (const name of Object.keys(look)) look[name] = kept("localStorage", name) || look[name];
  apply();
};
