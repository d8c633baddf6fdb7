// The carriers' credentials, replaced while the service runs: a token that is rotated at the carrier must not cost
// the texts of a restart, and one that leaked must not stay in use until somebody dares one.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log_line.hpp"
#include "base/ports/meter.hpp"
#include "base/result.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// Compares the settings with those in force, and replaces what may be replaced. One thread at a time.
///
/// Replaced are the tokens of the first account and the key of the second, unless what they belong to (the
/// account, its API, its sender) has changed as well: then they, like every other setting, wait for a restart, and
/// a warning says so. Settings that are wrong change nothing. No secret is ever logged.
class Credentials {
 public:
  /// Reads all settings anew.
  using Read = std::function<Result<Settings>()>;
  /// What takes them up. `replaced` is called once after those that changed.
  struct Users {
    std::function<void(const std::vector<std::string>& tokens)> twilio_auth_tokens;
    std::function<void(const std::string& key)> telnyx_api_key;
    std::function<void()> replaced;
  };

  /// `log` must outlive this.
  Credentials(Settings in_force, Read read, Users users, Log& log);

  /// Reads the settings again because somebody asked for it.
  void read_again();

  /// Reads them again if a file that holds a secret has changed since it was last looked at, and the first time:
  /// it may have changed while the service started.
  void look_at_files();

 private:
  using Contents = std::map<std::filesystem::path, std::optional<std::string>>;  ///< empty: not readable

  static Contents read_files(const std::vector<std::filesystem::path>& paths);
  void take(const Settings& now);

  Settings in_force_;
  Read read_;
  Users users_;
  Log& log_;
  Contents files_;
};

}  // namespace jobrun::app
