"""On PostgreSQL full text is found by an index; SQLite searches the plain text column."""

from django.db import migrations

CREATE = "CREATE INDEX cms_delivery_publication_search ON cms_delivery_publication USING gin (search)"
DROP = "DROP INDEX cms_delivery_publication_search"


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("cms_delivery", "0001_expand_initial")]
    operations = [
        migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP)),
    ]
