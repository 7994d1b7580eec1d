from django.urls import path

from pledges.views import confirming, paper, reading, signing

app_name = "pledges"
urlpatterns = [
    path("", reading.PledgeList.as_view(), name="pledge_list"),
    path("ky/", signing.PledgeSign.as_view(), name="pledge_sign"),
    path("<str:public_id>/", reading.PledgeDetail.as_view(), name="pledge_detail"),
    path("<str:public_id>/xac-nhan/", confirming.PledgeCountersign.as_view(), name="pledge_countersign"),
    path(
        "<str:public_id>/cong-doan-xac-nhan/",
        confirming.PledgeCountersignUnion.as_view(),
        name="pledge_countersign_union",
    ),
    path("<str:public_id>/tra-lai/", confirming.PledgeReturn.as_view(), name="pledge_return"),
    path("<str:public_id>/hoan-tat/", confirming.PledgeComplete.as_view(), name="pledge_complete"),
    path("<str:public_id>/ban-pdf/", paper.PledgePaper.as_view(), name="pledge_paper"),
]
