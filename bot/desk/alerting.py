"""Watches for escalations that nobody acknowledged, for as long as a chat server runs."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping

from sqlalchemy.engine import Engine

from bot.desk import alerts
from bot.desk.alert_ways import Way

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


class Alerting:
    """Sends what is due. Any number of processes may do so at the same time."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        ways: Mapping[str, Way],
        levels: Collection[str],
        minutes: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._ways = ways
        self._levels = levels
        self._minutes = minutes
        self._clock = clock
        self._ended = threading.Event()

    def start(self) -> None:
        """Watch in a thread of its own, if there is a way to tell anybody."""
        if self._ways:
            threading.Thread(target=self._run, name="alerts", daemon=True).start()

    def stop(self) -> None:
        """End. What is not sent yet is sent by the next process."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            try:
                self.send_due()
            except Exception as error:
                logger.warning("Escalations that wait cannot be looked up (%s).", type(error).__name__)

    def send_due(self) -> int:
        """Send what is due now; how many were sent."""
        engine, now = self._engine(), self._clock()
        with engine.begin() as connection:
            alerts.note_due(connection, list(self._ways), self._levels, self._minutes, now)
        sent = 0
        while not self._ended.is_set():
            with engine.begin() as connection:
                alert = alerts.claim(connection, list(self._ways), self._clock())
            if alert is None:
                return sent
            sent += self._send(engine, alert)
        return sent

    def _send(self, engine: Engine, alert: alerts.Alert) -> bool:
        try:
            self._ways[alert.way](alert)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}" if alert.way == "webhook" else type(error).__name__
            logger.warning("An alert by %s was not taken (%s). It is tried again.", alert.way, type(error).__name__)
            with engine.begin() as connection:
                alerts.later(connection, alert, reason, self._clock(), random.random)
            return False
        with engine.begin() as connection:
            alerts.sent(connection, alert)
        return True
