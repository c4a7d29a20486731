"""What is ordinary for a brand, learnt from its posts and stored with them.

Each process keeps a copy; the mark of the stored row says whether it is the latest, so that a
restart, another worker or a transaction that failed changes nothing of what is known.
"""

from uuid import UUID, uuid4

from tinglan.analysis.background import Background, terms_of_all
from tinglan.events.models import Ordinary
from tinglan.monitors.compose import names_of
from tinglan.monitors.models import Brand

IMAGINED = 4_000  # texts with the brand's name, which weigh until as many real ones were seen
IMAGINED_WITH_PRODUCTS = IMAGINED // 5

_copies: dict[int, tuple[UUID, Background]] = {}


def known_of(brand: Brand) -> Background:
    """What is known of a brand (locked by the caller); it learns, and `keep` stores it."""
    mark = Ordinary.objects.filter(brand=brand).values_list("mark", flat=True).first()
    held = _copies.pop(brand.pk, None)  # it is lent: what learns and fails must not come back
    if mark is None:
        return _imagined(brand)
    if held is not None and held[0] == mark:
        return held[1]
    return Background.load(bytes(Ordinary.objects.values_list("known", flat=True).get(brand=brand)))


def keep(brand: Brand, known: Background) -> None:
    """Store what was learnt, in the transaction that learnt it."""
    mark = uuid4()
    Ordinary.objects.update_or_create(brand=brand, defaults={"known": known.dump(), "mark": mark})
    _copies[brand.pk] = (mark, known)


def forget() -> None:
    """Drop the copies of this process."""
    _copies.clear()


def _imagined(brand: Brand) -> Background:
    """What is ordinary before any post was seen: the brand's own name, and less so its products.

    Without it the first posts of a new brand would share nothing but the name, and what they
    complain of would look as common as the name.
    """
    products = " ".join(brand.products.values_list("name", flat=True))
    name, sold = (
        terms.of(0)[0]
        for terms in (terms_of_all([" ".join(names_of(brand))]), terms_of_all([products]))
    )
    known = Background(n_texts=IMAGINED)
    known.holding[sold] = IMAGINED_WITH_PRODUCTS
    known.holding[name] = IMAGINED
    return known
