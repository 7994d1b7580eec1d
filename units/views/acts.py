"""The page of an act about a person, a post or a unit: what will happen, the form, one button."""

from typing import Any, ClassVar

from django.forms import Form

from ledger.views import FormPage


class ActPage(FormPage):
    """`heading`, `button` and `consequences` say what it does; `lead` names of whom or what."""

    abstract = True
    template_name = "units/act.html"
    heading: ClassVar[str] = ""
    button: ClassVar[str] = ""
    danger: ClassVar[bool] = False
    consequences: ClassVar[tuple[str, ...]] = ()

    def lead(self) -> str:
        return str(self.object)

    def back_url(self) -> str:
        return self.refusal_url()

    def get_context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "lead": self.lead(),
            "button": self.button,
            "danger": self.danger,
            "consequences": self.consequences,
            "back_url": self.back_url(),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"request": self.request}


def without_proof(form: Form) -> dict[str, Any]:
    """What the service takes: the password proves, it is no part of the act."""
    return {key: value for key, value in form.cleaned_data.items() if key != "password"}
