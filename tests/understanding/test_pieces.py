"""The second encoder's word pieces: the likeliest way to cut a text, as the published tokenizer does it."""

from __future__ import annotations

import pytest

from bot.understanding.encoders.e5 import E5_FILES, PREFIX, e5_folder
from bot.understanding.encoders.e5_file import WordPieces, read_e5_file
from bot.understanding.pieces import PieceCutter


@pytest.fixture(scope="module")
def pieces() -> WordPieces:
    """The pieces of the real encoder."""
    (name,) = E5_FILES
    return read_e5_file(e5_folder() / name).pieces


@pytest.fixture(scope="module")
def cutter(pieces: WordPieces) -> PieceCutter:
    """The real cutter."""
    return PieceCutter(pieces)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("my foot bounces", "<s> ▁my ▁foot ▁b ounce s </s>"),
        ("query: what is clonus", "<s> ▁que ry : ▁what ▁is ▁clo nus </s>"),
        ("Two  spaces", "<s> ▁Two ▁space s </s>"),
        ("", "<s> ▁ </s>"),
        ("ﬁt²", "<s> ▁fit 2 </s>"),
        ("me duele el pie", "<s> ▁me ▁du ele ▁el ▁pie </s>"),
        ("我的脚", "<s> ▁ 我的 脚 </s>"),
        ("𒀀", "<s> ▁ <unk> </s>"),
    ],
)
def test_a_text_is_cut_the_likeliest_way(cutter: PieceCutter, pieces: WordPieces, text: str, cut: str) -> None:
    assert " ".join(pieces.pieces[number] for number in cutter.cut(text, 512)) == cut


def test_words_can_be_cut_one_by_one_because_no_piece_reaches_into_the_next(pieces: WordPieces) -> None:
    assert [piece for piece in pieces.pieces if "▁" in piece[1:]] == []


def test_a_long_text_is_cut_off_but_ended(cutter: PieceCutter, pieces: WordPieces) -> None:
    cut = cutter.cut(PREFIX + "foot " * 1000, 512)
    assert (len(cut), cut[0], cut[-1]) == (512, pieces.begin, pieces.end)
