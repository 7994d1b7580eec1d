"""Names of objects in URLs: random, 128 bits, never a sequence number (rule R25)."""

import base64
import secrets

from django.db import models


def new_public_id() -> str:
    """26 letters and digits of lower-case base32."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


class PublicIdField(models.CharField):
    def __init__(self, *args, **kwargs):
        kwargs.update(max_length=26, unique=True, editable=False, default=new_public_id)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "unique", "editable", "default"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs
