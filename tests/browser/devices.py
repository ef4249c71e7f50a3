"""Browsers as people have them, and parts of a browser that Debian's chromium has no engine for."""

from __future__ import annotations

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Chromium asks nobody but the page's own server."""

PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 1}
NARROW = {"viewport": {"width": 320, "height": 640}}
ZOOM_400 = {"viewport": {"width": 320, "height": 256}}
"""A screen of 1280 by 1024 at 400 % zoom."""
ZOOM_200 = {"viewport": {"width": 640, "height": 512}}

WITH_VOICE = """
  window.spoken = [];
  window.voices = [{ lang: "en-US", localService: false, name: "far away" },
    { lang: "en-US", localService: true, name: "here" }];
  const speaking = new EventTarget();
  Object.assign(speaking, {
    getVoices: () => window.voices,
    speak: (what) => { window.spoken.push(what.text); window.lastSpoken = what; },
    cancel: () => {},
  });
  Object.defineProperty(window, "speechSynthesis", { value: speaking });
  window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
"""
"""Reading aloud: `spoken` holds what was read, `lastSpoken` the latest, to be ended by its event "end"."""

WITH_EAR = """
  window.SpeechRecognition = undefined;
  window.webkitSpeechRecognition = class extends EventTarget {
    start() { window.ear = this; }
    stop() { this.dispatchEvent(new Event("end")); }
    hear(...parts) {
      const results = parts.map((transcript) => [{ transcript }]);
      this.dispatchEvent(Object.assign(new Event("result"), { results }));
    }
  };
"""
"""Speech input: `ear.hear("words")` is the person speaking."""

WITHOUT_EAR = "window.SpeechRecognition = undefined; window.webkitSpeechRecognition = undefined;"
