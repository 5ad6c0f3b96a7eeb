"""On PostgreSQL full text is found by an index; SQLite searches the plain text column."""

from django.db import migrations

CREATE = "CREATE INDEX cms_content_document_search ON cms_content_document USING gin (search)"
DROP = "DROP INDEX cms_content_document_search"


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("cms_content", "0001_expand_initial")]
    operations = [
        migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP)),
    ]
