"""Addresses of the whole portal: includes, home, login, health; nothing else."""

from django.urls import include, path

from namkhong.health import Health
from namkhong.views import Home
from units.views import accounts, emails, factors

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("dang-nhap/", accounts.Login.as_view(), name="login"),
    path("dang-xuat/", accounts.Logout.as_view(), name="logout"),
    path("kich-hoat/", accounts.Activate.as_view(), name="activate"),
    path("doi-mat-khau/", accounts.PasswordChange.as_view(), name="password_change"),
    path("tai-khoan/ma-xac-thuc/", factors.FactorCheck.as_view(), name="factor_check"),
    path("tai-khoan/thu-dien-tu/", emails.OwnEmail.as_view(), name="own_email"),
    path("tai-khoan/xac-thuc/", factors.FactorDetail.as_view(), name="factor_detail"),
    path("tai-khoan/xac-thuc/cai-dat/", factors.FactorEnrol.as_view(), name="factor_enrol"),
    path("tai-khoan/xac-thuc/ma-du-phong/", factors.FactorCodes.as_view(), name="factor_codes"),
    path("tai-khoan/xac-thuc/tat/", factors.FactorRemove.as_view(), name="factor_remove"),
    path(
        "tai-khoan/nguoi/<slug:public_id>/dat-lai/",
        factors.FactorResetAsk.as_view(),
        name="factor_reset_ask",
    ),
    path(
        "tai-khoan/dat-lai/<slug:public_id>/",
        factors.FactorResetGrant.as_view(),
        name="factor_reset_grant",
    ),
    path("suc-khoe/", Health.as_view(), name="health"),
    path("don-vi/", include("units.urls")),
    path("thong-bao/", include("notices.urls")),
    path("", include("documents.urls")),
    path("ke-hoach/", include("campaigns.urls")),
    path("cam-ket/", include("pledges.urls")),
    path("bao-cao/", include("reports.urls")),
]
