// Reading aloud and listening, with the browser's own means.
// Only voices that are on the device are used: others would send the text to the browser's maker.
import { words } from "./page.js";

const synthesis = window.speechSynthesis;
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;

const localVoice = () => {
  const voices = synthesis ? synthesis.getVoices() : [];
  return voices.find((voice) => voice.localService && voice.lang.toLowerCase().startsWith("en"));
};

export const canListen = Boolean(Recognition);
export const canRead = () => Boolean(localVoice());

// Tells whether reading aloud is possible, now and when the browser has found its voices.
export const whenVoices = (tell) => {
  tell(canRead());
  if (synthesis) synthesis.addEventListener("voiceschanged", () => tell(canRead()));
};

let finished = null;

export const stopReading = () => {
  if (!synthesis) return;
  synthesis.cancel();
  if (finished) finished();
  finished = null;
};

// Reads a text instead of what is being read; `over` is called when it ends or something else is read.
export const read = (text, over = () => {}) => {
  stopReading();
  const voice = localVoice();
  if (!voice) {
    over();
    return;
  }
  const plain = text.split(words.new_tab).join("").replace(/https?:\/\/[^\s]*[^\s.,;:!?)]/g, words.link_aloud);
  const spoken = new SpeechSynthesisUtterance(plain);
  spoken.voice = voice;
  spoken.lang = voice.lang;
  spoken.rate = 0.9;
  finished = over;
  const done = () => {
    if (finished !== over) return;
    finished = null;
    over();
  };
  spoken.addEventListener("end", done);
  spoken.addEventListener("error", done);
  synthesis.speak(spoken);
};

// Whether this browser turns speech into text on the device, so that nobody need be asked.
export const listensHere = async () => {
  try {
    return (await Recognition.available({ langs: ["en-US"], processLocally: true })) === "available";
  } catch {
    return false;
  }
};

// Listens once. `heard` gets the text so far; `over` is called at the end with what to say about it. Returns how to stop.
export const listen = (here, heard, over) => {
  const recognition = new Recognition();
  recognition.lang = "en-US";
  recognition.interimResults = true;
  recognition.continuous = true; // people with aphasia pause; they say themselves when they are done
  if (here) recognition.processLocally = true;
  let said = "";
  recognition.addEventListener("result", (event) => {
    said = Array.from(event.results, (result) => result[0].transcript.trim()).join(" ");
    heard(said);
  });
  let failed = false;
  recognition.addEventListener("error", () => { failed = !said; });
  recognition.addEventListener("end", () => over(failed || !said ? words.not_heard : words.heard));
  recognition.start();
  return () => recognition.stop();
};
