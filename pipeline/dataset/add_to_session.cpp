#include "pipeline/dataset/add_to_session.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "pipeline/dataset/append_dataset.h"
#include "pipeline/dataset/contraction_row.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {
namespace {

using h5::Handle;

/// `add(file)` says what of it the session has already. Not thread-safe for one file.
template <class Add>
Result<std::optional<std::string>> addTo(const std::string& path, Add add) {
  return h5::attempt(ErrorKind::kStorage, path, [&] {
    const Handle access = fileAccess();
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "cannot open the session");
    std::optional<std::string> taken = add(file.id());
    file.close("cannot close the session");
    return taken;
  });
}

void write(hid_t file, const SignalRecording& signal) {
  createSignal(file, signal.name, signal.units, signal.source, signal.samplesPerSecond);
  AppendTable table(file, "/signals/" + signal.name, kSignalTable);
  for (std::size_t n = 0; n < signal.timeS.size(); ++n) table.append(signal.timeS[n], signal.value[n]);
  table.flush();
}

}  // namespace

Status addSignals(const std::string& path, const std::vector<SignalRecording>& signals) {
  if (signals.empty()) return Done{};
  const auto taken = addTo(path, [&](hid_t file) -> std::optional<std::string> {
    for (const SignalRecording& signal : signals) {
      if (!h5::exists(file, "/signals")) createGroup(file, "/signals");
      if (h5::exists(file, "/signals/" + signal.name)) return signal.name;
      write(file, signal);
    }
    return std::nullopt;
  });
  if (!taken.ok()) return taken.error();
  if (taken.value())
    return Error{ErrorKind::kBadInput, path, "two signals have one name", "'" + *taken.value() + "'", {}};
  return Done{};
}

Status addEvents(const std::string& path, const std::vector<Event>& events) {
  if (events.empty()) return Done{};
  const auto added = addTo(path, [&](hid_t file) -> std::optional<std::string> {
    AppendTable table(file, "/events", kEventTable);
    for (const Event& event : events)
      table.append(event.time.seconds(), static_cast<std::uint8_t>(event.kind),
                   std::string_view(event.label));
    table.flush();
    return std::nullopt;
  });
  return added.ok() ? Status(Done{}) : Status(added.error());
}

Status addContractions(const std::string& path, const std::vector<Contraction>& rows,
                       const std::vector<ContractionUncertainty>& uncertainties) {
  const auto taken = addTo(path, [&](hid_t file) -> std::optional<std::string> {
    if (h5::exists(file, "/contractions")) return "/contractions";
    createTable(file, "/contractions", kContractionTable);
    AppendTable table(file, "/contractions", kContractionTable);
    for (std::size_t n = 0; n < rows.size(); ++n)
      appendContraction(table, static_cast<std::int64_t>(n) + 1, rows[n]);
    table.flush();
    addColumns(file, "/contractions", kContractionUncertaintyTable, "/contractions/contraction");
    AppendTable errors(file, "/contractions", kContractionUncertaintyTable);
    for (const ContractionUncertainty& uncertainty : uncertainties) appendUncertainty(errors, uncertainty);
    errors.flush();
    return std::nullopt;
  });
  if (!taken.ok()) return taken.error();
  if (taken.value())
    return Error{ErrorKind::kBadInput, path, "the session has contractions already", *taken.value(), {}};
  return Done{};
}

}  // namespace soleus
