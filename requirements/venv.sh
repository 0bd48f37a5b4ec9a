# Make .venv with the given Python. Debian keeps `venv` in a package of its own: installed when we are root.
set -eu
python=$1

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installation de $package…"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq && apt-get install -y -qq "$package" >/dev/null
    else
        echo "Il manque le module venv de Python. À taper : sudo apt-get install -y $package" >&2
        exit 1
    fi
fi
exec "$python" -m venv --clear .venv
