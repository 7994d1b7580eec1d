from typing import ClassVar

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from ledger.views import PUBLIC, PortalView


class Health(PortalView):
    """Whether this process can reach the database; a failure answers 500, which is what a balancer looks at."""

    permissions: ClassVar[dict[str, str]] = {"GET": PUBLIC}

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"ok": True})
