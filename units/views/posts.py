"""Posts of a unit, who holds them and stands in, and who did before; unions and professional lines beside the tree."""

from typing import Any

from django.forms import Form
from django.urls import reverse

from ledger import clock
from ledger.views import Page
from units import services
from units.forms.posts import (
    AppointForm,
    EndAppointmentForm,
    LineForm,
    PostForm,
    PostTitleForm,
    UnionForm,
)
from units.models import Appointment, BaseUnion, Post, ProfessionalLine, Unit, User
from units.queries import remembering
from units.services.posts import FUNCTIONS
from units.views.acts import ActPage, without_proof


def _posts_url(unit: Unit) -> str:
    return reverse("units:unit_posts", args=[unit.public_id])


class UnitPosts(Page):
    """Every post of a unit: held by whom and how, whom somebody stands in for, and the holders before."""

    permissions = {"GET": "units.view_unit"}
    model = Unit
    template_name = "units/unit_posts.html"

    def get_context(self) -> dict[str, Any]:
        user, on = self.request.user, clock.today()
        held: dict[int, list[Appointment]] = {}
        rows = Appointment.objects.visible_to(user).filter(post__unit=self.object)
        for row in rows.select_related("user", "given_by__user").order_by("-since", "-pk"):
            held.setdefault(row.post_id, []).append(row)
        posts = Post.objects.visible_to(user).filter(unit=self.object).select_related("unit", "scope")
        with remembering():
            told = [self._told(post, held.get(post.pk, [])) for post in posts.order_by("pk")]
        return {
            "on": on,
            "posts": told,
            "may_create": user.has_perm("units.create_post", self.object),
            "may_choose_lines": user.has_perm("units.choose_lines", self.object),
            "may_see_rights": user.has_perm("units.view_rights", self.object),
            "unions": list(self.object.unions.order_by("-since")),
            "lines": list(self.object.professional_lines.select_related("authority").order_by("-since")),
        }

    def _told(self, post: Post, rows: list[Appointment]) -> dict[str, Any]:
        user, on = self.request.user, clock.today()
        for row in rows:
            row.post = post
        now = [row for row in rows if row.holds(on)]
        return {
            "post": post,
            "now": [self._row(row, user) for row in now],
            "to_come": [self._row(row, user) for row in rows if row.since > on and row.until != row.since],
            "before": [row for row in rows if row not in now and row.since <= on and row.until != row.since],
            "is_vacant": not any(row.manner in Appointment.OCCUPYING for row in now),
            "may_appoint": user.has_perm("units.appoint", post),
            "may_rename": user.has_perm("units.rename_post", post),
        }

    @staticmethod
    def _row(row: Appointment, user: User) -> dict[str, Any]:
        return {
            "row": row,
            "functions": [FUNCTIONS[code] for code in row.functions if code in FUNCTIONS],
            "may_end": user.has_perm("units.end_appointment", row),
        }


class PostAppoint(ActPage):
    """A holder, an acting head, somebody in charge, or a substitute of the holder."""

    permissions = {"GET": "units.appoint", "POST": "units.appoint"}
    model = Post
    form_class = AppointForm
    heading = "Giao chức vụ"
    button = "Giao chức vụ"
    consequences = (
        "Quyền của chức vụ này trên cổng có hiệu lực từ ngày đã chọn đến khi kết thúc.",
        "Người ký thay, thừa lệnh, thừa ủy quyền chỉ làm trong thời gian người giao giữ chức vụ và không giao lại.",
    )

    def get_queryset(self):
        return Post.objects.visible_to(self.request.user).select_related("unit", "scope")

    def get_initial(self) -> dict[str, Any]:
        return {"since": f"{clock.today():%d/%m/%Y}", "manner": Appointment.Manner.HOLDER}

    def get_form_kwargs(self) -> dict[str, Any]:
        may_give = self.request.user.has_perm("units.give_post", self.object)
        return {"request": self.request, "post": self.object, "may_give": may_give}

    def act(self, form: Form) -> str:
        row = services.appoint(post=self.object, by=self.request.user, **without_proof(form))
        self.say(f"Đã giao {row.user.full_name}: {self.object.title}, {row.in_words}.")
        return _posts_url(self.object.unit)

    def refusal_url(self) -> str:
        return _posts_url(self.object.unit)


