/// A session held in memory, for tests of the report that need an hour of data or odd contents at once.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// What is not put in is absent. Spectrum rows are asked of `spectrumRow`.
class SyntheticSession : public SessionReader {
 public:
  std::map<std::string, std::vector<double>> columns;
  std::map<std::string, std::vector<std::string>> labels;
  std::map<std::string, std::map<std::string, std::string>> textAttributes;
  std::map<std::string, std::map<std::string, double>> numberAttributes;
  std::function<cv::Mat(std::size_t)> spectrumRow;  ///< 1 x V, CV_8UC1
  mutable std::size_t mostRowsAskedAtOnce = 0;

  [[nodiscard]] bool has(const std::string& path) const override {
    return columns.count(path) > 0 || labels.count(path) > 0 || (path == "/doppler/spectrum" && spectrumRow);
  }
  [[nodiscard]] std::vector<std::string> membersAsMade(const std::string& group) const override {
    return members(group);
  }
  [[nodiscard]] std::vector<std::string> members(const std::string& group) const override {
    std::vector<std::string> names;
    for (const auto& entry : numberAttributes)
      if (entry.first.rfind(group + "/", 0) == 0) names.push_back(entry.first.substr(group.size() + 1));
    return names;
  }
  [[nodiscard]] Result<std::vector<double>> column(const std::string& path) const override {
    const auto found = columns.find(path);
    if (found == columns.end()) return Error{ErrorKind::kBadInput, path, "no such dataset", "", ""};
    return found->second;
  }
  [[nodiscard]] Result<std::vector<std::string>> texts(const std::string& path) const override {
    const auto found = labels.find(path);
    if (found == labels.end()) return Error{ErrorKind::kBadInput, path, "no such dataset", "", ""};
    return found->second;
  }
  [[nodiscard]] Result<cv::Mat> spectrumRows(std::size_t first, std::size_t count) const override {
    mostRowsAskedAtOnce = std::max(mostRowsAskedAtOnce, count);
    cv::Mat rows;
    for (std::size_t i = first; i < first + count; ++i) rows.push_back(spectrumRow(i));
    return rows;
  }
  [[nodiscard]] std::vector<std::string> attributeNames(const std::string& path) const override {
    std::vector<std::string> names;
    const auto numbers = numberAttributes.find(path);
    if (numbers != numberAttributes.end())
      for (const auto& entry : numbers->second) names.push_back(entry.first);
    return names;
  }
  [[nodiscard]] std::string textAttribute(const std::string& path, const std::string& name) const override {
    const auto object = textAttributes.find(path);
    if (object == textAttributes.end()) return "";
    const auto value = object->second.find(name);
    return value == object->second.end() ? "" : value->second;
  }
  [[nodiscard]] double numberAttribute(const std::string& path, const std::string& name) const override {
    const auto object = numberAttributes.find(path);
    if (object == numberAttributes.end()) return std::nan("");
    const auto value = object->second.find(name);
    return value == object->second.end() ? std::nan("") : value->second;
  }
};

/// Calf raises every 6 s over resting flow with breath, `durationS` long on a screen of 288 rows and 3.81 ms
/// columns, with a missing stretch of 0.8 s at 20.0 s, an aliased third burst, B-mode at 25 frames/s, events
/// and one stream.
SyntheticSession calfRaises(double durationS);

/// Adds /signals/NAME: a sine of 16 Hz and amplitude 1 from `fromS` to `toS`, `hz` samples a second.
void addSignal(SyntheticSession& session, const std::string& name, const std::string& units, double fromS,
               double toS, double hz);

}  // namespace soleus
