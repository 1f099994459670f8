"""Signals of other recorders, kept with a measured recording: tables, EDF and BDF, sound, XDF, and files that cannot be used."""

import hashlib
import json
import pathlib
import shutil
import struct
import tempfile
import wave

import h5py
import numpy as np

from soleus_program import RECORDINGS, ProgramTest, main, run

USAGE, BAD_INPUT = 2, 3
RATE = 250


def edf(signals, seconds, bits=16, continuous=True):
    """An EDF+ (16 bits) or BDF+ (24) file of one-second records, as the format's description has it. `signals`: label,
    units, physical range, values."""
    annotations = ("BDF Annotations" if bits == 24 else "EDF Annotations", "", 1, None)
    every = [*signals, annotations]
    limit = 2 ** (bits - 1)
    fields = [
        (16, [s[0] for s in every]), (80, [""] * len(every)), (8, [s[1] for s in every]),
        (8, [f"{-s[2]:g}" for s in every]), (8, [f"{s[2]:g}" for s in every]),
        (8, [str(-limit)] * len(every)), (8, [str(limit - 1)] * len(every)), (80, [""] * len(every)),
        (8, [str(RATE)] * len(signals) + ["40"]), (32, [""] * len(every))]
    kind = ("BDF+" if bits == 24 else "EDF+") + ("C" if continuous else "D")
    head = b"\xffBIOSEMI" if bits == 24 else b"0".ljust(8)
    head += b"X F 01-JAN-1970 Ophelia_Example".ljust(80) + b"Startdate 01-JAN-2020 X X X".ljust(80)
    head += b"01.01.20" + b"10.00.00" + str(256 * (len(every) + 1)).encode().ljust(8) + kind.encode().ljust(44)
    head += str(seconds).encode().ljust(8) + b"1".ljust(8) + str(len(every)).encode().ljust(4)
    for width, texts in fields:
        head += b"".join(text.encode().ljust(width) for text in texts)
    body = b""
    for second in range(seconds):
        for _, _, top, values in signals:
            part = values[second * RATE:(second + 1) * RATE]
            digital = np.round((part + top) / (2 * top) * (2 * limit - 1) - limit).astype("<i4")
            body += digital.view(np.uint8).reshape(-1, 4)[:, :bits // 8].tobytes()
        body += f"+{second}\x14\x14\x00".encode().ljust(40 * bits // 8, b"\x00")
    return head + body


def chunk(tag, content):
    return b"\x04" + struct.pack("<IH", len(content) + 2, tag) + content


def stream_header(number, name, kind, rate, channels):
    described = "".join(f"<channel><label>{label}</label><unit>{unit}</unit></channel>" for label, unit in channels)
    return chunk(2, struct.pack("<I", number) + (
        f"<?xml version='1.0'?><info><name>{name}</name><type>x</type><channel_count>{len(channels)}</channel_count>"
        f"<nominal_srate>{rate}</nominal_srate><channel_format>{kind}</channel_format>"
        f"<desc><channels>{described}</channels></desc></info>").encode())


def xdf(streams, clock_s=0.0):
    """An XDF 1.0 file, as its specification has it. `streams`: name, format, rate, channels (label, unit), times, values
    [samples, channels]; the stamps of every second stream are those of a clock that is `clock_s` behind."""
    codes = {"float32": "f", "double64": "d", "int16": "h", "int32": "i"}
    body = b"XDF:" + chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>")
    for number, (name, kind, rate, channels, times, values) in enumerate(streams, 1):
        body += stream_header(number, name, kind, rate, channels)
        behind = clock_s if number % 2 == 0 else 0.0
        for when in (times[0], times[-1]):
            body += chunk(4, struct.pack("<Idd", number, when - behind, behind))
        for first in range(0, len(times), 50):
            samples = b""
            for n in range(first, min(first + 50, len(times))):
                # Evenly sampled, only the first of a block has a stamp.
                stamped = n == first or rate == 0
                samples += struct.pack("<Bd", 8, times[n] - behind) if stamped else b"\x00"
                samples += struct.pack("<" + codes[kind] * len(channels), *values[n])
            count = min(50, len(times) - first)
            body += chunk(3, struct.pack("<IBB", number, 1, count) + samples)
        body += chunk(6, struct.pack("<I", number) + b"<info/>")
    body += stream_header(99, "markers", "string", 0, [("", "")])
    return body + chunk(3, struct.pack("<IBBBdBB", 99, 1, 1, 8, times[0], 1, 3) + b"tap")


class SignalFiles(ProgramTest):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        for name in ("quick.mkv", "quick.calibration.yaml"):
            shutil.copy(RECORDINGS / name, self.folder)
        self.seconds = 6
        self.time = np.arange(RATE * self.seconds) / RATE
        self.emg = np.sin(40 * self.time) * 0.8
        self.force = 100 * self.time
        (self.folder / "table.csv").write_text("time_s,emg (mV),force\n" + "".join(
            f"{t:.4f},{e:.6f},{f:.3f}\n" for t, e, f in zip(self.time, self.emg, self.force)))

    def analyse(self, *signals):
        options = [part for signal in signals for part in ("--signal", signal)]
        return run("analyse", "quick.mkv", "--calibration", "quick.calibration.yaml", "-o", "out.h5", "--force", *options,
                   cwd=self.folder)

    def kept(self, *signals):
        done = self.analyse(*signals)
        self.assertEqual(done.code, 0, done.err)
        checked = run("verify", "out.h5", cwd=self.folder)
        self.assertEqual((checked.code, checked.err), (0, ""), checked.out)
        with h5py.File(self.folder / "out.h5") as file:
            self.assertGreater(len(file["doppler/time"]), 0)
            return {name: (group["time"][:], group["value"][:], group["value"].attrs["units"],
                           group.attrs["sampling_rate"], group.attrs["source"])
                    for name, group in file["signals"].items()}

    def test_an_emg_tells_when_the_muscle_began(self):
        time = np.arange(10_000) / 1000
        # The blood follows at 3.0 and 7.0 s, and not at 9.0.
        active = np.isin(np.floor(time * 10), [*range(29, 36), *range(69, 76), *range(89, 96)])
        noise = np.random.default_rng(3).normal(size=len(time)) * np.where(active, 6, 1)
        (self.folder / "muscle.csv").write_text("time_s,soleus_emg (uV)\n" + "".join(
            f"{t:.4f},{v:.4f}\n" for t, v in zip(time, noise)))
        self.kept("soleus_emg=muscle.csv")
        with h5py.File(self.folder / "out.h5") as file:
            table = file["contractions"]
            np.testing.assert_array_equal(table["onset_source"][:], [1, 1, 1])
            np.testing.assert_allclose(table["onset_s"][:], [2.9, 6.9, 8.9], atol=0.03)
            np.testing.assert_allclose(table["flow_onset_s"][:], [3, 7, np.nan], atol=0.06)
            np.testing.assert_array_equal(table["quality"][:] >= 0.5, [True, True, False])
        contractions = json.loads(run("info", "out.h5", "--json", cwd=self.folder).out)["contractions"]
        self.assertEqual([contractions[name] for name in ("count", "doubtful", "without_flow")], [2, 0, 1])

    def test_the_phantoms_muscle(self):
        table = RECORDINGS / "quick.signals.csv"
        self.kept(f"emg={table}#emg", f"force={table}#force")
        with h5py.File(self.folder / "out.h5") as file, h5py.File(RECORDINGS / "quick.truth.h5") as truth:
            for name in ("contractions/onset_source", "contractions/contraction"):
                np.testing.assert_array_equal(file[name][:], truth[name][:])
            np.testing.assert_allclose(file["contractions/onset_s"][:], truth["contractions/onset_s"][:], atol=0.02)

    def test_tables(self):
        found = self.kept("soleus_emg=table.csv#emg", "push=table.csv#2@-1.5")
        time, value, units, rate, source = found["soleus_emg"]
        np.testing.assert_allclose(time, self.time, atol=1e-9)
        np.testing.assert_allclose(value, self.emg, atol=1e-6)
        self.assertEqual((units, source), ("mV", "table.csv#emg"))
        self.assertAlmostEqual(rate, RATE, delta=0.01)
        time, value, units, _, _ = found["push"]
        np.testing.assert_allclose(time, self.time[self.time >= 1.5] - 1.5, atol=1e-9)
        np.testing.assert_allclose(value, self.force[self.time >= 1.5], atol=1e-3)
        self.assertEqual(units, "1")
        with h5py.File(self.folder / "out.h5") as file:
            configuration = file.attrs["configuration"]
        self.assertIn("name: push, channel: '2', offset_s: -1.5", configuration)
        self.assertIn(hashlib.sha256((self.folder / "table.csv").read_bytes()).hexdigest(), configuration)

    def test_values_that_are_missing(self):
        (self.folder / "holes.csv").write_text("time_s,emg\r\n0,1\r\n0.3,\r\n0.5,3\r\n")
        time, value, _, rate, _ = self.kept("emg=holes.csv")["emg"]
        np.testing.assert_array_equal(time, [0, 0.3, 0.5])
        np.testing.assert_array_equal(value, np.float32([1, np.nan, 3]))
        self.assertTrue(np.isnan(rate))

    def test_edf_and_bdf(self):
        channels = [("EMG soleus", "mV", 2, self.emg), ("Force", "N", 1000, self.force)]
        for name, bits in (("two.edf", 16), ("two.bdf", 24)):
            (self.folder / name).write_bytes(edf(channels, self.seconds, bits))
            found = self.kept(f"emg={name}#EMG soleus", f"force={name}#2@0.25")
            time, value, units, rate, source = found["emg"]
            np.testing.assert_allclose(time, self.time, atol=1e-9)
            np.testing.assert_allclose(value, self.emg, atol=4 / 2 ** bits)
            self.assertEqual((units, rate, source), ("mV", RATE, f"{name}#EMG soleus"))
            time, value, units, _, _ = found["force"]
            np.testing.assert_allclose(time, self.time + 0.25, atol=1e-9)
            np.testing.assert_allclose(value, self.force, atol=2000 / 2 ** bits)
            self.assertNotIn(b"Ophelia", (self.folder / "out.h5").read_bytes())

    def test_a_channel_of_a_sound_file(self):
        with wave.open(str(self.folder / "recorder.wav"), "wb") as file:
            file.setparams((3, 2, 2000, 0, "NONE", ""))
            time = np.arange(2000 * self.seconds) / 2000
            emg = np.sin(40 * time) * 0.8
            file.writeframes((np.stack([0 * time, emg, -emg], 1) * 32768).astype("<i2").tobytes())
        found = self.kept("emg=recorder.wav#2", "other=recorder.wav#3@0.5")
        times, value, units, rate, source = found["emg"]
        np.testing.assert_allclose(times, time, atol=1e-9)
        np.testing.assert_allclose(value, emg, atol=1e-4)
        self.assertEqual((units, rate, source), ("1", 2000, "recorder.wav#2"))
        times, value, _, _, _ = found["other"]
        np.testing.assert_allclose(times, time + 0.5, atol=1e-9)
        np.testing.assert_allclose(value, -emg, atol=1e-4)

    def write_xdf(self, name="lab.xdf"):
        begin = 123456.7  # seconds since some computer was started
        random = np.random.default_rng(3)
        both = np.stack([self.emg * 1000, self.force], 1)
        jitter = random.normal(0, 0.002, len(self.time))
        force_time = np.arange(50 * self.seconds) / 50 + 0.25
        (self.folder / name).write_bytes(xdf([
            ("amplifier", "float32", RATE, [("emg", "microvolts"), ("sync", "V")], begin + self.time + jitter, both),
            ("plate", "int16", 0, [("", "")], begin + force_time, np.arange(len(force_time))[:, None])], clock_s=17.5))
        return force_time

    def test_xdf(self):
        force_time = self.write_xdf()
        found = self.kept("emg=lab.xdf#emg", "sync=lab.xdf#amplifier/2@-0.1", "force=lab.xdf#plate")
        time, value, units, rate, _ = found["emg"]
        np.testing.assert_allclose(time, self.time, atol=0.003)
        np.testing.assert_allclose(np.diff(time), 1 / RATE, atol=1e-5)
        np.testing.assert_allclose(value, self.emg * 1000, rtol=1e-5, atol=1e-3)
        self.assertEqual(units, "microvolts")
        self.assertAlmostEqual(rate, RATE, delta=0.1)
        time, value, _, _, _ = found["sync"]
        np.testing.assert_allclose(value, self.force[-len(value):], rtol=1e-5, atol=1e-3)
        # The other stream's clock was 17.5 s behind; its samples come when they come.
        time, value, units, _, _ = found["force"]
        np.testing.assert_allclose(time, force_time, atol=0.003)
        np.testing.assert_array_equal(value, np.arange(len(force_time)))
        self.assertEqual(units, "1")

    def test_xdf_that_cannot_be_used(self):
        self.write_xdf()
        whole = (self.folder / "lab.xdf").read_bytes()
        (self.folder / "cut.xdf").write_bytes(whole[:-700])
        (self.folder / "text.xdf").write_text("Dear diary,\n" * 20)
        (self.folder / "head.xdf").write_bytes(whole.replace(b"<channel_count>2", b"<channel_count>0"))
        for signal, *words in (("emg=cut.xdf#emg", "cut.xdf", "at byte"), ("emg=text.xdf#emg", "text.xdf", "XDF:"),
                               ("emg=head.xdf#emg", "head.xdf", "at byte"), ("emg=lab.xdf", "3 channels", "amplifier/emg"),
                               ("emg=lab.xdf#ecg", "no 'ecg'", "plate/1")):
            done = self.analyse(signal)
            self.assertEqual(done.code, BAD_INPUT, (signal, done.err))
            self.assertEqual(len(done.err.strip().splitlines()), 1, (signal, done.err))
            for word in words:
                self.assertIn(word, done.err, signal)
            self.assertFalse((self.folder / "out.h5").exists(), signal)

    def test_files_that_cannot_be_used(self):
        whole = edf([("EMG", "mV", 2, self.emg)], self.seconds)
        (self.folder / "cut.edf").write_bytes(whole[:-5000])
        (self.folder / "paused.edf").write_bytes(edf([("EMG", "mV", 2, self.emg)], self.seconds, continuous=False))
        (self.folder / "noise.edf").write_bytes(bytes(range(256)) * 8)
        for name, text in (("head.csv", "t,emg\n0,1\n"), ("word.csv", "time_s,emg\n0,1\n1,two\n"), ("back.csv", "time_s,emg\n1,1\n1,2\n"),
                           ("empty.csv", "time_s,emg\n"), ("early.csv", "time_s,emg\n0,1\n1,2\n"), ("some.txt", "time_s,emg\n0,1\n"),
                           ("excel.csv", "time_s;emg\n0;1,5\n"), ("huge.csv", "time_s,emg\n0,1e39\n")):
            (self.folder / name).write_text(text)
        for signal, code, *words in (
                ("emg", USAGE, "NAME=FILE"), ("my emg=table.csv", USAGE, "NAME"), ("emg=", USAGE, "NAME=FILE"),
                ("emg=none.csv", BAD_INPUT, "none.csv"), ("emg=table.csv", BAD_INPUT, "table.csv", "2 channels"),
                ("emg=table.csv#ecg", BAD_INPUT, "no 'ecg'"), ("emg=head.csv", BAD_INPUT, "line 1", "time_s"),
                ("emg=word.csv", BAD_INPUT, "word.csv, line 3"), ("emg=back.csv", BAD_INPUT, "back.csv, line 3"),
                ("emg=empty.csv", BAD_INPUT, "empty.csv"), ("emg=early.csv@-5", BAD_INPUT, "early.csv"),
                ("emg=early.csv@5000", BAD_INPUT, "early.csv", "recording's end"), ("emg=early.csv@1,5", USAGE, "not a number"),
                ("emg=excel.csv", BAD_INPUT, "commas"),
                ("emg=some.txt", BAD_INPUT, ".edf"), ("emg=huge.csv", BAD_INPUT, "too large"),
                ("emg=cut.edf", BAD_INPUT, "cut.edf"), ("emg=paused.edf", BAD_INPUT, "paused.edf"),
                ("emg=noise.edf", BAD_INPUT, "noise.edf")):
            done = self.analyse(signal)
            self.assertEqual(done.code, code, (signal, done.err))
            self.assertEqual(len(done.err.strip().splitlines()), 1, (signal, done.err))
            for word in words:
                self.assertIn(word, done.err, signal)
            self.assertFalse((self.folder / "out.h5").exists(), signal)
        done = self.analyse("emg=table.csv#1", "emg=table.csv#2")
        self.assertEqual(done.code, BAD_INPUT, done.err)
        self.assertIn("'emg'", done.err)
        self.assertFalse((self.folder / "out.h5").exists())


if __name__ == "__main__":
    main()
