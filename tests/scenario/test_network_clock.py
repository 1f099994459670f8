"""Two recordings in two network namespaces, as on two machines, on one clock: what both saw lies at the same time."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

from boards import RATE
from soleus_program import PATIENCE, PROGRAM, SCENARIOS, SKIPPED, ProgramTest, environment, main, run, wait_for_file

BAD_INPUT, SOURCE = 3, 4
CLOCK_PORT, BOARD_PORT = 15637, 15638
SECONDS = 20
# A board that both hear: the same lines to each.
BOARD = """
import socket, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begin, number = time.monotonic(), 0
while True:
    lines = b""
    for _ in range(5):
        lines += b"word %d %d %d\\n" % (number, number * 1000000 // {rate}, number)
        number += 1
    time.sleep(max(0, begin + number / {rate} - time.monotonic()))
    for address in {addresses}:
        try:
            out.sendto(lines, (address, {port}))
        except OSError:
            pass
"""


def ip(*arguments):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True)


class Machines:
    """Two network namespaces with a cable between them."""

    def __init__(self):
        self.names = [f"soleus-{os.getpid()}-{n}" for n in (1, 2)]
        self.addresses = ["198.51.100.1", "198.51.100.2"]
        self.ready = all(ip("netns", "add", name).returncode == 0 for name in self.names)
        cables = [f"sl{os.getpid() % 100000}{end}" for end in "ab"]
        self.ready = self.ready and ip("link", "add", cables[0], "type", "veth", "peer", "name", cables[1]).returncode == 0
        if not self.ready:
            return
        for name, cable, address in zip(self.names, cables, self.addresses):
            ip("link", "set", cable, "netns", name)
            for command in (["addr", "add", f"{address}/24", "dev", cable], ["link", "set", cable, "up"],
                            ["link", "set", "lo", "up"]):
                ip("-n", name, *command)

    def start(self, number, *command, cwd=None):
        return subprocess.Popen(["ip", "netns", "exec", self.names[number], *map(str, command)], cwd=cwd,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment())

    def remove(self):
        for name in self.names:
            ip("netns", "delete", name)


class NetworkClock(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def lab(self, name, clock, board=""):
        (self.folder / name).write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / 'calf_raises.yaml'}}}
clock: {{{clock}}}
{board}""")

    def network_times(self, name):
        """Of each line of the board, by its number, when it was taken on the network clock."""
        with h5py.File(self.folder / name) as file:
            clock = file["streams/network_clock/clock"]
            self.assertLess(clock["uncertainty_s"][0], 0.001 * PATIENCE)
            times = file["signals/count/time"][:] - clock["offset_s"][0]
            return dict(zip(np.round(file["signals/count/value"][:]).astype(int), times))

    def test_two_machines_agree_within_a_millisecond(self):
        if not MACHINES.ready:
            self.skipTest("needs the right to make network namespaces")
        for number, address in enumerate(MACHINES.addresses):
            role = "provide" if number == 0 else "follow"
            self.lab(f"{number}.yaml", f"{role}: '{MACHINES.addresses[0]}:{CLOCK_PORT}'", f"""signals:
  - {{name: board, source: udp, address: {address}, port: {BOARD_PORT}, token: word, samples_per_second: {RATE},
     channels: [{{name: count, units: '1'}}]}}
""")
        board = MACHINES.start(0, sys.executable, "-c", BOARD.format(rate=RATE, port=BOARD_PORT,
                                                                     addresses=MACHINES.addresses))
        self.addCleanup(board.kill)
        first = MACHINES.start(0, PROGRAM, "record", "0.yaml", "-o", "0.h5", "--duration", SECONDS + 4, cwd=self.folder)
        wait_for_file(self.folder, "0.h5", first)
        time.sleep(1)  # the sessions begin apart
        second = MACHINES.start(1, PROGRAM, "record", "1.yaml", "-o", "1.h5", "--duration", SECONDS, cwd=self.folder)
        for process in (second, first):
            _, err = process.communicate(timeout=120 * PATIENCE)
            self.assertEqual(process.returncode, 0, err)
        for name in ("0.h5", "1.h5"):
            self.assertEqual(run("verify", name, cwd=self.folder).code, 0)
        one, two = self.network_times("0.h5"), self.network_times("1.h5")
        common = sorted(one.keys() & two.keys())
        self.assertGreater(len(common), SECONDS * RATE / 2 / PATIENCE)
        apart = np.array([two[n] - one[n] for n in common[len(common) // 2:]])
        print(f"two session clocks: {np.median(apart) * 1e3:+.3f} ms apart, at most {np.abs(apart).max() * 1e3:.3f} ms")
        self.assertLess(abs(np.median(apart)), 0.001 * PATIENCE)

    def test_a_clock_that_is_not_there(self):
        self.lab("lab.yaml", "follow: '127.0.0.1:1'")
        self.check_refusal(SOURCE, ["nobody tells the time at 127.0.0.1:1"], "record", "lab.yaml", "-o", "out.h5",
                           cwd=self.folder, quick_s=15)
        for clock in ("follow: '5637'", "provide: 'here:there'", "provide: '127.0.0.1:70000'"):
            self.lab("lab.yaml", clock)
            self.check_refusal(BAD_INPUT, ["lab.yaml:3", "ADDRESS:PORT"], "record", "lab.yaml", "-o", "out.h5",
                               cwd=self.folder)


if __name__ == "__main__":
    if not shutil.which("ip"):
        raise SystemExit(SKIPPED)
    MACHINES = Machines()
    try:
        main()
    finally:
        MACHINES.remove()
