"""All active monitors and products compiled together, kept until one of them changes."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max

from tinglan.analysis.query import Document, Matcher, Query, QueryError, Span, parse
from tinglan.monitors.compose import effective_query, product_query
from tinglan.monitors.models import Brand, KeywordList, Monitor, MonitorVersion, Product
from tinglan.sources.models import Post

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """What is listened for: compiled queries and whom they belong to."""

    matcher: Matcher
    brand_of: Mapping[int, int]  # monitor version → brand
    products: Matcher
    product_brand: Mapping[int, int]  # product → brand

    def hear(self, documents: Sequence[Document]) -> list[dict[int, tuple[Span, ...]]]:
        """For each document the versions that match, with their spans."""
        return self.matcher.match(documents)

    def products_in(self, documents: Sequence[Document]) -> list[dict[int, int]]:
        """For each document brand → the product of it that is named first."""
        found = self.products.match(documents)
        return [
            {
                self.product_brand[product]: product
                for product, _ in sorted(hits.items(), key=_first_span, reverse=True)
            }
            for hits in found
        ]


def document_of(post: Post) -> Document:
    return Document(
        title=post.title,
        text=post.text,
        author=post.author_name,
        platform=post.platform,
        site=post.channel,
    )


def listening_now() -> Listening:
    """The compiled monitors; compiled anew only after an edit."""
    return _compiled(_signature())


def _signature() -> tuple[object, ...]:
    """Changes whenever a monitor, its words, a brand's names or a product does."""
    brands = Brand.objects.values_list("id", "name", "names", "is_active")
    words = KeywordList.objects.values_list("id", "words")
    products = Product.objects.values_list("id", "name", "names")
    monitors = Monitor.objects.annotate(version=Max("versions__id"))
    return (
        str(list(monitors.values_list("id", "is_active", "version").order_by("id"))),
        str(list(brands.order_by("id"))),
        str(list(words.order_by("id"))),
        str(list(products.order_by("id"))),
    )


@lru_cache(maxsize=2)
def _compiled(signature: tuple[object, ...]) -> Listening:
    versions = _active_versions()
    products = list(Product.objects.filter(brand__is_active=True))
    return Listening(
        matcher=Matcher(_parsed({one.pk: effective_query(one) for one in versions})),
        brand_of={one.pk: one.monitor.brand_id for one in versions},
        products=Matcher(_parsed({one.pk: product_query(one) for one in products})),
        product_brand={one.pk: one.brand_id for one in products},
    )


def _active_versions() -> list[MonitorVersion]:
    """The newest version of each active monitor of an active brand."""
    active = Monitor.objects.filter(is_active=True, brand__is_active=True)
    newest = active.annotate(newest=Max("versions__id")).values("newest")
    versions = MonitorVersion.objects.filter(id__in=newest)
    return list(versions.select_related("monitor__brand").prefetch_related("problem_lists"))


def _parsed(sources: Mapping[int, str]) -> dict[int, Query]:
    """Queries were checked on saving; one that no longer parses must not stop the rest."""
    parsed: dict[int, Query] = {}
    for key, source in sources.items():
        try:
            parsed[key] = parse(source)
        except QueryError:
            log.exception("query does not parse id=%s", key)
    return parsed


def _first_span(hit: tuple[int, tuple[Span, ...]]) -> int:
    return min((span.start for span in hit[1]), default=0)
