// Talking to the server: requests with an end, and new messages as they come.
import { words } from "./page.js";

const PATIENCE = 20000;      // milliseconds one request may take
const POLL = 5000;           // milliseconds between two looks where the browser or the server has no stream
const STREAM_AGAIN = 60000;  // milliseconds until a refused stream is tried once more
export const framed = new URLSearchParams(location.search).get("framed") === "1";

export class Refused extends Error {}
export class Busy extends Error {
  constructor(text, seconds) {
    super(text);
    this.seconds = seconds;
  }
}

const address = (path, query = {}) => {
  const known = Object.entries(framed ? { ...query, framed: "1" } : query).filter(([, value]) => value);
  const parts = new URLSearchParams(known).toString();
  return `/chat/${path}${parts ? `?${parts}` : ""}`;
};

// The answer's JSON. Throws Refused when sending the same again would not help, Busy when the server says how long to
// wait; any other error may pass.
export const ask = async (path, body, query) => {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(address(path, query), {
      method: body ? "POST" : "GET",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : undefined,
      credentials: "same-origin",
      cache: "no-store",
      signal: patience.signal,
    });
    if (answer.ok) return await answer.json();
    const problem = await answer.json().catch(() => ({}));
    if (answer.status === 429) throw new Busy(problem.error, Number(answer.headers.get("Retry-After")) || 5);
    if (answer.status >= 500 || answer.status === 408) throw new Error("busy");
    throw new Refused(problem.error || words.refused);
  } finally {
    clearTimeout(timer);
  }
};

// Follows the conversation while the page can be seen. `place()` says {after, talk}; `heard` gets new messages, `renew` is
// called when the browser has another conversation than the page shows.
export const follow = ({ place, heard, renew }) => {
  let stream = null;
  let timer = null;

  const poll = async () => {
    const { after, talk } = place();
    try {
      const news = await ask("history", null, { after });
      if (talk && news.talk !== talk) renew();
      else heard(news.messages);
    } catch { /* the next look may work */ }
  };

  const pollFor = (left) => {
    timer = setTimeout(async () => {
      await poll();
      if (left > 0) pollFor(left - POLL);
      else start();
    }, POLL);
  };

  const stop = () => {
    if (stream) stream.close();
    stream = null;
    clearTimeout(timer);
  };

  const start = () => {
    stop();
    if (document.hidden) return;
    const { after, talk } = place();
    if (!window.EventSource) {
      pollFor(Infinity);
      return;
    }
    stream = new EventSource(address("events", { after, talk }));
    stream.addEventListener("message", (event) => heard(JSON.parse(event.data)));
    stream.addEventListener("renew", renew);
    stream.addEventListener("error", () => {
      if (!stream || stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      stop();
      pollFor(STREAM_AGAIN);
    });
  };

  document.addEventListener("visibilitychange", start);
  return { start, stop };
};
