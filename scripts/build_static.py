"""Copy what the pages need from node_modules into the static files, and draw the icon sprite.

Nothing is bundled or fetched: each file lies in vendor/ as its package ships it, but for the
reference to a source map that we leave out, and beside it the same file compressed, which is what
browsers get. The icons used are listed here, so that a page loads a hundred symbols and not six
thousand. Of ECharts the common build: lines, bars, points and marks are all that we draw.
"""

import re
import shutil
from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "tinglan" / "pages" / "static" / "vendor"

CHINESE = "@expo-google-fonts/noto-sans-sc"  # for the PDFs; pages use the reader's fonts

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "fonts/NotoSansSC-Regular.ttf": f"{CHINESE}/400Regular/NotoSansSC_400Regular.ttf",
    "fonts/NotoSansSC-Bold.ttf": f"{CHINESE}/700Bold/NotoSansSC_700Bold.ttf",
    "fonts/LICENSE": f"{CHINESE}/LICENSE_FONT",
}

ICONS = """
activity adjustments alarm alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left
arrow-merge arrow-right arrow-up arrows-split ban bell bell-ringing book bookmark briefcase bug
building building-store bulb calendar calendar-week camera chart-bar chart-dots chart-line check
checkbox checks chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dot
circle-x clipboard-check clipboard-list clock clock-pause copy corner-down-right dashboard
database device-floppy dots dots-vertical download edit external-link eye eye-off file
file-analytics file-certificate file-import file-text filter flag flame folder gauge git-merge
grip-horizontal hand-stop hash heart-handshake help-circle history home hourglass id inbox
info-circle key keyboard language layout-dashboard layout-list link list list-check list-search
lock login logout mail map-pin menu-2 message message-2 message-circle message-report messages
microphone mood-angry mood-happy mood-neutral moon news note paperclip pencil phone pin
player-pause player-play player-skip-forward plug-connected plus point printer question-mark quote
radar refresh refresh-alert repeat rss scale search send settings shield shield-check shield-lock
signature sitemap sparkles speakerphone stack-2 star sun sun-moon tag target thumb-up timeline trash
trending-down trending-up upload urgent user user-check user-plus user-shield users users-group
volume wave-sine webhook wifi-off world writing x zoom-question
"""


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, source in FILES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, target)
        if target.suffix in {".js", ".css"}:
            _drop_source_map(target)
    (VENDOR / "icons.svg").write_text(_sprite(), encoding="utf-8")
    compressor = Compressor(use_brotli=False, quiet=True)
    for path in sorted(VENDOR.iterdir()):
        if path.is_file():
            compressor.compress(str(path))


def _drop_source_map(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(/\*|//)# sourceMappingURL=\S+( \*/)?", "", text), encoding="utf-8")


def _sprite() -> str:
    symbols = "".join(_symbol(name) for name in sorted(ICONS.split()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(name: str) -> str:
    svg = (PACKAGES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    assert found, f"not an icon: {name}"
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(found[1].split())}</symbol>'


if __name__ == "__main__":
    main()
