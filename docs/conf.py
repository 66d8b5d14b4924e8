"""How the manual is built: `python -m sphinx -W docs manual`. Nothing in it asks another machine for anything."""

import importlib.metadata

project = "tnskit"
author = "The tnskit developers"
copyright = "the tnskit developers"  # noqa: A001  # Sphinx asks for this name
release = importlib.metadata.version("tnskit")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
source_suffix = {".md": "markdown"}
exclude_patterns = ["pictures"]
autodoc_typehints = "none"
autodoc_default_options = {"members": True, "member-order": "bysource"}
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"tnskit {release}"
html_copy_source = False
html_show_sphinx = False
# files beside the manual, such as the table of columns, are named and not carried along; so a wrong anchor is not caught here
suppress_warnings = ["myst.xref_missing"]
