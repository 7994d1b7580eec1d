"""What is written down about one person: he moves, is seconded, is away, leaves, is called otherwise."""

from typing import Any

from django.db.models import F, Q
from django.forms import Form
from django.urls import reverse

from ledger import clock
from units import services
from units.forms.people import (
    AbsenceForm,
    BackForm,
    CodeOfPersonForm,
    LeavingForm,
    MoveForm,
    NamingForm,
    ReemployForm,
    ReturnForm,
    SecondForm,
    StayingForm,
)
from units.models import Absence, Appointment, Employment, Unit, User
from units.services.returns import planned_leave
from units.views.acts import ActPage, without_proof
from vietnamese.dates import short_date


class _PersonAct(ActPage):
    """A form about one person."""

    abstract = True
    model = User

    def lead(self) -> str:
        current = self._employment()
        where = f", {current.unit.name}" if current else ""
        return f"{self.object.full_name} ({self.object.username}){where}"

    def _employment(self) -> Employment | None:
        return self.object.employments.on(clock.today()).select_related("unit", "payroll_unit").first()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def _may_send_to(self, unit: Unit, form: Form) -> None:
        """Home Affairs moves anyone anywhere; a head or clerk within the units in his charge."""
        user = self.request.user.acting_in("units")
        if not user.works_for_home_affairs and unit.pk not in user.units_in_charge():
            form.add_error("unit", "Đơn vị này ngoài phạm vi phụ trách; đề nghị Sở Nội vụ ghi việc chuyển.")
            raise self.invalid(form)

    def _after(self) -> str:
        """Back to the person, where he may still be seen."""
        if User.objects.visible_to(self.request.user).filter(pk=self.object.pk).exists():
            return self.object.get_absolute_url()
        return reverse("home")


class PersonMove(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = MoveForm
    heading = "Chuyển công tác"
    button = "Ghi chuyển công tác"
    consequences = (
        "Từ ngày đã chọn, người này tính vào số người và ký cam kết ở đơn vị mới.",
        "Các chức vụ ở đơn vị cũ kết thúc từ ngày đó, trừ chức vụ được chọn giữ lại theo văn bản.",
    )

    def _posts(self) -> list[Appointment]:
        current = self._employment()
        if current is None:
            return []
        held = self.object.appointments.on(clock.today()).filter(post__unit=current.unit)
        return list(held.select_related("post__unit").order_by("pk"))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request, "posts": self._posts()}

    def act(self, form: Form) -> str:
        data = form.cleaned_data
        self._may_send_to(data["unit"], form)
        services.move_person(
            user=self.object,
            unit=data["unit"],
            on=data["on"],
            category=data["category"],
            job_title=data["job_title"] or None,
            kept=[row for row in self._posts() if row.public_id in data.get("kept", ())],
            kept_because=data.get("kept_because", ""),
            by=self.request.user,
        )
        self.say(f"Đã ghi {self.object.full_name} chuyển đến {data['unit'].name}.")
        return self._after()


