/// The properties of sessionsink.
#pragma once

#include <string>

#include "plugins/common/property_table.h"

namespace soleus {

struct SinkSettings {
  std::string location;
  std::string title;
  std::string subject;
  std::string limb;
  std::string condition;
  std::string protocol;
  std::string configuration;
  std::string archive;
  bool overwrite = false;
  bool followed = true;
  bool interrupted = false;
  bool beginsAtZero = false;
  bool networkClock = false;
  double networkClockUncertaintyS = 0;
  double videoDelayS = 0;
  double videoDelayUncertaintyS = 0;
};

const PropertyTable<SinkSettings>& sinkProperties();

}  // namespace soleus
