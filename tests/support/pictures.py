"""Small pictures that browsers can show, for sites that tests write."""

from __future__ import annotations

import io
from collections.abc import Mapping

from engblog.disk.png import encode
from PIL import Image

PNG = encode(2, 1, bytes([0, 0, 1]), [(255, 255, 255), (200, 30, 30)])
"""A white and a red pixel."""
LFS_POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)


def pictures() -> Mapping[str, bytes]:
    """A picture of each format and variant that sites show, by a name with the right ending."""
    first = Image.new("RGB", (9, 7), "white")
    for x in range(9):
        first.putpixel((x, x % 7), (28 * x, 0, 255 - 28 * x))
    more = [first.rotate(180)]

    def saved(kind: str, **options: object) -> bytes:
        target = io.BytesIO()
        first.save(target, kind, **options)
        return target.getvalue()

    return {
        "plain.png": saved("PNG"),
        "animated.png": saved("PNG", save_all=True, append_images=more),
        "plain.jpg": saved("JPEG"),
        "progressive.jpeg": saved("JPEG", progressive=True, restart_marker_rows=1),
        "plain.gif": saved("GIF"),
        "animated.gif": saved("GIF", save_all=True, append_images=more),
        "plain.webp": saved("WEBP"),
        "lossless.webp": saved("WEBP", lossless=True),
        "animated.webp": saved("WEBP", save_all=True, append_images=more),
        "plain.avif": saved("AVIF"),
        "animated.avif": saved("AVIF", save_all=True, append_images=more),
        "plain.ico": saved("ICO"),
    }
