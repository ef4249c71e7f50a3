"""The connectors as Rasa serves them, on a free port, before a bot with a script."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import Future

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic

from tests.channels.page_server import ScriptedBot


class WebhookServer:
    """Serves channels until it is closed."""

    def __init__(self, channels: list[InputChannel], bot: ScriptedBot) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._channels, self._bot = channels, bot
        started: Future[None] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, args=(started,), daemon=True)
        self._thread.start()
        started.result(30)

    def close(self) -> None:
        """Stop serving, as a server that is told to end."""
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
        app = Sanic(f"texts_{self._port}_{id(started)}", configure_logging=False)
        app.ctx.agent = self._bot
        register(self._channels, app, "/webhooks/")
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
