"""Install what the browser and PostgreSQL tests need: by apt, or say what is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

WANTED = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "postgresql-15": lambda: Path("/usr/lib/postgresql/15/bin/initdb").exists(),
    "gettext": lambda: shutil.which("msgfmt") is not None,
    "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto").is_dir(),
    "poppler-utils": lambda: shutil.which("pdftotext") is not None,
}


def main() -> None:
    missing = [package for package, is_there in WANTED.items() if not is_there()]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        print(f"missing: {', '.join(missing)}; tests that need them are skipped", file=sys.stderr)
        return
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=True, env=environment)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    subprocess.run([*sudo, *install], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
