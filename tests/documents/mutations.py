"""What may happen to a PDF on its way: seeded, each kind as often as the others, none leaves the bytes alone."""

import io
import random
from collections.abc import Callable, Iterator

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for place in dice.sample(range(len(body)), dice.randint(1, 8)):
        changed[place] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut_short(body: bytes, dice: random.Random) -> bytes:
    return body[: dice.randint(len(body) // 50, len(body) - 1)]


def append_bytes(body: bytes, dice: random.Random) -> bytes:
    return body + dice.choice([b"\n", b"%%EOF\n", dice.randbytes(dice.randint(1, 2000))])


def update_on_top(body: bytes, dice: random.Random) -> bytes:
    """An incremental update, as an editor saves: the old bytes stand, the page says something else."""
    writer = IncrementalPdfFileWriter(io.BytesIO(body))
    writer.root["/Lang"] = generic.pdf_string(f"en-{dice.randint(1, 10**9)}")
    writer.update_root()
    saved = io.BytesIO()
    writer.write(saved)
    return saved.getvalue()


def zero_a_block(body: bytes, dice: random.Random) -> bytes:
    size = dice.randint(16, 4096)
    place = dice.randint(len(body) // 4, len(body) - size - 1)
    changed = bytearray(body)
    changed[place : place + size] = bytes(size)
    return bytes(changed) if bytes(changed) != body else body + b"\n"


def swap_words(body: bytes, dice: random.Random) -> bytes:
    """The page's own text, two glyphs of it exchanged; the seal left where it is."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        contents = dice.choice(pdf.pages).Contents
        text = bytearray(contents.read_bytes())
        places = [place for place, letter in enumerate(text) if letter in b"0123456789abcdef"]
        one = dice.choice(places)
        other = dice.choice([place for place in places if text[place] != text[one]])
        text[one], text[other] = text[other], text[one]
        contents.write(bytes(text))
        return _saved(pdf)


def save_again(body: bytes, dice: random.Random) -> bytes:
    """Nothing changed, only written out by another program."""
    modes = list(pikepdf.ObjectStreamMode.__members__.values())
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return _saved(
            pdf,
            linearize=dice.random() < 0.5,
            object_stream_mode=dice.choice(modes),
            recompress_flate=dice.random() < 0.5,
        )


def lock_it(body: bytes, dice: random.Random) -> bytes:
    """Saved with a password for changes: every string of the file is encrypted."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return _saved(pdf, encryption=pikepdf.Encryption(owner=str(dice.random()), user=""))


def rename(body: bytes, dice: random.Random) -> bytes:
    with pikepdf.open(io.BytesIO(body)) as pdf:
        pdf.docinfo["/Title"] = f"Bản cam kết của người khác {dice.random()}"
        return _saved(pdf)


def add_a_page(body: bytes, dice: random.Random) -> bytes:
    with pikepdf.open(io.BytesIO(body)) as pdf:
        pdf.add_blank_page(page_size=(dice.randint(100, 900), 842))
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf, **how) -> bytes:
    saved = io.BytesIO()
    pdf.save(saved, **how)
    return saved.getvalue()


ALL: tuple[Mutation, ...] = (
    flip_bits, cut_short, append_bytes, update_on_top, zero_a_block,
    swap_words, save_again, lock_it, rename, add_a_page,
)  # fmt: skip


def mutations(originals: list[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes, bytes]]:
    """Name of the mutation, the original, what became of it."""
    dice = random.Random(seed)
    for number in range(count):
        mutate, original = ALL[number % len(ALL)], dice.choice(originals)
        changed = mutate(original, dice)
        assert changed != original
        yield mutate.__name__, original, changed
