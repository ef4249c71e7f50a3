"""The tables of the records: what the bot notes for staff, and what staff do about it.

Whatever belongs to one conversation has a column `conversation`, by which it is erased with it; whatever ends with its
time has a column `at` (bot/erasing.py).
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

CONVERSATION = String(255)

escalations = Table(
    "escalations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("conversation", CONVERSATION, nullable=False),
    Column("text", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("sure", Integer),
    Column("verdict", Text, nullable=False),  # why, as JSON
    Column("message", Text, unique=True),  # the message that led to it, so that it is noted once
    Column("corrected_at", String(40)),
    Column("correction", Text),  # what the person said of it later
    Column("told", Text),  # what the person was told
    Column("channel", String(40)),
    Column("acknowledged_at", String(40)),
    Column("acknowledged_by", String(200)),
    Column("outcome", String(40)),
    Column("outcome_at", String(40)),
    Column("outcome_by", String(200)),
    Column("version", Integer, nullable=False, server_default="0"),
    Index("escalations_conversation", "conversation"),
)

escalation_notes = Table(
    "escalation_notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("escalation", Integer, nullable=False, index=True),
    Column("conversation", CONVERSATION, nullable=False),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("text", Text, nullable=False),
)

erased_escalations = Table(
    "erased_escalations",
    metadata,  # of an escalation that nobody had acknowledged when it was erased: that there was one, no more
    Column("escalation", Integer, primary_key=True, autoincrement=False),
    Column("escalated_at", String(40), nullable=False),
    Column("erased_at", String(40), nullable=False),
    Column("category", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("seen_at", String(40)),
    Column("seen_by", String(200)),
)

alerts = Table(
    "escalation_alerts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("escalation", Integer, nullable=False),
    Column("conversation", CONVERSATION, nullable=False),
    Column("at", String(40), nullable=False),
    Column("way", String(20), nullable=False),  # email, webhook
    Column("state", String(10), nullable=False),  # waiting, sent, dropped
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Float, nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("sent_at", String(40)),
    Column("error", Text),
    UniqueConstraint("escalation", "way"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", CONVERSATION, nullable=False, index=True),
    Column("open_key", CONVERSATION, unique=True),  # the conversation while this is open, so that one is open at most
    Column("at", String(40), nullable=False),  # when it began
    Column("channel", String(40), nullable=False),
    Column("state", String(10), nullable=False),  # asked, taken, done
    Column("asked_at", String(40)),  # None: staff stepped in unasked
    Column("heard_at", String(40)),  # the person's latest message while it was open
    Column("heard", Integer, nullable=False),  # how many messages that were
    Column("holder", Integer),  # account of who answers
    Column("holder_name", String(200)),  # as the person reads it: "Anna, support worker"
    Column("taken_at", String(40)),
    Column("answered_at", String(40)),  # the first answer
    Column("told_quiet", Integer, nullable=False),  # whether the person was told that a person has their message
    Column("done_at", String(40)),
    Column("version", Integer, nullable=False),
    Column("deliver_until", Float, nullable=False),  # a process delivers to this person until then
)

staff_messages = Table(
    "staff_messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("handover", Integer, nullable=False, index=True),
    Column("conversation", CONVERSATION, nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("key", String(80), nullable=False, unique=True),  # of the form that sent it: it is kept once
    Column("kind", String(10), nullable=False),  # taken, words, back
    Column("sender", String(200)),  # None: the bot says it
    Column("text", Text, nullable=False),
    Column("topic", String(120)),  # the topic whose answer it is
    Column("state", String(10), nullable=False),  # waiting, delivered, dropped
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Float, nullable=False),
    Column("delivered_at", String(40)),
    Column("error", Text),
)

unplaced = Table(
    "unplaced",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False),
    Column("text", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("conversation", CONVERSATION, primary_key=True),
    Column("version", String(80), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("words", Text, nullable=False),
)

helpful = Table(
    "helpful",
    metadata,
    Column("conversation", CONVERSATION, primary_key=True),
    Column("message", String(80), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("helpful", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked", Text),  # what the person had asked, without what could tell who; only where it did not help
)

replies = Table(
    "replies",
    metadata,  # what was said, without a word of it: for the figures
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False, index=True),
    Column("conversation", CONVERSATION, nullable=False, index=True),
    Column("channel", String(40), nullable=False),
    Column("turn", String(80), nullable=False),  # the person's message that it answers
    Column("kind", String(20), nullable=False),
    Column("topic", String(120)),
    Column("question", String(120)),
    Column("level", String(20)),
    Column("category", String(120)),
)