class PostRename(ActPage):
    permissions = {"GET": "units.rename_post", "POST": "units.rename_post"}
    model = Post
    form_class = PostTitleForm
    heading = "Sửa tên chức vụ"
    button = "Ghi lại"
    consequences = ("Văn bản đã ký giữ tên chức vụ lúc ký.",)

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.object.title}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        services.rename_post(post=self.object, title=form.cleaned_data["title"], by=self.request.user)
        self.say("Đã ghi lại.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return _posts_url(self.object.unit)


class PostCreate(ActPage):
    permissions = {"GET": "units.create_post", "POST": "units.create_post"}
    model = Unit
    form_class = PostForm
    heading = "Thêm chức vụ"
    button = "Thêm chức vụ"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        post = services.create_post(unit=self.object, by=self.request.user, **form.cleaned_data)
        self.say(f"Đã thêm chức vụ {post.title}.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return _posts_url(self.object)


class AppointmentEnd(ActPage):
    permissions = {"GET": "units.end_appointment", "POST": "units.end_appointment"}
    model = Appointment
    form_class = EndAppointmentForm
    heading = "Kết thúc giữ chức vụ"
    button = "Kết thúc"
    danger = True
    consequences = (
        "Từ ngày đã chọn, người này không còn quyền của chức vụ; chọn hôm nay thì hết quyền ngay.",
        "Người ký thay, thừa lệnh, thừa ủy quyền cho người này cũng kết thúc.",
    )

    def get_queryset(self):
        rows = Appointment.objects.visible_to(self.request.user)
        return rows.select_related("user", "post__unit", "given_by")

    def lead(self) -> str:
        row = self.object
        return f"{row.user.full_name}: {row.post.title}, {row.post.unit.name}, {row.in_words}"

    def get_initial(self) -> dict[str, Any]:
        return {"on": f"{clock.today():%d/%m/%Y}"}

    def act(self, form: Form) -> str:
        services.end_appointment(appointment=self.object, by=self.request.user, **without_proof(form))
        self.say(f"{self.object.user.full_name} thôi giữ chức vụ {self.object.post.title}.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return _posts_url(self.object.post.unit)


class UnitUnion(ActPage):
    """A base union begins, or the one that is there ends."""

    permissions = {"GET": "units.choose_lines", "POST": "units.choose_lines"}
    model = Unit
    form_class = UnionForm

    def _union(self) -> BaseUnion | None:
        return self.object.unions.on(clock.today()).first()

    def get_context(self) -> dict[str, Any]:
        union = self._union()
        said: dict[str, Any] = {
            "heading": "Kết thúc công đoàn cơ sở" if union else "Thành lập công đoàn cơ sở",
            "button": "Kết thúc công đoàn" if union else "Ghi thành lập",
            "danger": bool(union),
            "consequences": (
                "Từ ngày đã chọn, bản cam kết đủ hai xác nhận là xong; chức vụ chủ tịch công đoàn kết thúc.",
            )
            if union
            else ("Từ ngày đã chọn, bản cam kết cần thêm xác nhận của chủ tịch công đoàn cơ sở.",),
        }
        return super().get_context() | said

    def act(self, form: Form) -> str:
        asked = without_proof(form)
        if self._union():
            services.close_union(unit=self.object, by=self.request.user, **asked)
        else:
            services.open_union(
                unit=self.object, since=asked["on"], decision=asked["decision"], by=self.request.user
            )
        self.say("Đã ghi lại.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return _posts_url(self.object)


class UnitLine(ActPage):
    """Which agency is the unit's professional superior."""

    permissions = {"GET": "units.choose_lines", "POST": "units.choose_lines"}
    model = Unit
    form_class = LineForm
    heading = "Cơ quan quản lý ngành"
    button = "Ghi lại"
    consequences = (
        "Cơ quan quản lý ngành đọc báo cáo và xem số liệu tổng hợp của đơn vị; không duyệt, không tính thêm lần nào.",
        "Để trống tên cơ quan: từ ngày đã chọn, đơn vị không thuộc ngành nào.",
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_initial(self) -> dict[str, Any]:
        line: ProfessionalLine | None = (
            self.object.professional_lines.on(clock.today()).select_related("authority").first()
        )
        return {"authority": line.authority.name if line else "", "on": f"{clock.today():%d/%m/%Y}"}

    def act(self, form: Form) -> str:
        data = form.cleaned_data
        if data["authority"]:
            services.place_in_line(
                unit=self.object,
                authority=data["authority"],
                since=data["on"],
                decision=data["decision"],
                by=self.request.user,
            )
        else:
            services.leave_line(
                unit=self.object, on=data["on"], decision=data["decision"], by=self.request.user
            )
        self.say("Đã ghi lại.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        return _posts_url(self.object)
