"""Vetted pages and hotlines: loaded, checked and searched; knows nothing of the bot."""

from resources.cards import cards_of
from resources.catalogue import Catalogue, MenuGroup, load_catalogue
from resources.checks import Problem, check, check_page
from resources.errors import ResourceError
from resources.hotlines import (
    Hotline,
    HotlineBook,
    HotlineKind,
    HotlineStatus,
    hotlines_for,
    load_hotlines,
)
from resources.page import Audience, Jurisdiction, Page, Section, Seen, Source
from resources.reading import read_written_page
from resources.script import to_simplified, to_traditional
from resources.search import Hit

__all__ = [
    "Audience",
    "Catalogue",
    "Hit",
    "Hotline",
    "HotlineBook",
    "HotlineKind",
    "HotlineStatus",
    "Jurisdiction",
    "MenuGroup",
    "Page",
    "Problem",
    "ResourceError",
    "Section",
    "Seen",
    "Source",
    "cards_of",
    "check",
    "check_page",
    "hotlines_for",
    "load_catalogue",
    "load_hotlines",
    "read_written_page",
    "to_simplified",
    "to_traditional",
]
