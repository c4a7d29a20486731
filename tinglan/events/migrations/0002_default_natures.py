"""A new installation starts with the taxonomy of harm that ships."""

import tomllib
from pathlib import Path

from django.db import migrations


def fill(apps, editor):
    shipped = Path(__file__).parents[1] / "natures.toml"
    rows = tomllib.loads(shipped.read_text(encoding="utf-8"))["nature"]
    nature = apps.get_model("events", "Nature")
    nature.objects.bulk_create([nature(**row) for row in rows], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
