from django.urls import path

from documents.views import Check

app_name = "documents"
urlpatterns = [
    path("", Check.as_view(), name="check"),
    path("<str:code>/", Check.as_view(), name="check"),
]
