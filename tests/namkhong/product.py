"""The full product of people × routes × methods × objects, asked of the real portal.

Objects stand in five places as the ward Kim Long sees them: its own, its child's, its sibling's, its parent's and a
foreign one (the child of the sibling). People of all those places ask, so each relation is met from each side. POSTs
carry no idempotency key: who is let in gets no further than 400, so nothing changes between cells.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.cast import Cast
from tests.namkhong.test_policy import ROUTES
from tests.namkhong.wide_cast import ROLES
from units.models import ContractKind

# Ends the session it is asked in; tests of accounts say what it does.
NOT_ASKED = {"logout"}
NAME_WIDTH = 49
# Views that find their object themselves.
MODELS = {"units:contractkind_edit": ContractKind}


@dataclass(frozen=True)
class Door:
    """One line of the table: a route and a method on an object in one place."""

    route: str
    method: str
    place: str
    url: str

    @property
    def name(self) -> str:
        return f"{self.route:34} {self.method:5}{self.place:9}".rstrip()


def doors(things: dict[type, dict[str, Any]]) -> list[Door]:
    """Every door of the portal. Raises KeyError for a route whose model has no object in `things`: a door untested."""
    return sorted(set(_doors(things)), key=lambda door: door.name)


def _doors(things: dict[type, dict[str, Any]]) -> Iterator[Door]:
    for route, view in ROUTES:
        if route in NOT_ASKED:
            continue
        for place, url in _addresses(route, view, things):
            for method in sorted(view.permissions):
                yield Door(route, method, place, url)


def _addresses(route: str, view: Any, things: dict[type, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    try:
        yield "", reverse(route)
    except NoReverseMatch:
        for place, thing in things[view.model or MODELS[route]].items():
            yield place, _address(route, getattr(thing, "public_id", None) or thing.code)


def _address(route: str, key: str) -> str:
    """Of an object, or of the first of its numbered parts."""
    try:
        return reverse(route, args=[key])
    except NoReverseMatch:
        return reverse(route, args=[key, 1])


def sample(found: list[Door], share: int, seed: int) -> list[Door]:
    """One door in `share`, the same ones for the same seed."""
    return sorted(random.Random(seed).sample(found, max(1, len(found) // share)), key=lambda door: door.name)


def clients(cast: Cast, client_of) -> list[Client]:
    return [Client() if role == "nobody" else client_of(getattr(cast, role)) for role in ROLES]


def answer(door: Door, asking: list[Client]) -> str:
    """One letter for each person: o let in, x 403, - 404, l sent to log in."""
    letters = [_letter(_ask(client, door)) for client in asking]
    return f"{door.name:{NAME_WIDTH}}{' '.join(letters)}"


def _ask(client: Client, door: Door) -> Any:
    return client.get(door.url) if door.method == "GET" else client.post(door.url)


def _letter(response: Any) -> str:
    if response.status_code == 302 and response.headers["Location"].startswith("/dang-nhap/"):
        return "l"
    assert response.status_code < 500
    return {403: "x", 404: "-"}.get(response.status_code, "o")
