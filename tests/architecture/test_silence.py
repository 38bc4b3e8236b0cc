"""The reader tells nobody that it runs, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

READ = """
from bot.bootstrap.reading import shipped_reader
from bot.domain.reading import Utterance
print(len(shipped_reader().read([Utterance(text="hello", room="community", author="member")])))
"""


def test_reading_leaves_no_file_in_the_home_of_who_runs_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_", "PYTHON"))}

    done = subprocess.run(
        [sys.executable, "-c", READ], env={**mine, "HOME": str(home)}, check=True, capture_output=True, text=True
    )

    assert done.stdout == "1\n"
    assert [*home.rglob("*")] == []
