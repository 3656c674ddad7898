"""`.venv/bin/carillon` starts this clone's package, wherever it is called and whatever its path."""

import subprocess
import sys
from pathlib import Path

from cli import install


def test_the_script_runs_the_package_beside_it(tmp_path: Path) -> None:
    root = tmp_path / "a clone"
    (root / "cli").mkdir(parents=True)
    (root / "cli" / "__init__.py").write_text("")
    (root / "cli" / "__main__.py").write_text("import sys\ndef main():\n    return len(sys.argv)\n")
    script = tmp_path / "carillon"
    install.write(script, python=Path(sys.executable), root=root)
    called = subprocess.run([script, "one", "two"], cwd=tmp_path, check=False, timeout=30)
    assert called.returncode == 3