class PersonSecond(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = SecondForm
    heading = "Biệt phái"
    button = "Ghi biệt phái"
    consequences = (
        "Người này tính vào số người và ký cam kết ở nơi đến; đơn vị hiện nay vẫn trả lương.",
        "Có ngày về thì đến ngày đó tự trở lại đơn vị cũ. Chức vụ ở đơn vị cũ kết thúc.",
    )

    def act(self, form: Form) -> str:
        data = form.cleaned_data
        self._may_send_to(data["unit"], form)
        services.second(
            user=self.object,
            host=data["unit"],
            since=data["since"],
            until=data["until"],
            decision=data["decision"],
            by=self.request.user,
        )
        self.say(f"Đã ghi {self.object.full_name} biệt phái đến {data['unit'].name}.")
        return self._after()


class PersonReturn(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = ReturnForm
    heading = "Hết biệt phái"
    button = "Ghi hết biệt phái"
    consequences = ("Từ ngày đã chọn, người này làm việc lại và tính vào số người ở đơn vị trả lương.",)

    def act(self, form: Form) -> str:
        row = services.end_secondment(user=self.object, on=form.cleaned_data["on"], by=self.request.user)
        self.say(f"Đã ghi {self.object.full_name} về lại {row.unit.name}.")
        return self._after()


class PersonEnd(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = LeavingForm
    heading = "Nghỉ hưu, thôi việc"
    button = "Ghi thôi làm việc"
    danger = True
    consequences = (
        "Từ ngày đã chọn, người này không tính vào số người của đơn vị nào.",
        "Mọi chức vụ kết thúc từ ngày đó; bản cam kết và báo cáo đã ký giữ nguyên.",
    )

    def act(self, form: Form) -> str:
        services.end_employment(user=self.object, by=self.request.user, **without_proof(form))
        self.say(f"Đã ghi {self.object.full_name} thôi làm việc.")
        return self._after()


class PersonReemploy(_PersonAct):
    permissions = {"GET": "units.reemploy_person", "POST": "units.reemploy_person"}
    form_class = ReemployForm
    heading = "Tiếp nhận lại"
    button = "Ghi tiếp nhận lại"
    consequences = (
        "Từ ngày đã chọn, người này tính vào số người và ký cam kết ở đơn vị đó; quá trình công tác và những gì đã ký "
        "giữ nguyên.",
        "Nếu tài khoản đã đóng khi nghỉ thì mật khẩu cũ không dùng lại: từ ngày đó in phiếu kích hoạt mới.",
        "Chức vụ trước đây không tự trở lại: giao ở trang chức vụ của đơn vị.",
    )

    def get_initial(self) -> dict[str, Any]:
        last = self.object.employments.select_related("unit").order_by("-since", "-pk").first()
        again = {"category": last.category} if last else {}
        if last and last.unit.until is None:
            again["unit"] = last.unit.name
        return again | {"job_title": self.object.job_title}

    def act(self, form: Form) -> str:
        row = services.reemploy(user=self.object, by=self.request.user, **without_proof(form))
        self.say(f"Đã ghi {self.object.full_name} làm việc lại tại {row.unit.name} {row.in_words}.")
        return self._after()


class PersonStay(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = StayingForm
    heading = "Bỏ ghi nghỉ hưu, thôi việc"
    button = "Bỏ ghi"

    def get_context(self) -> dict[str, Any]:
        return super().get_context() | {"consequences": self._consequences()}

    def _consequences(self) -> list[str]:
        leave = planned_leave(self.object)
        if leave is None:
            return ["Hiện không có lần nghỉ hưu, thôi việc nào còn ở phía trước."]
        day = short_date(leave.on)
        found = [f"Bỏ ghi “{leave.row.get_ending_display().lower()}” từ {day}; người này làm việc tiếp."]
        if leave.back:
            found.append(f"Lại về {leave.back.unit.name} từ {short_date(leave.back.since)} như đã định.")
        if leave.until:
            until = short_date(leave.until)
            found.append(f"Lần kết thúc đã ghi trước đó trở lại: {leave.ending_in_words.lower()} từ {until}.")
        ended = Q(until=leave.on) | Q(since__gte=leave.on, until=F("since"))
        rows = self.object.appointments.filter(ended).select_related("post__unit").order_by("pk")
        if posts := "; ".join(f"{row.post.title}, {row.post.unit.name}" for row in rows):
            found.append(
                f"Chức vụ đã kết thúc theo lần nghỉ này không tự trở lại, cần thì giao lại: {posts}."
            )
        away = self.object.absences.filter(ended).order_by("since")
        if absences := "; ".join(
            f"{row.get_kind_display().lower()} từ {short_date(row.since)}" for row in away
        ):
            found.append(f"Thời gian nghỉ đã kết thúc theo lần này cũng vậy, cần thì ghi lại: {absences}.")
        return found

    def act(self, form: Form) -> str:
        services.take_back_leave(user=self.object, by=self.request.user, **without_proof(form))
        self.say(f"Đã bỏ ghi: {self.object.full_name} làm việc tiếp.")
        return self._after()


class PersonAbsent(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = AbsenceForm
    heading = "Nghỉ dài ngày, miễn ký cam kết"
    button = "Ghi lại"
    consequences = (
        "Người này vẫn tính vào số người của đơn vị nhưng không phải ký cam kết trong thời gian đó.",
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        services.absent(user=self.object, by=self.request.user, **form.cleaned_data)
        self.say("Đã ghi lại.")
        return self._after()


class PersonBack(_PersonAct):
    permissions = {"GET": "units.change_person", "POST": "units.change_person"}
    form_class = BackForm
    heading = "Làm việc lại"
    button = "Ghi làm việc lại"
    consequences = ("Từ ngày đã chọn, nghĩa vụ ký cam kết trở lại.",)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        on = form.cleaned_data["on"]
        rows = Absence.objects.visible_to(self.request.user).filter(user=self.object)
        lasting = [row for row in rows.order_by("since") if row.until is None or row.until > clock.today()]
        if not lasting:
            form.add_error(None, f"{self.object.full_name} hiện không nghỉ.")
            raise self.invalid(form)
        services.end_absence(absence=lasting[0], on=on, by=self.request.user)
        self.say("Đã ghi lại.")
        return self._after()


class PersonRename(_PersonAct):
    permissions = {"GET": "units.retitle_person", "POST": "units.retitle_person"}
    form_class = NamingForm
    heading = "Sửa họ tên, chức danh"
    button = "Ghi lại"
    consequences = ("Văn bản đã ký giữ họ tên và chức danh lúc ký.",)

    def get_initial(self) -> dict[str, Any]:
        return {"full_name": self.object.full_name, "job_title": self.object.job_title}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"may_rename": self.request.user.has_perm("units.rename_person", self.object)}

    def act(self, form: Form) -> str:
        data = form.cleaned_data
        if "full_name" in data:
            services.rename_person(user=self.object, full_name=data["full_name"], by=self.request.user)
        services.retitle_person(user=self.object, job_title=data["job_title"], by=self.request.user)
        self.say("Đã ghi lại.")
        return self.object.get_absolute_url()


class PersonCode(_PersonAct):
    permissions = {"GET": "units.give_code", "POST": "units.give_code"}
    form_class = CodeOfPersonForm
    heading = "Ghi mã số cán bộ"
    button = "Ghi mã"
    consequences = ("Mã do cổng cấp không dùng nữa; người này đăng nhập bằng mã mới, mật khẩu giữ nguyên.",)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def act(self, form: Form) -> str:
        services.give_code(user=self.object, username=form.cleaned_data["username"], by=self.request.user)
        self.say(f"Đã ghi mã {self.object.username}.")
        return self.object.get_absolute_url()
