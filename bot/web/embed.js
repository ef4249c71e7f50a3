// The chat on another site: <script src="https://THE-BOT/chat/embed.js" async></script> opens it in a corner,
// data-mode="inline" shows it where the script stands. Everything inside is the bot's own page in a frame: the site's styles and
// scripts do not reach it, and it does not reach them. See docs/chat-page.md.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script) return;
  const words = "{{words}}";
  const home = new URL(".", script.src);
  const inline = script.dataset.mode === "inline";
  const PATIENCE = 8000; // milliseconds until a frame that does not answer is said to be broken
  const LOADED = 500;    // the same once the browser calls it loaded: the page speaks before that

  // !important inside a shadow root wins over !important of the site around it
  const STYLES = `
    :host { all: initial !important; display: block !important; font: 600 18px/1.4 system-ui, sans-serif !important; }
    :host(.corner) { position: fixed !important; inset: auto 16px 16px auto !important; z-index: 2147483647 !important; }
    :host(.corner.left) { inset: auto auto 16px 16px !important; }
    [hidden] { display: none !important; }
    button {
      font: inherit; min-height: 56px; min-width: 56px; padding: 8px 20px; cursor: pointer;
      border: 2px solid #fff; border-radius: 28px; box-shadow: 0 2px 8px rgb(0 0 0 / 40%);
      background: var(--launcher, #0b5563); color: var(--on-launcher, #fff);
    }
    button:focus-visible { outline: 4px solid #0b5fff; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .panel { position: absolute; right: 0; bottom: 68px; width: min(var(--clonus-width, 420px), calc(100vw - 32px)); height: min(var(--clonus-height, 640px), calc(100vh - 110px)); }
    :host(.left) .panel { right: auto; left: 0; }
    .panel, iframe { border-radius: var(--clonus-radius, 12px); background: #fff; color: #14211f; }
    .panel { box-shadow: 0 4px 24px rgb(0 0 0 / 40%); border: 2px solid #14211f; overflow: hidden; box-sizing: border-box; }
    .inline { height: var(--clonus-height, 640px); max-height: 100vh; width: 100%; border: 2px solid #14211f; border-radius: var(--clonus-radius, 12px); overflow: hidden; box-sizing: border-box; background: #fff; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    p { margin: 0; padding: 16px; color: #14211f; background: #fff; }
    a { color: #0b5563; display: inline-block; padding: 12px 0; }
    @media (max-width: 480px), (max-height: 480px) {
      .panel { position: fixed; inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; z-index: 1; }
      .panel iframe { border-radius: 0; }
    }
    @media (forced-colors: active) { button { border-color: ButtonText; } }
  `;

  const host = document.createElement("clonus-chat");
  const shadow = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet(); // also where the site's own policy forbids <style>
    sheet.replaceSync(STYLES);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLES;
    shadow.append(style);
  }

  const chosen = (name) => getComputedStyle(host).getPropertyValue(`--clonus-${name}`).trim();

  // White or black on the site's color, whichever can be read better.
  const wear = (launcher) => {
    const brand = chosen("brand");
    if (!brand || !CSS.supports("color", brand)) return;
    launcher.style.setProperty("--launcher", brand);
    launcher.style.backgroundColor = brand;
    const [r, g, b] = getComputedStyle(launcher).backgroundColor.match(/[\d.]+/g).map((part) => Number(part) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    launcher.style.setProperty("--on-launcher", 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff");
  };

  const address = () => {
    const theme = new URLSearchParams();
    for (const name of ["brand", "font", "radius"]) if (chosen(name)) theme.set(name, chosen(name));
    const url = new URL(home);
    url.search = `framed=1&place=${inline ? "inline" : "corner"}`;
    url.hash = theme.toString();
    return url.href;
  };

  const frame = document.createElement("iframe");
  frame.title = words.frame_title;
  frame.allow = "microphone";
  frame.referrerPolicy = "no-referrer";

  const load = (place) => {
    if (frame.src) return;
    const note = document.createElement("p");
    const link = document.createElement("a");
    link.href = home.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words.open_alone;
    note.append(link);
    let ready = false;
    const offerLink = () => { if (!ready) place.prepend(note); };
    setTimeout(offerLink, PATIENCE);
    frame.addEventListener("load", () => setTimeout(offerLink, LOADED));
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== home.origin || event.data.clonus !== "ready") return;
      ready = true;
      note.remove();
    });
    frame.src = address();
    place.append(frame);
  };

  const showInline = () => {
    const place = document.createElement("div");
    place.className = "inline";
    shadow.append(place);
    script.after(host);
    load(place);
  };

  const showCorner = () => {
    host.classList.add("corner");
    if (script.dataset.side === "left") host.classList.add("left");
    const panel = document.createElement("div");
    panel.className = "panel";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.frame_title);
    panel.hidden = true;
    const launcher = document.createElement("button");
    launcher.type = "button";
    launcher.textContent = words.open_chat;
    launcher.setAttribute("aria-expanded", "false");

    let ready = false;
    const focusInside = () => frame.contentWindow.postMessage({ clonus: "focus" }, home.origin);
    const show = (open) => {
      panel.hidden = !open;
      launcher.setAttribute("aria-expanded", String(open));
      launcher.textContent = open ? words.close_chat : words.open_chat;
      if (!open) {
        launcher.focus();
        return;
      }
      load(panel);
      frame.focus();
      if (ready) focusInside();
    };
    launcher.addEventListener("click", () => show(panel.hidden));
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
    window.addEventListener("message", (event) => {
      if (event.source !== frame.contentWindow || event.origin !== home.origin) return;
      if (event.data.clonus === "ready") {
        ready = true;
        if (!panel.hidden) focusInside();
      }
      if (event.data.clonus === "close") show(false);
      if (event.data.clonus === "said" && panel.hidden) launcher.textContent = words.new_message;
    });
    shadow.append(launcher, panel);
    document.body.append(host);
    wear(launcher);
    window.addEventListener("load", () => wear(launcher)); // the site's styles may come after this script
  };

  if (inline) showInline();
  else if (document.body) showCorner();
  else document.addEventListener("DOMContentLoaded", showCorner);
})();
