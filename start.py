#!/usr/bin/env python3
"""Set tnskit up if needed, then do what was asked.

    python3 start.py                      open JupyterLab on the templates, with the sample market
    python3 start.py test                 run every check: format, lint, types, tests, notebooks
    python3 start.py check ... --out F    any command of tnskit, with its own arguments
    python3 start.py setup                only set up
    python3 start.py help                 this text

What follows the first word is passed on: to JupyterLab, to pytest, or to the tnskit command.
The set-up goes into `.venv` beside this file and touches nothing else; a second start skips it.
"""

# Only the standard library, and nothing newer than Python 3.8, so that an old Python is told what it lacks.
from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOG, STAMP = VENV / "setup.log", VENV / "setup.done"

DISK_MB = 1000
"""Free space to begin with: some 700 MB are installed, and the downloads lie beside them for a while."""

TOLD = {
    r"No space left|Errno 28\b|Disk quota": "the disk is full: free about 1 GB and start again",
    r"Read-only file system|Permission denied|Errno 13\b|Errno 30\b": (
        "this folder cannot be written to: copy the project to a folder of your own and start it there"
    ),
    r"requires a different Python": "the .venv here belongs to an older Python: delete it and start again",
    r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|TLS CA certificate bundle": (
        "this machine does not trust the certificate of the package index: install ca-certificates, "
        "or name your organisation's certificate file in PIP_CERT"
    ),
    r"name resolution|not known|could not resolve|connection|timed out|unreachable|Unable to locate": (
        "no network: the package index could not be reached; check the connection and the proxy, or name a mirror in PIP_INDEX_URL"
    ),
    r"No matching distribution|Could not find a version|do not match the hashes": (
        "the package index answered, but not with what tnskit needs: check PIP_INDEX_URL and its password"
    ),
}
"""What a failed set-up says, and what that means for the person who started it; the first that fits."""


class SetupError(Exception):
    """The set-up cannot go on; the message is one sentence for the person who started it."""


def main(argv: Sequence[str]) -> int:
    """Do what the first word asks for, after setting up if needed."""
    word = argv[0] if argv else "lab"
    if word in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    try:
        set_up("test" if word == "test" else "run")
    except SetupError as error:
        print(f"start.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstart.py: stopped; the next start sets up again", file=sys.stderr)
        return 130
    if word == "setup":
        print(f"tnskit is set up in {VENV}")
        return 0
    if word == "test":
        return check_all(argv[1:])
    return hand_over([str(BIN / "tnskit"), *(["lab"] if word.startswith("-") or not argv else []), *argv])


def hand_over(command: list[str]) -> int:
    """Become `command`, so that signals and the exit code are its own."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.call(command)


# Is there anything to do?


def set_up(extra: str) -> None:
    """Make `.venv` and install tnskit into it for `extra` ("run" or "test"), unless that is done already.

    Raises:
        SetupError: it cannot be done; the sentence says why and what would help.
    """
    if is_ready(extra):
        return
    if sys.version_info < OLDEST:
        newer = newer_python()
        sentence = version_sentence(sys.version_info[:2], newer)
        if newer is None:
            raise SetupError(sentence)
        print(sentence, file=sys.stderr)
        sys.exit(hand_over([newer, __file__, *sys.argv[1:]]))
    try:
        with only_one():
            if not is_ready(extra):
                install(extra)
    except OSError as error:
        raise SetupError(sentence_for(str(error)) or f"the set-up failed: {error}") from error


def is_ready(extra: str) -> bool:
    """Say whether `.venv` holds what `extra` asks for; the test set-up holds the other too."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() in (stamp(extra), stamp("test"))


