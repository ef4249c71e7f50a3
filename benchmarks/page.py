"""How long after Enter the first answer stands on the page, in a real browser, against a running bot.

    clonus run --no-open &
    python -m benchmarks.page                             # http://127.0.0.1:5005/chat, 30 messages
    python -m benchmarks.page --url http://… --times 100

Each message is typed and Enter pressed; the clock is the browser's own, from the key to the frame in which the reply is
in the page. The first messages warm the bot up and do not count. The aim is 300 ms.
"""

from __future__ import annotations

import argparse
import statistics

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

AIM_MS = 300
WARM_UP = 3
MESSAGES = (
    "why does my foot bounce",
    "would a brace help me",
    "how do i stretch my calf",
    "what is clonus",
    "my knee locks back when i walk",
    "can i drive with clonus",
)

WATCH = """() => new Promise((done) => {
  const log = document.getElementById('log');
  const before = log.querySelectorAll('.message.bot').length;
  let pressed = 0;
  document.getElementById('text').addEventListener('keydown', () => { pressed = performance.now(); }, { once: true });
  const watcher = new MutationObserver(() => {
    if (log.querySelectorAll('.message.bot').length === before) return;
    watcher.disconnect();
    requestAnimationFrame(() => done(performance.now() - pressed));
  });
  watcher.observe(log, { childList: true });
})"""


def first_answer(page: Page, text: str) -> float:
    """Milliseconds from Enter to the answer."""
    box = page.get_by_label("Write your message")
    box.fill(text)
    page.evaluate(f"() => {{ window.measured = ({WATCH})(); }}")  # not awaited: the key comes first
    box.press("Enter")
    return float(page.evaluate("window.measured"))


def measure(url: str, times: int) -> list[float]:
    """Milliseconds of `times` messages, each conversation new after every sixth."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        taken: list[float] = []
        while len(taken) < times + WARM_UP:
            page = browser.new_context().new_page()
            page.goto(url)
            page.locator(".choices button").first.wait_for()
            taken += [first_answer(page, text) for text in MESSAGES]
            page.context.close()
        browser.close()
    return taken[WARM_UP : times + WARM_UP]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:5005/chat")
    parser.add_argument("--times", type=int, default=30)
    asked = parser.parse_args()
    taken = measure(asked.url, asked.times)
    deciles = statistics.quantiles(taken, n=10)
    console = Console(highlight=False)
    console.print(f"{len(taken)} messages, Enter to answer on the page:")
    console.print(f"  median {statistics.median(taken):.0f} ms, nine in ten below {deciles[-1]:.0f} ms")
    console.print(f"  slowest {max(taken):.0f} ms")
    within = sum(each <= AIM_MS for each in taken)
    console.print(f"  within {AIM_MS} ms: {within} of {len(taken)}")


if __name__ == "__main__":
    main()
