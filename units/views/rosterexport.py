"""What leaves as a file: the faults of a roster, the template to fill in, the people of a unit (rule R32)."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from ledger import clock, sheets
from ledger.views import PortalView
from units.forms.rosters import RosterRowsForm
from units.models import Unit, User
from units.resources import FORMATS, people_file, template_file
from units.views.rosterfile import READ, OfUpload
from vietnamese.keys import search_key


class RosterFaults(OfUpload):
    """The faults as a file, each with its cell: to be put right beside the roster."""

    permissions = READ

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        rows = self.object.faults.order_by("line", "pk").values_list("cell", "line", "message")
        found = ([cell, line or None, message] for cell, line, message in rows.iterator())
        table = sheets.Table("Lỗi", ("Ô", "Dòng", "Lỗi"), found, widths=(10, 10, 110), wrap=True)
        kind = _kind(request)
        return _file(FORMATS[kind].write(table), f"loi-danh-sach-{self.object.public_id[:6]}", kind)


class RosterTemplate(PortalView):
    """A roster to fill in for this unit: empty, or with the people the portal has today (`?kem=nguoi`)."""

    permissions = READ
    model = Unit

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        people = User.objects.visible_to(request.user)
        if request.GET.get("kem") != "nguoi":
            people = people.none()
        body = template_file(self.object, people, clock.today())
        return _file(body, f"mau-danh-sach-{self.object.public_id[:6]}", "xlsx")


class PeopleExport(PortalView):
    """The people of a unit and of those below it as a file, with the filter in force."""

    permissions = READ
    model = Unit

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        form = RosterRowsForm(request.GET or None)
        people = User.objects.visible_to(request.user)
        if asked := form.cleaned_data["q"] if form.is_valid() else "":
            people = people.filter(Q(search_key__contains=search_key(asked)) | Q(username__icontains=asked))
        kind = _kind(request)
        body = people_file(self.object, people, clock.today(), kind)
        return _file(body, f"danh-sach-{self.object.public_id[:6]}", kind)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("dang", "")
    return asked if asked in FORMATS else "xlsx"


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    """Served to be kept, never to be opened in the page (rule R33)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(body, content_type=FORMATS[kind].content_type, headers=headers)
