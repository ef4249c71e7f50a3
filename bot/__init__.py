"""Clonus Companion."""

from bot.lazy_modules import without_training

without_training()  # here, as it must come before the first import of Rasa, whoever makes it
