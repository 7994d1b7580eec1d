from django.urls import path

from campaigns.views import decision, plans, steps

app_name = "campaigns"
urlpatterns = [
    path("", plans.UnitPlanList.as_view(), name="unitplan_list"),
    path("lap/", plans.UnitPlanBegin.as_view(), name="unitplan_begin"),
    path("quyet-dinh/", decision.CampaignDetail.as_view(), name="campaign_detail"),
    path("quyet-dinh/<slug:public_id>/", decision.CampaignDetail.as_view(), name="campaign_detail"),
    path("<slug:public_id>/", plans.UnitPlanDetail.as_view(), name="unitplan_detail"),
    path("<slug:public_id>/sua/", plans.UnitPlanEdit.as_view(), name="unitplan_edit"),
    path("<slug:public_id>/gui/", steps.UnitPlanSubmit.as_view(), name="unitplan_submit"),
    path("<slug:public_id>/tra-lai/", steps.UnitPlanReturn.as_view(), name="unitplan_return"),
    path("<slug:public_id>/tiep-nhan/", steps.UnitPlanAccept.as_view(), name="unitplan_accept"),
]
