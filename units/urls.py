from django.urls import path

from units.views import units

app_name = "units"
urlpatterns = [
    path("", units.UnitList.as_view(), name="unit_list"),
    path("<slug:public_id>/", units.UnitDetail.as_view(), name="unit_detail"),
    path("<slug:public_id>/nghia-vu/", units.UnitDuties.as_view(), name="unit_duties"),
    path("<slug:public_id>/phieu-kich-hoat/", units.UnitCodes.as_view(), name="unit_codes"),
    path("<slug:public_id>/them-nguoi/", units.AddPerson.as_view(), name="person_add"),
    path("nguoi/<slug:public_id>/cap-lai-ma/", units.RenewCode.as_view(), name="user_renew_code"),
]
