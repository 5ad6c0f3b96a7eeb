"""On PostgreSQL full text is found by an index, and order keys compare byte by byte, as SQLite does by itself."""

from django.db import migrations

CREATE = "CREATE INDEX cms_content_document_search ON cms_content_document USING gin (search)"
COMPARE_BYTES = 'ALTER TABLE cms_content_document ALTER COLUMN order_key TYPE varchar(120) COLLATE "C"'
DROP = "DROP INDEX cms_content_document_search"


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("cms_content", "0001_expand_initial")]
    operations = [
        migrations.RunPython(on_postgresql(COMPARE_BYTES), migrations.RunPython.noop),
        migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP)),
    ]
