"""Settings are declared once, kept whole, and never cost more than themselves."""

import json

import pytest

from workbench.gui.settings import SETTINGS, Settings


def test_defaults_are_what_the_table_says(tmp_path):
    settings = Settings(tmp_path)
    assert {s.key: settings.value(s.key) for s in SETTINGS} == {s.key: s.default for s in SETTINGS}
    assert all(setting.accepts(setting.default) for setting in SETTINGS)
    assert settings.problems == ()


def test_a_choice_is_kept_and_told(qtbot, tmp_path):
    settings = Settings(tmp_path / "new" / "folder")
    with qtbot.waitSignal(settings.changed) as caught:
        settings.choose("theme", "dark")
    assert caught.args == ["theme"]
    assert Settings(tmp_path / "new" / "folder").value("theme") == "dark"
    written = json.loads((tmp_path / "new" / "folder" / "settings.json").read_text())
    assert written == {"schema": "workbench.settings/1", "theme": "dark"}


@pytest.mark.parametrize(
    ("key", "value"),
    [("theme", "pink"), ("theme", 1), ("text_scale", 9.0), ("text_scale", True),
     ("row_height", 25), ("letter_keys", 1), ("letter_keys", "yes")],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused_and_read_as_the_default(tmp_path, key, value):
    settings = Settings(tmp_path)
    with pytest.raises(ValueError, match=key):
        settings.choose(key, value)
    document = {"schema": "workbench.settings/1", key: value}
    (tmp_path / "settings.json").write_text(json.dumps(document))
    read = Settings(tmp_path)
    assert read.value(key) == next(s.default for s in SETTINGS if s.key == key)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"schema": "other/1"}', b'{"a": 1, "a": 2}', b"[" * 100_000],
)
def test_a_file_that_cannot_be_read_is_put_aside_and_nothing_else_is_lost(tmp_path, content):
    (tmp_path / "settings.json").write_bytes(content)
    settings = Settings(tmp_path)
    assert settings.value("theme") == "system"
    (problem,) = settings.problems
    assert "settings.unread.json" in problem
    assert (tmp_path / "settings.unread.json").read_bytes() == content
    settings.choose("theme", "light")
    assert Settings(tmp_path).value("theme") == "light"


def test_a_file_of_a_newer_program_is_used_and_left_alone(tmp_path):
    newer = json.dumps({"schema": "workbench.settings/2", "theme": "dark", "more": [1]})
    (tmp_path / "settings.json").write_text(newer)
    settings = Settings(tmp_path)
    assert settings.value("theme") == "dark"
    assert "newer" in settings.problems[0]
    settings.choose("theme", "light")
    assert (tmp_path / "settings.json").read_text() == newer


def test_what_another_version_kept_is_not_thrown_away(tmp_path):
    document = {"schema": "workbench.settings/1", "later": {"x": 1}}
    (tmp_path / "settings.json").write_text(json.dumps(document))
    Settings(tmp_path).choose("theme", "dark")
    written = json.loads((tmp_path / "settings.json").read_text())
    assert written["later"] == {"x": 1}


def test_a_folder_that_cannot_be_written_is_said_and_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file")
    settings.choose("theme", "dark")
    settings.remember("geometry", [1, 2, 3, 4])
    settings.keep()
    assert settings.value("theme") == "dark"
    assert len(settings.problems) == 2


def test_the_place_of_the_window_is_kept_beside_the_settings(tmp_path):
    settings = Settings(tmp_path)
    settings.remember("geometry", [10, 20, 1440, 900])
    assert not (tmp_path / "window.json").exists()
    settings.keep()
    assert Settings(tmp_path).remembered("geometry") == [10, 20, 1440, 900]
    assert not (tmp_path / "settings.json").exists()
