/// Settable properties of an element, each described once: what gst-inspect shows and which setting it stands
/// for.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace soleus {

/// A property bound to a member of the element's Settings struct.
template <class Settings>
struct Property {
  GParamSpec* spec;
  std::function<void(Settings&, const GValue*)> set;
  std::function<void(const Settings&, GValue*)> get;
};

inline constexpr auto kSettable =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);

template <class Settings>
Property<Settings> textProperty(const char* name, const char* nick, const char* blurb,
                                std::string Settings::*member) {
  const Settings defaults;
  return {g_param_spec_string(name, nick, blurb, (defaults.*member).c_str(), kSettable),
          [member](Settings& s, const GValue* v) {
            s.*member = g_value_get_string(v) ? g_value_get_string(v) : "";
          },
          [member](const Settings& s, GValue* v) { g_value_set_string(v, (s.*member).c_str()); }};
}

template <class Settings>
Property<Settings> countProperty(const char* name, const char* nick, const char* blurb, int min, int max,
                                 int Settings::*member) {
  return {g_param_spec_int(name, nick, blurb, min, max, Settings().*member, kSettable),
          [member](Settings& s, const GValue* v) { s.*member = g_value_get_int(v); },
          [member](const Settings& s, GValue* v) { g_value_set_int(v, s.*member); }};
}

template <class Settings>
Property<Settings> realProperty(const char* name, const char* nick, const char* blurb, double min, double max,
                                double Settings::*member) {
  return {g_param_spec_double(name, nick, blurb, min, max, Settings().*member, kSettable),
          [member](Settings& s, const GValue* v) { s.*member = g_value_get_double(v); },
          [member](const Settings& s, GValue* v) { g_value_set_double(v, s.*member); }};
}

template <class Settings>
Property<Settings> wholeProperty(const char* name, const char* nick, const char* blurb,
                                 std::uint64_t Settings::*member) {
  return {g_param_spec_uint64(name, nick, blurb, 0, G_MAXUINT64, Settings().*member, kSettable),
          [member](Settings& s, const GValue* v) { s.*member = g_value_get_uint64(v); },
          [member](const Settings& s, GValue* v) { g_value_set_uint64(v, s.*member); }};
}

template <class Settings>
Property<Settings> switchProperty(const char* name, const char* nick, const char* blurb,
                                  bool Settings::*member, GParamFlags flags = kSettable) {
  return {g_param_spec_boolean(name, nick, blurb, Settings().*member, flags),
          [member](Settings& s, const GValue* v) { s.*member = g_value_get_boolean(v) != FALSE; },
          [member](const Settings& s, GValue* v) { g_value_set_boolean(v, s.*member); }};
}

template <class Settings, class Enum>
Property<Settings> enumProperty(const char* name, const char* nick, const char* blurb, GType type,
                                Enum Settings::*member) {
  return {g_param_spec_enum(name, nick, blurb, type, static_cast<int>(Settings().*member), kSettable),
          [member](Settings& s, const GValue* v) { s.*member = static_cast<Enum>(g_value_get_enum(v)); },
          [member](const Settings& s, GValue* v) { g_value_set_enum(v, static_cast<int>(s.*member)); }};
}

/// The properties of one element class, with the ids 1, 2, ... in their order.
template <class Settings>
class PropertyTable {
 public:
  PropertyTable(std::initializer_list<Property<Settings>> rows) : rows_(rows) {}

  void install(GObjectClass* klass) const {
    for (guint i = 0; i < rows_.size(); ++i) g_object_class_install_property(klass, i + 1, rows_[i].spec);
  }
  /// The first id that is free for a property without a setting.
  [[nodiscard]] guint nextId() const { return static_cast<guint>(rows_.size()) + 1; }
  /// False if `id` is none of the table's. Call with the object lock held.
  bool set(guint id, Settings& settings, const GValue* value) const {
    if (id == 0 || id > rows_.size()) return false;
    rows_[id - 1].set(settings, value);
    return true;
  }
  bool get(guint id, const Settings& settings, GValue* value) const {
    if (id == 0 || id > rows_.size()) return false;
    rows_[id - 1].get(settings, value);
    return true;
  }

 private:
  const std::vector<Property<Settings>> rows_;
};

}  // namespace soleus
