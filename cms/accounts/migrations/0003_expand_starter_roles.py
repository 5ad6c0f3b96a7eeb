"""Every installation has the starter roles; those that exist already are left as they are."""

from django.db import migrations

from cms.accounts.decision import STARTER_ROLES


def make_roles(apps, schema_editor):
    role = apps.get_model("cms_accounts", "Role")
    for key, (name, actions) in STARTER_ROLES.items():
        role.objects.using(schema_editor.connection.alias).get_or_create(
            key=key, defaults={"name": name, "actions": list(actions)}
        )


class Migration(migrations.Migration):
    dependencies = [("cms_accounts", "0002_expand_audit_guard")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
