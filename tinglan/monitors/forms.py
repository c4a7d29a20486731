"""What the pages of monitors, brands and keyword lists ask for."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tinglan.lib.fields import SELECT, TEXT
from tinglan.monitors.models import Ambiguous, Brand, KeywordList, Monitor, Product

CHECK = {"class": "form-check-input"}
_BETWEEN = re.compile(r"[\n\r,，、;；]+")


class WordsField(forms.CharField):
    """Words and phrases, one per line or between commas; a list of them."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        widget = forms.Textarea({**TEXT, "rows": rows, "spellcheck": "false"})
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        words = (word.strip() for word in _BETWEEN.split(value or ""))
        return list(dict.fromkeys(word for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial or "") != self.to_python(data or ""))


class AmbiguousField(forms.CharField):
    """A name and its context on each line: `word: context, context`; a list of Ambiguous."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea({**TEXT, "rows": 3, "spellcheck": "false"})
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{one['word']}: {', '.join(one['context'])}" for one in value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [_ambiguous(line) for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or "") != (data or ""))


def _ambiguous(line: str) -> Ambiguous:
    word, _colon, context = line.replace("：", ":").partition(":")
    words = [one.strip() for one in _BETWEEN.split(context) if one.strip()]
    if not word.strip() or not words:
        raise forms.ValidationError(
            _("Write the word, a colon, and the words that tell it: %(line)s"),
            params={"line": line.strip()},
        )
    return {"word": word.strip(), "context": list(dict.fromkeys(words))}


class BrandForm(forms.ModelForm[Brand]):
    names = WordsField(
        label=_("Other names"),
        required=False,
        help_text=_("Short names, nicknames, common misspellings; one per line."),
    )
    ambiguous = AmbiguousField(
        label=_("Names that are common words too"),
        required=False,
        help_text=_(
            "One per line with the words near which it is the brand, as in 星河: 水壶, 电器. "
            "Elsewhere it is not heard."
        ),
    )

    class Meta:
        model = Brand
        fields = ("name", "kind", "names", "ambiguous", "is_active")
        labels = {"name": _("Name"), "is_active": _("Listen for it")}
        help_texts = {"is_active": _("Otherwise all its monitors rest; what was heard stays.")}
        widgets = {
            "name": forms.TextInput(TEXT),
            "kind": forms.Select(SELECT),
            "is_active": forms.CheckboxInput(CHECK),
        }


class ProductForm(forms.ModelForm[Product]):
    names = WordsField(
        label=_("Other names"), required=False, rows=2, help_text=_("Model numbers, nicknames.")
    )

    class Meta:
        model = Product
        fields = ("name", "names")
        labels = {"name": _("Product")}
        widgets = {"name": forms.TextInput(TEXT)}


class KeywordsForm(forms.ModelForm[KeywordList]):
    words = WordsField(
        label=_("Words"), rows=12, help_text=_("One per line; a mention needs any one of them.")
    )

    class Meta:
        model = KeywordList
        fields = ("name", "words")
        labels = {"name": _("Name")}
        widgets = {"name": forms.TextInput(TEXT)}


class MonitorForm(forms.ModelForm[Monitor]):
    """A monitor with its wording; the brand stays what it was when the monitor was made."""

    query = forms.CharField(
        label=_("Query"),
        required=False,
        max_length=20_000,
        help_text=_("Left empty, any name of the brand counts."),
        widget=forms.Textarea({**TEXT, "rows": 5, "spellcheck": "false"}),
    )
    lists = forms.ModelMultipleChoiceField(
        label=_("Problem words"),
        queryset=KeywordList.objects.none(),
        required=False,
        help_text=_("A post must also hold a word of each list chosen."),
        widget=forms.CheckboxSelectMultiple(CHECK),
    )

    by_sound = forms.BooleanField(
        label=_("Also what sounds the same"),
        required=False,
        help_text=_("Finds words written with other characters to hide them, and false hits too."),
        widget=forms.CheckboxInput(CHECK),
    )

    class Meta:
        model = Monitor
        fields = ("brand", "name")
        labels = {"brand": _("Brand"), "name": _("Name")}
        widgets = {"brand": forms.Select(SELECT), "name": forms.TextInput(TEXT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists, brand = self.fields["lists"], self.fields["brand"]
        assert isinstance(lists, forms.ModelMultipleChoiceField)
        lists.queryset = KeywordList.objects.all()
        assert isinstance(brand, forms.ModelChoiceField)
        brand.empty_label = _("Choose a brand")
        brand.disabled = self.instance.pk is not None


class WordingForm(forms.Form):
    """The wording alone, while it is being typed: looked over and tried, not saved."""

    brand = forms.ModelChoiceField(queryset=Brand.objects.none())
    query = forms.CharField(required=False, max_length=20_000, strip=False)
    lists = forms.ModelMultipleChoiceField(queryset=KeywordList.objects.none(), required=False)
    by_sound = forms.BooleanField(required=False)
    days = forms.IntegerField(required=False, min_value=1, max_value=30)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        lists, brand = self.fields["lists"], self.fields["brand"]
        assert isinstance(lists, forms.ModelMultipleChoiceField)
        assert isinstance(brand, forms.ModelChoiceField)
        lists.queryset = KeywordList.objects.all()
        brand.queryset = Brand.objects.all()
