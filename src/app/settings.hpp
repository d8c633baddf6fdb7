// The settings: one table says each one's name, default, meaning and check. The reader, `jobrun settings`
// and docs/SETTINGS.md are all made of it.
//
// A value comes from, in order: the environment (`JOBRUN_` and the name in capitals), the TOML file, the
// default. A secret may instead be read from a file named by `..._FILE`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log_line.hpp"
#include "base/phone_number.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "onboarding/turn.hpp"

namespace jobrun::app {

/// The longest file that a secret is read from.
inline constexpr std::size_t secret_bytes_max = std::size_t{64} * 1024;

struct ListenAddress {
  std::string host;        ///< an IP address, without brackets
  std::uint16_t port = 0;  ///< 0: picked by the system
};

/// All settings, checked. A text that was not given is empty.
struct Settings {
  ListenAddress listen;
  std::filesystem::path tls_certificate_file;  ///< given with the key, or neither
  std::filesystem::path tls_key_file;
  std::string public_url;          ///< without a slash at its end
  std::filesystem::path database;  ///< the SQLite file
  std::filesystem::path spool_dir;

  std::string twilio_account_sid;
  std::vector<std::string> twilio_auth_tokens;  ///< the first signs our requests; any may sign webhooks
  std::string twilio_api_url;                   ///< without a slash at its end
  std::string twilio_messaging_url;             ///< the same; empty: see messaging_url()
  std::int64_t twilio_texts_per_second = 0;     ///< 0: no limit
  std::int64_t twilio_requests_in_flight = 0;

  std::string telnyx_api_key;                       ///< empty: there is no second account
  std::string telnyx_api_url;                       ///< without a slash at its end
  std::string telnyx_public_key;                    ///< base64 of 32 bytes; empty: webhooks of Telnyx are refused
  std::optional<E164> telnyx_sender;                ///< given with the key, or neither
  std::int64_t segments_per_second_and_sender = 0;  ///< 0: no limit

  std::int64_t balance_low = 0;    ///< in units of the account's currency; 0: nothing is too little
  std::string voice_fallback_url;  ///< empty: numbers keep theirs

  std::optional<E164> failsafe_sender;
  std::optional<E164> onboarding_number;

  std::string admin_token;
  std::optional<E164> operator_phone;
  std::string operator_email;
  std::string email_sender;  ///< empty: operator_email
  std::string smtp_url;      ///< without a path
  std::string smtp_user;     ///< given with the password, or neither
  std::string smtp_password;
  std::int64_t alert_texts_per_hour = 0;
  std::string alert_webhook_url;
  std::string alert_webhook_secret;

  std::string time_zone;  ///< of clients who have set none

  Duration cool_down{};
  Duration commit_deadline{};
  Duration outcome_deadline{};
  Duration unknown_look_every{};
  Duration unknown_deadline{};
  Duration text_useful_for{};
  std::vector<std::string> text_countries;  ///< empty: the called number's
  std::int64_t pair_texts_max = 0;
  Duration pair_texts_window{};
  std::int64_t client_texts_per_day = 0;
  std::int64_t service_texts_per_day = 0;
  std::map<std::string, std::int64_t, std::less<>> country_texts_per_day;  ///< one not listed has no limit
  std::int64_t texts_waiting_alert_above = 0;
  std::int64_t retention_days = 0;
  Duration sweep_every{};
  Duration sweep_grace{};
  Duration drift_check_every{};
  Duration canary_every{};  ///< 0: none is sent
  E164 canary_number = E164::from_digits(0);

  onboarding::Activation onboarding_activation = onboarding::Activation::manual_approval;
  std::set<std::string, std::less<>> onboarding_invite_codes;

  LogLevel log_level = LogLevel::info;
  bool log_customer_numbers = false;

  /// Where the carrier's Messaging Services are: Twilio's, unless its API is elsewhere too.
  std::string messaging_url() const;

  /// By what people are told; texts need both numbers.
  bool tells_by_webhook() const { return !alert_webhook_url.empty(); }
  bool tells_by_email() const { return !smtp_url.empty(); }
  bool tells_by_text() const { return operator_phone && failsafe_sender; }

  /// For the operator, at start: settings that are odd, unknown or without effect.
  std::vector<std::string> warnings;
  /// Every setting as it was written, to tell later what has changed. Holds the secrets.
  std::map<std::string, std::string, std::less<>> given;
  std::vector<std::filesystem::path> secret_files;  ///< that secrets were read from
};

/// Who reads a setting.
enum class SettingUse {
  commands,  ///< `serve` and every command that touches the database
  serve,
};

struct SettingSpec {
  std::string_view name;           ///< in TOML; in the environment JOBRUN_ and the same in capitals
  std::string_view type;           ///< what is expected, for a person
  std::string_view default_value;  ///< as one would write it; empty: none
  std::string_view help;
  SettingUse use = SettingUse::serve;
  bool is_required = false;  ///< by `serve`
  bool is_secret = false;
  Result<void> (*assign)(Settings&, std::string_view value) = nullptr;
};

/// The table.
std::span<const SettingSpec> setting_specs();

/// The variable that overrides a setting: `JOBRUN_` and its name in capitals.
std::string environment_name(const SettingSpec& spec);

/// What a settings file says, by name and as one would write it: a secret, or under `..._file` where it lies.
using FileSettings = std::map<std::string, std::string, std::less<>>;

/// Where values are read from. Passed in, so that tests need no environment.
struct SettingSources {
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::vector<std::string> environment_names;   ///< all names that begin with JOBRUN_, to notice misspelt ones
  std::filesystem::path config_file;            ///< empty: JOBRUN_CONFIG, else none
  std::optional<FileSettings> file_settings{};  ///< of a file that is yet to be written, in place of one that is
};

/// What one setting is and where that was said, for `jobrun settings`. Secrets are not told.
struct SettingValue {
  const SettingSpec* spec = nullptr;
  std::string value;   ///< `(set)` for a secret; empty when there is none
  std::string origin;  ///< `default`, `file`, `environment`
};

struct LoadedSettings {
  Settings settings;
  std::vector<SettingValue> values;
};

enum class SettingScope {
  serve,     ///< everything is read, and what `serve` requires must be there
  commands,  ///< only what commands use is read and checked
  show,      ///< everything is read, nothing is required
};

/// Reads and checks. Fails with every problem found, one a line, each naming where the value came from.
Result<LoadedSettings> load_settings(const SettingSources& sources, SettingScope scope);

/// What the TOML file says, whatever the environment does, with no secret's file read. Fails like load_settings.
Result<FileSettings> read_settings_file(const std::filesystem::path& path);

/// docs/SETTINGS.md.
std::string settings_markdown();

/// deploy/jobrun.toml: every setting with its meaning and its default, commented out, so that the file as it is
/// changes nothing. A secret has no place in it: it is shown as the name of a file that holds it.
std::string settings_toml();

}  // namespace jobrun::app
