"""WHO: the whole policy of the portal in one table.

A permission is named “app.act”; its predicate looks at the posts held today and at the object. What a user may *see* of
a kind of object is `visible_to` of that kind (404); this table says what he may *do* (403). Two words stand for
themselves in views: PUBLIC (no login) and SIGNED_IN (any official).
"""

import rules

from campaigns import rules as of_plans
from campaigns.models import UnitPlan
from pledges import rules as of_pledges
from pledges.models import Pledge, SelfReview
from reports import rules as of_reports
from reports.models import UnitReport
from units import rules as of_units
from units.models import Post, Unit
from units.rights import Act, acts

anyone_signed_in = rules.is_authenticated


# What a predicate looks at where no row of the unit is at hand: never saved.
def _the_unit(unit: Unit) -> Unit:
    return unit


def _a_plan(unit: Unit) -> UnitPlan:
    return UnitPlan(unit=unit)


def _a_pledge(unit: Unit) -> Pledge:
    return Pledge(unit=unit, signing_unit=unit)


def _a_review(unit: Unit) -> SelfReview:
    return SelfReview(pledge=_a_pledge(unit), signing_unit=unit)


def _a_report(unit: Unit) -> UnitReport:
    return UnitReport(unit=unit)


def _the_head_post(unit: Unit) -> Post:
    return Post(unit=unit, kind=Post.Kind.HEAD)


PERMISSIONS = {
    # units
    "units.view_unit": anyone_signed_in,
    "units.choose_duties": of_units.heads_the_parent | of_units.is_home_affairs,
    "units.renew_code": of_units.may_renew_code,
    "units.ask_factor_reset": of_units.may_ask_factor_reset,
    "units.decide_factor_reset": of_units.may_decide_factor_reset,
    "units.add_person": of_units.is_home_affairs,
    "units.reemploy_person": of_units.is_home_affairs & of_units.is_another,
    "units.issue_codes": of_units.in_charge_above | of_units.is_home_affairs,
    "units.reorganise": of_units.is_home_affairs,
    "units.import_roster": of_units.in_charge_above | of_units.is_home_affairs,
    "units.view_person": anyone_signed_in,
    "units.list_people": of_units.in_charge_above | of_units.is_home_affairs,
    "units.change_person": of_units.may_change_person,
    "units.retitle_person": of_units.keeps_the_person,
    "units.rename_person": of_units.is_home_affairs & of_units.is_another,
    "units.give_code": of_units.is_home_affairs & of_units.is_another,
    "units.give_post": of_units.may_give,
    "units.appoint": of_units.may_substitute,
    "units.rename_post": of_units.may_give,
    "units.end_appointment": of_units.may_end,
    "units.create_post": of_units.heads_a_unit_above | of_units.is_home_affairs,
    "units.choose_lines": of_units.is_home_affairs,
    "units.view_rights": of_units.in_charge_above | of_units.is_home_affairs,
    "units.view_faults": of_units.is_a_head | of_units.is_home_affairs,
    "units.choose_contract_kinds": of_units.is_home_affairs,
    "units.name_kinds": of_units.is_home_affairs,
    "units.freeze_headcounts": of_units.is_home_affairs,
    # campaigns
    "campaigns.view_unitplan": anyone_signed_in,
    "campaigns.list_unitplans": of_units.holds_a_post,
    "campaigns.begin_unitplan": of_units.is_a_head | of_units.is_a_clerk,
    "campaigns.write_unitplan": of_units.heads_its_unit | of_units.clerks_its_unit,
    "campaigns.submit_unitplan": of_units.heads_its_unit,
    "campaigns.review_unitplan": of_plans.reviews_the_plan,
    # pledges
    "pledges.sign_pledge": anyone_signed_in,
    "pledges.view_pledge": anyone_signed_in,
    "pledges.list_pledges": of_units.is_a_head
    | of_units.is_a_clerk
    | of_pledges.chairs_a_union
    | of_units.is_home_affairs,
    "pledges.countersign_pledge": of_pledges.confirms_as_head,
    "pledges.countersign_union": of_pledges.confirms_as_union,
    "pledges.confirm_in_bulk": of_pledges.confirms_as_head | of_pledges.confirms_as_union,
    "pledges.view_bulkconfirmation": anyone_signed_in,
    "pledges.cancel_bulkconfirmation": anyone_signed_in,
    "pledges.return_pledge": of_pledges.confirms_as_head | of_pledges.confirms_as_union,
    "pledges.order_paper": anyone_signed_in,
    "pledges.decline_pledge": anyone_signed_in,
    "pledges.list_refusals": of_units.is_a_head | of_units.is_home_affairs,
    "pledges.withdraw_pledge": of_pledges.answers_for,
    "pledges.revoke_pledge": of_pledges.may_revoke,
    "pledges.hand_over_pledge": of_pledges.may_hand_over,
    "pledges.sign_collective": of_units.heads_its_unit,
    "pledges.write_addition": of_units.heads_its_unit,
    "pledges.ask_renewal": of_units.heads_its_unit,
    "pledges.write_selfreview": anyone_signed_in,
    "pledges.view_selfreview": anyone_signed_in,
    "pledges.list_selfreviews": of_units.is_a_head | of_units.is_a_clerk | of_units.is_home_affairs,
    "pledges.list_waiting_selfreviews": of_units.is_a_head | of_pledges.chairs_a_union,
    "pledges.remark_as_head": of_pledges.remarks_as_head,
    "pledges.remark_for_union": of_pledges.remarks_as_union,
    "pledges.return_selfreview": of_pledges.remarks_as_head | of_pledges.remarks_as_union,
    "pledges.view_rates": of_units.is_a_head
    | of_units.is_a_clerk
    | of_units.is_home_affairs
    | of_units.is_leadership,
    "pledges.list_unsigned": of_units.is_a_head
    | of_units.is_a_clerk
    | of_pledges.chairs_a_union
    | of_units.is_home_affairs,
    "pledges.set_drive": of_units.is_home_affairs,
    "pledges.list_books": of_units.is_a_head | of_units.is_a_clerk | of_units.is_home_affairs,
    "pledges.keep_books": of_units.in_charge_above | of_units.is_home_affairs,
    "pledges.list_on_paper": of_units.is_a_head | of_units.is_a_clerk | of_units.is_home_affairs,
    "pledges.view_on_paper": anyone_signed_in,
    "pledges.keep_on_paper": of_units.in_charge_above | of_pledges.keeps_the_province,
    # reports
    "reports.view_board": of_units.is_home_affairs | of_units.is_leadership,
    "reports.open_round": of_units.is_home_affairs,
    "reports.excuse_unit": of_units.is_home_affairs,
    "reports.view_line": of_reports.leads_a_line,
    "reports.list_unitreports": of_units.is_a_head | of_units.is_a_clerk | of_units.is_home_affairs,
    "reports.view_unitreport": anyone_signed_in,
    "reports.begin_unitreport": of_units.is_a_head | of_units.is_a_clerk,
    "reports.write_unitreport": of_units.heads_its_unit | of_units.clerks_its_unit,
    "reports.submit_unitreport": of_units.heads_its_unit,
    "reports.review_unitreport": of_reports.reviews_the_report,
    "reports.compile_rollup": of_units.is_home_affairs,
    "reports.view_rollup": of_units.is_home_affairs | of_units.is_leadership,
}

