"""The start script, run as people run it, in a folder with spaces and Chinese and without a network.

The packages are tiny wheels made here; ``uv`` is one of them, a stub that lets pip do the work and can be told
to fail. pip, venv, hashes and locks are the real ones. PATH holds only the programs that the script may use.
"""

from __future__ import annotations

import base64
import hashlib
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE_PYTHON = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
TOOLS = [
    *[
        "sh",
        "cmp",
        "cp",
        "date",
        "df",
        "env",
        "grep",
        "mkdir",
        "mv",
        "printf",
        "readlink",
        "rm",
        "sed",
        "sleep",
        "tail",
    ]
]

STUB_UV = """#!/bin/sh
# uv pip sync --require-hashes --python PYTHON LOCK UV_LOCK
echo "$@" >>"$STUB/runs"
env | grep '^UV_' >"$STUB/env"
if [ -e "$STUB/wait" ]; then
    rm -f "$VIRTUAL_ENV"/lib/python*/site-packages/sample.py
    : >"$STUB/waiting"
    while [ -e "$STUB/wait" ]; do sleep 0.05; done
fi
if [ -e "$STUB/broken" ]; then echo "uv: something odd"; exit 2; fi
if [ -e "$STUB/full" ]; then echo "error: failed to copy: No space left on device (os error 28)"; exit 2; fi
exec "$VIRTUAL_ENV/bin/python" -m pip install --no-deps --require-hashes -r "$6"
"""

PROGRAM = """
import sys
import sample
print("sample", sample.VERSION, *sys.argv[1:])
print(sys.stdin.read(), end="")
sys.exit(7 if "seven" in sys.argv else 0)
"""


def wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> str:
    """Make a wheel; return its line for a lock."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},"
        f"{len(text.encode())}\n"
        for path, text in files.items()
    )
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in {**files, f"{info}/RECORD": record + f"{info}/RECORD,,\n"}.items():
            entry = zipfile.ZipInfo(inner)
            entry.external_attr = 0o100755 << 16  # a program that may be run
            archive.writestr(entry, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Tree:
    """A copy of the software in a folder of its own, and a way to start it."""

    def __init__(self, folder: Path, wheels: Path, lines: dict[str, str]) -> None:
        self.folder = folder
        self.stub = folder.parent / f"{folder.name} stub"
        self.bin = folder.parent / f"{folder.name} bin"
        self.lines = lines
        self.env = {
            "HOME": str(folder.parent),
            "LANG": "C.UTF-8",
            "PATH": str(self.bin),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": wheels.as_uri(),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_NO_INDEX": "1",
            "STUB": str(self.stub),
        }

    def make(self) -> Tree:
        self.stub.mkdir(parents=True)
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool}"))
        (self.bin / "python3.11").symlink_to(BASE_PYTHON)
        return self

    def fill(self) -> Tree:
        package = self.folder / "src" / "zhuoli"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(PROGRAM)
        shutil.copy(ROOT / "zhuoli", self.folder / "zhuoli")
        self.write("requirements.lock", "sample 1.0")
        self.write("requirements-dev.lock", "sample 1.0", "tool 1.0")
        self.write("requirements-uv.lock", "uv 9.9")
        return self

    def write(self, lock: str, *packages: str) -> None:
        (self.folder / lock).write_text("".join(self.lines[package] for package in packages))

    def start(
        self, *words: str, script: str | Path = "", **options: object
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            [script or self.folder / "zhuoli", *words],
            env=self.env,
            **{"capture_output": True, "text": True, "timeout": 120, "input": "", **options},
        )

    def begin(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.folder / "zhuoli", *words],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background may have said that Ctrl-C is to be ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def runs(self) -> int:
        """How often the installer has run."""
        path = self.stub / "runs"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def has(self, module: str) -> bool:
        return any(self.folder.glob(f".venv/lib/python3*/site-packages/{module}.py"))

    def until(self, name: str) -> None:
        """Wait for the stub to say something."""
        deadline = time.monotonic() + 60
        while not (self.stub / name).exists():
            assert time.monotonic() < deadline, f"the stub never came to {name!r}"
            time.sleep(0.02)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("wheels")
    made = [
        ("sample", "1.0", {"sample.py": "VERSION = '1.0'\n"}),
        ("sample", "2.0", {"sample.py": "VERSION = '2.0'\n"}),
        ("tool", "1.0", {"tool.py": "\n"}),
        ("uv", "9.9", {"uv-9.9.data/scripts/uv": STUB_UV}),
    ]
    return folder, {f"{name} {version}": wheel(folder, name, version, files) for name, version, files in made}


@pytest.fixture
def new(tmp_path: Path, wheels: tuple[Path, dict[str, str]]) -> Tree:
    """A fresh copy: never started."""
    return Tree(tmp_path / "着力点 一份", *wheels).make().fill()


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, wheels: tuple[Path, dict[str, str]]
) -> tuple[Tree, subprocess.CompletedProcess[str]]:
    tree = Tree(tmp_path_factory.mktemp("built") / "原 处", *wheels).make().fill()
    return tree, tree.start("first")


@pytest.fixture
def ready(built: tuple[Tree, object], tmp_path: Path, wheels: tuple[Path, dict[str, str]]) -> Tree:
    """A copy that has been started before, and moved since."""
    tree = Tree(tmp_path / "着力点 搬家", *wheels).make()
    shutil.copytree(built[0].folder, tree.folder, symlinks=True)
    return tree


# --- Starting ----------------------------------------------------------------------------------------------


def test_the_first_start_installs_and_runs(built: tuple[Tree, subprocess.CompletedProcess[str]]) -> None:
    tree, first = built
    assert (first.returncode, first.stdout) == (0, "sample 1.0 first\n"), first.stderr
    # No terminal: one line, with the total time, and on standard error.
    assert re.fullmatch(r"环境已就绪，用时 \d+ 秒。Environment ready in \d+ s\.\n", first.stderr)
    assert tree.runs() == 1
    assert not tree.has("tool")


def test_later_starts_say_and_change_nothing(ready: Tree) -> None:
    before = {path: path.stat().st_mtime_ns for path in ready.folder.glob(".venv/.zhuoli/*")}
    again = ready.start("a b", "--lang", "*", input="from the pipe\n")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == "sample 1.0 a b --lang *\nfrom the pipe\n"
    assert {path: path.stat().st_mtime_ns for path in ready.folder.glob(".venv/.zhuoli/*")} == before
    assert ready.start("seven").returncode == 7


def test_what_is_compiled_is_kept_in_the_environment_where_it_may_not_lie_beside(ready: Tree) -> None:
    ready.env["PYTHONDONTWRITEBYTECODE"] = "1"
    assert ready.start().returncode == 0
    kept = [path.name for path in (ready.folder / ".venv" / "compiled").rglob("sample*.pyc")]
    assert len(kept) == 1


def test_through_links_from_elsewhere_and_past_a_trap(ready: Tree, tmp_path: Path) -> None:
    elsewhere = tmp_path / "别 处"
    elsewhere.mkdir()
    for trap in ("sample.py", "zhuoli.py"):
        (elsewhere / trap).write_text("raise SystemExit('imported from the current directory')")
    (elsewhere / "absolute").symlink_to(ready.folder / "zhuoli")
    (elsewhere / "relative").symlink_to("./absolute")
    ready.env["CDPATH"] = str(tmp_path)
    for script in ("./relative", elsewhere / "absolute", Path("..") / ready.folder.name / "zhuoli"):
        done = ready.start("x", script=script, cwd=elsewhere)
        assert (done.stdout, done.stderr) == ("sample 1.0 x\n", "")
    in_place = subprocess.run(
        ["sh", "zhuoli"], cwd=ready.folder, env=ready.env, capture_output=True, text=True
    )
    assert in_place.stdout == "sample 1.0\n"


@pytest.mark.parametrize("shell", ["dash", "bash --posix", "busybox sh", "ksh", "mksh", "yash"])
def test_every_shell_at_hand(shell: str, ready: Tree) -> None:
    program, *options = shell.split()
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"no {program} here")
    ready.write("requirements.lock", "sample 2.0")
    command = [path, *options, str(ready.folder / "zhuoli"), "x"]
    done = subprocess.run(command, env=ready.env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (0, "sample 2.0 x\n"), done.stderr


def test_a_start_costs_little(ready: Tree) -> None:
    program = [str(ready.folder / ".venv/bin/python"), "-P", "-m", "zhuoli"]

    def best(command: list[str]) -> float:
        times = []
        for _ in range(7):
            began = time.perf_counter()
            subprocess.run(command, env=ready.env, stdin=subprocess.DEVNULL, capture_output=True, check=True)
            times.append(time.perf_counter() - began)
        return min(times)

    assert best([str(ready.folder / "zhuoli")]) - best(program) < 0.05


# --- When the locks change ---------------------------------------------------------------------------------


def test_a_changed_lock_is_installed_once(ready: Tree) -> None:
    ready.write("requirements.lock", "sample 2.0")
    assert ready.start("x").stdout == "sample 2.0 x\n"
    assert ready.start("x").stdout == "sample 2.0 x\n"
    assert ready.runs() == 1


@pytest.mark.parametrize("words", [["test"], ["--lang", "zh", "lint", "x"], ["--lang=en", "test"]])
def test_tools_are_added_when_they_are_needed(words: list[str], ready: Tree) -> None:
    assert ready.start("scenario", "test").returncode == 0
    assert ready.runs() == 0  # the `test` of another command is not ours
    assert ready.start(*words).returncode == 0
    assert (ready.runs(), ready.has("tool")) == (1, True)
    assert ready.start("demo").returncode == 0
    assert ready.runs() == 1
    # With the tools there, it is their lock that is kept up to date.
    ready.write("requirements.lock", "sample 2.0")
    ready.write("requirements-dev.lock", "sample 2.0", "tool 1.0")
    assert ready.start("demo").stdout == "sample 2.0 demo\n"
    assert (ready.runs(), ready.has("tool")) == (2, True)


def test_pip_does_it_where_uv_fails(ready: Tree) -> None:
    (ready.stub / "broken").touch()
    ready.write("requirements.lock", "sample 2.0")
    assert ready.start("x").stdout == "sample 2.0 x\n"
    assert ready.runs() == 1


def test_pip_does_it_where_uv_cannot_be_had(ready: Tree) -> None:
    (ready.folder / "requirements-uv.lock").write_text(f"uv==9.10 --hash=sha256:{'0' * 64}\n")
    ready.write("requirements.lock", "sample 2.0")
    assert ready.start("x").stdout == "sample 2.0 x\n"
    assert ready.runs() == 0


def test_uv_uses_the_index_that_pip_was_told(ready: Tree, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://user:p%40ss@mirror.example/simple\n"
        "extra-index-url =\n    https://a.example/simple\n    https://b.example/simple\n"
        "[install]\ntrusted-host = mirror.example\n"
    )
    ready.env["PIP_CONFIG_FILE"] = str(settings)
    ready.env["UV_INSECURE_HOST"] = "mine.example"
    ready.write("requirements.lock", "sample 2.0")
    assert ready.start("x").stdout == "sample 2.0 x\n"
    told = dict(line.split("=", 1) for line in (ready.stub / "env").read_text().splitlines())
    assert told["UV_DEFAULT_INDEX"] == "https://user:p%40ss@mirror.example/simple"
    assert told["UV_INDEX"] == "https://a.example/simple https://b.example/simple"
    assert told["UV_FIND_LINKS"] == ready.env["PIP_FIND_LINKS"]
    assert told["UV_INSECURE_HOST"] == "mine.example"  # what uv itself was told wins


# --- Interrupted, and two at once --------------------------------------------------------------------------


def test_killed_half_way_the_next_start_repairs(ready: Tree) -> None:
    (ready.stub / "wait").touch()
    ready.write("requirements.lock", "sample 2.0")
    process = ready.begin("x")
    ready.until("waiting")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not ready.has("sample")  # the stub had begun to change things
    (ready.stub / "wait").unlink()
    # The lock that was complete before the accident must not pass for complete now.
    ready.write("requirements.lock", "sample 1.0")
    assert ready.start("x").stdout == "sample 1.0 x\n"


def test_interrupted_by_hand_it_stops_and_says_nothing_wrong(ready: Tree) -> None:
    (ready.stub / "wait").touch()
    ready.write("requirements.lock", "sample 2.0")
    process = ready.begin("x")
    ready.until("waiting")
    os.killpg(process.pid, signal.SIGINT)
    stdout, _ = process.communicate(timeout=30)
    assert (process.returncode, stdout) == (130, "")
    assert (ready.folder / ".venv/.zhuoli/busy").exists()


def test_two_starts_at_once_install_once(ready: Tree) -> None:
    (ready.stub / "wait").touch()
    ready.write("requirements.lock", "sample 2.0")
    first = ready.begin("first")
    ready.until("waiting")
    second = ready.begin("second")
    time.sleep(0.3)
    assert second.poll() is None  # it waits
    (ready.stub / "wait").unlink()
    assert first.communicate(timeout=60)[0] == "sample 2.0 first\n"
    assert second.communicate(timeout=60)[0] == "sample 2.0 second\n"
    assert ready.runs() == 1


@pytest.mark.slow
def test_two_first_starts_at_once_install_once(new: Tree) -> None:
    both = [new.begin("first"), new.begin("second")]
    assert [process.communicate(timeout=60)[0] for process in both] == [
        "sample 1.0 first\n",
        "sample 1.0 second\n",
    ]
    assert new.runs() == 1


def test_an_installer_that_outlives_its_start_is_waited_for(ready: Tree) -> None:
    (ready.stub / "wait").touch()
    ready.write("requirements.lock", "sample 2.0")
    first = ready.begin("first")
    ready.until("waiting")
    first.kill()  # the shell only; the installer goes on
    second = ready.begin("second")
    time.sleep(0.3)
    assert second.poll() is None
    assert ready.runs() == 1
    (ready.stub / "wait").unlink()
    assert second.communicate(timeout=60)[0] == "sample 2.0 second\n"
    first.communicate()


def test_a_python_that_went_away_is_replaced(ready: Tree) -> None:
    for link in ready.folder.glob(".venv/bin/python*"):
        link.unlink()
        link.symlink_to("/gone/python3.11")
    done = ready.start("x")
    assert (done.returncode, done.stdout) == (0, "sample 1.0 x\n"), done.stderr


def test_naming_the_same_python_does_not_install_it_again(ready: Tree, tmp_path: Path) -> None:
    other = tmp_path / "my python"
    other.symlink_to(BASE_PYTHON)
    marker = ready.folder / ".venv" / "marker"
    marker.touch()
    ready.env["ZHUOLI_PYTHON"] = str(other)
    assert ready.start("x").stdout == "sample 1.0 x\n"
    assert ready.start("x").stderr == ""
    assert marker.exists()


# --- What can go wrong -------------------------------------------------------------------------------------


def assert_explained(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The code, a sentence and a remedy in each language, and nothing from the program."""
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "怎么办：" in done.stderr
    assert "What to do: " in done.stderr
    for word in words:
        assert word in done.stderr


