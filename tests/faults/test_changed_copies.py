"""500 changed copies of sealed pledges: all told to be changed; 500 originals: none (rule R28)."""

import itertools

import pytest

from documents.check_codes import look_up_copy
from documents.press import render_all
from documents.seal import seal
from documents.services import check_address, new_check_code
from documents.typeset import pledge_sheet
from tests.documents import mutations, samples
from tests.documents.test_copies import copy_of, keep

TIMES, RENDERED, SEED = 500, 10, 2607


@pytest.mark.faults
@pytest.mark.django_db
def test_500_changed_copies_are_all_found_and_500_originals_are_none(
    cast, settings, tmp_path, record_property
):
    settings.MEDIA_ROOT = tmp_path
    codes = [new_check_code() for _ in range(RENDERED)]
    papers = [samples.pledge_with_evidence(check_code=code, check_url=check_address(code)) for code in codes]
    bodies = render_all([pledge_sheet(paper) for paper in papers])
    # Each sealing gives other bytes; the code stands on the first paper of each.
    originals = [seal(body) for body, _ in itertools.product(bodies, range(TIMES // RENDERED))]
    for number, body in enumerate(originals):
        code, first = codes[number * RENDERED // TIMES], number % (TIMES // RENDERED) == 0
        keep(code if first else None, body, cast)
    untouched = [look_up_copy(copy_of(body)) for body in originals]
    assert [answer.matches for answer in untouched] == [True] * TIMES
    changed = list(mutations.mutations(originals, TIMES, SEED))
    answers = [look_up_copy(copy_of(body)) for _, _, body in changed]
    passed = [
        name
        for (name, _, _), answer in zip(changed, answers, strict=True)
        if answer is None or answer.matches
    ]
    record_property("injected", TIMES)
    record_property("survived", TIMES - len(passed))
    record_property("lost", len(passed))
    assert passed == []
