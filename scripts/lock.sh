#!/bin/sh
# Resolves requirements*.in into requirements*.txt: exact versions with hashes, no index address (rule R43).
set -eu
cd "$(dirname "$0")/.."
lock() {
    .venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links "$@"
}
lock requirements.in -o requirements.txt "$@"
lock requirements-dev.in -c requirements.txt -o requirements-dev.txt "$@"
