"""Channels as Rasa serves them, on a free port of this machine, before a bot."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic


class ChannelServer:
    """Serves channels until it is stopped, and can be started again on the same port."""

    def __init__(self, make_channels: Callable[[], Sequence[InputChannel]], bot: Any) -> None:
        self.bot = bot
        self._make_channels = make_channels
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve with fresh channels, as a new process would, and return when they answer.

        Raises what kept them from starting.
        """
        self._loop = asyncio.new_event_loop()
        started: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.result(30)

    def stop(self) -> None:
        """Stop serving and close every connection, as a server that is told to end."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(30)

    def _serve(self, started: Future[None]) -> None:
        asyncio.set_event_loop(self._loop)
        self._stopped = asyncio.Event()
        try:
            self._loop.run_until_complete(self._serve_until_stopped(started))
        except Exception as error:
            if not started.done():
                started.set_exception(error)
        finally:
            self._loop.close()

    async def _serve_until_stopped(self, started: Future[None]) -> None:
        Sanic.test_mode = True
        app = Sanic(f"channels_{self._port}_{id(started)}", configure_logging=False)
        app.ctx.agent = self.bot
        register(list(self._make_channels()), app, "/webhooks/")
        server = await app.create_server("127.0.0.1", self._port, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.before_start()
        await server.after_start()
        started.set_result(None)
        await self._stopped.wait()
        await server.before_stop()
        for connection in list(server.connections):
            connection.close()
        server.close()
        await server.wait_closed()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
