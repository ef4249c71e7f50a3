"""Tables that only grow: the database itself refuses to change or delete a row."""

from __future__ import annotations

from sqlalchemy.engine import Connection


def refuse_changes(connection: Connection, table: str) -> None:
    """Put triggers on `table` that refuse every UPDATE and DELETE, whoever asks.

    Raises ValueError for a database that is neither SQLite nor PostgreSQL.
    """
    words = f"{table} only grows: a row that is written stays"
    if connection.dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
        )
    else:
        raise ValueError(f"the console keeps its data in SQLite or PostgreSQL, not in {connection.dialect.name}")
