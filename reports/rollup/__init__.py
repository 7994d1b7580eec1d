"""The roll-up of a round: `gather` reads a manifest from one snapshot, `compose` makes the paper of it."""

from reports.rollup.author import NoAuthor
from reports.rollup.manifest import Manifest, gather, snapshot
from reports.rollup.paper import compose

__all__ = ["Manifest", "NoAuthor", "compose", "gather", "snapshot"]
