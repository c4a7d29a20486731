"""Brands with their products, and keyword lists."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinglan.accounts.permit import member_of, permits
from tinglan.accounts.rights import Right
from tinglan.lib import clock
from tinglan.monitors import hits
from tinglan.monitors.dependents import current_versions, monitors_using
from tinglan.monitors.edit_brands import remove_product, save_brand, save_product
from tinglan.monitors.edit_keywords import remove_keywords, save_keywords
from tinglan.monitors.forms import BrandForm, KeywordsForm, ProductForm
from tinglan.monitors.models import Brand, KeywordList, Monitor, Product
from tinglan.monitors.views.saving import is_saved

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@permits(Right.SEE)
def brands(request: HttpRequest) -> HttpResponse:
    recent = hits.of_brands(clock.now())
    found = Brand.objects.annotate(n_monitors=Count("monitors")).prefetch_related("products")
    rows: dict[str, list[Any]] = {kind: [] for kind in Brand.Kind.values}
    for brand in found.order_by("name"):
        rows[brand.kind].append((brand, recent.get(brand.pk, hits.Hits())))
    kinds = [(Brand.Kind(kind), listed) for kind, listed in rows.items() if listed]
    return render(request, "monitors/brands.html", {"kinds": kinds, "now": clock.now()})


@require_form
@permits(Right.EDIT_MONITORS)
def new_brand(request: HttpRequest) -> HttpResponse:
    form = BrandForm(request.POST or None)
    by, now = member_of(request), clock.now()
    if request.method == "POST" and is_saved(
        form, lambda: save_brand(form.instance, by=by, now=now)
    ):
        messages.success(request, _("Saved. Now add a monitor that listens for it."))
        return redirect("monitors:brand", pk=form.instance.pk)
    return render(request, "monitors/brand.html", {"form": form})


@require_form
@permits(Right.EDIT_MONITORS)
def brand(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Brand, pk=pk)
    form = BrandForm(request.POST or None, instance=found)
    by, now = member_of(request), clock.now()
    if request.method == "POST" and is_saved(form, lambda: save_brand(found, by=by, now=now)):
        messages.success(request, _("Saved."))
        return redirect("monitors:brand", pk=pk)
    return _brand_page(request, Brand.objects.get(pk=pk), form=form)


def _brand_page(request: HttpRequest, found: Brand, **forms: Any) -> HttpResponse:
    context = {
        "brand": found,
        "form": forms.get("form") or BrandForm(instance=found),
        "product_form": forms.get("product_form") or ProductForm(prefix="new"),
        "products": found.products.annotate(n_mentions=Count("mentions")),
        "monitors": Monitor.objects.filter(brand=found),
        "hits": hits.of_brands(clock.now()).get(found.pk, hits.Hits()),
        "now": clock.now(),
    }
    return render(request, "monitors/brand.html", context)


@require_POST
@permits(Right.EDIT_MONITORS)
def products(request: HttpRequest, pk: int) -> HttpResponse:
    """A new product of the brand."""
    found = get_object_or_404(Brand, pk=pk)
    form = ProductForm(request.POST, instance=Product(brand=found), prefix="new")
    by, now = member_of(request), clock.now()
    if is_saved(form, lambda: save_product(form.instance, by=by, now=now)):
        messages.success(request, _("Saved."))
        return redirect("monitors:brand", pk=pk)
    return _brand_page(request, found, product_form=form)


@require_form
@permits(Right.EDIT_MONITORS)
def product(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product.objects.select_related("brand"), pk=pk)
    form = ProductForm(request.POST or None, instance=found)
    by, now = member_of(request), clock.now()
    if request.method == "POST" and is_saved(form, lambda: save_product(found, by=by, now=now)):
        messages.success(request, _("Saved."))
        return redirect("monitors:brand", pk=found.brand_id)
    return render(request, "monitors/product.html", {"product": found, "form": form})


@require_POST
def product_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product.objects.select_related("brand"), pk=pk)
    remove_product(found, by=member_of(request), now=clock.now())
    return redirect("monitors:brand", pk=found.brand_id)


# Keyword lists


@require_GET
@permits(Right.SEE)
def keywords(request: HttpRequest) -> HttpResponse:
    using: dict[int, list[Monitor]] = {}
    for version in current_versions():
        for one in version.problem_lists.all():
            using.setdefault(one.pk, []).append(version.monitor)
    rows = [(one, using.get(one.pk, [])) for one in KeywordList.objects.all()]
    return render(request, "monitors/keywords.html", {"rows": rows})


@require_form
@permits(Right.EDIT_MONITORS)
def new_keyword_list(request: HttpRequest) -> HttpResponse:
    return _keyword_page(request, None)


@require_form
@permits(Right.EDIT_MONITORS)
def keyword_list(request: HttpRequest, pk: int) -> HttpResponse:
    return _keyword_page(request, get_object_or_404(KeywordList, pk=pk))


def _keyword_page(request: HttpRequest, found: KeywordList | None) -> HttpResponse:
    form = KeywordsForm(request.POST or None, instance=found)
    by, now = member_of(request), clock.now()
    if request.method == "POST" and is_saved(
        form, lambda: save_keywords(form.instance, by=by, now=now)
    ):
        messages.success(request, _("Saved."))
        return redirect("monitors:keywords")
    stored = KeywordList.objects.get(pk=found.pk) if found else None
    context = {"words": stored, "form": form, "using": monitors_using(stored) if stored else []}
    return render(request, "monitors/keyword_list.html", context)


@require_POST
def keyword_list_removal(request: HttpRequest, pk: int) -> HttpResponse:
    remove_keywords(get_object_or_404(KeywordList, pk=pk), by=member_of(request), now=clock.now())
    return redirect("monitors:keywords")
