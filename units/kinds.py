"""What the kinds of units are called."""

from units.models import KindName, Unit


def names() -> dict[str, str]:
    """Of every kind, in the order of `Unit.Kind`: one query."""
    return dict(Unit.Kind.choices) | dict(KindName.objects.values_list("kind", "name"))
