"""Load on a cluster for minutes while its processes are killed: nothing is lost and memory stays flat.

`python -m benchmarks.engine.soak` (make soak). Everybody gives their message an id and sends it again, under the same
id, when it was not answered. In the end the log must hold each message once, with one turn of replies.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import requests
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from benchmarks.engine.systems import FOLDER, OUR_MESSAGES, memory_of, our_cluster
from bot.commands.cluster import Cluster
from bot.engine.tracker_store import MESSAGE_ID, Conversations

ANSWER_SECONDS = 10.0
PAUSE_SECONDS = 0.5
KILL_SECONDS = 30.0
GROWTH = 1.15
"""How much more memory than after the first third still counts as flat."""


@dataclass
class Person:
    """Somebody who talks until the time is over. `answered`: ids of messages with a reply; `late`: the slowest one."""

    name: str
    answered: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    late: float = 0.0

    def talk(self, address: str, until: float) -> None:
        """One message after the other."""
        session = requests.Session()
        for number, text in enumerate(itertools.cycle(OUR_MESSAGES)):
            if time.monotonic() > until:
                return
            name = f"{self.name}-{number}"
            began = time.monotonic()
            if self._say(session, address, {"sender": self.name, "message": text, "id": name}):
                self.answered.append(name)
            else:
                self.lost.append(name)
            self.late = max(self.late, time.monotonic() - began)
            time.sleep(random.uniform(0.0, 2 * PAUSE_SECONDS))

    @staticmethod
    def _say(session: requests.Session, address: str, body: dict[str, str]) -> bool:
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = session.post(f"{address}/webhooks/rest/webhook", json=body, timeout=ANSWER_SECONDS)
                if answer.status_code == 200 and answer.json():
                    return True
            except (requests.RequestException, ValueError):
                pass  # nginx was killed; the message is sent again
            time.sleep(0.2)
        return False


def kill_now_and_then(cluster: Cluster, until: float, killed: list[str]) -> None:
    """End one process after the other with kill -9, in random order, each as often as the others.

    One alone that ends again and again is taken for broken and is not started any more (bot/commands/processes.py).
    """
    names: list[str] = []
    while time.monotonic() < until - KILL_SECONDS:
        time.sleep(KILL_SECONDS)
        if not names:
            names = random.sample(list(cluster.processes.programs), len(cluster.processes.programs))
        name = names.pop()
        os.kill(cluster.processes.running[name].pid, signal.SIGKILL)
        killed.append(name)


async def written_wrongly(database: str, people: list[Person]) -> list[str]:
    """Messages that were answered and do not stand in the log exactly once."""
    store = Conversations(Domain.empty(), url=database)
    wrong: list[str] = []
    for person in people:
        whole = await store.retrieve_full_tracker(person.name)
        found = Counter(
            event.metadata.get(MESSAGE_ID)
            for event in (whole.events if whole else ())
            if isinstance(event, UserUttered)
        )
        wrong += [name for name in person.answered if found[name] != 1]
    store.tables.close()
    return wrong


def main() -> int:
    """Run it; 0 when nothing was lost and memory stayed flat."""
    import asyncio

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--no-kills", action="store_true")
    chosen = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    cluster = our_cluster(2, 2)
    try:
        if not cluster.start():
            return 1
        threading.Thread(target=cluster.keep_running, daemon=True).start()
        until = time.monotonic() + chosen.minutes * 60
        people = [Person(f"soak-{number}") for number in range(chosen.people)]
        threads = [threading.Thread(target=person.talk, args=(cluster.address, until)) for person in people]
        killed: list[str] = []
        if not chosen.no_kills:
            threads.append(threading.Thread(target=kill_now_and_then, args=(cluster, until, killed)))
        for thread in threads:
            thread.start()
        memory: list[float] = []
        while any(thread.is_alive() for thread in threads):
            time.sleep(10)
            try:
                memory.append(memory_of([process.pid for process in cluster.processes.running.values()]))
            except Exception:  # a process was killed just now
                continue
        wrong = asyncio.run(written_wrongly(cluster.database_url, people))
    finally:
        cluster.stop()
    answered = sum(len(person.answered) for person in people)
    lost = [name for person in people for name in person.lost]
    third = max(memory[: max(1, len(memory) // 3)])
    last = max(memory[-max(1, len(memory) // 3) :])
    print(f"{answered} messages answered, {len(lost)} not answered, {len(wrong)} not written exactly once")
    print(f"slowest answer {max(person.late for person in people):.1f} s; killed: {dict(Counter(killed)) or 'nothing'}")
    print(f"memory of everything {third:,.0f} MiB in the first third, {last:,.0f} MiB in the last")
    return 0 if answered and not lost and not wrong and last <= third * GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
