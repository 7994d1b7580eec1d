from django.urls import path

from pledges import views

app_name = "pledges"
urlpatterns = [
    path("", views.PledgeList.as_view(), name="pledge_list"),
    path("ky/", views.PledgeSign.as_view(), name="pledge_sign"),
    path("<str:public_id>/", views.PledgeDetail.as_view(), name="pledge_detail"),
    path("<str:public_id>/xac-nhan/", views.PledgeCountersign.as_view(), name="pledge_countersign"),
    path(
        "<str:public_id>/cong-doan-xac-nhan/",
        views.PledgeCountersignUnion.as_view(),
        name="pledge_countersign_union",
    ),
    path("<str:public_id>/tra-lai/", views.PledgeReturn.as_view(), name="pledge_return"),
    path("<str:public_id>/hoan-tat/", views.PledgeComplete.as_view(), name="pledge_complete"),
    path("<str:public_id>/ban-pdf/", views.PledgePaper.as_view(), name="pledge_paper"),
]
