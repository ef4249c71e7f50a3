"""docs/benchmarks.md and its plots, made of the figures of one run. What stands around the tables is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from bot.settings import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
PLOTS = ROOT / "docs" / "benchmarks"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Results = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of the table: what, its figure for a system, the goal as ours : default, and whether more is better."""

    what: str
    unit: str
    figure: Callable[[Results], float]
    goal: float
    more_is_better: bool = False

    def row(self, default: Results, ours: Results) -> str:
        """As Markdown."""
        theirs, mine = self.figure(default), self.figure(ours)
        if not theirs or not mine:
            return f"| {self.what} | not measured | not measured | | |"
        ratio = mine / theirs
        met = ratio >= self.goal if self.more_is_better else ratio <= self.goal
        sign = "at least" if self.more_is_better else "at most"
        return (
            f"| {self.what} | {theirs:,.0f} {self.unit} | {mine:,.0f} {self.unit} | {ratio:.2f} | "
            f"{sign} {self.goal:.2f}: {'met' if met else 'not met'} |"
        )


def _best(system: Results, people: int, key: str) -> float:
    loads = system["loads"][str(people)]
    values = sorted(load[key] for load in loads)
    return float(values[len(values) // 2])


LINES = (
    Line("Median turn, one person", "ms", lambda system: system["median"], 1 / 3),
    Line("99th percentile, one person", "ms", lambda system: system["p99"], 1 / 3),
    Line("Turns a second, 10 people", "", lambda system: _best(system, 10, "turns_a_second"), 4, True),
    Line("Turns a second, 50 people", "", lambda system: _best(system, 50, "turns_a_second"), 4, True),
    Line("99th percentile, 10 people", "ms", lambda system: _best(system, 10, "p99"), 1 / 3),
    Line("99th percentile, 50 people", "ms", lambda system: _best(system, 50, "p99"), 1 / 3),
    Line("Memory of everything together", "MiB", lambda system: system["memory"], 1),
    Line("Start", "s", lambda system: system["start"], 1 / 3),
    Line("Training", "s", lambda system: system["trained"], 1 / 2),
)


def write_document(results: Results) -> None:
    """Put the tables and plots of a run in the place of the last ones."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{_tables(results)}\n\n{END}{after}", encoding="utf-8")
    PLOTS.mkdir(exist_ok=True)
    _plot_long(results)
    _plot_load(results)
    _plot_start(results)


def _tables(results: Results) -> str:
    default, ours, here = results["default"], results["ours"], results["machine"]
    parts = [
        f"Commit {here['commit']}, {here['at']}; {here['processor']}, {here['cores']} cores; {here['system']}. Load of "
        f"the machine before: {here['load_before']}. {results['rounds']} rounds, loads of {results['seconds']} s.",
        "",
        "| | `rasa init` | ours | ours : theirs | goal |",
        "|---|---|---|---|---|",
        *(line.row(default, ours) for line in LINES),
        "",
        f"Half of the single turns lie between {default['quartiles'][0]:.0f} and {default['quartiles'][1]:.0f} ms "
        f"(theirs) and between {ours['quartiles'][0]:.0f} and {ours['quartiles'][1]:.0f} ms (ours). Processor time of "
        f"a turn, all processes: {default['processor']:.0f} and {ours['processor']:.0f} ms.",
        "",
        "| Turn of one conversation | `rasa init` | ours |",
        "|---|---|---|",
        *_long_rows(default["long"], ours["long"]),
    ]
    if results.get("curve"):
        parts += [
            "",
            "| Chat servers behind nginx, 20 people | turns a second | median | 99th percentile | memory |",
            "|---|---|---|---|---|",
            *(
                f"| {each['chats']} | {each['turns_a_second']:.1f} | {each['median']:.0f} ms | {each['p99']:.0f} ms "
                f"| {each['memory']:,.0f} MiB |"
                for each in results["curve"]
            ),
        ]
    parts += [
        "",
        "![Time of a turn by length of the conversation](benchmarks/long-conversation.png)",
        "![Turns a second by people at once](benchmarks/load.png)",
        "![Start and memory](benchmarks/start-and-memory.png)",
    ]
    return "\n".join(parts)


def _long_rows(default: dict[str, float], ours: dict[str, float]) -> list[str]:
    marks = sorted({int(mark) for mark in (*default, *ours)})

    def cell(found: dict[str, float], mark: int) -> str:
        return f"{found[str(mark)]:.0f} ms" if str(mark) in found else ""

    return [f"| {mark} | {cell(default, mark)} | {cell(ours, mark)} |" for mark in marks]


def _save(name: str) -> None:
    pyplot.tight_layout()
    pyplot.savefig(PLOTS / name, dpi=110)
    pyplot.close()


def _plot_long(results: Results) -> None:
    pyplot.figure(figsize=(6, 3.2))
    for name, label in (("default", "rasa init"), ("ours", "Clonus Companion")):
        found = results[name]["long"]
        pyplot.plot([int(mark) for mark in found], list(found.values()), marker="o", label=label)
    pyplot.xlabel("turn of one conversation")
    pyplot.ylabel("median of the turns before it, ms")
    pyplot.ylim(bottom=0)
    pyplot.legend()
    _save("long-conversation.png")


def _plot_load(results: Results) -> None:
    pyplot.figure(figsize=(6, 3.2))
    for name, label in (("default", "rasa init"), ("ours", "Clonus Companion, one chat server")):
        people = [int(count) for count in results[name]["loads"]]
        pyplot.plot(
            people, [_best(results[name], count, "turns_a_second") for count in people], marker="o", label=label
        )
    if results.get("curve"):
        for each in results["curve"]:
            pyplot.plot(20, each["turns_a_second"], marker="s", linestyle="", label=f"{each['chats']} behind nginx")
    pyplot.xlabel("people at once")
    pyplot.ylabel("turns a second")
    pyplot.ylim(bottom=0)
    pyplot.legend(fontsize="small")
    _save("load.png")


def _plot_start(results: Results) -> None:
    figure, axes = pyplot.subplots(1, 2, figsize=(6, 2.6))
    for place, (key, label) in zip(axes, (("start", "start, s"), ("memory", "memory, MiB")), strict=True):
        place.bar(
            ["rasa init", "ours"], [results["default"][key], results["ours"][key]], color=["tab:blue", "tab:orange"]
        )
        place.set_ylabel(label)
    figure.suptitle("")
    _save("start-and-memory.png")
