"""The zip of an EPUB: members in memory, packed, and written out sorted, with no clock in them."""

from __future__ import annotations

import zipfile
from typing import IO, Final

from .xhtml import Document

__all__ = ["Archive"]

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class Archive:
    """What ebooklib takes for its ZipFile: it keeps members until all are there."""

    def __init__(self) -> None:
        self._members: dict[str, bytes | Document] = {}

    def writestr(self, name: str, data: bytes | str | Document) -> None:
        """Keep a member.

        Raises ValueError if there is one of the same name.
        """
        if name in self._members:
            raise ValueError(f"two members of the EPUB are named {name}")
        self._members[name] = data.encode() if isinstance(data, str) else data

    def write(self, file: IO[bytes]) -> None:
        """Write the zip into a file that is open for binary writing.

        OCF 3.3, 4.2.2: the media type comes first, stored, without an extra field.
        """
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            media_type = _member("mimetype")
            archive.writestr(media_type, b"application/epub+zip", zipfile.ZIP_STORED)
            for name, content in sorted(self._members.items(), key=lambda member: member[0]):
                data = content.data if isinstance(content, Document) else content
                archive.writestr(_member(name), data, zipfile.ZIP_DEFLATED)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.create_system = 3
    member.external_attr = 0o644 << 16
    return member
