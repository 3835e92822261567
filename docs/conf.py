"""The reference site: docs/reference and the changelog.

The manual in docs/posts is not part of it: Duizhao builds that itself.
"""

from importlib.metadata import version as installed_version

project = "Duizhao 对照"
author = "The Duizhao authors"
copyright = "the Duizhao authors, AGPL-3.0-or-later"
release = version = installed_version("duizhao")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["posts"]

html_theme = "sphinx_book_theme"
html_title = f"{project} {release}: reference"
html_copy_source = False
