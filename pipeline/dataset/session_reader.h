/// Reads session files for reports, exports and checks.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// One open session file, read only. One thread at a time.
class SessionReader {
 public:
  /// Errors (kBadInput): missing, not HDF5, not a session, left open by a crash (its flushed data are
  /// intact).
  static Result<std::unique_ptr<SessionReader>> open(const std::string& path);
  virtual ~SessionReader() = default;

  [[nodiscard]] virtual bool has(const std::string& path) const = 0;
  /// Names of the members of a group, sorted; empty if there is no such group.
  [[nodiscard]] virtual std::vector<std::string> members(const std::string& group) const = 0;
  /// The same in the order in which they were made, as tables are to be read.
  [[nodiscard]] virtual std::vector<std::string> membersAsMade(const std::string& group) const = 0;
  /// A 1-D dataset as double, unpacked (scale_factor, add_offset), _FillValue as NaN.
  [[nodiscard]] virtual Result<std::vector<double>> column(const std::string& path) const = 0;
  /// The labels of a character array such as /events/label.
  [[nodiscard]] virtual Result<std::vector<std::string>> texts(const std::string& path) const = 0;
  /// Rows [first, first + count) of /doppler/spectrum as stored: CV_8UC1, count x V.
  [[nodiscard]] virtual Result<cv::Mat> spectrumRows(std::size_t first, std::size_t count) const = 0;
  /// Names of the attributes of an object, sorted; empty if there is no such object. The causes of loss are
  /// found this way: /streams/NAME carries one attribute dropped_CAUSE for each.
  [[nodiscard]] virtual std::vector<std::string> attributeNames(const std::string& path) const = 0;
  /// A text attribute of an object ("/" for the root); empty if absent.
  [[nodiscard]] virtual std::string textAttribute(const std::string& path, const std::string& name) const = 0;
  /// A numeric attribute; NaN if absent.
  [[nodiscard]] virtual double numberAttribute(const std::string& path, const std::string& name) const = 0;
};

}  // namespace soleus
