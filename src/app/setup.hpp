// `jobrun setup`: the first run, as a conversation in the terminal.
//
// It asks first and changes nothing at the account, in the database or on disk until the person has agreed to a
// list of what will be done; what it sends before that (a test alert), it says. The conversation is here, with
// everything that it touches passed in; what that is in the real world is in setup_world.hpp.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/alert.hpp"
#include "base/ports/clock.hpp"
#include "base/records.hpp"
#include "base/result.hpp"
#include "carrier_desk.hpp"
#include "doctor/drift.hpp"
#include "settings.hpp"
#include "terminal.hpp"

namespace jobrun::app {

struct SetupPorts {
  Terminal& terminal;
  const Clock& clock;
  std::function<std::unique_ptr<CarrierDesk>(const Settings&)> carrier;
  /// A request to the console's operations, through the running service if there is one. `may_create`: where there
  /// is no database, it is made.
  std::function<nlohmann::json(const Settings&, nlohmann::json request, bool may_create)> ask;
  std::function<bool(const Settings&)> is_served;
  /// Whether the service will be able to use what is made for the database.
  std::function<Result<void>(const Settings&)> may_make_files;
  /// Whether the service would start with a file that says this.
  std::function<Result<void>(const FileSettings&)> check;
  /// The numbers that have to point at us, once the database has them.
  std::function<Result<doctor::Expected>(const Settings&)> expected;
  std::function<Result<void>(const Settings&, AlertWay)> test_alert;
  /// From that number to that phone, through the exit for texts. `scope`: whose number it is, whose opt-outs bind.
  std::function<Result<void>(const Settings&, const FactScope& scope, E164 sender, E164 phone)> test_text;
  std::function<bool(const std::filesystem::path&)> exists;
  /// Readable by no stranger, whole or not at all.
  std::function<Result<void>(const std::filesystem::path&, const std::string& content)> write;
  std::function<std::string()> new_secret;
};

struct SetupOptions {
  std::filesystem::path config;
  Settings settings;              ///< as they are so far: the defaults of the questions
  FileSettings in_file{};         ///< what is not asked about stays in it as it was written
  FileSettings in_environment{};  ///< which holds, whatever the file says; a secret itself, wherever it lies
};

/// How it ended.
enum class SetupEnd {
  done,
  in_part,  ///< something that was agreed to could not be done; said
  stopped,  ///< before anything was changed: no more input, no consent, or answers that cannot be used
};

SetupEnd run_setup(const SetupPorts& ports, SetupOptions options);

}  // namespace jobrun::app
