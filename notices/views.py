from django.shortcuts import redirect

from ledger.views import SIGNED_IN, PortalView
from notices import services
from notices.models import Notice


class ReadNotice(PortalView):
    """Marks a notice as read and goes where it points. Harmless when repeated, so without an idempotency key."""

    permissions = {"POST": SIGNED_IN}
    model = Notice

    def post(self, request, public_id: str):
        services.mark_read(notice=self.object, by=request.user)
        return redirect(self.object.url)
