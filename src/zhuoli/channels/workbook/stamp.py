"""Which version of a folder a workbook shows: set anew after an import, so that the same file can be imported again."""

from __future__ import annotations

import io
import zipfile


def stamped(data: bytes, before: str, after: str) -> bytes:
    """The same workbook with the folder's version ``after`` in the place of ``before``; nothing else is touched.

    Raises:
        ValueError: ``data`` is no workbook.
    """
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
            for one in old.infolist():
                part = old.read(one)
                if one.filename.endswith(".xml"):
                    part = part.replace(before.encode(), after.encode())
                new.writestr(one, part, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError("no workbook") from error
    return target.getvalue()
