"""Brands and products are named: whom and what the monitors listen for."""

from datetime import datetime

from django.db import IntegrityError, transaction

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis.query import QueryError, parse
from tinglan.audit.record import record
from tinglan.lib import changes
from tinglan.monitors.compose import product_query
from tinglan.monitors.dependents import check_brand
from tinglan.monitors.errors import NameTakenError, QueryRefusedError
from tinglan.monitors.explain import explained
from tinglan.monitors.models import Brand, Product


def save_brand(brand: Brand, *, by: Member | None, now: datetime) -> Brand:
    """Make a brand, or change its names; a name that its monitors cannot use is refused."""
    require(by, Right.EDIT_MONITORS)
    verb = "monitors.change_brand" if brand.pk else "monitors.create_brand"
    if brand.pk:
        check_brand(brand)
    try:
        with transaction.atomic():
            brand.created_at = brand.created_at or now
            brand.save()
            data = {"name": brand.name, "kind": brand.kind, "names": brand.names}
            data["ambiguous"] = brand.ambiguous
            record(verb, brand, by=by, now=now, data={**data, "active": brand.is_active})
            changes.note("monitors", "board")
    except IntegrityError as error:
        raise NameTakenError(brand.name) from error
    return brand


def save_product(product: Product, *, by: Member | None, now: datetime) -> Product:
    """Make a product, or change its names; posts heard from now on are told apart by them."""
    require(by, Right.EDIT_MONITORS)
    verb = "monitors.change_product" if product.pk else "monitors.create_product"
    try:
        parse(product_query(product))
    except QueryError as error:
        text = explained(error)
        raise QueryRefusedError(text, position=error.position, length=error.length) from error
    try:
        with transaction.atomic():
            product.save()
            data = {"name": product.name, "names": product.names, "brand": product.brand.name}
            record(verb, product, by=by, now=now, data=data)
            changes.note("monitors")
    except IntegrityError as error:
        raise NameTakenError(product.name) from error
    return product


@transaction.atomic
def remove_product(product: Product, *, by: Member | None, now: datetime) -> None:
    """Forget a product; its mentions stay with the brand."""
    require(by, Right.EDIT_MONITORS)
    data = {"name": product.name, "brand": product.brand.name}
    record("monitors.remove_product", product, by=by, now=now, data=data)
    product.delete()
    changes.note("monitors")
