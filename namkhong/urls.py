"""Addresses of the whole portal: includes, home, login, health; nothing else."""

from django.urls import include, path

from namkhong.health import Health
from namkhong.views import Home
from units.views import accounts

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("dang-nhap/", accounts.Login.as_view(), name="login"),
    path("dang-xuat/", accounts.Logout.as_view(), name="logout"),
    path("kich-hoat/", accounts.Activate.as_view(), name="activate"),
    path("doi-mat-khau/", accounts.PasswordChange.as_view(), name="password_change"),
    path("suc-khoe/", Health.as_view(), name="health"),
    path("don-vi/", include("units.urls")),
    path("thong-bao/", include("notices.urls")),
    path("kiem-tra/", include("documents.urls")),
    path("ke-hoach/", include("campaigns.urls")),
    path("cam-ket/", include("pledges.urls")),
    path("bao-cao/", include("reports.urls")),
]
