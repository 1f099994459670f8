#include "calibration/dicom/dcmtk_codecs.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

namespace soleus {

namespace {

/// DCMTK forgets its list of decoders at the end of the program, but not what stands in it.
struct Decoders {
  Decoders() {
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_never, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
  }
  ~Decoders() {
    DJLSDecoderRegistration::cleanup();
    DJDecoderRegistration::cleanup();
    DcmRLEDecoderRegistration::cleanup();
  }
  Decoders(const Decoders&) = delete;
  Decoders& operator=(const Decoders&) = delete;
};

}  // namespace

bool prepareDcmtk() {
  static const bool prepared = [] {
    // Errors are told once, by whoever asked for the file.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    return dcmDataDict.isDictionaryLoaded() != OFFalse;
  }();
  static const Decoders decoders;
  return prepared;
}

}  // namespace soleus
