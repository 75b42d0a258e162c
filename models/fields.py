"""Field types that close two traps of the ORM.

* ``BigIntField(primary_key=True, generated=False)`` loses ``generated=False`` when a migration is written, and the
  next migration would drop and re-add the key: :class:`Snowflake` says it itself.
* SQLite compares datetimes as text, in whatever offset they were given: :class:`Instant` stores UTC only and refuses
  a naive value, so that two instants always compare as instants.

Tables declare them through :func:`snowflake` and :func:`instant`, which tell the type checker what a column holds.
"""

from datetime import UTC, datetime
from typing import Any, Literal, overload

from tortoise import Model, fields


class Snowflake(fields.BigIntField):
    """A Discord id: a 64-bit integer that Discord, not the database, makes."""

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.get("primary_key"):
            kwargs["generated"] = False
        super().__init__(**kwargs)


class Instant(fields.DatetimeField[datetime]):
    """An aware datetime, stored in UTC."""

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                msg = f"{self.model_field_name} was given a naive datetime; an instant carries its offset"
                raise ValueError(msg)
            value = value.astimezone(UTC)
        return super().to_db_value(value, instance)


@overload
def snowflake(*, null: Literal[True], **kwargs: Any) -> fields.Field[int | None]: ...
@overload
def snowflake(**kwargs: Any) -> fields.Field[int]: ...
def snowflake(**kwargs: Any) -> Any:
    return Snowflake(**kwargs)


@overload
def instant(*, null: Literal[True], **kwargs: Any) -> fields.Field[datetime | None]: ...
@overload
def instant(**kwargs: Any) -> fields.Field[datetime]: ...
def instant(**kwargs: Any) -> Any:
    return Instant(**kwargs)
