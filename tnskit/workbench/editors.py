"""The scripts of widgets, given out by the Jupyter server to editors such as VS Code, so that these need no CDN.

An editor that is joined to a Jupyter server looks for the script of a widget that it does not bring along under `/nbextensions/`, where
Notebook 6 had it. Servers of today give nothing out there unless nbclassic, the whole Notebook 6, is installed; this extension of the
server gives out that one folder. It is named in `jupyter/jupyter_server_config.json` and in force wherever tnskit is installed.
"""

from __future__ import annotations

from typing import Any

from jupyter_core.paths import jupyter_path
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell Jupyter which module to load."""
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Give out, to be read only, the public scripts that packages have put into the folders `nbextensions` of Jupyter."""
    application: Any = server.web_app
    place = url_path_join(application.settings["base_url"], "nbextensions/(.*)")
    application.add_handlers(".*$", [(place, FileFindHandler, {"path": jupyter_path("nbextensions"), "no_cache_paths": ["/"]})])
