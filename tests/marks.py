"""What a page's form carries unseen."""

import re

from django.http import HttpResponse


def mark(response: HttpResponse, name: str) -> str:
    """The value of the page's hidden field of that name."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return found[1]
