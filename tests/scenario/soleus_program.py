"""Runs the soleus program as its user does, and tells what it left behind."""

import dataclasses
import os
import pathlib
import resource
import signal
import subprocess
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "configs" / "scenarios"
PROGRAM = os.environ.get("SOLEUS_PROGRAM") or "soleus"
if os.sep in PROGRAM:
    PROGRAM = os.path.abspath(PROGRAM)  # it runs in folders of the tests
# Where the fixtures lie: recordings made once for all tests.
RECORDINGS = pathlib.Path(os.environ.get("SOLEUS_RECORDINGS", "."))
# Every time limit is multiplied by this: sanitizers slow everything down, and so do others on the same machine.
PATIENCE = float(os.environ.get("SOLEUS_PATIENCE", "1")) * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
# A fault is named at once, not after a minute: the user stands beside the scanner.
QUICK_S = 5.0
SKIPPED = 77  # ctest's SKIP_RETURN_CODE


@dataclasses.dataclass
class Run:
    code: int
    out: str
    err: str
    seconds: float


def environment():
    # Translated messages of GStreamer would make the output depend on the machine.
    return {**os.environ, "LC_ALL": "C.UTF-8", "GST_DEBUG": os.environ.get("GST_DEBUG", "0")}


def run(*arguments, cwd=None, timeout_s=120, file_size_limit_bytes=None, stdin=subprocess.DEVNULL):
    """The program with these arguments. `file_size_limit_bytes`: writing more into one file fails as on a full disk."""

    def limit():
        if file_size_limit_bytes is not None:
            # Without this the kernel kills the writer; ignored, it gets an error as from a full disk.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size_limit_bytes, file_size_limit_bytes))

    start = time.monotonic()
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        cwd=cwd,
        stdin=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout_s * PATIENCE,
        env=environment(),
        preexec_fn=limit,
        restore_signals=False,
    )
    return Run(done.returncode, done.stdout, done.stderr, time.monotonic() - start)


def start(*arguments, cwd=None, before=(), **variables):
    """The program in the background; `before`: a command that runs it, `variables` of its environment."""
    return subprocess.Popen(
        [*map(str, before), PROGRAM, *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), **variables},
    )


def wait_for_file(folder, pattern, process, timeout_s=20):
    """Waits until `process` has begun a file of this pattern in `folder`."""
    end = time.monotonic() + timeout_s * PATIENCE
    while not list(pathlib.Path(folder).glob(pattern)):
        assert process.poll() is None and time.monotonic() < end, (pattern, process.returncode)
        time.sleep(0.002)


def contents(folder):
    """Everything in a folder: name -> bytes of a file, None of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(pathlib.Path(folder).rglob("*"))
    }


class ProgramTest(unittest.TestCase):
    def check_sentence(self, done, *names):
        """One line on standard error that names everything in `names`."""
        lines = done.err.splitlines()
        self.assertEqual(len(lines), 1, f"not one sentence: {done.err!r}")
        self.assertTrue(lines[0].startswith("soleus: "), lines[0])
        for name in names:
            self.assertIn(str(name), lines[0])

    def check_refusal(self, code, names, *arguments, cwd, quick_s=QUICK_S, **limits):
        """The program refuses: its code, one sentence, nothing printed, nothing left behind, soon."""
        before = contents(cwd)
        done = run(*arguments, cwd=cwd, **limits)
        self.assertEqual(done.code, code, done.err + done.out)
        self.check_sentence(done, *names)
        self.assertEqual(done.out, "")
        after = contents(cwd)
        self.assertEqual(sorted(after), sorted(before), "left behind")
        self.assertEqual([n for n in after if after[n] != before[n]], [], "changed")
        self.assertLess(done.seconds, quick_s * PATIENCE)
        return done


def test_data():
    """The folder of real recordings, or None where it is absent."""
    folder = pathlib.Path(os.environ.get("SOLEUS_TEST_DATA") or ROOT / ".." / "shared" / "data").resolve()
    return folder if folder.is_dir() else None


def main():
    unittest.main(verbosity=2)
