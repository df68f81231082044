"""Functions that the triggers of every app call: refuse an undeclared change of state, refuse any change at all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION stores_refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '% may not go from % to %', TG_TABLE_NAME, OLD.state, NEW.state
                        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
                END $$;
                CREATE FUNCTION stores_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '% only grows: no % there', TG_TABLE_NAME, TG_OP
                        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
                END $$;
            """,
            reverse_sql="DROP FUNCTION stores_refuse_transition(); DROP FUNCTION stores_refuse_change();",
        ),
    ]
