"""The address for the letters of a day: one's own, and that of a person whose roster one keeps."""

from typing import Any

from django.forms import Form
from django.urls import reverse

from ledger.views import SIGNED_IN
from units import services
from units.forms.emails import EmailForm
from units.models import User
from units.views.acts import ActPage

WHAT_IT_DOES = (
    "Mỗi ngày nhiều nhất một thư, và chỉ khi có việc đang chờ.",
    "Thư không có tên người và nội dung công việc; phải đăng nhập mới xem được.",
    "Địa chỉ không in trên văn bản, không có trong tệp xuất; chỉ bản thân và người giữ danh sách của đơn vị thấy.",
)


class _Email(ActPage):
    abstract = True
    form_class = EmailForm
    heading = "Thư điện tử"
    button = "Lưu địa chỉ"
    consequences = WHAT_IT_DOES
    success_message = "Đã lưu địa chỉ thư điện tử."

    def person(self) -> User:
        raise NotImplementedError

    def lead(self) -> str:
        return f"{self.person().full_name} ({self.person().username})"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_initial(self) -> dict[str, Any]:
        return {"email": self.person().email}

    def act(self, form: Form) -> str:
        services.change_email(user=self.person(), email=form.cleaned_data["email"], by=self.request.user)
        return self.refusal_url()


class OwnEmail(_Email):
    permissions = {"GET": SIGNED_IN, "POST": SIGNED_IN}

    def person(self) -> User:
        return self.request.user

    def refusal_url(self) -> str:
        return reverse("own_email")

    def back_url(self) -> str:
        return reverse("home")


class PersonEmail(_Email):
    permissions = {"GET": "units.retitle_person", "POST": "units.retitle_person"}
    model = User

    def person(self) -> User:
        return self.object

    def refusal_url(self) -> str:
        return self.object.get_absolute_url()
