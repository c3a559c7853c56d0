"""Whether the course is whole: manifests, and what set-up and progress keep in `.workbook`."""

import tempfile
from collections.abc import Iterator

from workbook.course.labs import Course
from workbook.course.manifest import ManifestError
from workbook.course.progress import read
from workbook.doctor.finding import LAB, Finding, Status, ok, problem, warning

NO_COURSE = problem(
    "course",
    "no folder labs/ is here or above",
    f"Change to the workbook's folder, or name the course: {LAB} --course FOLDER doctor",
)


def check_manifests(course: Course) -> Finding:
    faults = list(_manifest_faults(course))
    if faults:
        return problem("course", " ".join(faults), "Mend what is named; the other labs can be used meanwhile.")
    if not course.labs:
        return problem("course", f"{course.root / 'labs'} holds no lab", "Add a lab, or name another course.")
    return ok("course", f"{len(course.labs)} {'lab' if len(course.labs) == 1 else 'labs'}")


def check_kept(course: Course) -> Finding:
    """`.workbook` takes files: progress, starters, requirements."""
    folder = course.root / ".workbook"
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as error:
        cure = "Check who owns that folder: one made with sudo belongs to root."
        return problem("kept files", f"no file can be written in {folder} ({error.strerror})", cure)
    return ok("kept files", f"{folder} can be written")


def check_progress(course: Course) -> Finding:
    progress = read(course.root)
    if progress.notice:
        return Finding("progress", Status.WARNING, progress.notice)
    begun = sum(lab.id in progress.labs for lab in course.labs)
    return ok("progress", f"{begun} of {len(course.labs)} labs begun")


def check_starters(course: Course) -> Finding:
    """The starters' copies, from which a lab is begun again."""
    kept = course.root / ".workbook" / "starters"
    missing = [lab.id for lab in course.labs if not (kept / lab.id).is_dir()]
    if missing:
        cure = f"Run {LAB} setup before you begin these labs."
        return warning("starters", f"none kept of {', '.join(missing)}", cure)
    return ok("starters", f"kept of {len(course.labs)} labs")


def check_wheels(course: Course) -> Finding:
    """The wheels that the labs' locks name, for this machine."""
    from workbook.doctor.wheels import find_missing  # what it imports may not be installed

    locks = {lab.id: lab.folder / "requirements.lock" for lab in course.labs}
    locks = {lab_id: lock for lab_id, lock in locks.items() if lock.is_file()}
    if not locks:
        return ok("wheels", "no lab needs any")
    folder = course.root / ".workbook" / "wheels"
    missing = [f"{name} ({lab_id})" for lab_id, lock in locks.items() for name in find_missing(lock, folder)]
    if missing:
        cure = f"Run {LAB} setup, with the network on. The other labs can be used meanwhile."
        return problem("wheels", f"none for this machine: {', '.join(missing)}", cure)
    return ok("wheels", f"there for {', '.join(locks)}")


def _manifest_faults(course: Course) -> Iterator[str]:
    for lab in course.labs:
        try:
            _ = lab.manifest
        except ManifestError as error:
            yield str(error)
