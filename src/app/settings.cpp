#include "settings.hpp"

#include <sys/stat.h>

#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "console_api/nearest.hpp"
#include "doctor/drift.hpp"
#include "setting_values.hpp"

namespace jobrun::app {
namespace {

constexpr std::size_t config_bytes_max = 1 << 20;
constexpr std::string_view environment_prefix = "JOBRUN_";

std::string capitals(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) return invalid(path.string() + " is a directory");
  std::ifstream file(path, std::ios::binary);
  if (!file) return failure(ErrorKind::not_found, "cannot read " + path.string());
  std::string text(bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > bytes_max) {
    return invalid(path.string() + " is larger than " + std::to_string(bytes_max) + " bytes");
  }
  return text;
}

/// A value as text and where it was said, for errors.
struct Given {
  std::string text;
  std::string where;
};

/// The TOML file's values by name; `[twilio] account_sid` is the same as `twilio_account_sid`.
class FileValues {
 public:
  void read(const std::filesystem::path& path, std::vector<std::string>& problems) {
    const Result<std::string> text = read_file(path, config_bytes_max);
    if (!text) {
      problems.push_back(text.error().message);
      return;
    }
    try {
      flatten(toml::parse(*text, path.string()), "", path.string(), problems);
    } catch (const toml::parse_error& error) {
      problems.push_back(path.string() + " line " + std::to_string(error.source().begin.line) + ": " +
                         std::string(error.description()));
    }
  }

  std::map<std::string, Given, std::less<>> values;

 private:
  void flatten(const toml::table& table, const std::string& prefix, const std::string& path,
               std::vector<std::string>& problems) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const std::string where = path + " line " + std::to_string(node.source().begin.line);
      if (const toml::table* inner = node.as_table()) {
        flatten(*inner, name + "_", path, problems);
        continue;
      }
      const std::optional<std::string> text = text_of(node);
      if (!text) {
        problems.push_back(where + ": " + name +
                           " must be a string, a whole number, true, false or a list of strings");
      } else if (!values.emplace(name, Given{*text, where}).second) {
        problems.push_back(where + ": " + name + " is given twice");
      }
    }
  }

  static std::optional<std::string> text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    const toml::array* list = node.as_array();
    if (list == nullptr) return std::nullopt;
    std::string joined;
    for (const toml::node& entry : *list) {
      if (!entry.is_string()) return std::nullopt;
      joined += (joined.empty() ? "" : ",") + entry.as_string()->get();
    }
    return joined;
  }
};

std::unexpected<Error> wrong(const std::vector<std::string>& problems) {
  std::string message = problems.size() == 1 ? "a setting is wrong:" : "settings are wrong:";
  for (const std::string& problem : problems) message += "\n  " + problem;
  return invalid(std::move(message));
}

bool is_read_in(const SettingSpec& spec, SettingScope scope) {
  return scope != SettingScope::commands || spec.use == SettingUse::commands;
}

/// Gathers the values of all settings and everything that is wrong with them.
class Loading {
 public:
  Loading(const SettingSources& sources, SettingScope scope) : sources_(sources), scope_(scope) {}

  Result<LoadedSettings> load() {
    std::filesystem::path config = sources_.config_file;
    if (config.empty()) config = sources_.environment("JOBRUN_CONFIG").value_or("");
    if (sources_.file_settings) {
      for (const auto& [name, text] : *sources_.file_settings) {
        file_.values.emplace(name, Given{text, "the new settings"});
      }
    } else if (!config.empty()) {
      read_config(config);
    }
    notice_unknown_environment();
    for (const SettingSpec& spec : setting_specs()) {
      if (is_read_in(spec, scope_)) take(spec);
    }
    check_together();
    if (problems_.empty()) return std::move(loaded_);
    return wrong(problems_);
  }

