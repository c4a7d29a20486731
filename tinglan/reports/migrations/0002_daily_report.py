from django.db import migrations


def add(apps, schema_editor):
    """One daily report about all brands, at eight: nobody has to set it up."""
    report = apps.get_model("reports", "Report")
    if not report.objects.exists():
        report.objects.create(kind="daily", hour=8, is_enabled=True)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
