"""No confirmation without a fresh proof; which one it was stands with the signature (rule R26, feature S5)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from ledger import clock
from ledger.workflow import StepRefused
from pledges import services
from pledges.models import Pledge, Signature
from tests.factories import PASSWORD
from tests.pledges.acts import afresh, proposal, proved, sign
from units import proof

SIGN = "pledges:pledge_sign"


def test_login_itself_is_the_proof_for_ten_minutes(cast, campaign, client, post_form):
    client.post(reverse("login"), {"username": cast.official.username, "password": PASSWORD})
    page = client.get(reverse(SIGN)).content.decode()
    assert 'name="password"' not in page
    post_form(client, reverse(SIGN), {"seen_sha256": proposal(cast.official, campaign).sha256})
    row = Signature.objects.get()
    assert row.proof["by"] == "password"
    assert row.proof["at"] == client.session[proof.SESSION_KEY]
    assert row.proof["at"] < row.at.isoformat()


def test_a_password_given_at_the_act_is_the_proof_of_it(cast, campaign, client_of, post_form):
    client = client_of(cast.official)
    session = client.session
    session[proof.SESSION_KEY] = "2020-01-01T00:00:00+00:00"
    session.save()
    seen = proposal(cast.official, campaign).sha256
    post_form(client, reverse(SIGN), {"seen_sha256": seen, "password": PASSWORD})
    given = Signature.objects.get().proof
    assert given["by"] == "password" and given["at"] > "2026"


def test_the_head_s_and_the_union_s_confirmations_carry_theirs(cast, half_confirmed, client_of, post_form):
    url = reverse("pledges:pledge_countersign_union", args=[half_confirmed.public_id])
    client = client_of(cast.union_chair)
    session = client.session
    session[proof.SESSION_BY] = "code"
    session.save()
    post_form(client, url, {"seen_sha256": half_confirmed.sha256})
    rows = {row.party: row.proof["by"] for row in Signature.objects.all()}
    assert rows == {"official": "password", "head": "password", "union": "code"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"by": "password"},
        {"by": "password", "at": (clock.now() - timedelta(minutes=11)).isoformat()},
        {"by": "password", "at": (clock.now() + timedelta(hours=1)).isoformat()},
    ],
)
def test_the_services_themselves_refuse_a_proof_that_is_missing_old_or_to_come(cast, campaign, signed, given):
    shown = proposal(cast.official, campaign)
    words = {"campaign": campaign, "year": shown.year, "own_words": "", "seen_sha256": shown.sha256}
    seen = {"pledge": signed, "seen_sha256": signed.sha256, "proof": given}
    for act in (
        lambda: services.sign_pledge(by=afresh(cast.official), **words, proof=given),
        lambda: services.countersign(by=afresh(cast.school_head), **seen),
        lambda: services.countersign_for_union(by=afresh(cast.union_chair), **seen),
    ):
        with pytest.raises(StepRefused, match="Đã quá 10 phút"), transaction.atomic():
            act()
    assert Signature.objects.count() == 1


# --- how much a signature costs


def test_signing_takes_the_same_few_queries_for_everybody(cast, campaign, django_assert_num_queries):
    for user in (cast.school_official, cast.official, cast.school_head):
        shown, by = proposal(user, campaign), afresh(user)
        assert by.posts_today is not None
        with django_assert_num_queries(13):
            services.sign_pledge(
                by=by,
                campaign=campaign,
                year=shown.year,
                own_words="",
                seen_sha256=shown.sha256,
                proof=proved(),
            )
    assert Pledge.objects.count() == 3


def test_the_record_names_campaign_year_text_person_unit_post_and_moment(cast, campaign):
    pledge = sign(cast.school_head, campaign)
    record, post = pledge.content, pledge.signatures.get().post
    assert post is not None
    assert record["form"] == 2
    assert (record["campaign"], record["year"], record["channel"]) == ("2607", pledge.year, "portal")
    assert (record["text"]["version"], record["addition"]) == (1, None)
    assert record["person"]["code"] == cast.school_head.username
    assert record["person"]["post_id"] == post.public_id
    assert record["unit"]["id"] == cast.school.public_id
    assert record["signing_unit"]["id"] == cast.ward.public_id
    assert record["signed_at"].startswith(str(pledge.signed_at.year))
