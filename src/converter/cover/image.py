"""Images in and out: JPEG within limits, of drawings and of what users bring."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from struct import error as StructError  # noqa: N812
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

__all__ = ["HEIGHT", "WIDTH", "encode_drawing", "fit_image", "thumbnail"]

WIDTH: Final = 1400
HEIGHT: Final = 2100

_MOST_BYTES: Final = 500_000
_MOST_PIXELS: Final = 30_000_000
_MOST_RATIO: Final = 4
_THUMBNAIL: Final = (300, 450)
_THUMBNAIL_BYTES: Final = 40_000
_QUALITIES: Final = (90, 82, 74, 64, 52, 40, 28)

# What is read, and nothing else: some of Pillow's other formats start programs.
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
# What Pillow's readers raise on broken files.
_BROKEN: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, StructError),
    *(IndexError, KeyError, TypeError, OverflowError, MemoryError, RuntimeError),
)


def encode_drawing(drawing: bytes) -> bytes:
    """Return a drawing, a PNG of our own, as JPEG."""
    with Image.open(BytesIO(drawing), formats=("PNG",)) as image:
        return _encode(image.convert("RGB"), _MOST_BYTES)


def fit_image(data: bytes) -> bytes:
    """Return a user's image as JPEG, as large as a cover at least, its aspect kept.

    Raises ValueError, with a line for the user, when it cannot be read or used.
    """
    image = _read(data, (WIDTH, HEIGHT))
    long, short = max(image.size), min(image.size)
    if long > _MOST_RATIO * short:
        raise ValueError(f"the image is too long and narrow for a cover: {_size(image)} pixels")
    scale = max(WIDTH / image.width, HEIGHT / image.height)
    size = (max(WIDTH, round(image.width * scale)), max(HEIGHT, round(image.height * scale)))
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    return _encode(image, _MOST_BYTES)


def thumbnail(cover: bytes) -> bytes:
    """Return a cover as a small JPEG, within 300 by 450 pixels, its aspect kept."""
    image = _read(cover, _THUMBNAIL)
    image.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    return _encode(image, _THUMBNAIL_BYTES)


def _read(data: bytes, least: tuple[int, int]) -> Image.Image:
    """Return the upright image in RGB; a JPEG is decoded no larger than ``least`` needs."""
    try:
        with _strict(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height <= _MOST_PIXELS:
                image.draft("RGB", least)
                return _flat(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    except UnidentifiedImageError:
        raise ValueError("the file is no image that can be read: PNG, JPEG or WebP") from None
    except _BROKEN as error:
        raise ValueError(f"the image is broken: {' '.join(str(error).split())}") from error
    most = _MOST_PIXELS // 1_000_000
    raise ValueError(f"the image is too large: more than {most} million pixels")


@contextmanager
def _strict() -> Iterator[None]:
    """Make Pillow's warning of too large an image an error, and keep it quiet about the rest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _flat(image: Image.Image) -> Image.Image:
    """Return the image in RGB, what is transparent in white."""
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        image = Image.new("RGB", above.size, "white")
        image.paste(above, mask=above.getchannel("A"))
    return image.convert("RGB")


def _encode(image: Image.Image, most: int, qualities: Sequence[int] = _QUALITIES) -> bytes:
    """Return the image as JPEG of the best quality with no more than ``most`` bytes."""
    # What the file said about itself (a comment, a profile) stays behind.
    image.info = {}
    while True:
        for quality in qualities:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most:
                return out.getvalue()
        # Noise from edge to edge: details go, until the rest fits.
        qualities = qualities[-1:]
        smaller = image.reduce(2)
        image = smaller.resize(image.size, Image.Resampling.BILINEAR)


def _size(image: Image.Image) -> str:
    return f"{image.width}×{image.height}"
