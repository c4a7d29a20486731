from tests.stores import store_template, store_url

__all__ = ["store_template", "store_url"]
