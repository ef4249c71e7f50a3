"""Reads one reply to one prompt, as the interview does."""

from __future__ import annotations

from functools import lru_cache

from bot.triage.agenda import Agenda
from bot.triage.interview_state import InterviewState
from bot.triage.prompts import PromptWriter
from bot.triage.reading.reader import Reader
from bot.triage.reading.reply import Reading
from bot.triage.table import load_table
from bot.triage.wording import load_wording

GROUP, SIGN = "group:red-flags/brain", "sign:red-flags/rf-stroke"


@lru_cache(maxsize=1)
def parts() -> tuple[Reader, PromptWriter]:
    table = load_table()
    agenda = Agenda(table, load_wording(table))
    return Reader(agenda), PromptWriter(agenda)


def read(prompt: str, text: str) -> Reading:
    reader, writer = parts()
    return reader.read(text, writer.write(prompt, InterviewState()))
