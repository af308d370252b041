"""All pages together: by id, by section, by the situation a person is in, and by her words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from resources.encoder import Embedder
from resources.errors import ResourceError
from resources.frontmatter import Fields, read_yaml_file
from resources.page import Page, Section
from resources.reading import read_page, read_written_page
from resources.search import Hit, Index, Way

PACKAGED = Path(__file__).parent / "pages"
_MENUS = Path(__file__).parent / "menus.yaml"
_UNSORTED = "其他"


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """One situation in a section's menu, with its pages in reading order."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class _Shelf:
    title: str
    ids: tuple[str, ...]


class Catalogue:
    """The pages a community uses."""

    def __init__(
        self,
        pages: Iterable[Page],
        shelves: dict[Section, tuple[_Shelf, ...]],
        embedder: Embedder | None = None,
    ) -> None:
        self._pages = {page.id: page for page in pages}
        self._shelves = shelves
        self._embedder = embedder

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, page_id: str) -> Page | None:
        """The page of that id, if there is one."""
        return self._pages.get(page_id)

    def in_section(self, section: Section) -> tuple[Page, ...]:
        """All pages of a section, in the order of its menu."""
        return tuple(page for group in self.menu(section) for page in group.pages)

    def menu(self, section: Section) -> tuple[MenuGroup, ...]:
        """The section by situation; pages on no shelf come last."""
        left = {page.id: page for page in self._pages.values() if page.section is section}
        groups = []
        for shelf in self._shelves.get(section, ()):
            pages = tuple(left.pop(page_id) for page_id in shelf.ids if page_id in left)
            groups.append(MenuGroup(shelf.title, pages))
        groups.append(MenuGroup(_UNSORTED, tuple(left.values())))
        return tuple(group for group in groups if group.pages)

    def search(self, words: str, limit: int = 5, way: Way = Way.BOTH) -> list[Hit]:
        """The pages nearest to her words, best first; empty when nothing really fits."""
        return self._index.search(words, limit, way)

    @property
    def search_trouble(self) -> str | None:
        """Why the search compares only words at present; None while all is well."""
        return self._index.trouble

    @cached_property
    def _index(self) -> Index:
        return Index(self._pages.values(), self._embedder)


def load_catalogue(
    folder: Path | None = None,
    extra: Path | None = None,
    written: Mapping[str, str] | None = None,
    embedder: Embedder | None = None,
) -> Catalogue:
    """Read the pages of `folder` (default: ours); later ones override or add by id.

    After ours come the files in `extra`, then the texts `written` through the form, by id.
    """
    pages = _read_folder(folder or PACKAGED)
    if extra is not None:
        pages |= _read_folder(extra)
    for page_id, text in (written or {}).items():
        pages[page_id] = read_written_page(page_id, text)
    return Catalogue(pages.values(), _read_shelves(_MENUS), embedder)


def _read_folder(folder: Path) -> dict[str, Page]:
    if not folder.is_dir():
        raise ResourceError(str(folder), "文件夹", None, "放着 .md 页面的文件夹", "resources/pages")
    return {page.id: page for page in map(read_page, sorted(folder.glob("*.md")))}


def _read_shelves(path: Path) -> dict[Section, tuple[_Shelf, ...]]:
    fields = read_yaml_file(path)
    fields.only(section.value for section in Section)
    return {section: tuple(_shelves(fields, section)) for section in Section}


def _shelves(fields: Fields, section: Section) -> Iterable[_Shelf]:
    for part in fields.parts(section.value, "rights: [{title: 刚出问题, pages: [first-steps]}]"):
        part.only(("title", "pages"))
        yield _Shelf(part.text("title", "刚出问题"), part.required_texts("pages", "[first-steps]"))
