"""The baseline of bench_roster_import, frozen: django-import-export used as its own documentation shows.

A ModelResource found by the personnel code, its XLSX format as shipped, a dry run with its differences for the preview,
then the import. It writes people alone: no employments, no events, nothing to undo by, so it does less than ours.
"""

from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource

from units.models import User


class PersonResource(ModelResource):
    username = Field("username", "Số hiệu")
    full_name = Field("full_name", "Họ và tên")
    birth_year = Field("birth_year", "Năm sinh")
    job_title = Field("job_title", "Chức danh")

    class Meta:
        model = User
        fields = ("username", "full_name", "birth_year", "job_title")
        import_id_fields = ("username",)


def import_by_default(content: bytes) -> None:
    dataset = XLSX().create_dataset(content)
    resource = PersonResource()
    for dry_run in (True, False):
        result = resource.import_data(dataset, dry_run=dry_run)
        assert not result.has_errors() and not result.has_validation_errors(), result.row_errors()[:1]
