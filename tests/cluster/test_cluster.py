"""A check-in goes on while every process of a cluster is killed in turn, in the middle of a turn."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from bot.commands.cluster import Cluster
from tests.faults.cluster import PagePerson, kill, pid_of, running_cluster, wait_until_back

pytestmark = pytest.mark.timeout(900)  # two chat servers start twice, on a machine that is busy with other tests

IN_THE_MIDDLE = 0.03
"""Seconds after which a message that was sent is being handled."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


def harmless_answer(question: dict[str, Any]) -> str:
    """An answer that the question can be told: no danger, and otherwise its first choice."""
    choices = question["buttons"]
    return "No" if "No" in choices else str(choices[0])


def say_and_kill(cluster: Cluster, person: PagePerson, text: str, name: str) -> list[dict[str, Any]]:
    """The replies to a message while whose turn a process was killed; the process is back afterwards."""
    killed = pid_of(cluster, name)
    killer = threading.Timer(IN_THE_MIDDLE, kill, (cluster, name))
    killer.start()
    replies = person.say(text)
    killer.join()
    wait_until_back(cluster, name, killed)
    return replies


def test_a_check_in_is_carried_through_the_killing_of_every_process(cluster: Cluster) -> None:
    person = PagePerson(cluster.address)
    *_, last = person.say("check my symptoms")
    kinds = {}
    for name in cluster.processes.programs:
        *_, last = say_and_kill(cluster, person, harmless_answer(last), name)
        kinds[name] = last["metadata"]["kind"]

    assert kinds == dict.fromkeys(cluster.processes.programs, "question")
    shown = person.history()
    assert [message["text"] for message in shown if message["from"] == "person"] == person.sent
    asked = [
        (message["metadata"]["question"], *message["metadata"].get("covers", ()))
        for message in shown
        if message["from"] == "bot" and message["metadata"].get("question")
    ]
    assert len(asked) == len(person.sent)  # one question for each message, none twice and none left out
    assert len(set(asked)) == len(asked)


def test_messages_sent_at_once_to_two_servers_are_answered_one_after_the_other(cluster: Cluster) -> None:
    servers = [url.rsplit("/", 1)[0] for name, url in cluster.ready_addresses.items() if name.startswith("chat")]
    texts = ["hello", "what is clonus", "simpler", "thanks"]

    def say(number: int) -> list[dict[str, object]]:
        time.sleep(0.1 * number)
        body = {"sender": "in-a-hurry", "message": texts[number], "id": f"m{number}"}
        answer = requests.post(f"{servers[number % 2]}/webhooks/rest/webhook", json=body, timeout=30)
        return list(answer.json())

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(say, range(4)))
    again = [say(number) for number in range(4)]

    assert [reply[0]["metadata"]["kind"] for reply in replies] == ["smalltalk", "answer", "answer", "smalltalk"]  # type: ignore[index]
    assert again == replies  # a message that comes again, at whatever server, gets the same answer