for _name, _predicate in PERMISSIONS.items():
    if not rules.perm_exists(_name):
        rules.add_perm(_name, _predicate)

# What each act on a unit's things is called on the page “Ai được làm gì ở đây, và vì sao”, in the order of the page.
# Permissions that everyone has, and those on one person, say nothing about a unit and are left out.
IN_WORDS = {
    "pledges.countersign_pledge": ("Xác nhận bản cam kết với tư cách người đứng đầu", _a_pledge),
    "pledges.countersign_union": ("Xác nhận bản cam kết với tư cách chủ tịch công đoàn", _a_pledge),
    "pledges.return_pledge": ("Trả lại bản cam kết", _a_pledge),
    "pledges.remark_as_head": ("Nhận xét bản tự đánh giá với tư cách người đứng đầu", _a_review),
    "pledges.remark_for_union": ("Nhận xét bản tự đánh giá với tư cách chủ tịch công đoàn", _a_review),
    "pledges.keep_books": ("Lập sổ, tệp nén bản cam kết của năm", _the_unit),
    "pledges.revoke_pledge": ("Thu hồi bản cam kết đã đủ xác nhận", _a_pledge),
    "pledges.hand_over_pledge": ("Chuyển bản cam kết tới đơn vị đúng", _a_pledge),
    "pledges.sign_collective": ("Ký cam kết tập thể của đơn vị", _the_unit),
    "pledges.write_addition": ("Ghi nội dung bổ sung của đơn vị vào bản cam kết", _the_unit),
    "pledges.ask_renewal": ("Đề nghị ký lại bản cam kết", _the_unit),
    "pledges.keep_on_paper": ("In, ghi nhận danh sách ký cam kết trên giấy", _the_unit),
    "campaigns.write_unitplan": ("Soạn kế hoạch", _the_unit),
    "campaigns.submit_unitplan": ("Gửi kế hoạch", _the_unit),
    "campaigns.review_unitplan": ("Tiếp nhận hoặc trả lại kế hoạch", _a_plan),
    "reports.write_unitreport": ("Soạn báo cáo", _the_unit),
    "reports.submit_unitreport": ("Ký, gửi báo cáo", _the_unit),
    "reports.review_unitreport": ("Tiếp nhận hoặc trả lại báo cáo", _a_report),
    "units.choose_duties": ("Chọn nghĩa vụ kế hoạch, báo cáo của đơn vị", _the_unit),
    "units.list_people": ("Xem danh sách người làm việc", _the_unit),
    "units.add_person": ("Thêm người", _the_unit),
    "units.import_roster": ("Nhập danh sách từ tệp", _the_unit),
    "units.issue_codes": ("In phiếu kích hoạt tài khoản", _the_unit),
    "units.give_post": ("Giao chức vụ người đứng đầu", _the_head_post),
    "units.appoint": ("Giao người ký thay người đứng đầu", _the_head_post),
    "units.create_post": ("Thêm chức vụ", _the_unit),
    "units.choose_lines": ("Ghi công đoàn cơ sở, cơ quan quản lý ngành", _the_unit),
    "units.reorganise": ("Sắp xếp, sáp nhập, đổi tên đơn vị", _the_unit),
    "units.view_rights": ("Xem trang này", _the_unit),
}
for _name, (_words, _asked_on) in IN_WORDS.items():
    acts.enter(_name, Act(_name, _words, _asked_on))
