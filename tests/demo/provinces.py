"""A demo province that lasts as long as the block, and what can be asked about all of its rows at once."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import models, transaction

from namkhong.demo import seeding
from namkhong.demo.seeding import Seeded
from tests.factories import ROOT

ON = date(2026, 11, 22)
FEW = 420
# What loading the decision and the units tells, at the moment of loading.
LOADS = ["campaigns.campaign.load", "pledges.pledgetext.publish", "units.load"]
OWN_APPS = ("ledger", "units", "notices", "documents", "campaigns", "pledges", "reports")


def load_what_stands_first() -> None:
    call_command("load_campaign", ROOT / "data/campaigns/2607.toml", verbosity=0)
    call_command("load_units", ROOT / "data/units/hue_in_force.csv", verbosity=0)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def province(*, seed: int = 1, on: date = ON, officials: int = FEW) -> Iterator[Seeded]:
    with undone():
        load_what_stands_first()
        yield seeding.seed(officials=officials, seed=seed, on=on)


UNSEEDED = {"password", "journal"}


def digest_of_all_rows() -> str:
    """Of every row of our own tables but the passwords. Keys count by their place: a sequence may go on, and the
    journals of acts, which name keys, are left out.
    """
    whole, places = hashlib.sha256(), _Places()
    for name in OWN_APPS:
        for model in apps.get_app_config(name).get_models():
            for row in model._base_manager.order_by("pk"):
                values = [
                    places.value(row, one) for one in model._meta.concrete_fields if one.name not in UNSEEDED
                ]
                whole.update(repr((model._meta.label, values)).encode())
    return whole.hexdigest()


class _Places:
    """Which row of its table a key names."""

    def __init__(self) -> None:
        self.known: dict[type[models.Model], dict] = {}

    def value(self, row: models.Model, one: models.Field):
        value = getattr(row, one.attname)
        if one.primary_key or value is None:
            return None
        return self.of(one.related_model)[value] if isinstance(one, models.ForeignKey) else value

    def of(self, model: type[models.Model]) -> dict:
        if model not in self.known:
            keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
            self.known[model] = {key: place for place, key in enumerate(keys)}
        return self.known[model]


def run(file: Path, **options) -> str:
    """The command as typed, with its accounts in `file`; returns what it said."""
    said = StringIO()
    call_command(
        "seed_demo", **({"officials": FEW, "seed": 1, "on": ON, "accounts": file} | options), stdout=said
    )
    return said.getvalue()
