#include "pipeline/dataset/add_signals.h"

#include <set>

#include "pipeline/dataset/append_dataset.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {
namespace {

using h5::Handle;

void write(hid_t file, const SignalRecording& signal) {
  createSignal(file, signal.name, signal.units, signal.source, signal.samplesPerSecond);
  AppendTable table(file, "/signals/" + signal.name, kSignalTable);
  for (std::size_t n = 0; n < signal.timeS.size(); ++n) table.append(signal.timeS[n], signal.value[n]);
  table.flush();
}

}  // namespace

Status addSignals(const std::string& path, const std::vector<SignalRecording>& signals) {
  if (signals.empty()) return Done{};
  const auto taken = h5::attempt(ErrorKind::kStorage, path, [&] {
    const Handle access = fileAccess();
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "cannot open the session");
    std::string name;
    for (const SignalRecording& signal : signals) {
      if (!h5::exists(file.id(), "/signals")) createGroup(file.id(), "/signals");
      if (h5::exists(file.id(), "/signals/" + signal.name)) return signal.name;
      write(file.id(), signal);
    }
    file.close("cannot close the session");
    return name;
  });
  if (!taken.ok()) return taken.error();
  if (!taken.value().empty())
    return Error{ErrorKind::kBadInput, path, "two signals have one name", "'" + taken.value() + "'", {}};
  return Done{};
}

}  // namespace soleus
