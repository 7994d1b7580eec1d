"""Pages about people, posts and rights: what is seen, what is done there, and that more rows cost no more queries."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from ledger.models import Event
from tests.factories import PASSWORD, appoint, make_unit, make_user, person, place
from units import kinds, services
from units.forms.posts import AppointForm
from units.models import Absence, Appointment, ContractKind, Cutoff, Employment, KindName, Post, User

pytestmark = pytest.mark.usefixtures("in_autumn_2026")

SINCE = date(2026, 6, 1)


def page_of(client_of, viewer, route, thing=None, **query):
    args = [getattr(thing, "code", None) or thing.public_id] if thing is not None else []
    return client_of(viewer).get(reverse(f"units:{route}", args=args), query)


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("official", 200), ("head", 200), ("clerk", 200), ("home_affairs", 200), ("stranger", 404), ("other_head", 404)],
)  # fmt: skip
def test_a_person_s_page_is_for_himself_and_for_who_keeps_the_roster(cast, client_of, role, status):
    assert page_of(client_of, getattr(cast, role), "person_detail", cast.official).status_code == status


def test_the_page_tells_employments_posts_absences_and_what_may_be_done(cast, client_of):
    services.second(user=cast.official, host=cast.ward, since=SINCE, decision="QĐ 7", by=None)
    services.absent(user=cast.official, kind="long_leave", reason="Đi học", since=SINCE, by=None)
    shown = text(page_of(client_of, cast.home_affairs, "person_detail", cast.official))
    for words in (
        "biệt phái từ Phòng Văn hóa",
        "từ 01/01/2024 đến hết 31/05/2026",
        "Nghỉ dài ngày",
        "Hết biệt phái",
        "Làm việc lại",
        "Chuyển công tác",
    ):
        assert words in shown
    assert "Chuyển công tác" not in text(page_of(client_of, cast.official, "person_detail", cast.official))


def test_a_clerk_does_not_dismiss_or_excuse_the_head(cast, client_of):
    for route in ("person_end", "person_absent", "person_move"):
        assert page_of(client_of, cast.clerk, route, cast.head).status_code == 403
        assert page_of(client_of, cast.clerk, route, cast.official).status_code == 200


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_of_people_costs_the_same_for_one_and_for_three(
    cast, client_of, django_assert_num_queries, more
):
    for number in range(more):
        person(f"Người Thêm {number}", cast.division)
    client = client_of(cast.home_affairs)
    url = reverse("units:unit_people", args=[cast.division.public_id])
    client.get(url)
    with django_assert_num_queries(9):
        shown = text(client.get(url))
    assert f"{1 + more} người tại ngày" in shown


def test_people_are_found_by_name_without_accents_by_code_and_by_category(cast, client_of):
    found = text(page_of(client_of, cast.head, "unit_people", cast.ward, q="kan lich"))
    assert "Kăn Lịch" in found and "Ưng Thị Ẩn" not in found
    found = text(
        page_of(client_of, cast.head, "unit_people", cast.ward, q=cast.school_official.username.lower())
    )
    assert "Ưng Thị Ẩn" in found and "Kăn Lịch" not in found
    found = text(page_of(client_of, cast.head, "unit_people", cast.ward, category="can_bo"))
    assert "Tôn Thất Đức" in found and "Kăn Lịch" not in found


def test_the_list_is_closed_to_who_is_not_in_charge(cast, client_of):
    for role in ("official", "other_head", "leadership"):
        assert page_of(client_of, getattr(cast, role), "unit_people", cast.ward).status_code == 403


def test_a_move_through_the_page(cast, client_of, post_form):
    url = reverse("units:person_move", args=[cast.union_chair.public_id])
    post = cast.union_chair.appointments.get()
    form = {"unit": "a luoi 2", "on": "01/06/2026", "kept": [post.public_id]}
    client = client_of(cast.home_affairs)
    assert "Ghi số quyết định" in text(post_form(client, url, form))
    assert post_form(client, url, {**form, "kept_because": "QĐ 12"}).status_code == 302
    assert Employment.objects.get(user=cast.union_chair, until=None).unit == cast.other_ward
    post.refresh_from_db()
    assert (post.until, post.document) == (None, "QĐ 12")


def test_a_head_sends_people_only_where_he_is_in_charge(cast, client_of, post_form):
    url = reverse("units:person_move", args=[cast.official.public_id])
    client = client_of(cast.head)
    outside = post_form(client, url, {"unit": "UBND xã A Lưới 2", "on": "01/06/2026"})
    assert "ngoài phạm vi phụ trách" in text(outside)
    assert (
        post_form(client, url, {"unit": "Trường Tiểu học Kim Long 1", "on": "01/06/2026"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("UBND", "Có nhiều đơn vị phù hợp"), ("khong co", "Không có đơn vị nào"), ("", "Nhập tên đơn vị")],
)
def test_a_unit_is_found_by_its_name_or_the_form_says_why_not(cast, client_of, post_form, typed, sentence):
    url = reverse("units:person_move", args=[cast.official.public_id])
    assert sentence in text(post_form(client_of(cast.home_affairs), url, {"unit": typed, "on": "01/06/2026"}))


def test_the_end_of_all_work_through_its_page(cast, client_of, post_form):
    url = reverse("units:person_end", args=[cast.official.public_id])
    sent = {"on": "01/06/2026", "ending": "retired", "reason": "QĐ 8"}
    assert post_form(client_of(cast.home_affairs), url, sent).status_code == 302
    assert cast.official.employments.get().ending == "retired"


def test_secondment_absence_name_and_code_through_their_pages(cast, client_of, post_form):
    client, who = client_of(cast.home_affairs), cast.official
    User.objects.filter(pk=who.pk).update(code_from_portal=True)

    def send(route, **form):
        answer = post_form(client, reverse(f"units:{route}", args=[who.public_id]), form)
        assert answer.status_code == 302, text(answer)

    send("person_second", unit="a luoi 2", since="01/06/2026", decision="QĐ 7")
    send("person_return", on="01/07/2026")
    send("person_absent", kind="long_leave", reason="Đi học", since="01/08/2026")
    send("person_back", on="01/09/2026")
    send("person_rename", full_name="Kăn  Thị Lịch", job_title="Chuyên viên")
    send("person_code", username="h4711")
    again = User.objects.get(pk=who.pk)
    assert (again.full_name, again.username, again.job_title) == ("Kăn Thị Lịch", "H4711", "Chuyên viên")
    assert Absence.objects.get(user=who).until == date(2026, 9, 1)
    assert [row.ending for row in who.employments.order_by("since")] == ["seconded", "returned", ""]


def test_the_name_is_home_affairs_to_change_the_title_the_clerk_s(cast, client_of, post_form):
    url = reverse("units:person_rename", args=[cast.official.public_id])
    sent = {"full_name": "Tên Khác", "job_title": "Chuyên viên chính"}
    assert post_form(client_of(cast.clerk), url, sent).status_code == 302
    again = User.objects.get(pk=cast.official.pk)
    assert (again.full_name, again.job_title) == ("Kăn Lịch", "Chuyên viên chính")


def test_posts_show_holders_manners_and_the_holders_before(cast, client_of):
    deputy = person("Phạm Thị Hương", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    services.substitute(
        given_by=cast.head.appointments.get(), user=deputy, manner="deputises", since=SINCE,
        functions=["reports"], by=cast.head,
    )  # fmt: skip
    appoint(make_user("Người Trước"), cast.ward, "clerk", "Cán bộ đầu mối", until=SINCE)
    shown = text(page_of(client_of, cast.head, "unit_posts", cast.ward))
    for words in ("Ký thay (KT.), từ 01/06/2026, thay Tôn Thất Đức", "chỉ trong: Báo cáo", "Người Trước"):
        assert words in shown


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_of_posts_costs_the_same_for_one_and_for_three_holders(
    cast, client_of, django_assert_num_queries, more
):
    for number in range(more):
        appoint(make_user(f"Cán Bộ {number}"), cast.ward, "clerk", "Cán bộ đầu mối")
    client = client_of(cast.official)
    url = reverse("units:unit_posts", args=[cast.ward.public_id])
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)


def test_a_post_is_given_and_taken_through_the_pages(cast, client_of, post_form):
    client = client_of(cast.home_affairs)
    row = cast.head.appointments.get()
    url = reverse("units:appointment_end", args=[row.public_id])
    assert post_form(client, url, {"on": "22/11/2026", "reason": "Nghỉ hưu"}).status_code == 302
    give = reverse("units:post_appoint", args=[row.post.public_id])
    sent = {"user": "nguyen thi ut", "manner": "in_charge", "since": "22/11/2026", "document": "QĐ 3"}
    assert post_form(client, give, sent).status_code == 302
    assert Appointment.objects.get(user=cast.clerk, manner="in_charge").document == "QĐ 3"


def test_a_head_names_his_substitute_and_puts_nobody_into_his_post(cast, client_of, post_form):
    person("Phạm Thị Hương", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    url = reverse("units:post_appoint", args=[Post.objects.get(unit=cast.ward, kind="head").public_id])
    client = client_of(cast.head)
    assert 'value="holder"' not in text(client.get(url))
    sent = {"user": "pham thi huong", "manner": "deputises", "since": "01/06/2026", "functions": ["reports"]}
    assert post_form(client, url, sent).status_code == 302
    assert Appointment.objects.get(manner="deputises").functions == ["reports"]


def test_giving_a_post_asks_for_fresh_proof(cast, client_of):
    client = client_of(cast.home_affairs)
    session = client.session
    session["proved_at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    for route, thing in (
        ("post_appoint", Post.objects.get(unit=cast.ward, kind="clerk")),
        ("appointment_end", cast.head.appointments.get()),
        ("person_end", cast.official),
        ("person_move", cast.official),
        ("person_reemploy", cast.official),
        ("person_stay", cast.official),
        ("cutoff_take", None),
        ("person_add", cast.school),
        ("user_renew_code", cast.official),
    ):
        args = [thing.public_id] if thing else []
        assert 'name="password"' in text(client.get(reverse(f"units:{route}", args=args))), route


def test_codes_and_people_with_posts_are_given_with_the_password_alone(cast, client_of, post_form):
    cast.school_official.set_unusable_password()
    cast.school_official.save()
    newcomer = {
        "full_name": "Người Mới", "category": "vien_chuc", "since": "01/06/2026", "post_kind": "deputy",
    }  # fmt: skip
    for route, thing, sent in (
        ("person_add", cast.school, newcomer),
        ("unit_codes", cast.ward, {}),
        ("user_renew_code", cast.official, {}),
    ):
        client = client_of(cast.home_affairs)
        session = client.session
        session["proved_at"] = "2020-01-01T00:00:00+00:00"
        session.save()
        url = reverse(f"units:{route}", args=[thing.public_id])
        assert 'name="password"' in text(client.get(url)), route
        answer = post_form(client, url, sent)
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"password"}), route
        assert 'name="password"' in text(answer), route
        assert post_form(client, url, {**sent, "password": PASSWORD}).status_code == 302, route
    assert Appointment.objects.get(user__full_name="Người Mới").post.kind == "deputy"


def test_no_code_to_issue_asks_for_no_proof(cast, client_of):
    client = client_of(cast.home_affairs)
    session = client.session
    del session["proved_at"]
    session.save()
    shown = text(client.get(reverse("units:unit_codes", args=[cast.ward.public_id])))
    assert 'name="password"' not in shown and "chỉ do Sở Nội vụ cấp" in shown


def test_who_signs_for_others_is_told_at_the_door_to_ask_home_affairs(db, client):
    shown = text(client.get(reverse("login")))
    assert (
        "Người đứng đầu, cấp phó, chủ tịch công đoàn, thành viên đoàn kiểm tra: đề nghị Sở Nội vụ." in shown
    )


def test_a_name_outside_one_s_charge_is_not_found_only_the_whole_code_is(cast, client_of, post_form):
    row = Post.objects.get(unit=cast.ward, kind="head")
    url = reverse("units:post_appoint", args=[row.public_id])
    sent = {"manner": "deputises", "since": "01/06/2026"}
    client, outsider = client_of(cast.head), cast.other_head
    answer = post_form(client, url, {**sent, "user": outsider.full_name})
    assert "Không có ai tên hoặc số hiệu" in text(answer) and outsider.username not in text(answer)
    part = outsider.username[:-1]
    assert "user" in post_form(client, url, {**sent, "user": part}).context["form"].errors
    by_code = post_form(client, url, {**sent, "user": outsider.username.lower()})
    assert "không phải cấp phó của" in str(by_code.context["form"].errors["user"]), "found, and refused"
    of_all = AppointForm(
        {**sent, "user": outsider.full_name},
        post=row,
        may_give=True,
        request=SimpleNamespace(user=cast.home_affairs, session=client.session),
    )
    assert of_all.is_valid() and of_all.cleaned_data["user"] == outsider


def test_units_of_one_name_are_told_apart_by_the_unit_above(cast, client_of, post_form):
    place(make_unit("Phòng Kinh tế"), cast.ward)
    meant = make_unit("Phòng Kinh tế")
    place(meant, cast.other_ward)
    url = reverse("units:person_move", args=[cast.official.public_id])
    client = client_of(cast.home_affairs)
    answer = text(post_form(client, url, {"unit": "Phòng Kinh tế", "on": "01/06/2026"}))
    assert "Phòng Kinh tế (UBND phường Kim Long)" in answer
    assert "Phòng Kinh tế (UBND xã A Lưới 2)" in answer
    assert 'list="' not in answer, "no page has the list this pointed to"
    sent = {"unit": "Phòng Kinh tế (UBND xã A Lưới 2)", "on": "01/06/2026"}
    assert post_form(client, url, sent).status_code == 302
    assert cast.official.employments.get(until=None).unit == meant


def test_unions_and_lines_through_their_pages(cast, client_of, post_form):
    client = client_of(cast.home_affairs)
    union = reverse("units:unit_union", args=[cast.school.public_id])
    assert "Kết thúc công đoàn cơ sở" in text(client.get(union))
    assert post_form(client, union, {"on": "01/06/2026", "decision": "QĐ 60"}).status_code == 302
    assert "Thành lập công đoàn cơ sở" in text(client.get(union))
    assert post_form(client, union, {"on": "01/09/2026", "decision": "QĐ 61"}).status_code == 302
    line = reverse("units:unit_line", args=[cast.school.public_id])
    assert post_form(client, line, {"authority": "so y te", "on": "01/06/2026"}).status_code == 302
    assert cast.school.professional_lines.get().authority == cast.other_agency
    assert post_form(client, line, {"authority": "", "on": "01/09/2026"}).status_code == 302
    assert cast.school.professional_lines.get().until == date(2026, 9, 1)


def test_contract_kinds_and_frozen_counts_through_their_pages(cast, client_of, post_form):
    client = client_of(cast.home_affairs)
    new = {"code": "khoan-viec", "name": "Khoán việc"}
    answer = post_form(client, reverse("units:contractkind_add"), {**new, "pledges": "on"})
    assert "cũng được tính" in text(answer)
    assert post_form(client, reverse("units:contractkind_add"), {**new, "counts": "on"}).status_code == 302
    kind = ContractKind.objects.get(code="khoan-viec")
    assert (kind.counts, kind.pledges) == (True, False)
    edit = reverse("units:contractkind_edit", args=["khoan-viec"])
    assert post_form(client, edit, {"name": "Khoán việc"}).status_code == 302
    kind.refresh_from_db()
    assert kind.counts is False
    taken = post_form(client, reverse("units:cutoff_take"), {"code": "bc-2026", "on": "01/06/2026"})
    assert taken.status_code == 302
    assert sum(Cutoff.objects.get().counts.values_list("people", flat=True)) == 13
    assert "bc-2026" in text(client.get(reverse("units:cutoff_list")))
    assert "Khoán việc" in text(client.get(reverse("units:contractkind_list")))


def test_kinds_of_units_are_called_as_home_affairs_says(cast, client_of, post_form):
    client, page = client_of(cast.home_affairs), reverse("units:kind_names")
    names = kinds.names()
    assert post_form(client, page, names | {"phong": "Phòng, ban, trung tâm"}).status_code == 302
    [row] = KindName.objects.all()
    assert (row.kind, row.name) == ("phong", "Phòng, ban, trung tâm")
    unit = reverse("units:unit_detail", args=[cast.division.public_id])
    for url in (unit, reverse("units:unit_list") + "?q=phong"):
        assert "Phòng, ban, trung tâm" in text(client.get(url))
        assert "Phòng, ban trực thuộc" not in text(client.get(url))
    event = Event.objects.filter(kind="units.name_kind").get()
    assert event.data == {"before": "Phòng, ban trực thuộc", "after": "Phòng, ban, trung tâm"}

    assert post_form(client, page, kinds.names()).status_code == 302
    assert Event.objects.filter(kind="units.name_kind").count() == 1, "nothing changed, nothing written"
    twice = post_form(client, page, names | {"phong": names["xa"]})
    assert text(twice).count("không thể cùng tên gọi") >= 2
    assert 'value="Ủy ban nhân dân xã"' in text(twice), "what was typed stays"
    assert "Nhập tên gọi" in text(post_form(client, page, names | {"phong": " "}))


def test_settings_are_closed_to_others(cast, client_of):
    for route in ("contractkind_list", "contractkind_add", "kind_names", "cutoff_list", "cutoff_take"):
        assert page_of(client_of, cast.head, route).status_code == 403


def test_who_may_do_what_here_and_why(cast, client_of):
    deputy = person("Phạm Thị Hương", cast.ward, post=("deputy", "Phó Chủ tịch UBND phường"))
    services.substitute(
        given_by=cast.head.appointments.get(), user=deputy, manner="deputises", since=SINCE,
        until=date(2027, 1, 1), document="QĐ số 9", functions=["reports"], by=cast.head,
    )  # fmt: skip
    answer = page_of(client_of, cast.clerk, "unit_rights", cast.ward)
    told = {right.act.permission: right.holders for right in answer.context["rights"]}
    sends = {holder.user.full_name: holder.reasons for holder in told["reports.submit_unitreport"]}
    assert sends == {
        "Tôn Thất Đức": ("Chủ tịch UBND phường, UBND phường Kim Long, từ 01/01/2024",),
        "Phạm Thị Hương": (
            "KT. Chủ tịch UBND phường, UBND phường Kim Long, theo QĐ số 9, từ 01/06/2026 đến hết 31/12/2026",
        ),
    }
    assert {holder.user for holder in told["campaigns.submit_unitplan"]} == {cast.head}
    assert cast.home_affairs in {holder.user for holder in told["reports.review_unitreport"]}


def test_the_page_of_rights_says_what_the_permissions_say(cast, client_of):
    answer = page_of(client_of, cast.home_affairs, "unit_rights", cast.school)
    for right in answer.context["rights"]:
        told = {holder.user.pk for holder in right.holders}
        asked_on = right.act.asked_on(cast.school)
        may = {user.pk for user in User.objects.all() if user.has_perm(right.act.permission, asked_on)}
        assert told == may, right.act.permission


def test_more_holders_cost_the_page_of_rights_no_query_each(cast, client_of, django_assert_max_num_queries):
    for number in range(3):
        appoint(make_user(f"Cán Bộ {number}"), cast.ward, "clerk", "Cán bộ đầu mối")
    client = client_of(cast.head)
    with django_assert_max_num_queries(60):
        client.get(reverse("units:unit_rights", args=[cast.ward.public_id]))


def test_rights_are_shown_to_who_answers_for_the_unit_and_one_s_own_to_everyone(cast, client_of):
    for role in ("official", "other_head"):
        assert page_of(client_of, getattr(cast, role), "unit_rights", cast.ward).status_code == 403
    assert "Không giữ chức vụ nào" in text(page_of(client_of, cast.official, "own_rights"))
    assert "Ký, gửi báo cáo" in text(page_of(client_of, cast.head, "own_rights"))
