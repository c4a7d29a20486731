"""The query that a monitor really runs: brand names where it says none, times its problems."""

from collections.abc import Iterable

from tinglan.monitors.models import Brand, KeywordList, MonitorVersion, Product


def effective_query(version: MonitorVersion) -> str:
    """The version's own query, or any name of the brand; and one word of each problem list."""
    brand = version.monitor.brand
    return composed(version.query, brand=brand, lists=version.problem_lists.all())


def composed(query: str, *, brand: Brand, lists: Iterable[KeywordList]) -> str:
    """What a query, a brand and problem lists make together; the query stands first."""
    parts = [query.strip() or any_of(names_of(brand))]
    parts.extend(any_of(words.words) for words in lists)
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else " AND ".join(f"({part})" for part in kept)


def names_of(brand: Brand) -> list[str]:
    return list(dict.fromkeys([brand.name, *brand.names]))


def product_query(product: Product) -> str:
    return any_of([product.name, *product.names])


def any_of(words: Iterable[str]) -> str:
    """Words as phrases joined by OR; a quotation mark inside a word would end the phrase."""
    phrases = [f'"{word}"' for word in (raw.replace('"', " ").strip() for raw in words) if word]
    return " OR ".join(dict.fromkeys(phrases))
