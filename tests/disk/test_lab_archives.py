"""Archives of labs are the same bytes from the same files."""

from __future__ import annotations

import io
import zipfile

from engblog.disk.lab_archives import zip_of


def test_times_modes_and_order_are_fixed() -> None:
    with zipfile.ZipFile(io.BytesIO(zip_of({"b": b"1", "a/ö": b"2"}))) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["b", "a/ö"]
    assert {(entry.date_time, entry.external_attr >> 16, entry.create_system) for entry in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