def fake_python(tree: Tree, name: str, answer: str) -> None:
    path = tree.bin / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)


def test_no_python(new: Tree) -> None:
    (new.bin / "python3.11").unlink()
    assert_explained(new.start(), 10, "找不到 Python", "No Python was found")
    assert not (new.folder / ".venv").exists()


def test_python_too_old_names_what_was_found(new: Tree) -> None:
    (new.bin / "python3.11").unlink()
    fake_python(new, "python3", "3.9.2 yes /usr/bin/python3.9")
    fake_python(new, "python", "2.7.18 no /usr/bin/python2.7")
    assert_explained(new.start(), 11, "python3 3.9.2", "python 2.7.18", "3.11")


def test_a_name_that_is_only_a_signpost_is_passed_over(ready: Tree) -> None:
    # Version managers leave such programs on PATH for versions that are not chosen.
    (ready.bin / "python3.13").write_text("#!/bin/sh\necho 'python3.13: command not found' >&2\nexit 127\n")
    (ready.bin / "python3.13").chmod(0o755)
    fake_python(ready, "python3.12", "3.12.1 no /usr/bin/python3.12")
    ready.write("requirements.lock", "sample 2.0")
    assert ready.start("x").returncode == 0
    assert (ready.folder / ".venv/.zhuoli/python").read_text() == f"{BASE_PYTHON}\n"


