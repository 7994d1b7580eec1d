import django_tables2 as tables
from django.template.loader import render_to_string

from pledges.desks import remarks
from pledges.models import Pledge
from pledges.parties import state_of
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
        tone, word = state_of(record)
        return render_to_string("includes/_state.html", {"tone": tone, "word": word})

    def render_signed_at(self, value) -> str:
        return moment(value)


class WaitingTable(tables.Table):
    """What waits at one desk, with a box for each; the boxes belong to the form around the table."""

    caption = "Bản cam kết chờ xác nhận"
    empty_help = "Bỏ bớt điều kiện lọc, hoặc quay lại sau."

    name = tables.Column("Họ và tên", accessor="user__full_name", order_by="user__sort_key")
    post_title = tables.Column("Chức vụ, chức danh")
    unit = tables.Column("Nơi làm việc", accessor="unit__name", order_by=("unit__sort_key", "user__sort_key"))
    signed_at = tables.Column("Ký lúc")
    words = tables.Column("Nội dung cụ thể", accessor="own_words", orderable=False, empty_values=())

    class Meta:
        model = Pledge
        fields = ("name", "post_title", "unit", "signed_at", "words")
        empty_text = "Không có bản cam kết nào chờ ông/bà xác nhận"
        order_by = "unit"

    def __init__(self, *args, ticked: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.ticked = ticked

    def render_name(self, record: Pledge) -> str:
        return render_to_string("pledges/_tick.html", {"pledge": record, "ticked": self.ticked})

    def render_signed_at(self, value) -> str:
        return moment(value)

    def render_words(self, record: Pledge) -> str:
        return render_to_string("pledges/_words.html", {"pledge": record, "remarks": remarks(record)})
