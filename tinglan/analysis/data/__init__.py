"""Read-only tables that ship with the analysis core. `t2s.txt` is made by scripts/build_t2s.py."""
