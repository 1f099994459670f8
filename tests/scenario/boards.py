"""A measuring board that sends numbered lines by UDP, as a thread of the test."""

import socket
import threading
import time

RATE = 200
LINES = 5  # in a datagram


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Board(threading.Thread):
    """Sends value 0, 1, 2, ... until stopped; its clock is `drift_ppm` fast. `sent` holds when each was taken, on the
    monotonic clock. `spoil` may change the lines of a datagram, by its number."""

    def __init__(self, port, drift_ppm=0, head="", spoil=None):
        super().__init__(daemon=True)
        self.port, self.drift, self.head, self.spoil = port, drift_ppm * 1e-6, head, spoil
        self.sent = []
        self.stopped = threading.Event()

    def run(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            self.send(out)

    def send(self, out):
        begin = time.monotonic()
        number = datagram = 0
        while not self.stopped.is_set():
            lines = []
            for _ in range(LINES):
                self.sent.append(begin + number / RATE / (1 + self.drift))
                lines.append(f"{self.head}{number} {7000000 + round(number / RATE * 1e6)} {number} {-number}\n")
                number += 1
            time.sleep(max(0, self.sent[-1] - time.monotonic()))
            text = self.spoil(datagram, lines) if self.spoil else "".join(lines)
            datagram += 1
            try:
                out.sendto(text.encode(), ("127.0.0.1", self.port))
            except ConnectionRefusedError:
                pass  # nobody listens yet, or any more
