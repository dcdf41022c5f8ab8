"""The gallery opens in the real window, with the sample, and every page of it can be drawn."""

import sys
from pathlib import Path

import pytest

from workbench.gui.app import make_window
from workbench.gui.theme import ThemeChoice

GALLERY = Path(__file__).parents[2] / "packaging" / "gallery"


@pytest.fixture(scope="module")
def gallery():
    sys.path.insert(0, str(GALLERY))
    try:
        import pages
        import sample
    finally:
        sys.path.remove(str(GALLERY))
    return pages, sample.load()


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.CONTRAST])
def test_every_page_is_drawn_without_a_fault(qtbot, qapp, context, gallery, choice):
    pages, sample = gallery
    window = make_window(
        qapp,
        (),
        services=lambda _jobs, _settings: pages.SampleServices(sample),
        pages=pages.gallery(sample),
        settings=context.settings,
    )
    qtbot.addWidget(window, before_close_func=lambda w: w.context.jobs.close())
    window.context.settings.choose("theme", choice.value)
    window.show()
    faults = []
    window.context.notices.failed.connect(faults.append)
    for width in (1280, 1920):
        window.resize(width, 900)
        for page in window.rail.items:
            window.context.navigation.go(page, "picture")
            qtbot.wait(20)
            assert not window.grab().isNull()
    qtbot.waitUntil(lambda: window.context.jobs.is_idle)
    assert faults == []
