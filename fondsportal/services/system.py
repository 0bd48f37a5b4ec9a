"""What pip cannot install: Pango for the PDFs, a Chromium for the browser tests.

As root on Debian they are installed; elsewhere the command to type is shown.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from fondsportal.services.quarters import Refused

PANGO = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PANGO_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
# The command of each system's family, by the names that /etc/os-release gives.
PANGO_COMMANDS = {
    "debian": "{sudo}apt-get update && {sudo}apt-get install -y " + " ".join(PANGO_PACKAGES),
    "fedora": "{sudo}dnf install -y pango",
    "alpine": "{sudo}apk add pango",
    "arch": "{sudo}pacman -S --needed pango",
    "darwin": "brew install pango",
}


def require_pango():
    """Make sure that WeasyPrint finds its libraries."""
    if _has_pango():
        return
    family = next((name for name in system_family() if name in PANGO_COMMANDS), None)
    if family == "debian" and os.geteuid() == 0:
        print("Installation de Pango, pour les PDF…", flush=True)
        apt_install(PANGO_PACKAGES)
        if _has_pango():
            return
    command = PANGO_COMMANDS.get(
        family, "voir https://doc.courtbouillon.org/weasyprint/stable/first_steps.html"
    )
    sudo = "" if os.geteuid() == 0 else "sudo "
    raise Refused(f"Il manque Pango, qui sert à produire les PDF. À taper :\n    {command.format(sudo=sudo)}")


def require_chromium():
    """Make sure that the browser tests find a Chromium: the system's, else Playwright's own."""
    if shutil.which("chromium"):
        return
    if next(iter(system_family()), None) == "debian" and os.geteuid() == 0:
        print("Installation de Chromium, pour les essais…", flush=True)
        apt_install(("chromium",))
        if shutil.which("chromium"):
            return
    # Quick when it is there already.
    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode:
        raise Refused(
            "Il manque Chromium, pour les essais dans le navigateur : ni celui du système (« chromium » dans "
            "le PATH) ni celui de Playwright (« playwright install chromium ») n'a pu être installé."
        )


def apt_install(packages):
    """Install Debian packages quietly; what apt says is shown only when it fails."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for argv in (
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            argv, env=quiet, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if done.returncode and argv[1] == "install":
            raise Refused(f"« {' '.join(argv)} » a échoué :\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def system_family():
    """This system's name and those it derives from: ubuntu, debian."""
    if sys.platform == "darwin":
        return ["darwin"]
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.exists() else []
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    return [*facts.get("ID", "").strip('"').split(), *facts.get("ID_LIKE", "").strip('"').split()]


def _has_pango():
    return all(ctypes.util.find_library(name) for name in PANGO)
