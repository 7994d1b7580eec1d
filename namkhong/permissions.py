"""WHO: the whole policy of the portal in one table.

A permission is named “app.act”; its predicate looks at the posts held today and at the object. What a user may *see* of
a kind of object is `visible_to` of that kind (404); this table says what he may *do* (403). Two words stand for
themselves in views: PUBLIC (no login) and SIGNED_IN (any official).
"""

import rules

from campaigns import rules as of_plans
from pledges import rules as of_pledges
from reports import rules as of_reports
from units import rules as of_units

anyone_signed_in = rules.is_authenticated

PERMISSIONS = {
    # units
    "units.view_unit": anyone_signed_in,
    "units.choose_duties": of_units.heads_the_parent | of_units.is_home_affairs,
    "units.renew_code": of_units.may_renew_code,
    "units.add_person": of_units.is_home_affairs,
    "units.issue_codes": of_units.in_charge_above | of_units.is_home_affairs,
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
    "pledges.return_pledge": of_pledges.confirms_as_head | of_pledges.confirms_as_union,
    "pledges.order_paper": anyone_signed_in,
    # reports
    "reports.view_board": of_units.is_home_affairs | of_units.is_leadership,
    "reports.open_round": of_units.is_home_affairs,
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
