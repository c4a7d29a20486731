from django.urls import URLPattern, URLResolver, path

from tinglan.monitors.views import accuracy, brands, learning, mention, monitors, stream

app_name = "monitors"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mentions", stream.mentions, name="mentions"),
    path("mentions.csv", stream.mentions_csv, name="mentions_csv"),
    path("mentions/fresh", stream.fresh, name="fresh"),
    path("mentions/accuracy", accuracy.accuracy, name="accuracy"),
    path("mentions/learning", learning.learning, name="learning"),
    path("mentions/learning/retrainings", learning.retrainings, name="retrainings"),
    path("mentions/learning/switches", learning.switches, name="switches"),
    path("mentions/<int:pk>", mention.mention, name="mention"),
    path("mentions/<int:pk>/showing", mention.showing, name="showing"),
    path("mentions/<int:pk>/corrections", mention.corrections, name="corrections"),
    path("mentions/corrections/<int:pk>/undo", mention.correction_undo, name="correction_undo"),
    path("monitors", monitors.monitors, name="monitors"),
    path("monitors/new", monitors.new_monitor, name="new_monitor"),
    path("monitors/lint", monitors.lint, name="lint"),
    path("monitors/trial", monitors.trial, name="trial"),
    path("monitors/<int:pk>", monitors.monitor, name="monitor"),
    path("monitors/<int:pk>/activity", monitors.activity, name="activity"),
    path("brands", brands.brands, name="brands"),
    path("brands/new", brands.new_brand, name="new_brand"),
    path("brands/<int:pk>", brands.brand, name="brand"),
    path("brands/<int:pk>/products", brands.products, name="products"),
    path("brands/products/<int:pk>", brands.product, name="product"),
    path("brands/products/<int:pk>/removal", brands.product_removal, name="product_removal"),
    path("keywords", brands.keywords, name="keywords"),
    path("keywords/new", brands.new_keyword_list, name="new_keyword_list"),
    path("keywords/<int:pk>", brands.keyword_list, name="keyword_list"),
    path("keywords/<int:pk>/removal", brands.keyword_list_removal, name="keyword_list_removal"),
]
