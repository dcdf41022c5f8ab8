"""Let ``python -m workbench`` be the same program as ``workbench``."""

from workbench.cli.main import run

if __name__ == "__main__":
    run()
