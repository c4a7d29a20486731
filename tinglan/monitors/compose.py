"""The query that a monitor really runs: brand names where it says none, times its problems.

A name that is also a common word counts only near one of its context words.
"""

from collections.abc import Iterable

from tinglan.monitors.models import Ambiguous, Brand, KeywordList, MonitorVersion, Product

CONTEXT_WITHIN = 30  # characters: the sentence around a name, and the next


def effective_query(version: MonitorVersion) -> str:
    """The version's own query, or any name of the brand; and one word of each problem list."""
    brand = version.monitor.brand
    return composed(version.query, brand=brand, lists=version.problem_lists.all())


def composed(query: str, *, brand: Brand, lists: Iterable[KeywordList]) -> str:
    """What a query, a brand and problem lists make together; the query stands first."""
    parts = [query.strip() or names_query(brand)]
    parts.extend(any_of(words.words) for words in lists)
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else " AND ".join(f"({part})" for part in kept)


def names_of(brand: Brand) -> list[str]:
    return list(dict.fromkeys([brand.name, *brand.names]))


def names_query(brand: Brand) -> str:
    """Any name of the brand, those with a common meaning only in their context."""
    ambiguous: dict[str, Ambiguous] = {one["word"].casefold(): one for one in brand.ambiguous}
    plain = [name for name in names_of(brand) if name.casefold() not in ambiguous]
    told = [_in_context(one) for one in ambiguous.values()]
    return " OR ".join(part for part in (any_of(plain), *told) if part)


def _in_context(one: Ambiguous) -> str:
    """A context that holds the word ("apple phone" for "apple") tells it from others by itself."""
    word = one["word"].casefold()
    whole = [context for context in one["context"] if word in context.casefold()]
    beside = [context for context in one["context"] if context not in whole]
    near = f"({any_of([one['word']])} NEAR/{CONTEXT_WITHIN} ({any_of(beside)}))" if beside else ""
    return " OR ".join(part for part in (any_of(whole), near) if part)


def product_query(product: Product) -> str:
    return any_of([product.name, *product.names])


def any_of(words: Iterable[str]) -> str:
    """Words as phrases joined by OR; a quotation mark inside a word would end the phrase."""
    phrases = [f'"{word}"' for word in (raw.replace('"', " ").strip() for raw in words) if word]
    return " OR ".join(dict.fromkeys(phrases))