def test_no_venv_module(new: Tree) -> None:
    (new.bin / "python3.11").unlink()
    fake_python(new, "python3", "3.11.2 no /usr/bin/python3.11")
    assert_explained(new.start(), 12, "python3 3.11.2", "python3-venv", "python3.11-venv")


def test_the_python_asked_for_does_not_run(ready: Tree) -> None:
    ready.env["ZHUOLI_PYTHON"] = "/no/such/python"
    assert_explained(ready.start(), 10, "/no/such/python", "ZHUOLI_PYTHON")


def test_disk_full(ready: Tree) -> None:
    (ready.stub / "full").touch()
    ready.write("requirements.lock", "sample 2.0")
    assert_explained(ready.start(), 13, "磁盘已满", "disk is full")
    assert (ready.folder / ".venv/.zhuoli/busy").exists()


def test_index_not_reachable(ready: Tree) -> None:
    del ready.env["PIP_NO_INDEX"], ready.env["PIP_FIND_LINKS"]
    ready.env |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    ready.write("requirements.lock", "sample 2.0")
    assert_explained(ready.start(), 14, "连不上", "cannot be reached", "PIP_INDEX_URL")
    # Nothing was changed, so with the lock of before everything still works, without a network.
    ready.write("requirements.lock", "sample 1.0")
    assert (ready.start("x").stdout, ready.start("x").stderr) == ("sample 1.0 x\n", "")


