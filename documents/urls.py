from django.urls import path

from documents.views import slips
from documents.views.check import Check

app_name = "documents"
urlpatterns = [
    path("kiem-tra/", Check.as_view(), name="check"),
    path("kiem-tra/<str:code>/", Check.as_view(), name="check"),
    path("phieu/don-vi/<slug:public_id>/", slips.SlipsOrder.as_view(), name="slips_order"),
    path("phieu/<slug:public_id>/", slips.SlipsDetail.as_view(), name="slips_detail"),
    path("phieu/<slug:public_id>/tep/", slips.SlipsFile.as_view(), name="slips_file"),
]
