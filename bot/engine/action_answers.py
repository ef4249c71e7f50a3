"""The action server's answers, checked as Rasa checks them but in a fraction of the time.

Before each answer Rasa has jsonschema check Rasa's own description of an answer, about 20 ms of processor time for each
action. The description never changes, so it is checked once; an answer then takes about 1 ms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

_thoroughly = RemoteAction._validate_action_result


@lru_cache(maxsize=1)
def _description() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def check_quickly() -> None:
    """Make Rasa check answers this way from now on. What is wrong is still named by Rasa's own check."""

    def checked(self: RemoteAction, result: dict[str, Any]) -> bool:
        return bool(_description().is_valid(result) or _thoroughly(self, result))

    _description()
    RemoteAction._validate_action_result = checked
