import django_tables2 as tables
from django.template.loader import render_to_string

from pledges.models import Pledge
from pledges.parties import TONES
from vietnamese.templatetags.vietnamese import moment


class PledgeTable(tables.Table):
    caption = "Bản cam kết theo người ký"
    empty_help = "Bỏ bớt điều kiện lọc, hoặc chọn năm khác."

    name = tables.Column("Họ và tên", accessor="user__full_name", order_by="user__sort_key", linkify=True)
    unit = tables.Column("Đơn vị", accessor="unit__name", order_by=("unit__sort_key", "user__sort_key"))
    status = tables.Column("Trạng thái")
    signed_at = tables.Column("Ký lúc")

    class Meta:
        model = Pledge
        fields = ("name", "unit", "status", "signed_at")
        empty_text = "Không có bản cam kết nào"
        order_by = "name"

    def render_status(self, record: Pledge) -> str:
        word = record.get_status_display()
        return render_to_string("includes/_state.html", {"tone": TONES[record.status], "word": word})

    def render_signed_at(self, value) -> str:
        return moment(value)
