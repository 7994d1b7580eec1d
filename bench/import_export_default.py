"""The baseline of bench_roster_import, frozen: django-import-export used as its own documentation shows.

A ModelResource found by the personnel code, its XLSX format as shipped, a dry run with its differences for the preview,
then the import; where somebody works is written by the hook it has for that. Nothing of the portal's own is used.
"""

from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource

from bench.rosters import DAY
from units.models import Category, Employment, Unit, User

CATEGORIES = {label: value for value, label in Category.choices}


class PersonResource(ModelResource):
    username = Field("username", "Số hiệu")
    full_name = Field("full_name", "Họ và tên")
    birth_year = Field("birth_year", "Năm sinh")
    job_title = Field("job_title", "Chức danh")

    class Meta:
        model = User
        fields = ("username", "full_name", "birth_year", "job_title")
        import_id_fields = ("username",)

    def after_save_instance(self, instance, row, **kwargs):
        unit = Unit.objects.get(name=row["Đơn vị"])
        since = row["Ngày vào đơn vị"].date() if row["Ngày vào đơn vị"] else DAY
        category = CATEGORIES[row["Đối tượng"]]
        held = Employment.objects.filter(user=instance, until=None).first()
        if held and (held.unit_id, held.category) == (unit.pk, category):
            return
        if held:
            held.until, held.ending = since, Employment.Ending.MOVED
            held.save()
        Employment.objects.create(user=instance, unit=unit, category=category, since=since)


def import_by_default(content: bytes) -> None:
    dataset = XLSX().create_dataset(content)
    resource = PersonResource()
    for dry_run in (True, False):
        result = resource.import_data(dataset, dry_run=dry_run)
        assert not result.has_errors() and not result.has_validation_errors(), result.row_errors()[:1]
