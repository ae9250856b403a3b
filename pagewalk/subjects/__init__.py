"""Subjects: what is under test. Everything after this package only knows commits."""

from pagewalk.subjects.loading import load_subject, subject_names
from pagewalk.subjects.patching import apply_patch
from pagewalk.subjects.revisions import patches_at, prepare, recipe_at, resolve, revisions
from pagewalk.subjects.subject import Clone, ReleaseLine, Subject

__all__ = [
    "Clone",
    "ReleaseLine",
    "Subject",
    "apply_patch",
    "load_subject",
    "patches_at",
    "prepare",
    "recipe_at",
    "resolve",
    "revisions",
    "subject_names",
]
