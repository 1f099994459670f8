"""A measuring board that sends numbered lines by UDP, as a thread of the test."""

import os
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
            self.send(lambda text: out.sendto(text, ("127.0.0.1", self.port)))

    def send(self, give):
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
                give(text.encode())
            except ConnectionRefusedError:
                pass  # nobody listens yet, or any more


class SerialBoard(Board):
    """The same at a serial port, `link`, that is there while the board is plugged in."""

    def __init__(self, link, **how):
        super().__init__(None, **how)
        self.link = link
        self.ours, self.theirs = os.openpty()
        if link.is_symlink():
            link.unlink()
        link.symlink_to(os.ttyname(self.theirs))

    def run(self):
        # In pieces that are no lines, as a port delivers them; what nobody reads is lost.
        os.set_blocking(self.ours, False)

        def give(text):
            for begin in range(0, len(text), 7):
                try:
                    os.write(self.ours, text[begin:begin + 7])
                except BlockingIOError:
                    pass

        self.send(give)
        self.link.unlink(missing_ok=True)
        os.close(self.theirs)
        os.close(self.ours)
