"""A page that shows every component at once, for tests alone; the portal has no such page."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import django_tables2
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from units.forms import ActivationForm, LoginForm, PasswordChangeForm

AT = datetime(2026, 11, 12, 3, 24, tzinfo=UTC)
SOURCE = Path(__file__).with_name("components.html")
TONES = [("done", "đã gửi"), ("waiting", "đang lập"), ("late", "quá hạn 3 ngày"), ("none", "chưa bắt đầu")]
NAV = [
    {"label": "Việc cần làm", "url": "/", "current": True},
    {"label": "Bản cam kết", "url": "/cam-ket/", "current": False},
    {"label": "Kế hoạch", "url": "/ke-hoach/", "current": False},
    {"label": "Báo cáo", "url": "/bao-cao/", "current": False},
    {"label": "Cơ quan, đơn vị", "url": "/don-vi/", "current": False},
]


class Search(forms.Form):
    tu_khoa = forms.CharField(label="Tìm đơn vị", required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), ("gui", "Đã gửi")]
    )


class Sample(forms.Form):
    pledged = forms.IntegerField(
        label="Số người đã ký cam kết", help_text="Ô 4.1. Lấy từ bản cam kết đã có đủ chữ ký."
    )
    on = forms.DateField(label="Ngày tổ chức", help_text="Ví dụ: 05/11/2026", required=False)
    group = forms.ChoiceField(
        label="Nhóm nhiệm vụ", choices=[("1", "Tuyên truyền, quán triệt"), ("2", "Cải cách hành chính")]
    )
    form = forms.ChoiceField(
        label="Hình thức",
        widget=forms.RadioSelect,
        choices=[("a", "Hội nghị trực tiếp"), ("b", "Trực tuyến")],
    )
    sure = forms.BooleanField(label="Đã đối chiếu với danh sách tại ngày chốt số liệu")
    note = forms.CharField(label="Kết quả nổi bật", widget=forms.Textarea(attrs={"rows": 4}), required=False)

    def clean_pledged(self):
        raise forms.ValidationError(
            "Số đã ký (52) lớn hơn tổng số CBCCVC và người lao động (48). Sửa ô 4.1 hoặc cập nhật danh sách."
        )


class Proof(forms.Form):
    password = forms.CharField(
        label="Mật khẩu",
        widget=forms.PasswordInput,
        help_text="Nhập lại để xác nhận chính mình là người gửi.",
    )


class Reports(django_tables2.Table):
    unit = django_tables2.Column("Đơn vị", linkify=lambda: "/bao-cao/")
    state = django_tables2.TemplateColumn(
        '{% include "includes/_state.html" with tone=record.tone word=record.word only %}',
        verbose_name="Tình trạng",
    )
    sent = django_tables2.Column("Gửi lúc")
    signed = django_tables2.Column("Đã ký cam kết", attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    caption = "Báo cáo của các đơn vị, kỳ năm 2026"
    empty_help = "Mở kỳ báo cáo để các đơn vị bắt đầu lập báo cáo."

    class Meta:
        empty_text = "Chưa có báo cáo nào"


NAMES = [
    "UBND phường Kim Long", "UBND xã A Lưới 4", "UBND xã Chân Mây - Lăng Cô", "Sở Nông nghiệp và Môi trường",
    "Trung tâm Bảo tồn Di tích Cố đô Huế", "Trường THCS Nguyễn Tri Phương",
]  # fmt: skip


def rows() -> list[dict]:
    return [
        {
            "unit": NAMES[i % 6], "tone": TONES[i % 4][0], "word": TONES[i % 4][1].capitalize(),
            "sent": "10:24 ngày 12/11/2026" if i % 4 == 0 else None, "signed": f"{40 + i}/48 ({(40 + i) * 100 // 48}%)",
        }
        for i in range(7)
    ]  # fmt: skip


def strips() -> list[dict]:
    def cells(label: str, count: int) -> list[dict]:
        tones = [TONES[(i * i + i // 5) % 4 if i % 3 else 0] for i in range(count)]
        return [
            {"name": f"{label} {i + 1}", "url": "/", "tone": t, "word": w} for i, (t, w) in enumerate(tones)
        ]

    sizes = {"Sở, ban, ngành": 21, "UBND phường": 21, "UBND xã": 19, "Trường học, trạm y tế": 1139}
    return [{"label": label, "cells": cells(label, count)} for label, count in sizes.items()]


def job(**fields) -> SimpleNamespace:
    return SimpleNamespace(
        **{"status": "running", "step": 3, "steps": 7, "error": "", "is_over": False} | fields
    )


def context() -> dict:
    table = Reports(rows(), order_by="unit")
    table.paginate(page=1, per_page=5)
    return {
        "user": SimpleNamespace(is_authenticated=True, full_name="Nguyễn Thị Minh Châu"),
        "user_post": "Chuyên viên, Sở Nội vụ", "nav_items": NAV, "demo_data": True,
        "province_name": "UBND thành phố Huế", "idempotency_key": "a" * 26, "at": AT, "due": date(2026, 11, 15),
        "wrong": Sample({"pledged": "52", "on": "31/02/2026", "note": "Đã tổ chức 03 buổi đối thoại."}),
        "search": Search({"tu_khoa": "kim long"}), "proof": Proof(), "table": table, "empty_table": Reports([]),
        "strips": strips(),
        "legend": [{"tone": t, "word": w, "count": c} for (t, w), c in zip(TONES, (38, 14, 3, 6), strict=True)],
        "stops": [
            {"label": "Người cam kết", "name": "Trần Thị Hoa", "tone": "done", "word": "Đã ký", "moment": AT},
            {"label": "Hiệu trưởng", "name": "Lê Văn An", "tone": "waiting", "word": "Chờ xác nhận", "moment": ""},
            {"label": "Chủ tịch công đoàn cơ sở", "name": "Hồ Thị Kê", "tone": "none", "word": "Chưa đến lượt"},
        ],
        "events": [
            {"what": "Trả lại báo cáo", "who": "Nguyễn Thị Minh Châu", "post": "Chuyên viên, Sở Nội vụ", "at": AT,
             "why": "Ô 4.1 lớn hơn tổng số người.\nĐề nghị kiểm tra lại danh sách tại ngày 31/10/2026."},
            {"what": "Gửi báo cáo", "who": "Phan Văn Đức", "post": "Giám đốc, Sở Du lịch", "at": AT, "why": ""},
        ],
        "figures": [
            {"label": "Đã ký cam kết", "value": "1.204/1.250 (96,3%)", "last": "Năm 2025: 1.150/1.240 (92,7%)"},
            {"label": "Đơn vị đã gửi báo cáo", "value": "38/61 (62,3%)", "last": "Cùng ngày năm 2025: 41/61 (67,2%)"},
            {"label": "Mức hài lòng", "value": "87,4%", "last": "Năm 2025: 86,1%",
             "note": "Yêu cầu: tăng 1–2 điểm", "tone": "done"},
            {"label": "Vụ việc tiêu cực bị xử lý", "value": "4", "last": "Năm 2025: 3", "tone": "late"},
        ],
        "running": job(message="Cộng số liệu theo cây đơn vị"),
        "done": job(status="done", message="Báo cáo có 23 trang.", is_over=True),
        "failed": job(status="failed", error="Không dựng được trang 4 của Phụ lục I.", is_over=True),
        "facts": [{"label": "Đơn vị", "value": "Sở Du lịch"}, {"label": "Kỳ báo cáo", "value": "Năm 2026"}],
        "consequences": ["Báo cáo được gửi tới Sở Nội vụ.", "Sau khi gửi, chỉ sửa được khi Sở Nội vụ trả lại."],
        "next": ["Sở Nội vụ tiếp nhận hoặc trả lại trong 05 ngày làm việc."],
    }  # fmt: skip


FORMS = {
    "units/login": LoginForm,
    "units/activate": ActivationForm,
    "units/password_change": PasswordChangeForm,
}


def everything(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(SOURCE.read_text(encoding="utf-8"))
    return HttpResponse(template.render(context(), request))


def bare(request: HttpRequest, template: str) -> HttpResponse:
    form = FORMS[template](request=request) if template in FORMS else None
    return render(request, f"{template}.html", {"form": form})


def polled(request: HttpRequest) -> HttpResponse:
    step = int(request.GET["seen"].rpartition("-")[2]) + 1
    now = job(step=step, message=f"Việc thứ {step}") if step < 6 else context()["done"]
    now.get_status_display = "Đang chạy"
    return render(
        request, "includes/_progress.html", {"job": now, "title": "Tổng hợp", "poll_url": request.path}
    )


urlpatterns = [
    path("tat-ca/", everything),
    path("tien-do/", polled),
    path("trang/<path:template>/", bare),
    path("", include("namkhong.urls")),
]
