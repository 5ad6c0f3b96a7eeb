"""Who is published at a path? Every publish asks, and had to read all publications of the locale to know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms_delivery", "0002_expand_search")]
    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("url_path__isnull", False)),
                fields=["site", "locale", "url_path"],
                name="delivery_publication_path",
            ),
        ),
    ]
