/// Work that may hang or crash, done by a process of its own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace soleus {

/// Runs `work` in a child process and gives back the text it returns; nothing if it crashed or took longer
/// than `limit`, after which it is killed. For a process without threads beside the calling one.
std::optional<std::string> runInChild(std::chrono::seconds limit, const std::function<std::string()>& work);

}  // namespace soleus
