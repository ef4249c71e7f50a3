"""One module a change of the console's tables, named mNNNN_what.py, with `upgrade(connection)`.

A migration never changes once it was released. It spells its tables out, and imports none from the code that uses
them: that code moves on.
"""
