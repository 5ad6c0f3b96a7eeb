"""On PostgreSQL a trigger keeps the record of actions as it was written."""

from django.db import migrations

CREATE = """
CREATE FUNCTION cms_accounts_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'audit entries are never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.at > now() - interval '400 days' THEN
    RAISE EXCEPTION 'audit entries are kept 400 days' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER cms_accounts_guard_audit BEFORE UPDATE OR DELETE ON cms_accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION cms_accounts_guard_audit();
"""
DROP = """
DROP TRIGGER cms_accounts_guard_audit ON cms_accounts_auditentry;
DROP FUNCTION cms_accounts_guard_audit();
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("cms_accounts", "0001_expand_initial")]
    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
