"""All active monitors and products compiled together, kept until one of them changes."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max, QuerySet

from tinglan.analysis.query import Document, Field, Matcher, Query, QueryError, Span, parse
from tinglan.monitors.compose import effective_query, product_query
from tinglan.monitors.models import Brand, KeywordList, Monitor, MonitorVersion, Product
from tinglan.sources.models import Post

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """What is listened for: compiled queries and whom they belong to."""

    matcher: Matcher
    by_sound: Matcher  # the monitors that ask for what sounds the same
    brand_of: Mapping[int, int]  # monitor version → brand
    products: Matcher
    product_brand: Mapping[int, int]  # product → brand

    def hear(self, documents: Sequence[Document]) -> list[dict[int, tuple[Span, ...]]]:
        """For each document the versions that match, with their spans."""
        found = zip(self.matcher.match(documents), self.by_sound.match(documents), strict=True)
        return [as_written | by_sound for as_written, by_sound in found]

    def by_brand(
        self, hits: Mapping[int, tuple[Span, ...]]
    ) -> dict[int, dict[int, tuple[Span, ...]]]:
        """The versions that match, by the brand they belong to."""
        found: dict[int, dict[int, tuple[Span, ...]]] = {}
        for version, spans in hits.items():
            found.setdefault(self.brand_of[version], {})[version] = spans
        return found

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


def _signature() -> tuple[str, ...]:
    """Changes whenever a monitor, its words, a brand's names or a product does."""
    versions = _active_versions()
    lists = MonitorVersion.problem_lists.through.objects.filter(monitorversion__in=versions)
    read = (
        versions.values_list("id", "monitor__brand_id", "query", "by_sound").order_by("id"),
        lists.values_list("monitorversion_id", "keywordlist_id").order_by("id"),
        KeywordList.objects.values_list("id", "words").order_by("id"),
        Brand.objects.values_list("id", "name", "names", "ambiguous", "is_active").order_by("id"),
        Product.objects.values_list("id", "brand_id", "name", "names").order_by("id"),
    )
    return tuple(str(list(rows)) for rows in read)


@lru_cache(maxsize=2)
def _compiled(signature: tuple[str, ...]) -> Listening:
    related = _active_versions().select_related("monitor__brand")
    versions = list(related.prefetch_related("problem_lists"))
    products = list(Product.objects.filter(brand__is_active=True))
    return Listening(
        matcher=_matcher(versions, by_sound=False),
        by_sound=_matcher(versions, by_sound=True),
        brand_of={one.pk: one.monitor.brand_id for one in versions},
        products=Matcher(_parsed({one.pk: product_query(one) for one in products})),
        product_brand={one.pk: one.brand_id for one in products},
    )


def _matcher(versions: Sequence[MonitorVersion], *, by_sound: bool) -> Matcher:
    chosen = {one.pk: effective_query(one) for one in versions if one.by_sound is by_sound}
    return Matcher(_parsed(chosen), by_sound=by_sound)


def _active_versions() -> QuerySet[MonitorVersion]:
    """The newest version of each active monitor of an active brand."""
    active = Monitor.objects.filter(is_active=True, brand__is_active=True)
    newest = active.annotate(newest=Max("versions__id")).order_by().values("newest")
    return MonitorVersion.objects.filter(id__in=newest)


def _parsed(sources: Mapping[int, str]) -> dict[int, Query]:
    """Queries were checked on saving; one that no longer parses must not stop the rest."""
    parsed: dict[int, Query] = {}
    for key, source in sources.items():
        try:
            parsed[key] = parse(source)
        except QueryError:
            log.exception("query does not parse id=%s", key)
    return parsed


def _first_span(hit: tuple[int, tuple[Span, ...]]) -> tuple[bool, int]:
    """The title comes before the text."""
    return min(((span.field != Field.TITLE, span.start) for span in hit[1]), default=(True, 0))
