#!/usr/bin/env python3
"""What the computer does to a recording: its clock is set, its disk is slow, it gives no more files to open. What was recorded
is whole, and the file says what happened."""

import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import h5py
import numpy as np

from soleus_program import PATIENCE, SCENARIOS, ProgramTest, main, run, start, wait_for_file

FAKETIME = next(iter(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
STORAGE = 5
SLOW_S = 3
# Waiting for the disk is what a slow disk makes a program do.
SLOW_DISK = ("strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
             "-e", f"inject=fdatasync,fsync:delay_enter={SLOW_S * 1000000}")
# An ordinary process may open as many as a thousand; below some dozens GStreamer cannot start.
FEW_FILES = (6, 8, 11, 14, 17, 20, 64)
LAB = f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'calf_raises.yaml'}}}
"""


class Computer(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "lab.yaml").write_text(LAB)

    def record(self, seconds, meanwhile=lambda process: None, **how):
        """Records for so long and ends as a user does; half-way `meanwhile` is called."""
        process = start("record", "lab.yaml", "-o", "out.h5", cwd=self.folder, **how)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(seconds / 2)
        meanwhile(process)
        time.sleep(seconds / 2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        verified = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual(verified.code, 0, verified.out)

    def check_whole(self, file):
        """Complete, with every frame that the source gave."""
        self.assertEqual(file.attrs["status"], "complete")
        times = file["streams/video/session_time_ns"][:]
        self.assertLess(np.diff(times).max(), 1.5 * np.median(np.diff(times)))
        for name in ("video", "measurement"):
            dropped = {k: v for k, v in file[f"streams/{name}"].attrs.items() if k.startswith("dropped_") and v}
            self.assertEqual(dropped, {}, name)

    def check_told(self, file, sentence):
        labels = [b"".join(label).decode() for label in file["events/label"][:]]
        self.assertEqual(len([label for label in labels if re.fullmatch(sentence, label)]), 1, labels)

    @unittest.skipUnless(FAKETIME, "needs libfaketime")
    def test_its_clock_is_set(self):
        told = self.folder / "told"
        told.write_text("+0")

        def set_clock(_):
            told.write_text("+3600")

        self.record(6, set_clock, LD_PRELOAD=str(FAKETIME), FAKETIME_TIMESTAMP_FILE=str(told), FAKETIME_NO_CACHE="1",
                    FAKETIME_DONT_FAKE_MONOTONIC="1")
        with h5py.File(self.folder / "out.h5") as file:
            self.check_whole(file)
            self.check_told(file, "The computer's clock was set by [+]3600[.]0 s; session times do not come from it")

    def test_its_disk_is_slow(self):
        if not shutil.which("strace") or subprocess.run([*SLOW_DISK, "true"], capture_output=True).returncode != 0:
            self.skipTest("needs strace, and the right to trace")
        self.record(14, before=SLOW_DISK)
        with h5py.File(self.folder / "out.h5") as file:
            self.check_whole(file)
            self.check_told(file, f"Writing was slow: {SLOW_S}[.][0-9] s for what had come in, .*")
            self.assertGreater(file["streams/video/session_time_ns"][-1], 13e9)

    def test_it_gives_no_more_files(self):
        def give_no_more(process):
            most = 1 + max(int(descriptor) for descriptor in os.listdir(f"/proc/{process.pid}/fd"))
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (most, most))

        self.record(4, give_no_more)
        with h5py.File(self.folder / "out.h5") as file:
            self.check_whole(file)

    def test_it_gives_too_few_files_to_begin(self):
        refused = 0
        for few in FEW_FILES:
            with self.subTest(files=few):
                process = start("record", "lab.yaml", "-o", "out.h5", cwd=self.folder, before=("prlimit", f"--nofile={few}"))
                while process.poll() is None and not (self.folder / "out.h5").exists():
                    time.sleep(0.01)
                if process.poll() is None:
                    time.sleep(1)
                    process.send_signal(signal.SIGINT)
                    _, err = process.communicate(timeout=60 * PATIENCE)
                    self.assertEqual(process.returncode, 0, err)
                    (self.folder / "out.h5").unlink()
                    continue
                _, err = process.communicate()
                refused += 1
                sentences = [line for line in err.splitlines() if line.startswith("soleus: ")]
                self.assertEqual(process.returncode, STORAGE, err)
                self.assertEqual(len(sentences), 1, err)
                self.assertEqual([path.name for path in self.folder.iterdir()], ["lab.yaml"])
        self.assertGreater(refused, 0)
        self.assertLess(refused, len(FEW_FILES))


if __name__ == "__main__":
    main()
