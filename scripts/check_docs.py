"""Check the documentation: every relative link leads to a file, every setting is described."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
SETTING = re.compile(r"\"(TINGLAN_[A-Z_]+)\"")


def broken_links() -> list[str]:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md")]
    return [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]


def undescribed_settings() -> list[str]:
    described = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    read = set(SETTING.findall((ROOT / "tinglan" / "settings.py").read_text(encoding="utf-8")))
    return sorted(f"docs/settings.md: {name}" for name in read if f"`{name}`" not in described)


if __name__ == "__main__":
    wrong = broken_links() + undescribed_settings()
    print("\n".join(wrong) or "The documentation holds together.")
    sys.exit(bool(wrong))
