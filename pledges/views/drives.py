"""The year's drive to pledge, as Sở Nội vụ sets it: its days, and what became of them."""

from functools import cached_property
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse

from campaigns.models import Campaign
from ledger.views import FormPage
from notices import letters
from pledges import drivedays
from pledges.forms.drives import DriveForm
from pledges.models import Drive
from pledges.services import drives
from vietnamese.dates import short_date


class DriveSet(FormPage):
    """Days to set, what they come to on the calendar, and what was sent. “Xem các ngày” shows before it is set."""

    permissions = {"GET": "pledges.set_drive", "POST": "pledges.set_drive"}
    form_class = DriveForm
    template_name = "pledges/drive_set.html"

    @cached_property
    def year(self) -> int:
        """This year, or the next with `?nam=`."""
        this, asked = self.request.user.today.year, self.request.GET.get("nam", "")
        return this + 1 if asked == str(this + 1) else this

    @cached_property
    def campaign(self) -> Campaign:
        found = Campaign.objects.visible_to(self.request.user).current()
        if found is None:
            raise Http404
        return found

    @cached_property
    def drive(self) -> Drive | None:
        return drivedays.drive_of(self.campaign, self.year)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}

    def get_initial(self) -> dict[str, Any]:
        drive = self.drive
        if drive is None:
            return {"version": 0}
        return {
            "opens_on": drive.opens_on,
            "due_on": drive.due_on,
            "days_before": ", ".join(str(-days) for days in drive.ladder if days < 0),
            "days_after": ", ".join(str(days) for days in drive.ladder if days >= 0),
            "escalate_after": drive.escalate_after,
            "version": drive.version,
        }

    def post(self, request: HttpRequest, *args, **kwargs):
        if "xem" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.make_form(request.POST)
        # Looking asks for no proof; the field stays for the act.
        proof = form.fields.pop("password", None)
        preview = self._preview(form) if form.is_valid() else []
        if proof is not None:
            form.fields["password"] = proof
        return self.show_form(form, preview=preview)

    def _preview(self, form: Form) -> list[dict[str, str]]:
        data = form.cleaned_data
        asked = Drive(
            campaign=self.campaign,
            year=self.year,
            opens_on=data["opens_on"],
            due_on=data["due_on"],
            ladder=data["ladder"],
            escalate_after=data["escalate_after"],
        )
        if fault := drives.fault_of(asked):
            form.add_error(None, fault)
            return []
        return days(asked)

    def get_context(self) -> dict[str, Any]:
        drive, today = self.drive, self.request.user.today
        kept = drive is not None and drive.pk is not None
        return {
            "year": self.year,
            "other_year": today.year + 1 if self.year == today.year else today.year,
            "drive": drive,
            "days": days(drive) if drive else [],
            "remindings": list(drive.remindings.order_by("-on")[:30]) if kept and drive else [],
            "letters": letters.tally(today),
        }

    def act(self, form: Form) -> str:
        data = form.cleaned_data
        drives.set_drive(
            campaign=self.campaign,
            year=self.year,
            opens_on=data["opens_on"],
            due_on=data["due_on"],
            ladder=data["ladder"],
            escalate_after=data["escalate_after"],
            seen_version=data["version"],
            by=self.request.user,
        )
        self.say(f"Đã đặt đợt ký cam kết năm {self.year}.")
        return self.refusal_url()

    def refusal_url(self) -> str:
        later = self.year != self.request.user.today.year
        return reverse("pledges:drive_set") + (f"?nam={self.year}" if later else "")


def days(drive: Drive) -> list[dict[str, str]]:
    """The calendar of a drive: what happens on which working day."""
    rows = [
        {
            "day": short_date(drive.opens_on),
            "what": "Mở đợt; từ ngày làm việc đầu tiên mọi người phải ký được báo",
        }
    ]
    for rung in drivedays.rungs(drive):
        told = ["người chưa ký", "người đứng đầu, chủ tịch công đoàn có bản chờ"]
        told += ["người đứng đầu cấp trên"] if rung.to_heads_above else []
        told += ["Sở Nội vụ"] if rung.to_home_affairs else []
        rows.append({"day": short_date(rung.day), "what": f"{_offset(rung.offset)}: nhắc {'; '.join(told)}"})
    return rows


def _offset(offset: int) -> str:
    if offset == 0:
        return "Đúng hạn"
    return f"Trước hạn {-offset} ngày" if offset < 0 else f"Sau hạn {offset} ngày"
