"""The action server's answers are checked as Rasa checks them, without checking Rasa's description each time."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from bot.engine.action_answers import check_quickly

ACTION = RemoteAction("action_answer", None)
GOOD = {
    "events": [{"event": "slot", "timestamp": None, "name": "region", "value": "US"}],
    "responses": [{"text": "Hi"}],
}


@pytest.fixture(autouse=True)
def quick() -> None:
    check_quickly()


@pytest.mark.parametrize("answer", [GOOD, {}, {"events": []}, {"responses": []}])
def test_a_sound_answer_is_taken(answer: dict[str, Any]) -> None:
    assert ACTION._validate_action_result(answer) is True


@pytest.mark.parametrize(
    "answer", [{"events": "none"}, {"events": [{"event": "slot"}]}, {"responses": ["Hi"]}, [], None]
)
def test_a_broken_answer_is_refused_in_rasas_words(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError, match="Failed to validate Action server response"):
        ACTION._validate_action_result(answer)


def test_the_description_of_answers_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object, **__: object) -> None:
        raise AssertionError("the description was checked again")

    monkeypatch.setattr(jsonschema, "validate", again)
    for kind in (jsonschema.Draft7Validator, jsonschema.Draft202012Validator):
        monkeypatch.setattr(kind, "check_schema", again)

    assert ACTION._validate_action_result(GOOD) is True
