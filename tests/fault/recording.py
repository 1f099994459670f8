"""A recording with everything in it: the phantom's screen live, a board by UDP, an audio interface with Doppler sound."""

import pathlib

import numpy as np

import sound_server
from boards import RATE, Board, free_port
from soleus_program import SCENARIOS

SOUND_RATE = sound_server.RATE


class Surroundings:
    """The sources, for as long as they are needed; `write_lab` makes the set-up that records them."""

    def __init__(self, seconds):
        self.port = free_port()
        self.board = Board(self.port, drift_ppm=80)
        self.board.start()
        self.sound = sound_server.SoundServer(2)
        t = np.arange(int(seconds * SOUND_RATE)) / SOUND_RATE
        self.sound.play(np.stack([0.5 * np.sin(2 * np.pi * 440 * t), 0.25 * np.sin(2 * np.pi * 3 * t)], axis=1))

    def write_lab(self, folder, scenario="calf_raises"):
        (pathlib.Path(folder) / "lab.yaml").write_text(f"""schema: soleus.lab/1
video: {{source: phantom, scenario: {SCENARIOS / scenario}.yaml}}
archive: {{codec: h264}}
signals:
  - {{name: board, source: udp, port: {self.port}, samples_per_second: {RATE},
     channels: [{{name: emg, units: mV}}, {{name: force, units: N}}]}}
  - {{name: interface, source: pulse, device: {sound_server.INTERFACE}, samples_per_second: {SOUND_RATE},
     channels: [{{name: doppler_sound, units: '1'}}, {{name: ecg, units: mV}}]}}
""")

    def stop(self):
        self.board.stopped.set()
        self.sound.stop()
