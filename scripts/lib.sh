# Shared by the scripts beside it: make .venv, get uv into it, sync it from the lock file. Needs git and Python >= 3.11 with venv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Trust what the system trusts: behind a proxy that opens TLS, uv's own list of authorities does not know the proxy's.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS-1}"

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Chaperone needs Python 3.11, 3.12 or 3.13 with venv. On Debian: apt install python3 python3-venv" >&2
    exit 1
}

# prepare GROUP…: .venv holds what the lock file says, with the named dependency groups.
prepare() {
    if [ ! -x .venv/bin/python ]; then
        local python
        python="$(find_python)"
        say "making .venv (once)"
        "$python" -m venv .venv
    fi
    if command -v uv >/dev/null; then
        UV=uv
    else
        [ -x .venv/bin/uv ] || { say "getting uv into .venv (once)"; .venv/bin/python -m pip install --quiet --disable-pip-version-check uv; }
        UV=.venv/bin/uv
    fi
    say "syncing from uv.lock"
    UV_PROJECT_ENVIRONMENT=.venv "$UV" sync --quiet --frozen --inexact --python .venv/bin/python --no-default-groups "$@"
}
