"""The danger content: what a person reads is short and plain, and mistakes are named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge import gsm7
from knowledge.files import ContentError
from knowledge.reading import HIGHEST_GRADE, reading_grade
from knowledge.red_flag_models import Level, RedFlag, load_red_flags
from knowledge.regions import fill, load_regions
from tests.safety.conftest import FOLDER

LIBRARY = load_red_flags(FOLDER)
REGIONS = load_regions().regions
FLAGS = list(LIBRARY.categories.values())
each_flag = pytest.mark.parametrize("flag", FLAGS, ids=[flag.slug for flag in FLAGS])


def test_all_29_categories_are_there() -> None:
    assert len(LIBRARY.categories) == 29


@each_flag
def test_the_short_text_fits_one_message_in_every_region(flag: RedFlag) -> None:
    texts = [flag.short_at(level.value) for level in Level]
    too_long = [
        (region.region, text)
        for region in REGIONS
        for text in texts
        if gsm7.length(fill(text, region)) > gsm7.SINGLE_MESSAGE or gsm7.outside_alphabet(fill(text, region))
    ]
    assert too_long == []


@each_flag
def test_the_short_text_names_the_number_in_every_region(flag: RedFlag) -> None:
    for level in Level:
        for region in REGIONS:
            assert region.say.emergency in fill(flag.short_at(level.value), region)


@each_flag
def test_everything_a_person_reads_is_at_grade_six_or_below(flag: RedFlag) -> None:
    texts = [flag.title, *flag.do_not, *(text for level in Level for text in flag.points_at(level.value))]
    texts += [flag.short_at(level.value) for level in Level]
    region = load_regions().get("US")
    assert [text for text in texts if reading_grade(fill(text, region)) > HIGHEST_GRADE] == []


@each_flag
def test_an_emergency_names_the_number_within_the_first_two_points(flag: RedFlag) -> None:
    assert any("{emergency}" in point for point in flag.points_at("emergency")[:3])


def test_abuse_is_told_without_loudspeaker_or_company() -> None:
    abuse = LIBRARY.categories["abuse-or-unsafe-at-home"]
    said = " ".join(text for level in Level for text in [*abuse.points_at(level.value), abuse.short_at(level.value)])
    assert abuse.quiet
    assert not any(word in said.lower() for word in ("speaker", "stay with"))


def test_special_lines_stand_where_they_belong() -> None:
    holds = {
        slug: placeholder
        for slug, flag in LIBRARY.categories.items()
        for placeholder in ("{crisis}", "{abuse}", "{poison}")
        if placeholder in " ".join(flag.say)
    }
    assert holds == {
        "suicidal-thoughts-or-self-harm": "{crisis}",
        "abuse-or-unsafe-at-home": "{abuse}",
        "baclofen-overdose": "{poison}",
    }


def test_a_short_text_without_the_number_is_refused() -> None:
    data = FLAGS[0].dict()
    with pytest.raises(ValidationError, match=r"must name \{emergency\}"):
        RedFlag.parse_obj({**data, "short": "Get help."})


def test_an_unknown_concept_is_named_with_file_and_line(tmp_path: Path) -> None:
    folder = tmp_path / "red_flags"
    shutil.copytree(FOLDER, folder)
    path = folder / "dvt.yml"
    path.write_text(path.read_text() + "  - {id: broken, level: urgent, all: [no-such-idea]}\n")
    with pytest.raises(ContentError) as failure:
        load_red_flags(folder)
    line = len(path.read_text().splitlines())
    assert [str(problem) for problem in failure.value.problems] == [f"{path}:{line}: unknown concept 'no-such-idea'"]
