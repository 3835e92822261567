"""Duizhao 对照: a publisher for bilingual writing."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("duizhao")
