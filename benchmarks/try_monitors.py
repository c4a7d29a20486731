"""Fill a store with posts and try monitors on them; run by S9 in an environment of its own.

Reads texts from standard input, one JSON string a line, and uses them in turn. Prints the figures
as JSON.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import perf_counter, process_time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402  after setup
from django.utils.timezone import localtime  # noqa: E402

from tinglan.monitors.models import Brand  # noqa: E402
from tinglan.monitors.trial import trial  # noqa: E402
from tinglan.sources.models import Post  # noqa: E402

NOW = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
DAYS = 30
AT_ONCE = 20_000
PARTS = 10
QUERIES = {
    "one_brand": "星河电器 (漏水 OR 漏电)",
    "twenty_terms": (
        "(口罩 OR 酒精 OR 消毒液 OR 防护服) NEAR/20 (投诉 OR 退款 OR 假货 OR 涨价 OR 质量 OR 差评"
        " OR 欺骗 OR 曝光 OR 维权 OR 劣质) -(招聘 OR 抽奖 OR 转发有奖 OR 捐赠 OR 感谢 OR 致敬)"
    ),
    "frequent_words": "疫情 OR 武汉 OR 加油",
    "one_sentence": "口罩 SAME 买不到",
}


def main(n_posts: int) -> None:
    texts = [json.loads(line) for line in sys.stdin]
    started = perf_counter()
    _fill(texts, n_posts)
    filled = perf_counter() - started
    brand = Brand.objects.create(name="星河", created_at=NOW)
    trial("星河电器", brand=brand, days=1, now=NOW)  # tables and loops are loaded
    figures = {name: _tried(query, brand) for name, query in QUERIES.items()}
    print(json.dumps({"posts": n_posts, "filled_in_seconds": round(filled, 1), **figures}))


def _tried(query: str, brand: Brand) -> dict[str, object]:
    cpu, wall = process_time(), perf_counter()
    found = trial(query, brand=brand, days=DAYS, now=NOW)
    return {
        "seconds": round(perf_counter() - wall, 2),
        "cpu_seconds": round(process_time() - cpu, 2),
        "hits": found.n_hits,
        "read": found.n_read,
        "samples": len(found.samples),
    }


def _fill(texts: Sequence[str], n_posts: int) -> None:
    """One part in the order of the times, as posts come; the others are copied from it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")  # filling is not what is measured
        rows = _rows(texts, n_posts // PARTS)
        while part := list(islice(rows, AT_ONCE)):
            with transaction.atomic():
                Post.objects.bulk_create(part, batch_size=1_000)
        fields = [str(one.column) for one in Post._meta.concrete_fields if not one.primary_key]
        copied = [f"{one} || '-' || %s" if one == "native_id" else one for one in fields]
        for number in range(1, PARTS):
            cursor.execute(
                f"INSERT INTO {Post._meta.db_table} ({', '.join(fields)})"
                f" SELECT {', '.join(copied)} FROM {Post._meta.db_table}"
                " WHERE instr(native_id, '-') = 0",
                [number],
            )


def _rows(texts: Sequence[str], n_posts: int) -> Iterator[Post]:
    first = localtime(NOW).replace(hour=0, minute=0) - timedelta(days=DAYS - 1)
    step = (NOW - first) / n_posts
    for number in range(n_posts):
        at = first + number * step
        yield Post(
            platform="weibo",
            native_id=str(number),
            text=texts[number % len(texts)],
            content_hash=str(number),
            published_at=at,
            first_seen_at=at,
            effective_at=at,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]))
