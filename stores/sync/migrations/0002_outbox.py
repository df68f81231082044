from django.db import migrations


class Migration(migrations.Migration):
    """Whoever writes an event writes the deliveries that are owed for it: the database sees to it."""

    dependencies = [("sync", "0001_initial"), ("journal", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION sync_owe_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO sync_webhookdelivery (event_id, endpoint_id, state, attempts, last_error)
                    SELECT NEW.id, id, 'queued', 0, '' FROM sync_webhookendpoint
                    WHERE is_active AND NEW.kind = ANY (kinds);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER journal_event_owe_deliveries AFTER INSERT ON journal_event
                FOR EACH ROW EXECUTE FUNCTION sync_owe_deliveries();
            """,
            reverse_sql="""
                DROP TRIGGER journal_event_owe_deliveries ON journal_event;
                DROP FUNCTION sync_owe_deliveries();
            """,
        ),
    ]
