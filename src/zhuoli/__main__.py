"""Run the program: ``python -m zhuoli``, which is what the start script ``./zhuoli`` does."""

from zhuoli.cli import run

if __name__ == "__main__":
    run()
