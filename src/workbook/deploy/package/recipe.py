"""What a lab says of its own package: where its requirements and wheels are, and what is no code."""

from pathlib import Path

from workbook.course.labs import Lab


def find_requirements(lab: Lab, source: Path) -> Path:
    """The code's own requirements.txt, else the lab's; it need not exist."""
    own = source / "requirements.txt"
    return own if own.is_file() else lab.folder / (lab.manifest.function.requirements or own.name)


def name_settings(lab: Lab) -> set[str]:
    """The files that the manifest names and that are no code."""
    function = lab.manifest.function
    return {name for name in (function.requirements, function.policy, lab.manifest.api_responses) if name}


def find_wheels(lab: Lab) -> Path:
    """Where set-up keeps the wheels that the labs' locks name."""
    return lab.root / ".workbook" / "wheels"
