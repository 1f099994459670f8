#include "calibration/dicom/dcmtk_file.h"
#include "calibration/dicom/dcmtk_writer.h"
#include "calibration/dicom/dicom_module.h"

extern "C" const soleus::DicomModule soleusDicomModule;
const soleus::DicomModule soleusDicomModule{&soleus::openWithDcmtk, &soleus::createWithDcmtk};
