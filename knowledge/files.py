"""Read YAML content files so that every complaint can name the file and the line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a content file: where it is and what to do about it."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentError(Exception):
    """A content file cannot be used. `problems` holds every reason found, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Document:
    """A parsed YAML file that remembers the line on which each value stands."""

    path: Path
    data: Any
    root: yaml.Node | None

    def line_of(self, *keys: str | int) -> int:
        """The 1-based line of the value found by following `keys`; of the nearest parent where a key is missing."""
        node = self.root
        line = 1
        for key in keys:
            child: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                for name, value in node.value:
                    if name.value == str(key):
                        line, child = name.start_mark.line + 1, value
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                child = node.value[key]
                line = child.start_mark.line + 1
            if child is None:
                return line
            node = child
        return line

    def problem(self, message: str, *keys: str | int) -> Problem:
        """A problem placed on the line of the value found by following `keys`."""
        return Problem(self.path, self.line_of(*keys), message)


class _UniqueKeyLoader(yaml.CSafeLoader):
    """Refuses a key written twice in one mapping, where YAML would silently keep the last."""


def _unique_mapping(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key_node.start_mark)
        if key_node.value in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key_node.value}' is written twice", key_node.start_mark
            )
        seen.add(key_node.value)
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def load_yaml(path: Path) -> Document:
    """Parse one YAML file.

    Raises ContentError, naming file and line, when the file is missing, not UTF-8 or not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError([Problem(path, 1, "the file is missing")]) from None
    except UnicodeDecodeError as error:
        raise ContentError([Problem(path, 1, f"the file is not UTF-8 text ({error.reason})")]) from error
    return load_text(path, text)


def load_text(path: Path, text: str) -> Document:
    """Parse the text of a YAML file that stands, or will stand, at `path`.

    Raises ContentError, naming file and line, when it is not YAML.
    """
    try:
        loader = _UniqueKeyLoader(text)
    except yaml.reader.ReaderError as error:
        raise ContentError([_unreadable(path, text, error)]) from error
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError([Problem(path, line, f"this is not valid YAML: {error.problem}")]) from error
    except yaml.reader.ReaderError as error:
        raise ContentError([_unreadable(path, text, error)]) from error
    except ValueError as error:  # such as a date that does not exist
        line = _line_of_bad_value(node) if node is not None else 1
        raise ContentError([Problem(path, line, f"this is not valid YAML: {error}")]) from error
    finally:
        loader.dispose()
    return Document(path, data, node)


def _line_of_bad_value(node: yaml.Node) -> int:
    """The line of the first value that cannot be turned into what it looks like."""
    if isinstance(node, yaml.ScalarNode):
        try:
            _UniqueKeyLoader("").construct_object(node)
        except ValueError:
            return int(node.start_mark.line) + 1
        return 0
    children = [part for entry in node.value for part in (entry if isinstance(entry, tuple) else (entry,))]
    return next((line for line in map(_line_of_bad_value, children) if line), 0)


def _unreadable(path: Path, text: str, error: yaml.reader.ReaderError) -> Problem:
    line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 1
    return Problem(path, line, f"this is not valid YAML: {error.reason}")


def parse_model(document: Document, model: type[Model]) -> Model:
    """Turn a document into a typed model.

    Raises ContentError with one problem a wrong field, each on the line of that field.
    """
    if not isinstance(document.data, dict):
        raise ContentError([document.problem("the file must hold named fields (key: value)")])
    try:
        return model.parse_obj(document.data)
    except ValidationError as error:
        problems = []
        for item in error.errors():
            where = [part for part in item["loc"] if part != "__root__"]
            name = ".".join(str(part) for part in where) or "the file"
            problems.append(document.problem(f"{name}: {item['msg']}", *where))
        raise ContentError(problems) from error