def stamp(extra: str) -> str:
    """Tell one set-up from another: where it stands, its interpreter, what was asked for."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{place()}{wanted}\n{extra}\n"


def place() -> str:
    """Tell the folder and the interpreter of `.venv`; when one of them changes, nothing in it is of use."""
    return f"{ROOT}\n{os.path.realpath(PYTHON)}\n"


def version_sentence(version: Sequence[int], newer: str | None) -> str:
    """Say which Python is needed, which one this is, and where a newer one was found."""
    this = ".".join(map(str, version))
    found = f"found {newer}, going on with that" if newer else "install a newer one and start again with it"
    return f"tnskit needs Python {OLDEST[0]}.{OLDEST[1]} or newer, this is {this}; {found}"


def newer_python() -> str | None:
    """Find a Python on PATH that is new enough and really runs; a version manager's stand-in may not."""
    for name in ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "python"):
        path = shutil.which(name)
        if path and works([path, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"]):
            return path
    return None


def works(command: Sequence[str | Path]) -> bool:
    """Say whether a command ends well."""
    return subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Keep a second start waiting while the first sets up, and clear away what a killed one left behind."""
    with Path(__file__).open() as held:
        # what this start runs holds on to the lock too, should this start be killed
        os.set_inheritable(held.fileno(), True)
        if not take(held.fileno()):
            print("another start is setting tnskit up; waiting for it to end", flush=True)
            while not take(held.fileno()):
                time.sleep(0.3)
        if LOG.exists() and not (STAMP.exists() and STAMP.read_text().startswith(place())):
            shutil.rmtree(VENV)
        VENV.mkdir(exist_ok=True)
        yield


def take(number: int) -> bool:
    """Take the lock of an open file unless someone else holds it; where there are no locks, go on without."""
    try:
        import fcntl

        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return True
    return True


# Set up


def install(extra: str) -> None:
    """Fill `.venv` by the best way this machine offers, and stamp it when all is there."""
    STAMP.unlink(missing_ok=True)
    # pip comes along for `%pip install` in a notebook
    wanted = ["pip", "--editable", ".[test,spark]" if extra == "test" else "."]
    with Progress() as progress:
        free = shutil.disk_usage(VENV).free // 2**20
        if free < DISK_MB and not PYTHON.exists():
            raise SetupError(f"the disk has {free} MB free, the set-up needs {DISK_MB}: free some and start again")
        if not (shutil.which("uv") and not pip_is_told(os.environ) and install_by_uv(progress, wanted)):
            progress.run("installing", [*find_pip(progress), "install", "--no-compile", *wanted])
        shutil.rmtree(VENV / "apt", ignore_errors=True)
        STAMP.write_text(stamp(extra))


def pip_is_told(environ: Mapping[str, str]) -> bool:
    """Say whether pip was told which index to use; uv does not read that, and must not go elsewhere then."""
    home = Path.home()
    folders = [Path("/etc"), Path("/etc/xdg"), home, home / ".config", home / "Library/Application Support"]
    folders += [Path(environ[name]) for name in ("XDG_CONFIG_HOME", "APPDATA") if environ.get(name)]
    ends = ("pip.conf", "pip/pip.conf", "pip/pip.ini", ".pip/pip.conf")
    names = ("PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX")
    return any(name in environ for name in names) or any((folder / end).exists() for folder in folders for end in ends)


def install_by_uv(progress: Progress, wanted: list[str]) -> bool:
    """Install by uv; False where this uv cannot, for pip may."""
    try:
        progress.run("making .venv", ["uv", "venv", "--allow-existing", "--python", sys.executable, VENV])
        progress.run("installing by uv", ["uv", "pip", "install", "--python", PYTHON, *wanted])
    except SetupError:
        return False
    return True


def find_pip(progress: Progress) -> list[str | Path]:
    """Make `.venv` if it is not there, and find a pip that installs into it.

    Raises:
        SetupError: this machine has no pip and no way to one.
    """
    inside: list[str | Path] = [PYTHON, "-m", "pip"]
    outside: list[str | Path] = [sys.executable, "-m", "pip", "--python", PYTHON]
    if PYTHON.exists() and works([*inside, "--version"]):
        return inside
    if importlib.util.find_spec("ensurepip"):
        progress.run("making .venv", [sys.executable, "-m", "venv", VENV])
        return inside
    progress.run("making .venv", [sys.executable, "-m", "venv", "--without-pip", VENV])
    if works([*outside, "--version"]):
        return outside
    wheel = wheel_from_apt(progress, VENV / "apt")
    if wheel is None:
        raise SetupError("this Python has neither pip nor ensurepip: install python3-venv and start again")
    return [PYTHON, wheel / "pip"]


def wheel_from_apt(progress: Progress, folder: Path) -> Path | None:
    """Let apt fetch the system's own pip into `folder`, which needs no root and installs nothing.

    A minimal Debian or Ubuntu has a Python without pip and without ensurepip, but always apt.
    The certificates that come along serve where none are installed.
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "archives/partial").mkdir(parents=True)
    apt = ["apt-get", "-q", "-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}"]
    progress.run("asking apt for pip", [*apt, "update"])
    progress.run("fetching pip by apt", [*apt, "download", "python3-pip-whl", "ca-certificates"], folder)
    for package in folder.glob("*.deb"):
        progress.run("unpacking pip", ["dpkg-deb", "-x", package, folder])
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        authorities = sorted((folder / "usr/share/ca-certificates").rglob("*.crt"))
        (folder / "authorities.pem").write_text("".join(file.read_text() for file in authorities))
        progress.environment.setdefault("PIP_CERT", str(folder / "authorities.pem"))
    return next((folder / "usr/share/python-wheels").glob("pip-*.whl"), None)


class Progress:
    """Runs the steps of the set-up; shows a moving line in a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.environment = clean_environment(os.environ)
        self.moving = sys.stdout.isatty()
        self.last: list[str] = []

    def __enter__(self) -> Progress:
        self.log = LOG.open("w", buffering=1, encoding="utf-8", errors="replace")
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        self.log.close()
        self.say("" if kind else f"set up in {time.monotonic() - self.began:.0f} s")
        print(end="\n" if self.moving and not kind else "\r")

    def run(self, step: str, command: Sequence[str | Path], folder: Path = ROOT) -> None:
        """Run one step to its end; SetupError says why it failed."""
        self.last = []
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=False,
        )
        reader = threading.Thread(target=self.read, args=(process,), daemon=True)
        reader.start()
        try:
            self.watch(step, process)
        finally:
            process.kill()
            reader.join(timeout=2)
        if process.wait():
            said = sentence_for("\n".join(self.last)) or f"{step} failed: {last_error(self.last)}"
            raise SetupError(f"{said} (all of it: {LOG})")

    def read(self, process: subprocess.Popen[str]) -> None:
        """Keep what the step says, for the log and for the last word on the line."""
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.last = [*self.last[-40:], line.strip()]
                self.log.write(line)

    def watch(self, step: str, process: subprocess.Popen[str]) -> None:
        """Say how it goes until the step ends."""
        due = 0.0
        while process.poll() is None:
            now = time.monotonic()
            if now >= due:
                self.say(f"setting up, {now - self.began:.0f} s: {step}  {''.join(self.last[-1:])}")
                due = now + (0.1 if self.moving else 15)
            time.sleep(0.1)

    def say(self, text: str) -> None:
        """Show one line, over the one before in a terminal."""
        width = shutil.get_terminal_size().columns - 1
        if self.moving:
            print(f"\r{text[:width]:{width}}", end="", flush=True)
        elif text:
            print(text[:width], flush=True)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Take away what would send pip or Python elsewhere than into `.venv`, or let them ask questions."""
    away = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    fixed = {
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_PROGRESS_BAR": "off",
    }
    return {**{name: value for name, value in environ.items() if name not in away}, **fixed}


def sentence_for(said: str) -> str | None:
    """Find the sentence that explains what a failed step said; None where nobody foresaw it."""
    return next((told for pattern, told in TOLD.items() if re.search(pattern, said, re.IGNORECASE)), None)


def last_error(lines: Sequence[str]) -> str:
    """Pick the line that most likely says what went wrong."""
    for pattern in (r"\w+Error: ", r"(error|fatal|e):? "):
        for line in reversed(lines):
            if re.match(pattern, line, re.IGNORECASE):
                return line
    return next((line for line in reversed(lines) if line), "it said nothing")


# Check


def check_all(arguments: Sequence[str]) -> int:
    """Run every check to its end; 0 where all is well. The types are looked at beside the tests, and told after them."""
    failed = []
    for name, words in (("format", ["ruff", "format", "--check", "."]), ("lint", ["ruff", "check", "."])):
        good = subprocess.call([str(PYTHON), "-m", *words], cwd=ROOT) == 0
        print(f"{name}: {'passed' if good else 'FAILED'}", flush=True)
        failed += [] if good else [name]
    words = [str(PYTHON), "-m", "mypy", "--strict", "tnskit"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as types:
        tests = subprocess.call([str(PYTHON), "-m", "pytest", *pytest_words(arguments)], cwd=ROOT)
        said = types.communicate()[0]
    print(f"{said}types: {'passed' if types.returncode == 0 else 'FAILED'}", flush=True)
    failed += ["types"] if types.returncode else []
    if failed:
        print(f"start.py: {' and '.join(failed)} failed, see above", file=sys.stderr)
    return tests or len(failed)


def pytest_words(arguments: Sequence[str]) -> list[str]:
    """Take tests and notebooks where no path is given; `loadfile` keeps the cells of a notebook together."""
    chosen = any(re.search(r"[/\\]|\.(py|ipynb)\b", word) for word in arguments if not word.startswith("-"))
    paths = [] if chosen else ["tests", "notebooks"]
    return ["-n", "2", "--dist", "loadfile", "--nbval-lax", "--nbval-current-env", *paths, *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
