"""`make run`: finds the address, then becomes `manage.py serve`. What the environment already says is kept."""

import os
import socket
import sys

FIRST_PORT = 8000


def free_port() -> int:
    """The first port from 8000 on that nobody listens on."""
    for port in range(FIRST_PORT, FIRST_PORT + 1000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    sys.exit(f"run: no free port between {FIRST_PORT} and {FIRST_PORT + 999}.")


def main() -> None:
    if "NAMKHONG_BASE_URL" not in os.environ:
        bind = os.environ.setdefault("NAMKHONG_BIND", f"127.0.0.1:{free_port()}")
        os.environ["NAMKHONG_BASE_URL"] = f"http://{bind}"
    os.execv(sys.executable, [sys.executable, "manage.py", "serve", "--prepare", *sys.argv[1:]])  # noqa: S606


if __name__ == "__main__":
    main()