def test_hash_mismatch_installs_nothing(ready: Tree) -> None:
    (ready.folder / "requirements.lock").write_text(f"sample==2.0 --hash=sha256:{'0' * 64}\n")
    assert_explained(ready.start(), 15, "哈希", "does not match the hash")
    ready.write("requirements.lock", "sample 1.0")
    assert (ready.start("x").stdout, ready.start("x").stderr) == ("sample 1.0 x\n", "")


def test_a_lock_without_hashes_is_refused(ready: Tree) -> None:
    (ready.folder / "requirements.lock").write_text("sample==2.0\n")
    assert_explained(ready.start(), 17, "Hashes are required")


def test_not_writable(new: Tree) -> None:
    if os.geteuid() == 0:
        (new.folder / ".venv").write_text("a file where a folder should be")  # root may write everywhere
    else:
        new.folder.chmod(0o555)
    assert_explained(new.start(), 16, str(new.folder), "Cannot write")


def test_a_missing_lock(new: Tree) -> None:
    (new.folder / "requirements.lock").unlink()
    assert_explained(new.start(), 18, "requirements.lock")


# --- On a terminal -----------------------------------------------------------------------------------------


def test_progress_on_a_terminal(ready: Tree) -> None:
    (ready.stub / "wait").touch()
    ready.write("requirements.lock", "sample 2.0")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [ready.folder / "zhuoli", "x"],
        env=ready.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    ready.until("waiting")
    shown = os.read(ours, 10_000).decode()
    assert re.search(r"\r\033\[K安装依赖 … installing packages  \d+ s", shown)
    (ready.stub / "wait").unlink()
    assert process.communicate(timeout=60)[0] == "sample 2.0 x\n"
    rest = b""
    try:
        while chunk := os.read(ours, 10_000):
            rest += chunk
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(ours)
    assert "Environment ready in" in rest.decode().splitlines()[-1]


# --- The locks themselves ----------------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_tools_lock_contains_the_runtime_lock() -> None:
    runtime, tools = pins("requirements.lock"), pins("requirements-dev.lock")
    assert runtime
    assert runtime.items() <= tools.items()
    assert "pytest" in tools
    assert "uv" in pins("requirements-uv.lock")


@pytest.mark.network
def test_a_real_installation(tmp_path: Path) -> None:
    for name in ("zhuoli", "requirements.lock", "requirements-uv.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "src", tmp_path / "src")
    done = subprocess.run([tmp_path / "zhuoli", "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "./zhuoli" in done.stdout
