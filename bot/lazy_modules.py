"""Modules that are loaded when something of them is used, not when they are imported.

Rasa imports its training and testing code wherever it answers messages, and with it TensorFlow: four seconds of every
start and 250 MiB of every process, of which an answer uses nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

TRAINING_ONLY = frozenset({"rasa.utils.train_utils", "rasa.core.test"})
"""What Rasa imports for training and testing alone."""


class LazyModule(ModuleType):
    """A module that loads itself when it is first asked for something.

    The standard library's LazyLoader cannot do this: the import statement itself asks for the module's __spec__.
    """

    def __getattr__(self, name: str) -> object:
        spec = self.__spec__
        if (name.startswith("__") and name.endswith("__")) or spec is None or not isinstance(spec.loader, LazyLoader):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        self.__class__ = ModuleType  # type: ignore[assignment]  # from now on a module like any other
        spec.loader.real.exec_module(self)
        return getattr(self, name)


class LazyLoader(Loader):
    """Makes lazy modules of what the loader `real` loads."""

    def __init__(self, real: Loader) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module, with nothing in it yet."""
        return LazyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: it loads itself."""


class LazyFinder(MetaPathFinder):
    """Finds the modules of these names, to be loaded when they are used."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where such a module is; None for any other."""
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def without_training() -> None:
    """Let Rasa be imported without what trains and tests, from now on in this process."""
    if not any(isinstance(finder, LazyFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, LazyFinder(TRAINING_ONLY))
