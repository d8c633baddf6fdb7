#include "credentials.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <utility>

namespace jobrun::app {
namespace {

/// A secret that may be replaced, and the settings that it belongs to.
struct Replaceable {
  std::string_view name;
  std::array<std::string_view, 2> belongs_to;
};
constexpr Replaceable auth_tokens{"twilio_auth_token", {"twilio_account_sid", "twilio_api_url"}};
constexpr Replaceable api_key{"telnyx_api_key", {"telnyx_api_url", "telnyx_sender"}};

std::string_view given_in(const Settings& settings, std::string_view name) {
  const auto found = settings.given.find(name);
  return found == settings.given.end() ? std::string_view() : std::string_view(found->second);
}

bool differs(const Settings& before, const Settings& now, std::string_view name) {
  return given_in(before, name) != given_in(now, name);
}

/// Whether it differs, was there before and is there still, and belongs to the same account as before.
bool is_replaced(const Settings& before, const Settings& now, const Replaceable& secret) {
  return differs(before, now, secret.name) && !given_in(before, secret.name).empty() &&
         !given_in(now, secret.name).empty() &&
         std::ranges::none_of(secret.belongs_to,
                              [&](std::string_view name) { return differs(before, now, name); });
}

}  // namespace

Credentials::Credentials(Settings in_force, Read read, Users users, Log& log)
    : in_force_(std::move(in_force)), read_(std::move(read)), users_(std::move(users)), log_(log) {}

Credentials::Contents Credentials::read_files(const std::vector<std::filesystem::path>& paths) {
  Contents contents;
  for (const std::filesystem::path& path : paths) {
    std::optional<std::string>& content = contents[path];
    std::ifstream file(path, std::ios::binary);
    if (!file) continue;
    content.emplace(secret_bytes_max + 1, '\0');
    file.read(content->data(), static_cast<std::streamsize>(content->size()));
    content->resize(static_cast<std::size_t>(file.gcount()));
  }
  return contents;
}

void Credentials::look_at_files() {
  if (read_files(in_force_.secret_files) != files_) read_again();
}

void Credentials::read_again() {
  // Before the settings are read: a file that changes in between is looked at once more.
  files_ = read_files(in_force_.secret_files);
  const Result<Settings> now = read_();
  if (!now) {
    log_.write({LogLevel::error,
                "the settings were read again and are wrong; those in force stay",
                "",
                {{"error", now.error().message}}});
    return;
  }
  take(*now);
}

void Credentials::take(const Settings& now) {
  std::string replaced;
  std::string waiting;
  const auto append = [](std::string& list, std::string_view name) {
    list += (list.empty() ? "" : ", ") + std::string(name);
  };
  const bool has_tokens = is_replaced(in_force_, now, auth_tokens);
  const bool has_key = is_replaced(in_force_, now, api_key);
  for (const SettingSpec& spec : setting_specs()) {
    if (!differs(in_force_, now, spec.name)) continue;
    const bool is_taken = (has_tokens && spec.name == auth_tokens.name) || (has_key && spec.name == api_key.name);
    append(is_taken ? replaced : waiting, spec.name);
  }
  const auto keep = [&](const Replaceable& secret) {
    in_force_.given.insert_or_assign(std::string(secret.name), std::string(given_in(now, secret.name)));
  };
  if (has_tokens) {
    users_.twilio_auth_tokens(now.twilio_auth_tokens);
    keep(auth_tokens);
  }
  if (has_key) {
    users_.telnyx_api_key(now.telnyx_api_key);
    keep(api_key);
  }
  if (in_force_.secret_files != now.secret_files) {
    in_force_.secret_files = now.secret_files;
    files_ = read_files(in_force_.secret_files);
  }
  if (!replaced.empty()) {
    users_.replaced();
    log_.write({LogLevel::info, "credentials replaced", "", {{"settings", replaced}}});
  }
  if (!waiting.empty()) {
    log_.write({LogLevel::warning, "settings have changed that need a restart", "", {{"settings", waiting}}});
  }
}

}  // namespace jobrun::app
