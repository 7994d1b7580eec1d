"""Where the letters of a day go."""

from django import forms

from vietnamese.letters import nfc


class EmailForm(forms.Form):
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        help_text="Để trống nếu không nhận thư. Nên dùng hộp thư công vụ.",
        error_messages={"invalid": "Địa chỉ thư chưa đúng. Ví dụ viết đúng: ten.ho@hue.gov.vn."},
    )

    def clean_email(self) -> str:
        return nfc(self.cleaned_data["email"])
