"""Makes the files that fuzzing begins with: small ones of each kind that the readers know. `make_corpus.py FOLDER`."""

import io
import pathlib
import sys

import PIL.Image
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pydicom.uid import JPEGBaseline8Bit, RLELossless

WIDTH, HEIGHT, FRAMES = 120, 20, 2


def region(form, data, units, delta, box, **more):
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType = form, data
    item.RegionFlags = more.pop("flags", 8)
    item.RegionLocationMinX0, item.RegionLocationMinY0, item.RegionLocationMaxX1, item.RegionLocationMaxY1 = box
    item.PhysicalUnitsXDirection, item.PhysicalUnitsYDirection = units
    item.PhysicalDeltaX, item.PhysicalDeltaY = delta
    for keyword, value in more.items():
        setattr(item, keyword, value)
    return item


SPECTRUM = dict(ReferencePixelX0=0, ReferencePixelY0=-3, ReferencePixelPhysicalValueX=0.0)
SPECTRUM |= dict(ReferencePixelPhysicalValueY=45.0, TransducerFrequency=5000, PulseRepetitionFrequency=4000)
SPECTRUM |= dict(DopplerCorrectionAngle=60.0)


def clip(syntax, photometric, samples, pixels):
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = "1.2.840.10008.5.1.4.1.1.3.1", "2.25.1", "US"
    data.Rows, data.Columns, data.NumberOfFrames = HEIGHT, WIDTH, FRAMES
    data.SamplesPerPixel, data.PhotometricInterpretation = samples, photometric
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    if samples == 3:
        data.PlanarConfiguration = 0
    data.FrameTime, data.FrameTimeVector = "33.3", ["0", "40"]
    data.CineRate, data.RecommendedDisplayFrameRate = 30, 25
    data.FrameIncrementPointer = 0x00181063
    data.BurnedInAnnotation = "YES"
    data.SequenceOfUltrasoundRegions = [
        region(3, 3, (4, 7), (0.01, -5.0), (0, 0, 119, 19), **SPECTRUM),
        region(1, 1, (3, 3), (-0.1, 0.1), (0, 0, 120, 19)),
        region(3, 4, (4, 5), (0.01, 200.0), (5, 2, 230, 38), **SPECTRUM | {"flags": 20}),
    ]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    data.file_meta = meta
    data.is_little_endian, data.is_implicit_VR = syntax != ExplicitVRBigEndian, syntax == ImplicitVRLittleEndian
    data.PixelData = pixels
    data["PixelData"].VR = "OB" if samples == 3 or syntax == RLELossless else "OW"
    if syntax in (JPEGBaseline8Bit, RLELossless):
        data["PixelData"].is_undefined_length = True
    return data


def rle_frame():
    """A grey ramp: runs of a row's colour."""
    runs = b"".join(bytes([257 - WIDTH, 12 * row]) for row in range(HEIGHT))
    return (1).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(56) + runs


def jpeg_frame():
    """The same ramp, with its chroma halved."""
    picture = PIL.Image.frombytes("L", (WIDTH, HEIGHT), b"".join(bytes([12 * row]) * WIDTH for row in range(HEIGHT)))
    frame = io.BytesIO()
    picture.convert("RGB").save(frame, "JPEG", quality=50, subsampling="4:2:2")
    return frame.getvalue()


def main(folder):
    grey = b"".join(bytes([12 * row]) * WIDTH for row in range(HEIGHT)) * FRAMES
    halved = bytes([80, 90, 128, 128]) * (WIDTH // 2 * HEIGHT * FRAMES)
    files = {
        "explicit": (ExplicitVRLittleEndian, "MONOCHROME2", 1, grey),
        "implicit": (ImplicitVRLittleEndian, "MONOCHROME2", 1, grey),
        "big": (ExplicitVRBigEndian, "MONOCHROME2", 1, grey),
        "halved": (ExplicitVRLittleEndian, "YBR_FULL_422", 3, halved),
        "jpeg": (JPEGBaseline8Bit, "YBR_FULL_422", 3, encapsulate([jpeg_frame()] * FRAMES)),
        "rle": (RLELossless, "MONOCHROME2", 1, encapsulate([rle_frame()] * FRAMES)),
    }
    for name, description in files.items():
        pydicom.dcmwrite(pathlib.Path(folder) / f"{name}.dcm", clip(*description), write_like_original=False)


if __name__ == "__main__":
    main(sys.argv[1])
