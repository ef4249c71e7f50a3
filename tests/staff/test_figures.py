"""How it goes on the console: charts beside their tables, and the same figures as a file."""

from __future__ import annotations

import csv
import io
import time

from bot.desk.figures import Table
from bot.staff.charts import as_csv, bars
from bot.staff.roles import Role
from tests.staff.at_desk import AtDesk
from tests.staff.world import Clock, World


async def test_the_page_and_the_file_tell_the_same(world: World, desk: AtDesk, clock: Clock) -> None:
    clock.now = time.time()
    await desk.talked("ana", "one", "two")
    desk.escalate("ana")
    visitor = world.visitor(Role.EDITOR)
    page = visitor.get("/figures?period=day").text
    assert page.count("<svg") >= 3
    assert '<th scope="row">brace</th><td>2</td>' in page
    file = visitor.get("/figures.csv?period=day")
    assert file.headers["content-disposition"].startswith('attachment; filename="clonus-day-')
    rows = list(csv.reader(io.StringIO(file.text)))
    assert ["brace", "2"] in rows
    assert ["new-stroke (emergency)", "1"] in rows
    assert "ana" not in file.text


def test_an_unknown_period_is_the_week(world: World, desk: AtDesk) -> None:
    assert 'href="/figures?period=week" aria-current="true"' in world.visitor(Role.EDITOR).get("/figures?period=x").text


def test_a_chart_escapes_what_it_names_and_a_file_holds_no_formula() -> None:
    table = Table("x", "Odd <names>", ("What", "Times"), (("=1+1", 3), ("<b>&", 6)))
    drawn = str(bars(table))
    assert ("<b>" in drawn, "&lt;b&gt;&amp;" in drawn, 'width="180.0"' in drawn) == (False, True, True)
    assert as_csv([table]).splitlines() == ["Odd <names>", "What,Times", "'=1+1,3", "<b>&,6"]
    assert bars(Table("x", "Nothing", ("What", "Times"), ())) == ""
