from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_intake")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["first_seen_at", "id"], name="post_first_seen"),
        ),
    ]
