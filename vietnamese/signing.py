"""The lines above a signer's name (decree 30/2020/NĐ-CP, article 13 and annex I, ô 7a)."""

from enum import StrEnum


class SigningMode(StrEnum):
    """Article 13: in what quality the signer signs."""

    HEAD = ""
    DEPUTY = "KT."
    ACTING = "Q."
    BY_ORDER = "TL."
    AUTHORISED = "TUQ."


FOR_THE_HEAD = frozenset({SigningMode.DEPUTY, SigningMode.BY_ORDER, SigningMode.AUTHORISED})
# By order and by authority one signs for the person of the head, not on behalf of the collective (articles 13.3, 13.4).
NOT_FOR_ALL = frozenset({SigningMode.BY_ORDER, SigningMode.AUTHORISED})


def signing_lines(
    post: str, *, mode: SigningMode | str = SigningMode.HEAD, head_post: str = "", collective: str = ""
) -> tuple[str, ...]:
    """The lines of ô 7a: `post` is the signer's, `head_post` whom he signs for, `collective` prints “TM. …” first.

    (“Phó Giám đốc”, mode=DEPUTY, head_post=“Giám đốc”) → “KT. GIÁM ĐỐC”, “PHÓ GIÁM ĐỐC”. A sở works under its head
    and has no collective; an UBND has one (“Ủy ban nhân dân”). ValueError without a head's post where the mode
    needs one.
    """
    lines = [f"TM. {collective}"] if collective and mode not in NOT_FOR_ALL else []
    if mode in FOR_THE_HEAD:
        if not head_post:
            raise ValueError(f"who signs {mode} signs for somebody: head_post is missing")
        lines += [f"{mode} {head_post}", post]
    else:
        lines.append(f"{mode} {post}".strip())
    return tuple(line.upper() for line in lines)
