"""A process that sets one part of a book: Typst source in, a PDF and the places in it out.

It reads a task as JSON from standard input and writes what came of it as JSON. Typst keeps what it
has laid out until its process ends, a quarter of a megabyte a page: so each part has its own, and
a book of any length needs the memory of its longest part.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from typst import Compiler, Fonts, TypstError

from converter.faces import face_for, font_folder, fonts_in, script_of
from converter.sphinx_ext.pdf.child import serve
from converter.sphinx_ext.pdf.last_resort import FAMILY, render_font

__all__ = ["choose_faces", "set_part"]

_LATIN: Final = "Libertinus Serif"
_MONO: Final = "DejaVu Sans Mono"
_EMBOLDEN: Final = 0.022
_LOST: Final = "was ignored"
"""What Typst says of what it leaves out: a block in a paragraph, for one."""

_FONT: Final = "last-resort.ttf"
_PLACES: Final = (
    "query(<place>).map(it => { let p = it.location().position();"
    " (it.value, p.page, p.x / 1pt, p.y / 1pt) })"
)
_PROBE: Final = '#set document(title: [x])\n#set text(font: {fonts}, lang: "zh")\n{letters}'


class LostError(Exception):
    """Typst set the part, but not all that is in it."""


def choose_faces(language: str, wanted: list[str]) -> dict[str, Any]:
    """Return what the design needs to know of fonts: families, and how to make them bold."""
    face = face_for(script_of(language), font_folder())
    cjk = [*wanted, *([face.family] if face else [])]
    has_bold = bool(wanted) or face is None or face.is_bold
    serif = face is None or "Serif" in face.family
    # A sans Chinese face has Latin letters of its own that go with it; a serif one has none
    # as good as these, which come with Typst.
    latin = [] if wanted or not serif else [_LATIN]
    return {
        "latin": latin,
        "cjk": cjk,
        "mono": [_MONO, *cjk, FAMILY],
        "last": [_LATIN, FAMILY],
        "embolden": 0 if has_bold else _EMBOLDEN,
    }


def set_part(task: dict[str, Any]) -> dict[str, Any]:
    """Set a part and return its places, the letters without a glyph, and the main families.

    Raises TypstError for source that Typst refuses, LostError where it left something out.
    """
    root = Path(task["folder"])
    everything = bool(task["unusual"]) or bool(task["wanted_fonts"])
    folder = font_folder()
    fonts = fonts_in(folder, everything=everything)
    known = {name.casefold() for name in fonts.families()} if task["wanted_fonts"] else set()
    wanted = [name for name in task["wanted_fonts"] if name.casefold() in known]
    faces = choose_faces(task["language"], wanted)
    settings = {**task["settings"], **faces, "broken": _broken(root, task["pictures"])}
    families = [*faces["latin"], *faces["cjk"], *faces["last"]]
    missing = _without_glyph(task["unusual"], families, fonts)
    if missing:
        place = root / f"fonts-{task['name']}"
        place.mkdir(exist_ok=True)
        (place / _FONT).write_bytes(render_font(missing))
        folders = [each for each in (folder, place) if each]
        fonts = Fonts(include_system_fonts=everything, font_paths=folders)
    compiler = Compiler(
        root / f"{task['name']}.typ",
        root=root,
        font_paths=fonts,
        sys_inputs={"settings": json.dumps(settings)},
    )
    document, warnings = compiler.compile_with_warnings(
        format="pdf",
        pdf_standards=[task["standard"]] if task["standard"] else [],
        timestamp=task["timestamp"],
    )
    lost = [str(warning) for warning in warnings if _LOST in str(warning)]
    if lost:
        raise LostError(lost[0])
    assert isinstance(document, bytes)
    (root / f"{task['name']}.pdf").write_bytes(document)
    places = json.loads(str(compiler.eval(_PLACES, format="json")))
    return {
        "places": places,
        "missing": missing,
        "families": [*faces["cjk"][:1], *faces["latin"]],
        "broken": settings["broken"],
        "unknown": [name for name in task["wanted_fonts"] if name not in wanted],
    }


def _broken(root: Path, pictures: list[str]) -> list[str]:
    """Return those images that Typst cannot read; one would cost the whole part."""
    broken = []
    for name in pictures:
        try:
            Compiler(f'#image("{name}")'.encode(), root=root).compile(format="pdf")
        except TypstError:
            broken.append(name)
    return broken


def _without_glyph(letters: str, families: list[str], fonts: Fonts) -> str:
    """Return those letters that no font has; Typst itself is asked, which knows best."""
    if not letters or _has_glyphs(letters, families, fonts):
        return ""
    if len(letters) == 1:
        return letters
    half = len(letters) // 2
    return "".join(
        _without_glyph(some, families, fonts) for some in (letters[:half], letters[half:])
    )


def _has_glyphs(letters: str, families: list[str], fonts: Fonts) -> bool:
    shown = "\n".join(f"#text({json.dumps(letter, ensure_ascii=False)})\n\n" for letter in letters)
    source = _PROBE.format(fonts=f"({', '.join(map(json.dumps, families))},)", letters=shown)
    try:
        Compiler(source.encode(), font_paths=fonts).compile(format="pdf", pdf_standards=["ua-1"])
    except TypstError:
        return False
    return True


def _work(task: dict[str, Any]) -> dict[str, Any]:
    try:
        return set_part(task)
    except (TypstError, LostError) as error:
        return {"error": str(error)[:2000]}


if __name__ == "__main__":
    serve(_work)
