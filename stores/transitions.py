"""States change along one declared table: `NEXT` on the model, held again by a trigger on its table."""

from typing import Any, Protocol

from django.db import migrations, models
from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class WrongState(Refusal):
    code = "wrong_state"
    title = _("Already {state}")
    advice = _("This can no longer become {wanted}.")


class HasStates(Protocol):
    NEXT: dict[Any, set[Any]]
    state: str
    pk: Any


def advance(row: Any, *, to: str, **fields: Any) -> None:
    """Moves `row` to the state `to` and sets `fields`, if and only if it is still where we last saw it.

    Raises WrongState when the transition is not declared or somebody else moved the row first.
    """
    was = row.state
    if to in row.NEXT.get(was, set()):
        moved = type(row)._default_manager.filter(pk=row.pk, state=was).update(state=to, **fields)
        if moved:
            row.state = to
            for name, value in fields.items():
                setattr(row, name, value)
            return
        was = type(row)._default_manager.values_list("state", flat=True).get(pk=row.pk)
    raise WrongState(state=_state_label(row, was), wanted=_state_label(row, to))


def _state_label(row: models.Model, state: str) -> str:
    choices = row._meta.get_field("state").flatchoices  # type: ignore[union-attr]  # Every NEXT model has a state field.
    return str(dict(choices).get(state, state)).lower()


def guard_transitions(table: str, allowed: dict[str, set[str]]) -> migrations.RunSQL:
    """A migration operation: a trigger that lets only `allowed` changes of `state` into `table`.

    The pairs stand in the trigger's WHEN clause, so a lawful update calls no function at all.
    """
    pairs = sorted(f"{was}>{to}" for was, following in allowed.items() for to in following)
    listed = ", ".join(f"'{pair}'" for pair in pairs)
    return migrations.RunSQL(
        sql=f"""
            DROP TRIGGER IF EXISTS {table}_transitions ON {table};
            CREATE TRIGGER {table}_transitions BEFORE UPDATE OF state ON {table} FOR EACH ROW
            WHEN (OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) <> ALL (ARRAY[{listed}]))
            EXECUTE FUNCTION stores_refuse_transition();
        """,
        reverse_sql=f"DROP TRIGGER IF EXISTS {table}_transitions ON {table};",
    )


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation: a trigger that refuses to update or delete a row of `table`."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
            EXECUTE FUNCTION stores_refuse_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )


def never_emptied(table: str) -> migrations.RunSQL:
    """A migration operation: a trigger that refuses to TRUNCATE `table`, which no trigger for rows sees."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT
            EXECUTE FUNCTION stores_refuse_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_never_emptied ON {table};",
    )
