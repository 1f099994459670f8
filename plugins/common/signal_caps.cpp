#include "plugins/common/signal_caps.h"

#include <string>
#include <vector>

namespace soleus {
namespace {

constexpr const char* kSamples = "samples";

template <class Item>
void appendTo(GValue& array, GType type, const Item& set) {
  GValue item = G_VALUE_INIT;
  g_value_init(&item, type);
  set(&item);
  gst_value_array_append_and_take_value(&array, &item);
}

/// The items of an array of so many values of `type`; none if it is something else.
std::vector<const GValue*> arrayOf(const GstStructure* structure, const char* name, GType type) {
  std::vector<const GValue*> items;
  const GValue* array = gst_structure_get_value(structure, name);
  if (array == nullptr || !GST_VALUE_HOLDS_ARRAY(array)) return items;
  for (guint n = 0; n < gst_value_array_get_size(array); ++n) {
    const GValue* item = gst_value_array_get_value(array, n);
    if (!G_VALUE_HOLDS(item, type)) return {};
    items.push_back(item);
  }
  return items;
}

}  // namespace

GstCaps* newSignalCaps(const SignalSource& source) {
  GstCaps* caps = gst_caps_new_empty_simple(SOLEUS_SIGNAL_CAPS);
  GstStructure* structure = gst_caps_get_structure(caps, 0);
  gst_structure_set(structure, "stream", G_TYPE_STRING, source.stream.c_str(), nullptr);
  if (source.format == SignalFormat::kSamples)
    gst_structure_set(structure, "format", G_TYPE_STRING, kSamples, nullptr);
  if (source.samplesPerSecond)
    gst_structure_set(structure, "rate", G_TYPE_DOUBLE, *source.samplesPerSecond, nullptr);
  if (!source.token.empty())
    gst_structure_set(structure, "token", G_TYPE_STRING, source.token.c_str(), nullptr);
  if (source.delay)
    gst_structure_set(structure, "delay", G_TYPE_DOUBLE, source.delay->delayS, "delay-uncertainty",
                      G_TYPE_DOUBLE, source.delay->uncertaintyS, nullptr);
  GValue channels = G_VALUE_INIT;
  GValue units = G_VALUE_INIT;
  GValue gains = G_VALUE_INIT;
  for (GValue* array : {&channels, &units, &gains}) g_value_init(array, GST_TYPE_ARRAY);
  for (const SignalChannel& channel : source.channels) {
    appendTo(channels, G_TYPE_STRING, [&](GValue* v) { g_value_set_string(v, channel.name.c_str()); });
    appendTo(units, G_TYPE_STRING, [&](GValue* v) { g_value_set_string(v, channel.units.c_str()); });
    appendTo(gains, G_TYPE_DOUBLE, [&](GValue* v) { g_value_set_double(v, channel.gain); });
  }
  gst_structure_take_value(structure, "channels", &channels);
  gst_structure_take_value(structure, "units", &units);
  gst_structure_take_value(structure, "gains", &gains);
  return caps;
}

Result<SignalSource> signalOfCaps(const GstCaps* caps) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  SignalSource source;
  const gchar* stream = gst_structure_get_string(structure, "stream");
  const auto channels = arrayOf(structure, "channels", G_TYPE_STRING);
  const auto units = arrayOf(structure, "units", G_TYPE_STRING);
  const auto gains = arrayOf(structure, "gains", G_TYPE_DOUBLE);
  gdouble rate = 0;
  const bool sampled = g_strcmp0(gst_structure_get_string(structure, "format"), kSamples) == 0;
  const bool rated = gst_structure_get_double(structure, "rate", &rate);
  if (stream == nullptr || channels.empty() || units.size() != channels.size() ||
      gains.size() != channels.size() || (rated && !(rate > 0)) || (sampled && !rated)) {
    // Not the caps themselves: they may hold a token.
    return Error{ErrorKind::kBadInput, "sessionsink", "caps do not describe a signal stream",
                 std::to_string(channels.size()) + " channels, " + std::to_string(units.size()) + " units, " +
                     std::to_string(gains.size()) + " gains",
                 "stream, as many of each, and the rate of blocks"};
  }
  source.stream = stream;
  if (sampled) source.format = SignalFormat::kSamples;
  if (const gchar* token = gst_structure_get_string(structure, "token")) source.token = token;
  if (rated) source.samplesPerSecond = rate;
  CaptureDelay delay;
  if (gst_structure_get_double(structure, "delay", &delay.delayS) &&
      gst_structure_get_double(structure, "delay-uncertainty", &delay.uncertaintyS))
    source.delay = delay;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    source.channels.push_back(
        {g_value_get_string(channels[c]), g_value_get_string(units[c]), g_value_get_double(gains[c])});
  }
  return source;
}

}  // namespace soleus
