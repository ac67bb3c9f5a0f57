"""Pictures: the formats that browsers show, recognized by their bytes, and whether a file is one of them, complete."""

from engblog.source.pictures.judge import LOOKS_LIKE_A_PICTURE, PICTURES, Fault, picture_fault, pointer_fault
from engblog.source.pictures.recognize import MOST_BYTES, kind_of, recognize

__all__ = [
    "LOOKS_LIKE_A_PICTURE",
    "MOST_BYTES",
    "PICTURES",
    "Fault",
    "kind_of",
    "picture_fault",
    "pointer_fault",
    "recognize",
]
