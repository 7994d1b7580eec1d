from django.urls import path

from notices.views import ReadNotice

app_name = "notices"
urlpatterns = [path("<slug:public_id>/", ReadNotice.as_view(), name="notice_read")]
