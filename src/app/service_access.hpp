// A command's way to the data: through the running server if there is one, else the database itself.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ports/clock.hpp"
#include "base/result.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// Answers console_api's requests, wherever the data is.
class ServiceAccess {
 public:
  enum class OnMissing { refuse, create };

  virtual ~ServiceAccess() = default;
  /// The answer has `result` or `error`, as Operations gives it. `csv` is for numbers.import.
  virtual nlohmann::json ask(nlohmann::json request, std::optional<std::string_view> csv = std::nullopt) = 0;

  /// Takes the database's lock, or finds the server that holds it; waits at most `wait` for another command
  /// to end or a server to listen. While the lock is held no server can start: ask, then let go.
  static Result<std::unique_ptr<ServiceAccess>> open(const Settings& settings, OnMissing on_missing,
                                                     const Clock& clock, Duration wait);
};

}  // namespace jobrun::app
