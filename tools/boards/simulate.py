#!/usr/bin/env python3
"""Plays a measuring board: sends EMG and force as lines of text by UDP, as `soleus record` reads them.

A line is "COUNTER MICROSECONDS EMG_UV FORCE_N". Every five seconds a contraction of one second. With --drift-ppm the
board's clock is fast; with --lose every Nth datagram is not sent, as a network would.
"""
import argparse
import math
import random
import socket
import time


def sample(t, noise):
    """EMG in microvolt and force in newton at second t."""
    contracting = t % 5 < 1
    force = 200 * math.sin(math.pi * (t % 5)) if contracting else 0
    return noise.gauss(0, 300 if contracting else 10), force + noise.gauss(0, 0.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="127.0.0.1", help="where soleus record listens")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--rate", type=float, default=1000, help="samples per second of the board's clock")
    parser.add_argument("--lines", type=int, default=10, help="samples in a datagram")
    parser.add_argument("--seconds", type=float, default=math.inf, help="how long to send")
    parser.add_argument("--drift-ppm", type=float, default=0, help="how fast the board's clock is")
    parser.add_argument("--lose", type=int, default=0, help="every so many datagrams one is lost; 0: none")
    parser.add_argument("--token", default="", help="word before each line")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    noise = random.Random(args.seed)
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    period = 1 / args.rate / (1 + args.drift_ppm * 1e-6)  # of this machine's clock
    head = args.token + " " if args.token else ""
    start = time.monotonic()
    counter = 0
    while counter * period < args.seconds:
        lines = []
        for _ in range(args.lines):
            emg, force = sample(counter * period, noise)
            lines.append(f"{head}{counter} {round(counter / args.rate * 1e6)} {emg:.1f} {force:.2f}\n")
            counter += 1
        wait = start + counter * period - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        if args.lose and counter // args.lines % args.lose == 0:
            continue
        try:
            out.sendto("".join(lines).encode(), (args.address, args.port))
        except ConnectionRefusedError:
            pass  # nobody listens yet


if __name__ == "__main__":
    main()
