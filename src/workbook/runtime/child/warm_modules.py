"""Modules that a template imports before it forks, out of sight in the fork until the function imports them.

So a function finds in sys.modules what it would find in a fresh interpreter, and its `import boto3` costs next to
nothing. What an import brings along comes back with it, and nothing else.
"""

import builtins
import contextlib
import sys
from importlib.machinery import ModuleSpec


class WarmModules:
    """A finder for sys.meta_path, and at the same time the loader of the modules that it kept."""

    def __init__(self):
        self._before = frozenset(sys.modules)
        self._brings = {}  # a module's name → the names of those that it imports as it is imported itself
        self._kept = {}
        self._attributes = set()  # names of those that were taken out of their packages too

    @contextlib.contextmanager
    def watching(self):
        """Inside, modules are imported that are to be kept."""
        plain_import = builtins.__import__

        def import_and_note(name, globals=None, locals=None, fromlist=(), level=0):
            frame = sys._getframe(1)
            package = frame.f_globals.get("__package__")
            if frame.f_locals is frame.f_globals and (package or not level):
                full = f"{package.rsplit('.', level - 1)[0]}.{name}".rstrip(".") if level else name
                brought = self._brings.setdefault(frame.f_globals["__name__"], set())
                brought.update([full, *(f"{full}.{item}" for item in fromlist or ())])
            return plain_import(name, globals, locals, fromlist, level)

        builtins.__import__ = import_and_note
        try:
            yield
        finally:
            builtins.__import__ = plain_import

    @property
    def top_level(self):
        """The first parts of the names of all that was imported."""
        return sorted({name.partition(".")[0] for name in {*sys.modules, *self._kept} - self._before})

    def put_away(self):
        """Take what was imported out of sys.modules and out of the packages that it belongs to."""
        for name in set(sys.modules) - self._before:
            self._kept[name] = sys.modules.pop(name)
        imported = set().union(*self._brings.values())
        for name, module in self._kept.items():
            holder, _, attribute = name.rpartition(".")
            if name not in imported:  # such as pyexpat.errors, which pyexpat makes
                self._brings.setdefault(holder, set()).add(name)
            package = self._package(holder)
            if package is not None and vars(package).get(attribute) is module:
                self._attributes.add(name)
        for name in self._attributes:  # two names may be one attribute: requests.packages.urllib3.util, urllib3.util
            holder, _, attribute = name.rpartition(".")
            vars(self._package(holder)).pop(attribute, None)
        self._brings = {name: brought & self._kept.keys() for name, brought in self._brings.items()}
        sys.meta_path.insert(0, self)

    def bring_back(self):
        """Undo that."""
        sys.meta_path.remove(self)
        for name in [*self._kept]:
            self._bring(name)

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self._kept:
            return None
        for name in self._closure(fullname) - {fullname}:
            self._bring(name)
        return ModuleSpec(fullname, self, loader_state=self._kept[fullname].__spec__)

    def create_module(self, spec):
        return self._kept.pop(spec.name)

    def exec_module(self, module):
        module.__spec__ = module.__spec__.loader_state

    def _bring(self, name):
        module = sys.modules[name] = self._kept.pop(name)
        if name in self._attributes:
            holder, _, attribute = name.rpartition(".")
            setattr(self._package(holder), attribute, module)

    def _closure(self, name):
        """The names of the kept modules that importing `name` brings, itself among them."""
        found, rest = set(), [name]
        while rest:
            name = rest.pop()
            if name in self._kept and name not in found:
                found.add(name)
                rest += self._brings.get(name, ())
                rest.append(name.rpartition(".")[0])
        return found

    def _package(self, name):
        return self._kept.get(name) or sys.modules.get(name)
