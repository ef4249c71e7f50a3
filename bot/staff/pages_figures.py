"""See how it goes: figures of the last day, week or month, as charts, tables and CSV."""

from __future__ import annotations

import logging
from datetime import datetime, timezone

from starlette.responses import Response

from bot.channels.sms.places import text_database
from bot.channels.sms.store import outbox
from bot.databases import Row, has_table, open_engine, reading
from bot.desk.figures import PERIODS, Period, Table, all_tables
from bot.desk.figures_rows import stored, texts_sent
from bot.staff.charts import as_csv, bars
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Visit

logger = logging.getLogger(__name__)

routes = Routes()


@routes.get("/figures", Permission.STATISTICS)
def figures_page(visit: Visit) -> Response:
    """Charts and their tables."""
    period, tables = _figures(visit)
    drawn = [(table, bars(table)) for table in tables]
    return visit.page("figures.html", drawn=drawn, period=period, periods=list(PERIODS))


@routes.get("/figures.csv", Permission.STATISTICS)
def figures_file(visit: Visit) -> Response:
    """The same as a file for a spreadsheet."""
    period, tables = _figures(visit)
    name = f"clonus-{period.name}-{period.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(tables), media_type="text/csv; charset=utf-8", headers=headers)


def _figures(visit: Visit) -> tuple[Period, list[Table]]:
    now = datetime.fromtimestamp(visit.now, timezone.utc)
    name = visit.asked("period") if visit.asked("period") in PERIODS else "week"
    period = Period.named(name, now)
    with visit.console.desk.reading() as records:
        found = stored(records, period, _texts(visit, period))
    return period, all_tables(found, period, now)


def _texts(visit: Visit, period: Period) -> list[Row]:
    """Texts that were sent; none when no text was ever kept, or they cannot be read."""
    try:
        engine = open_engine(text_database(visit.console.settings))
        try:
            with reading(engine) as connection:
                return texts_sent(connection, outbox, period) if has_table(connection, outbox.name) else []
        finally:
            engine.dispose()
    except Exception:
        logger.exception("Text messages cannot be counted.")
        return []
