"""Text messages: the same bot on any phone.

A connector (`connectors.py`) takes in a provider's webhook, and a provider (`provider.py` and the modules that
implement it) says what it means and sends texts. Between them: the inbox keeps each message once, the worker
(`service.py`) answers phone by phone, the outbox keeps each reply until it is accepted.
"""
