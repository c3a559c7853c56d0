"""What is wrong with a page, in words for its author; it fails the build."""

try:
    from mkdocs.exceptions import BuildError as _Fault  # mkdocs prints its text and shows no traceback
except ImportError:  # another generator builds the site
    _Fault = ValueError  # type: ignore[misc, assignment]


class PageFault(_Fault):
    """The text says what stands on the page, and what may stand there."""