 private:
  void read_config(const std::filesystem::path& path) {
    file_.read(path, problems_);
    bool has_secret = false;
    const std::vector<std::string> known = known_names("");
    for (const auto& [name, given] : file_.values) {
      if (std::ranges::find(known, name) == known.end()) {
        const std::string nearest = console_api::nearest_name(name, known);
        problems_.push_back(given.where + ": " + name + " is not a setting" +
                            (nearest.empty() ? ": see jobrun settings" : "; did you mean " + nearest + "?"));
      }
      for (const SettingSpec& spec : setting_specs())
        has_secret = has_secret || (spec.is_secret && spec.name == name);
    }
    struct stat info{};
    if (has_secret && stat(path.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0) {
      loaded_.settings.warnings.push_back(path.string() +
                                          " holds secrets and every user of this machine can read it");
    }
  }

  static std::vector<std::string> known_names(std::string_view prefix) {
    std::vector<std::string> names;
    for (const SettingSpec& spec : setting_specs()) {
      const std::string name = prefix.empty() ? std::string(spec.name) : environment_name(spec);
      names.push_back(name);
      if (spec.is_secret) names.push_back(name + (prefix.empty() ? "_file" : "_FILE"));
    }
    return names;
  }

  /// Only a warning: another program's variable may begin with JOBRUN_ too.
  void notice_unknown_environment() {
    std::vector<std::string> known = known_names(environment_prefix);
    known.emplace_back("JOBRUN_CONFIG");
    for (const std::string& name : sources_.environment_names) {
      if (std::ranges::find(known, name) != known.end()) continue;
      const std::string nearest = console_api::nearest_name(name, known);
      loaded_.settings.warnings.push_back("the environment variable " + name + " is not a setting" +
                                          (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
    }
  }

  std::optional<Given> from_environment(const std::string& name) const {
    std::optional<std::string> text = sources_.environment(name);
    if (!text || text->empty()) return std::nullopt;  // an empty variable is how shells unset one
    return Given{std::move(*text), name};
  }

  std::optional<Given> from_file(const std::string& name) const {
    const auto found = file_.values.find(name);
    return found == file_.values.end() ? std::nullopt : std::optional(found->second);
  }

  /// One source's value, or the content of the file it names.
  std::optional<Given> or_secret_file(std::optional<Given> value, std::optional<Given> path) {
    if (!path) return value;
    if (value) {
      problems_.push_back(path->where + ": give the secret or its file, not both (also in " + value->where + ")");
      return std::nullopt;
    }
    Result<std::string> text = read_file(path->text, secret_bytes_max);
    if (!text) {
      problems_.push_back(path->where + ": " + text.error().message);
      return std::nullopt;
    }
    loaded_.settings.secret_files.emplace_back(path->text);
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    return Given{*std::move(text), path->where};
  }

  void take(const SettingSpec& spec) {
    const std::string variable = environment_name(spec);
    const std::string key(spec.name);
    const std::size_t problems_before = problems_.size();
    std::optional<Given> given = from_environment(variable);
    if (spec.is_secret) given = or_secret_file(std::move(given), from_environment(variable + "_FILE"));
    std::string origin = "environment";
    if (!given && problems_.size() == problems_before) {
      origin = "file";
      given = from_file(key);
      if (spec.is_secret) given = or_secret_file(std::move(given), from_file(key + "_file"));
    }
    if (problems_.size() != problems_before) return;
    if (!given && !spec.default_value.empty()) {
      origin = "default";
      given = Given{std::string(spec.default_value), "the default"};
    }
    keep(spec, given, origin);
  }

  void keep(const SettingSpec& spec, const std::optional<Given>& given, const std::string& origin) {
    if (given && given->text.empty() && !spec.default_value.empty()) {
      problems_.push_back(given->where + ": " + std::string(spec.name) +
                          " is empty; leave it out for the default");
      return;
    }
    if (!given || given->text.empty()) {
      if (scope_ == SettingScope::serve && spec.is_required) {
        problems_.push_back(std::string(spec.name) + " is missing: set " + environment_name(spec) + " or " +
                            std::string(spec.name) + " in the configuration file");
      }
      loaded_.values.push_back({&spec, "", "default"});
      return;
    }
    loaded_.settings.given.emplace(spec.name, given->text);
    if (const Result<void> assigned = spec.assign(loaded_.settings, given->text); !assigned) {
      problems_.push_back(given->where + ": " + std::string(spec.name) + " " + assigned.error().message);
    }
    loaded_.values.push_back({&spec, spec.is_secret ? "(set)" : given->text, origin});
  }

  void check_together() {
    if (scope_ != SettingScope::serve || !problems_.empty()) return;
    Settings& settings = loaded_.settings;
    if (!settings.alert_webhook_url.empty() && settings.alert_webhook_secret.empty()) {
      problems_.push_back("alert_webhook_secret is missing: alerts to alert_webhook_url are signed with it");
    }
    if (settings.failsafe_sender && settings.failsafe_sender == settings.onboarding_number) {
      problems_.push_back(
          "failsafe_sender and onboarding_number are the same number: a caller who answers the fail-safe text "
          "would "
          "be taken for an owner who signs up");
    }
    if (settings.tls_certificate_file.empty() != settings.tls_key_file.empty()) {
      problems_.push_back(settings.tls_key_file.empty()
                              ? "tls_key_file is missing: the certificate is of no use without its key"
                              : "tls_certificate_file is missing: tls_key_file is of no use alone");
    }
    check_second_account(settings);
    if (settings.public_url.starts_with("http://") && !is_loopback_url(settings.public_url)) {
      settings.warnings.push_back("public_url is not https: callers' numbers travel readable");
    }
    check_fallback(settings);
    check_mail(settings);
    check_alert_texts(settings);
    if (!settings.tells_by_webhook() && !settings.tells_by_email() && !settings.tells_by_text()) {
      settings.warnings.push_back("no alert channel is configured: nobody is told about calls that need a person");
    }
  }

  void check_fallback(const Settings& settings) {
    if (settings.voice_fallback_url.empty()) return;
    if (doctor::host_of(settings.voice_fallback_url) == doctor::host_of(settings.public_url)) {
      problems_.push_back(
          "voice_fallback_url is on the host of public_url, which cannot be reached when it is needed: host what "
          "`jobrun fallback-twiml` prints elsewhere");
    }
  }

  void check_mail(const Settings& settings) {
    if (settings.smtp_url.empty() != settings.operator_email.empty()) {
      problems_.push_back(settings.smtp_url.empty()
                              ? "smtp_url is missing: alerts to operator_email leave by it"
                              : "operator_email is missing: smtp_url has nobody to write to");
    }
    if (settings.smtp_user.empty() != settings.smtp_password.empty()) {
      problems_.push_back(settings.smtp_user.empty() ? "smtp_user is missing: smtp_password is of no use alone"
                                                     : "smtp_password is missing: smtp_user is of no use alone");
    }
  }

  void check_alert_texts(Settings& settings) {
    if (!settings.operator_phone) return;
    for (const auto& ours : {settings.failsafe_sender, settings.onboarding_number, settings.telnyx_sender}) {
      if (ours != settings.operator_phone) continue;
      problems_.push_back("operator_phone is a number of the service: the operator needs a phone of his own");
      return;
    }
    if (!settings.failsafe_sender) {
      settings.warnings.push_back("operator_phone has no effect without failsafe_sender, which texts it");
    }
  }

  void check_second_account(Settings& settings) {
    if (settings.telnyx_api_key.empty() != !settings.telnyx_sender) {
      problems_.push_back(settings.telnyx_sender
                              ? "telnyx_api_key is missing: the second account needs it with telnyx_sender"
                              : "telnyx_sender is missing: the second account needs it with telnyx_api_key");
    }
    const auto is_also = [&](const std::optional<E164>& other, const std::string& name) {
      if (settings.telnyx_sender && settings.telnyx_sender == other) {
        problems_.push_back("telnyx_sender and " + name +
                            " are the same number: replies to telnyx_sender do not "
                            "reach the service");
      }
    };
    is_also(settings.failsafe_sender, "failsafe_sender");
    is_also(settings.onboarding_number, "onboarding_number");
    if (settings.telnyx_sender && settings.telnyx_public_key.empty()) {
      settings.warnings.push_back(
          "telnyx_public_key is not set: the second account does not tell what becomes of its texts");
    }
  }

  const SettingSources& sources_;
  SettingScope scope_;
  FileValues file_;
  LoadedSettings loaded_;
  std::vector<std::string> problems_;
};

/// Words as comments, broken between words.
std::string as_comment(std::string_view words) {
  constexpr std::size_t line_bytes_max = 100;
  std::string text;
  std::string line = "#";
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (line.size() + 1 + word.size() > line_bytes_max) text += std::exchange(line, "#") + "\n";
    line += " " + std::string(word);
  }
  return text + line + "\n";
}

bool is_written_bare(const SettingSpec& spec) {
  return spec.type == "whole number" || spec.type == "true or false";
}

}  // namespace

std::string Settings::messaging_url() const {
  if (!twilio_messaging_url.empty()) return twilio_messaging_url;
  return twilio_api_url == "https://api.twilio.com" ? "https://messaging.twilio.com" : twilio_api_url;
}

std::string environment_name(const SettingSpec& spec) {
  return std::string(environment_prefix) + capitals(spec.name);
}

Result<LoadedSettings> load_settings(const SettingSources& sources, SettingScope scope) {
  return Loading(sources, scope).load();
}

Result<FileSettings> read_settings_file(const std::filesystem::path& path) {
  FileValues file;
  std::vector<std::string> problems;
  file.read(path, problems);
  if (!problems.empty()) return wrong(problems);
  FileSettings settings;
  for (auto& [name, given] : file.values) settings.emplace(name, std::move(given.text));
  return settings;
}

std::string settings_markdown() {
  std::string page =
      "# Settings\n\n"
      "Written by `jobrun settings --markdown`; do not edit.\n\n"
      "A setting is read from the environment (`JOBRUN_` and its name in capitals), else from the TOML file named "
      "by\n"
      "`--config FILE` or `JOBRUN_CONFIG`, else it has its default. `[twilio]` with `account_sid` below it is the "
      "same\n"
      "as `twilio_account_sid`. A secret may be read from a file: "
      "`JOBRUN_TWILIO_AUTH_TOKEN_FILE=/run/secrets/token`,\n"
      "or `twilio_auth_token_file` in TOML. Durations have a unit: `250ms`, `90s`, `45m`, `1h30m`, `7d`. All "
      "problems\n"
      "are told at once, and `serve` does not start with one. `jobrun settings` shows what is in force. A "
      "running\n"
      "`serve` takes a new `twilio_auth_token` and `telnyx_api_key` up on SIGHUP, and soon after their file has\n"
      "changed; any other change needs a restart.\n\n"
      "| name | environment | expects | default | meaning |\n|---|---|---|---|---|\n";
  for (const SettingSpec& spec : setting_specs()) {
    std::string notes;
    if (spec.is_required) notes += " Required by `serve`.";
    if (spec.is_secret) notes += " Secret.";
    const std::string default_value =
        spec.default_value.empty() ? "" : "`" + std::string(spec.default_value) + "`";
    page += "| `" + std::string(spec.name) + "` | `" + environment_name(spec) + "` | " + std::string(spec.type) +
            " | " + default_value + " | " + std::string(spec.help) + notes + " |\n";
  }
  return page;
}

std::string settings_toml() {
  std::string file =
      "# The settings of JobRun. A line that is a # and a setting shows its default: take the # away and change "
      "the\n"
      "# value. A variable of the environment goes before this file. After a change:\n"
      "#\n"
      "#   jobrun settings --check --config /etc/jobrun/jobrun.toml    whether the service would take it\n"
      "#   systemctl restart jobrun\n"
      "#\n"
      "# Secrets are in files of their own, which only root and the group jobrun can read (0640).\n"
      "# Written by `jobrun settings --toml`.\n";
  for (const SettingSpec& spec : setting_specs()) {
    std::string meaning(spec.help);
    if (spec.is_required) meaning += " Required.";
    meaning += " Expects: " + std::string(spec.type) + ".";
    file += "\n" + as_comment(meaning) + "#" + std::string(spec.name);
    if (spec.is_secret) {
      file += "_file = \"/etc/jobrun/" + std::string(spec.name) + "\"\n";
      continue;
    }
    const std::string quote = is_written_bare(spec) ? "" : "\"";
    file += " = " + quote + std::string(spec.default_value) + quote + "\n";
  }
  return file;
}

}  // namespace jobrun::app
