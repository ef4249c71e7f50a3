// What this device remembers: settings and unsent messages until "End and clear", the draft until the tab is closed.
const PREFIX = "clonus-";
const without = new Map(); // where the browser allows no storage, the page remembers as long as it is open

export const kept = (store, key) => {
  try { return window[store].getItem(PREFIX + key); } catch { return without.get(store + key) ?? null; }
};

export const keep = (store, key, value) => {
  try {
    if (value) window[store].setItem(PREFIX + key, value);
    else window[store].removeItem(PREFIX + key);
  } catch {
    without.set(store + key, value || null);
  }
};

export const forgetEverything = () => {
  without.clear();
  for (const store of ["localStorage", "sessionStorage"]) {
    try {
      Object.keys(window[store]).filter((key) => key.startsWith(PREFIX)).forEach((key) => window[store].removeItem(key));
    } catch { /* nothing was kept there */ }
  }
};
