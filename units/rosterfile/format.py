"""The formats django-import-export is given: its own XLSX reader and its escaping are unsafe as shipped (R31, R32)."""

from typing import Any

from import_export.formats.base_formats import Format
from tablib import Dataset

from ledger.sheets import CSV_TYPE, XLSX_TYPE, Table, write_csv, write_xlsx
from units.rosterfile.reading import read

TITLE = "Danh sách"


class _Safe(Format):
    """Reads through the limited child process, writes through the one writer."""

    extension, content_type = "", ""

    def get_title(self) -> str:
        return self.extension

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> Dataset:
        """Raises reading.Refused. Cells keep their types; rows are as long as the headings."""
        sheet = read(in_stream, f"{TITLE}.{self.extension}")
        dataset = Dataset(headers=sheet.headings)
        for row in sheet.rows:
            cells = row.cells[: len(sheet.headings)]
            dataset.append([*cells, *[None] * (len(sheet.headings) - len(cells))])
        return dataset

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        rows = (dataset[at] for at in range(dataset.height))
        return self.write(Table(TITLE, [str(heading) for heading in dataset.headers or ()], rows))

    @staticmethod
    def write(table: Table) -> bytes:
        raise NotImplementedError


class SafeXLSX(_Safe):
    extension, content_type = "xlsx", XLSX_TYPE

    @staticmethod
    def write(table: Table) -> bytes:
        return write_xlsx(table)


class SafeCSV(_Safe):
    extension, content_type = "csv", CSV_TYPE

    @staticmethod
    def write(table: Table) -> bytes:
        return write_csv(table)
