"""Lists and sheets to be signed by hand: ordered on a page, made by the worker, and what stood on them kept."""

from datetime import date
from typing import Any

from django.db import transaction

from campaigns.models import Campaign
from documents import vault
from documents.fonts import FontsMissing
from documents.press import PressRefused, render
from ledger import clock, events, jobs
from ledger.jobs import Hold
from ledger.workflow import StepRefused
from pledges.listing import Person, people_of
from pledges.models import BlankForm, Pledge
from pledges.tosign import blank_html, blank_title
from pledges.wording import addition_in_force, addressees, current_text, shown_record
from units import signing
from units.models import BaseUnion, Placement, Unit, User
from units.queries import in_force

KIND = "pledges.blankform"
MOST = {BlankForm.Form.LIST.value: 1500, BlankForm.Form.SHEETS.value: 400}
NONE = "Không còn ai phải ký mà chưa ký ở đơn vị này."
TOO_MANY = "Có {0} người, nhiều hơn {1} người của một tệp. Với số này, hãy in danh sách ký thay cho từng bản."
NO_PAPERS = "Đơn vị này không ban hành văn bản riêng; danh sách ký do đơn vị cấp trên in."
NO_LONGER = "Người đặt in không còn quyền giữ danh sách ký của đơn vị."


@transaction.atomic
def order_blank(*, unit: Unit, campaign: Campaign, form: str, by: User) -> BlankForm:
    """Who owes and has not signed today, frozen with the words. The order that is under way is given again.

    Raises StepRefused: nobody left, too many, no papers of its own.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    year = by.today.year
    if active := BlankForm.objects.active().filter(unit=unit, year=year, form=form, by=by).first():
        return active
    if not has_papers(unit, by.today):
        raise StepRefused(NO_PAPERS)
    people = still_to_sign(unit, campaign=campaign, by=by)
    if not people:
        raise StepRefused(NONE)
    if len(people) > MOST[form]:
        raise StepRefused(TOO_MANY.format(len(people), MOST[form]))
    blank = BlankForm.objects.create(
        campaign=campaign,
        year=year,
        unit=unit,
        form=form,
        by=by,
        people=len(people),
        content=content_of(unit, people, campaign=campaign, year=year, on=by.today),
        steps=2,
        message="Chờ lập tệp",
    )
    _record(blank, by)
    jobs.poke(KIND, blank)
    return blank


def has_papers(unit: Unit, on: date) -> bool:
    return Placement.objects.filter(in_force(on), unit=unit, own_papers=True).exists()


def still_to_sign(unit: Unit, *, campaign: Campaign, by: User) -> list[Person]:
    people = people_of(
        unit,
        campaign=campaign,
        year=by.today.year,
        on=by.today,
        with_top=by.acting_in("pledges").works_for_home_affairs,
    )
    return [one for one in people if one.owes and one.may_sign]


def content_of(
    unit: Unit, people: list[Person], *, campaign: Campaign, year: int, on: date
) -> dict[str, Any]:
    """Everything that will be printed, so that the list that comes back is matched with what was on paper."""
    record = words_of(unit, people, campaign=campaign, year=year, on=on)
    union = BaseUnion.objects.filter(in_force(on), unit=unit).values_list("name", flat=True).first()
    head = signing.block(unit, None, on, "pledges")
    return {
        "text": record["text"],
        "addition": record["addition"],
        "addressed_to": record["addressed_to"],
        "people": [
            {
                "id": one.user.public_id,
                "name": one.user.full_name,
                "post": one.title,
                "unit": one.employment.unit.name,
                "leads": one.kind == Pledge.Kind.LEADER,
            }
            for one in people
        ],
        "head": {"lines": list(head.lines), "name": head.name},
        "union": union or "",
    }


def words_of(unit: Unit, people: list[Person], *, campaign: Campaign, year: int, on: date) -> dict[str, Any]:
    """The words all of them sign; with the clause of leaders where one of them leads."""
    leader = next((one for one in people if one.kind == Pledge.Kind.LEADER), None)
    shown = leader or people[0]
    return shown_record(
        campaign=campaign,
        text=current_text(campaign),
        commitments=list(campaign.commitments.values_list("text", flat=True)),
        year=year,
        kind=shown.kind,
        person=shown.user,
        post_title=shown.title,
        category=shown.employment.category,
        unit=shown.employment.unit,
        signing_unit=unit,
        addressed_to=addressees(unit, on),
        addition=addition_in_force(campaign, unit),
        channel=Pledge.Channel.PAPER,
    )


def print_blank(job: BlankForm, hold: Hold) -> None:
    """The worker's part. Who ordered must still have the right (rule R06)."""
    blank = BlankForm.objects.select_related("unit", "by").get(pk=job.pk)
    if blank.by is None or not blank.by.has_perm("pledges.keep_on_paper", blank.unit):
        hold.fail(NO_LONGER)
        return
    hold.progress(1, 2, "Đang lập tệp")
    day = clock.local(blank.created_at).date()
    try:
        body = render(blank_html(blank, on=day, demo=blank.by.is_demo), title=blank_title(blank))
    except (PressRefused, FontsMissing) as error:
        hold.fail(str(error))
        return
    hold.finish(path=vault.keep(body), sha256=vault.sha256_of(body))


def blank_bytes(blank: BlankForm) -> bytes:
    """Raises PaperDamaged; StepRefused while it is not made."""
    if blank.status != BlankForm.Status.DONE:
        raise StepRefused("Tệp chưa lập xong.")
    return vault.fetch(blank.path, blank.sha256)


def _record(blank: BlankForm, by: User) -> None:
    events.record(
        f"{KIND}.order",
        by=by,
        object_kind=KIND,
        object_id=blank.public_id,
        unit_id=blank.unit.public_id,
        data={"year": blank.year, "form": blank.form, "people": blank.people},
    )
