"""The portal's addresses and one page that fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from namkhong.urls import urlpatterns as real


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the words of a report")


urlpatterns = [*real, path("hong/", fail)]
