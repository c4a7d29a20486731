"""The analysis core: pure Python values in and out; no Django, no I/O, no clock."""
