"""A PDF that was given out, signed elsewhere and brought back: what is it, and who signed it (rules R28, R33).

The bytes that were shown must stand at the beginning, untouched, and nothing but signatures behind them: only then is
what was shown what was signed. The file is opened in a child process with limits of memory and time and without our
database, settings and network. pyHanko takes the signatures apart; this module judges.
"""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("signed_child.py")
LARGEST = 10 * 1024 * 1024
# A picture of a signature larger than this part of a page could cover or replace what stands there.
LARGEST_PICTURE = 0.2
# What a child without memory says, whichever library it was in.
STARVED = ("MemoryError", "Cannot allocate memory", "failed to map segment")
# Nothing of our environment: no addresses, no keys, no locale.
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}

# What pyHanko says of a certificate where there is nothing to compare it with; any other word is a fault of its own.
NO_CHAIN = ("", "NO_CERTIFICATE_CHAIN_FOUND")

ACCEPTED, UNSIGNED, ALTERED = "accepted", "unsigned", "altered"
FOREIGN, INVALID, UNREADABLE = "foreign", "invalid", "unreadable"


@dataclass(frozen=True)
class Limits:
    """What one file may take. Measured: a pledge signed twice takes 1.0 s of processor and 180 MB of addresses."""

    memory_bytes: int = 1024**3
    cpu_seconds: int = 20
    wall_seconds: float = 40.0


@dataclass(frozen=True)
class Policy:
    """`roots`: certificates of authorities that the province trusts, PEM or DER. Where there are any, a signature must
    lead to one of them; where there are none, `needs_trust` says whether it is accepted all the same.
    """

    roots: tuple[bytes, ...] = ()
    needs_trust: bool = False


@dataclass(frozen=True)
class FoundSignature:
    """`time_from`: token (a time-stamp token, RFC 3161), claim (the signer's own clock), none. `trust`: trusted,
    untrusted, unchecked (no authority to compare with). Moments in ISO form, empty when absent.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    valid_from: str
    valid_until: str
    signed_at: str
    time_from: str
    trust: str


@dataclass(frozen=True)
class Examined:
    """`verdict` is one of six codes; `reason` says more precisely why, as a code; `detail` is for the log."""

    verdict: str
    reason: str = ""
    signatures: tuple[FoundSignature, ...] = ()
    detail: str = ""


def ready_to_sign(body: bytes) -> bytes:
    """The same paper with an empty form, to which a tool adds its field: pyHanko compares forms only where the paper
    that was given out has one. Equal bytes for equal bytes.
    """
    import pikepdf  # noqa: PLC0415 - large, and for the worker alone

    with pikepdf.open(io.BytesIO(body)) as paper:
        form = pikepdf.Dictionary(Fields=pikepdf.Array(), SigFlags=3)
        paper.Root.AcroForm = paper.make_indirect(form)
        out = io.BytesIO()
        paper.save(out, deterministic_id=True)
    return out.getvalue()


def examine(
    body: bytes,
    *,
    original: bytes,
    marker: str,
    moment: datetime,
    policy: Policy | None = None,
    limits: Limits | None = None,
) -> Examined:
    """`original` are the bytes that were given out, `marker` a code printed on them. Raises nothing: a file that cannot
    be opened within its limits is UNREADABLE.
    """
    policy, limits = policy or Policy(), limits or Limits()
    if len(body) > LARGEST:
        return Examined(UNREADABLE, "large")
    if b"%PDF-" not in body[:1024]:
        return Examined(UNREADABLE, "not_pdf")
    job = {"limits": asdict(limits), "marker": marker, "moment": moment.isoformat()}
    found = _ask_child(job_for_child(job, [original, body, *policy.roots]), limits)
    return _judge(found, policy, moment)


def job_for_child(job: dict, parts: list[bytes]) -> bytes:
    return json.dumps(job | {"sizes": [len(part) for part in parts]}).encode() + b"\n" + b"".join(parts)


def _ask_child(job: bytes, limits: Limits) -> dict:
    try:
        child = subprocess.run(
            [sys.executable, "-s", "-P", "-W", "ignore", str(CHILD)],
            input=job,
            capture_output=True,
            timeout=limits.wall_seconds,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"form": "broken", "reason": "costly", "detail": f"wall clock {limits.wall_seconds} s"}
    if child.returncode == 0:
        return json.loads(child.stdout)
    said = child.stderr.decode(errors="replace")[-2000:]
    reason = (
        "costly"
        if child.returncode in (4, -6, -9, -11, -24) or any(word in said for word in STARVED)
        else "damaged"
    )
    return {"form": "broken", "reason": reason, "detail": f"exit {child.returncode}: {said}"}


# What the form of a file alone says of it.
FORMS = {
    "same": Examined(UNSIGNED),
    "locked": Examined(UNREADABLE, "locked"),
    "marked": Examined(ALTERED, "saved_again"),
    "other": Examined(FOREIGN),
}


def _judge(found: dict, policy: Policy, moment: datetime) -> Examined:
    if found["form"] in FORMS:
        return FORMS[found["form"]]
    if found["form"] == "broken":
        detail = found.get("detail", "")
        logger.warning("a signed file could not be read", extra={"detail": detail})
        return Examined(UNREADABLE, found.get("reason", "damaged"), detail=detail)
    if not found["signatures"]:
        return Examined(ALTERED, "replaced") if found["changed"] == "detached" else Examined(UNSIGNED)
    verdict, reason = next(_faults(found, policy, moment), (ACCEPTED, ""))
    seen = found["signatures"]
    problems = ", ".join(one.get("problem", "") for one in seen)
    return Examined(verdict, reason, tuple(_shown(one, policy) for one in seen), problems)


def _faults(found: dict, policy: Policy, moment: datetime) -> Iterator[tuple[str, str]]:
    """The gravest first. All signatures must hold, and trust is asked of all alike."""
    seen = found["signatures"]
    if any("covers" in one and not one["intact"] for one in seen):
        yield ALTERED, "after_signing"
    if found["changed"] or any(one.get("changed_after") for one in seen):
        yield ALTERED, "added"
    if any(one["picture"] > LARGEST_PICTURE for one in seen):
        yield ALTERED, "covered"
    if not all(one["valid"] and one.get("covers") for one in seen):
        yield INVALID, "broken"
        return
    for one in seen:
        when = datetime.fromisoformat(one["token_at"]) if one["token_trusted"] else moment
        if when >= datetime.fromisoformat(one["valid_until"]):
            yield INVALID, "expired"
        if when < datetime.fromisoformat(one["valid_from"]):
            yield INVALID, "not_yet"
    if not policy.roots and any(one["problem"] not in NO_CHAIN for one in seen):
        yield INVALID, "broken"
    if (policy.roots or policy.needs_trust) and not all(one["trusted"] for one in seen):
        yield INVALID, "untrusted" if policy.roots else "unchecked"


def _shown(one: dict, policy: Policy) -> FoundSignature:
    token, claim = one.get("token_at", ""), one.get("claimed_at", "")
    trust = "trusted" if one.get("trusted") else "untrusted"
    return FoundSignature(
        name=one["name"],
        organisation=one["organisation"],
        issuer=one["issuer"],
        serial=one["serial"],
        valid_from=one["valid_from"],
        valid_until=one["valid_until"],
        signed_at=token or claim,
        time_from="token" if token else "claim" if claim else "none",
        trust=trust if policy.roots else "unchecked",
    )
