/// Flow away from the heart after a contraction.
#pragma once

#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// Zero where none was seen; NaN where the columns do not tell, or what came next cut it short: unless it had
/// lasted for more than a second by then.
struct Reflux {
  double startS = 0;
  double durationS = 0;
  double peakCmPerS = 0;  ///< <= 0; NaN where none was seen
  double volumeMl = 0;    ///< >= 0; NaN without a lumen, or where much of it is unknown
};

/// The longest stretch of reversed flow that begins within two seconds of `endS`, until `nextS` at the
/// latest. Guidelines call more than 1.0 s reflux in the femoral and popliteal vein and more than 0.5 s in
/// superficial and calf veins (Gloviczki et al., J Vasc Surg 2011); what is shorter than 50 ms is not counted
/// here.
Reflux refluxAfter(const VelocityCourse& course, double endS, double nextS);

}  // namespace soleus
