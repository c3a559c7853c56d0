"""What `import` can find beside the function's own files: the managed runtime's packages and no others."""

import sys
from importlib.machinery import PathFinder


class ManagedRuntimeFinder:
    """Finds the packages that Lambda's Python runtime ships, after everything on sys.path was tried."""

    def __init__(self, folders, names):
        self._folders = list(folders)
        self._names = frozenset(names)

    def find_spec(self, fullname, path=None, target=None):
        if path is None and fullname in self._names:
            return PathFinder.find_spec(fullname, self._folders, target)
        return None

    def find_distributions(self, context):
        """Keep importlib.metadata.version("boto3") working for the shipped packages, as on Lambda."""
        from importlib.metadata import DistributionFinder, MetadataPathFinder

        here = DistributionFinder.Context(name=context.name, path=self._folders)
        for found in MetadataPathFinder.find_distributions(here):
            name = (found.metadata["Name"] or "").lower().replace("-", "_").removeprefix("python_")
            if name in self._names:
                yield found


def install(folders, names):
    sys.meta_path.append(ManagedRuntimeFinder(folders, names))
