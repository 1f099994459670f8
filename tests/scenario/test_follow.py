"""Somebody else reads a session while it is recorded, with h5py and SWMR."""

import pathlib
import tempfile
import time

import h5py

from soleus_program import PATIENCE, SCENARIOS, ProgramTest, main, run, start, wait_for_file

SECONDS = 10


class Follow(ProgramTest):
    def test_each_second_is_seen_within_two(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            (folder / "lab.yaml").write_text(
                f"schema: soleus.lab/1\nvideo: {{source: phantom, scenario: {SCENARIOS / 'quick.yaml'}}}\n")
            process = start("record", "lab.yaml", "-o", "out.h5", "--duration", SECONDS, cwd=folder)
            wait_for_file(folder, "out.h5", process)
            late, behind, seen = [], [], 0
            with h5py.File(folder / "out.h5", "r", libver="latest", swmr=True) as file:
                self.assertEqual(file.attrs["status"], "recording")
                arrival, column = file["streams/video/arrival_time_ns"], file["doppler/time"]
                measured = file["streams/measurement/session_time_ns"]
                while process.poll() is None:
                    for dataset in (column, measured, arrival):
                        dataset.refresh()
                    # How old the newest is that a reader can see, once the recording runs.
                    if len(arrival):
                        late.append(time.monotonic() - arrival[-1] * 1e-9)
                        seen = column[-1] if len(column) else 0
                    if seen > 5:
                        behind.append(measured[-1] * 1e-9 - seen)
                    time.sleep(0.05)
                late = late[:-int(1 / 0.05)]  # the last second is written when the file is closed
            self.assertEqual(process.wait(), 0, process.communicate()[1])
            self.assertGreater(len(late), 50 / PATIENCE)
            self.assertLess(max(late), 2 * PATIENCE)
            self.assertGreater(seen, SECONDS - 3 * PATIENCE)
            # A first look at each column as soon as it can be read, 0.1 s late from a sweep: what is measured in the end
            # waits for 0.25 s more.
            self.assertLess(sorted(behind)[len(behind) // 2], 0.2 * PATIENCE)
            self.assertEqual(run("verify", "out.h5", cwd=folder).code, 0)


if __name__ == "__main__":
    main()
