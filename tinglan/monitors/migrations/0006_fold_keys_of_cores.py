"""Make the stored fold keys anew: they are now of the core of a text (fingerprint.KEY_VERSION 2).

Keys of two versions never meet, so that a site would quietly stop folding new posts into old ones.
What was folded before stays folded.
"""

from itertools import islice

from django.db import migrations

from tinglan.analysis.fingerprint import core_keys

CHUNK = 2000


def make_anew(apps, schema_editor):
    mentions = apps.get_model("monitors", "Mention").objects
    rows = mentions.order_by("pk").select_related("post").only("pk", "post__title", "post__text")
    waiting = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(waiting, CHUNK)):
        keys = core_keys([row.post.text for row in chunk], [row.post.title for row in chunk])
        for row, key in zip(chunk, keys, strict=True):
            row.fold_key = key
        mentions.bulk_update(chunk, ["fold_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("monitors", "0005_remove_brand_access")]
    operations = [migrations.RunPython(make_anew, migrations.RunPython.noop)]
