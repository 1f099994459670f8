"""A real RTSP server on this machine: recorded from, then killed or silenced in mid-recording."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import h5py
import numpy as np

from soleus_program import PATIENCE, RECORDINGS, ProgramTest, main, run, start, wait_for_file

SERVER = os.environ.get("SOLEUS_RTSP_SERVER", "rtsp_server")
SOURCE = 4


class Rtsp(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        shutil.copy(RECORDINGS / "network.calibration.yaml", self.folder / "scanner.yaml")
        self.port = "0"
        self.start_server()
        self.addCleanup(self.stop_server)
        self.address = f"rtsp://127.0.0.1:{self.port}"
        self.record_from("/screen")

    def start_server(self):
        self.server = subprocess.Popen([SERVER, RECORDINGS / "network.mkv", self.port], stdout=subprocess.PIPE, text=True)
        self.port = self.server.stdout.readline().strip()

    def record_from(self, path, reconnect_s=0):
        (self.folder / "lab.yaml").write_text(
            f"""schema: soleus.lab/1
video:
  source: rtsp
  url: {self.address}{path}
  latency_ms: 200
  reconnect_s: {reconnect_s}
calibration: scanner.yaml
measure:
  overload: drop
"""
        )

    def stop_server(self):
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()

    def check_session(self, status):
        done = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""), done.out)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertEqual(file.attrs["status"], status)
            for name, stream in file["streams"].items():
                dropped = sum(int(v) for k, v in stream.attrs.items() if k.startswith("dropped_"))
                self.assertEqual(stream.attrs["received"], stream.attrs["written"] + dropped, name)
            return file["streams/video/session_time_ns"][:] * 1e-9, file["doppler/time"][:]

    def test_five_seconds(self):
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 5, cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))
        video, columns = self.check_session("complete")
        self.assertAlmostEqual(video[-1], 5, delta=0.1)
        # 30 frames a second came over the network; a machine under load may lose some, but counts them.
        self.assertGreater(len(video), 5 * 30 * 0.9)
        # A build with a sanitizer may not keep up; what it drops is counted.
        self.assertGreater(columns[-1], 4 if PATIENCE == 1 else 3)

    def record_until(self, fault):
        """Records, lets `fault` happen to the server after 5 s, and checks that all up to then was kept."""
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 60, cwd=self.folder)
        began = time.monotonic()
        session = self.folder / "out.h5"
        while not session.exists() and time.monotonic() - began < 20 * PATIENCE:
            time.sleep(0.05)
        self.assertTrue(session.exists())
        time.sleep(5)
        fault()
        out, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, SOURCE, err + out)
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertIn("rtsp://127.0.0.1", err)
        video, columns = self.check_session("interrupted")
        # The file appears with the first frame. What had arrived is kept, less the jitter buffer of 0.2 s and what
        # the scrolling strip needs before a column is sure.
        self.assertGreater(video[-1], 5 - 1.0)
        self.assertGreater(columns[-1], video[-1] - 1.5)

    def test_server_dies(self):
        self.record_until(self.stop_server)

    def test_server_falls_silent(self):
        # As a cable that was pulled: nobody says goodbye.
        self.record_until(lambda: self.server.send_signal(signal.SIGSTOP))

    def test_server_is_restarted(self):
        self.record_from("/screen", reconnect_s=40)
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 16, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(4)
        self.stop_server()
        time.sleep(3)
        self.start_server()
        out, err = process.communicate(timeout=90 * PATIENCE)
        self.assertEqual(process.returncode, 0, err + out)
        self.assertIn("waiting for it for up to 40 s", err)
        self.assertIn("frames come again", err)
        video, columns = self.check_session("complete")
        if PATIENCE == 1:
            self.assertGreater(video[-1], 15)
        steps = np.diff(video)
        at = steps.argmax()
        self.assertGreater(steps[at], 2.5)
        self.assertLess(np.sort(steps)[-2], 1, "one gap")
        with h5py.File(self.folder / "out.h5") as file:
            stream = file["streams/video"]
            # On the session clock what came after the gap lies where it arrived.
            origin = (stream["arrival_time_ns"][:] - stream["session_time_ns"][:]) * 1e-9
            self.assertLess(abs(np.median(origin[at + 1:]) - np.median(origin[:at])), 0.4 * PATIENCE)
            labels = [b"".join(label).decode() for label in file["events/label"][:]]
            self.assertTrue(any(label.startswith("Video: no frames for") for label in labels), labels)
            causes = [b"".join(cause).decode() for cause in stream["gaps/cause"][:]]
            self.assertIn("silent", causes)
        self.assertGreater(columns[-1], video[-1] - 1.5)
        self.assertGreater(np.count_nonzero(columns > video[at + 1] + 2), 100, "measured after the gap")

    def test_server_stays_away(self):
        self.record_from("/screen", reconnect_s=3)
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 60, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(4)
        self.stop_server()
        out, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, SOURCE, err + out)
        self.assertIn("was lost", err.splitlines()[-1])
        self.assertIn("it back within 3 s", err.splitlines()[-1])
        video, _ = self.check_session("interrupted")
        self.assertGreater(video[-1], 3)

    def test_stopped_while_its_server_is_away(self):
        self.record_from("/screen", reconnect_s=60)
        process = start("record", "lab.yaml", "-o", "out.h5", "--duration", 60, cwd=self.folder)
        wait_for_file(self.folder, "out.h5", process)
        time.sleep(4)
        self.stop_server()
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, SOURCE, err)
        self.assertIn("was lost", err.splitlines()[-1])
        self.check_session("interrupted")

    def test_video_ends_while_sound_goes_on(self):
        self.record_from("/sound-goes-on")
        done = run("record", "lab.yaml", "-o", "out.h5", "--duration", 60, cwd=self.folder)
        self.assertEqual(done.code, SOURCE, done.err + done.out)
        self.check_sentence(done, "rtsp://127.0.0.1", "stopped sending")
        self.assertLess(done.seconds, 15 * PATIENCE)
        video, _ = self.check_session("interrupted")
        self.assertAlmostEqual(video[-1], 3, delta=0.5)


if __name__ == "__main__":
    main()
