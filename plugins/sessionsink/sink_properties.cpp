#include "plugins/sessionsink/sink_properties.h"

namespace soleus {
namespace {

// No grabber is so late: a slip of units.
constexpr double kMostDelayS = 10;

}  // namespace

const PropertyTable<SinkSettings>& sinkProperties() {
  using S = SinkSettings;
  static const PropertyTable<S> kTable{
      textProperty("location", "Location", "Path of the session file to write (.h5)", &S::location),
      textProperty("title", "Title", "Title of the session", &S::title),
      textProperty("subject", "Subject", "Code of the participant, never a name", &S::subject),
      textProperty("limb", "Limb", "Limb examined, for example left or right", &S::limb),
      textProperty("condition", "Condition", "Condition or exercise, for example seated heel raise",
                   &S::condition),
      textProperty("protocol", "Protocol", "Name of the protocol that the participant follows, if any",
                   &S::protocol),
      textProperty("configuration", "Configuration",
                   "The whole configuration in force (YAML), kept in the file", &S::configuration),
      textProperty("archive", "Archive",
                   "File name of the video's archive beside the session, kept in the file", &S::archive),
      switchProperty("overwrite", "Overwrite", "Replace a file that exists at the location", &S::overwrite),
      switchProperty("followed", "Followed",
                     "What comes in is shown within some 20 ms to who reads the file while it is written; "
                     "without it once a second, which costs less",
                     &S::followed),
      switchProperty("begins-at-zero", "Begins at zero",
                     "Session time 0 is running time 0; without it the first sample, whenever it came",
                     &S::beginsAtZero),
      realProperty(
          "video-delay", "Video delay",
          "Constant delay of the video: signals are put on the session clock by as much later (in s)",
          -kMostDelayS, kMostDelayS, &S::videoDelayS),
      realProperty("delay-uncertainty", "Uncertainty of the video delay",
                   "By how much that delay may be off, in 95 % of cases (in s)", 0, kMostDelayS,
                   &S::videoDelayUncertaintyS),
      switchProperty(
          "network-clock", "Network clock",
          "The pipeline's clock is one that other machines have too: the session keeps its own time on it",
          &S::networkClock),
      realProperty("clock-uncertainty", "Network clock's uncertainty",
                   "By how much that clock may be off the one it follows (in s)", 0, 1,
                   &S::networkClockUncertaintyS),
      switchProperty(
          "interrupted", "Interrupted",
          "Close the session as interrupted, since a source has failed: set before the end of stream",
          &S::interrupted,
          static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING))};
  return kTable;
}

}  // namespace soleus
