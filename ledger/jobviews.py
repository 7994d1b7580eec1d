"""The page of a job: how far it is."""

from django.http import HttpRequest
from django.shortcuts import render

from ledger.views import PortalView


class JobView(PortalView):
    """The progress of a job: the whole page, or under HTMX only the fragment that polls until it is over."""

    abstract = True
    fragment_template = "includes/_progress.html"

    def get(self, request: HttpRequest, *args, **kwargs):
        if request.htmx:  # type: ignore[attr-defined]
            response = render(
                request, self.fragment_template, {"job": self.object, "view": self, **self.get_context()}
            )
            if self.object.is_over:
                response["HX-Refresh"] = "true"
            return response
        return self.show()
