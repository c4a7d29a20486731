from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lib", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="lease", name="lease_next"),
        migrations.AddField(
            model_name="lease",
            name="rank",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="lease",
            index=models.Index(fields=["subscriber", "rank", "due_at", "id"], name="lease_next"),
        ),
    ]
