from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("printing", "0001_initial"), ("stores", "0002_guards")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE TRIGGER printjob_content_never_changes BEFORE UPDATE OF content ON printing_printjob
                FOR EACH ROW WHEN (OLD.content <> NEW.content) EXECUTE FUNCTION stores_refuse_change();
            """,
            reverse_sql="DROP TRIGGER printjob_content_never_changes ON printing_printjob;",
        ),
    ]
