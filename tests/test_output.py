"""The output folder: whole files, nothing lost, nothing taken for ours that is not."""

from __future__ import annotations

import pytest

from converter.output import OutputError, check_output, staging


def test_the_staging_folder_goes_with_its_block(tmp_path) -> None:
    def fail() -> None:
        with staging(tmp_path) as folder:
            (folder / "draft").write_text("x", "utf-8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_staging_starts_empty(tmp_path) -> None:
    (tmp_path / ".duizhao" / "left by a killed build").mkdir(parents=True)
    with staging(tmp_path) as folder:
        assert list(folder.iterdir()) == []


def test_a_link_into_the_posts_is_seen_through(tmp_path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (tmp_path / "out").symlink_to(posts)
    with pytest.raises(OutputError, match="inside the posts' folder"):
        check_output(posts, tmp_path / "out", [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "books": [3]}'])
def test_a_manifest_of_another_program_does_not_count(text, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine", "utf-8")
    (out / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(OutputError, match="duizhao did not write"):
        check_output(tmp_path / "posts", out, [])
