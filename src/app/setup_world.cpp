#include "setup_world.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "admin_channel.hpp"
#include "alert/email_channel.hpp"
#include "alert/webhook_channel.hpp"
#include "base/ports/meter.hpp"
#include "carrier/twilio.hpp"
#include "database_lock.hpp"
#include "doctor.hpp"
#include "net/http_client.hpp"
#include "net/smtp_client.hpp"
#include "numbering_plan.hpp"
#include "outbox/alert_texts.hpp"
#include "service_access.hpp"
#include "setting_values.hpp"
#include "store/file_descriptor.hpp"
#include "store/inspection.hpp"

namespace jobrun::app {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds word_within{40};

/// Nobody reads the figures of a single message.
class NoMeter final : public Meter {
 public:
  void count(Metric, std::string_view, std::string_view, double) override {}
  void set(Metric, double, std::string_view) override {}
  void observe(Metric, double) override {}
};

class NoLog final : public Log {
 public:
  void write(const LogLine&) override {}
};

/// What a way said, waited for.
class Word {
 public:
  AlertChannel::Done done() const {
    return [promise = promise_](AlertWord word) { promise->set_value(std::move(word)); };
  }
  Result<void> wait() {
    if (answer_.wait_for(word_within) != std::future_status::ready) {
      return failure(ErrorKind::unavailable, "it takes too long");
    }
    const AlertWord word = answer_.get();
    if (word.answer == AlertAnswer::accepted) return {};
    return failure(ErrorKind::unavailable, word.reason.empty() ? std::string(name_of(word.answer)) : word.reason);
  }

 private:
  std::shared_ptr<std::promise<AlertWord>> promise_ = std::make_shared<std::promise<AlertWord>>();
  std::future<AlertWord> answer_ = promise_->get_future();
};

AlertLetter a_test_alert(const Clock& clock) {
  AlertRecord record;
  record.request = operator_alert(AlertKind::configuration_drift, Severity::info, "setup",
                                  "A test by jobrun setup: alerts reach you this way. Nothing has to be done.");
  record.created_at = record.due_at = clock.now();
  return {.recipient = "", .others = {}, .alerts = {std::move(record)}};
}

Result<void> told_by(AlertChannel& channel, const Clock& clock) {
  AlertLetter letter = a_test_alert(clock);
  const Result<AlertRecipient> recipient = channel.recipient_of(letter.alerts.front().request);
  if (!recipient) return std::unexpected(recipient.error());
  letter.recipient = recipient->address;
  Word word;
  channel.send(std::move(letter), word.done());
  return word.wait();
}

Result<void> tell_by_webhook(const Settings& settings, const Clock& clock) {
  net::HttpClient client{net::HttpClient::Options{}};
  alert::WebhookChannel channel(client, clock,
                                {.url = settings.alert_webhook_url, .secret = settings.alert_webhook_secret});
  return told_by(channel, clock);
}

Result<void> tell_by_mail(const Settings& settings, const Clock& clock) {
  net::SmtpClient client({.url = settings.smtp_url,
                          .user = settings.smtp_user,
                          .password = settings.smtp_password,
                          .needs_tls = !is_loopback_url(settings.smtp_url)});
  alert::EmailChannel channel(
      [&client](net::Mail mail, net::SmtpClient::Done done) { client.send(std::move(mail), std::move(done)); },
      clock, [](const AlertRequest&) { return std::nullopt; },
      {.sender = settings.email_sender.empty() ? settings.operator_email : settings.email_sender,
       .operator_ = settings.operator_email});
  return told_by(channel, clock);
}

/// What is kept of a phone, where there is a database.
Result<PhoneFacts> facts_of(const Settings& settings, const FactScope& scope, E164 phone) {
  std::error_code failed;
  if (!std::filesystem::exists(settings.database, failed)) return PhoneFacts{};
  try {
    const Result<std::unique_ptr<StoreReader>> reader = store::open_reader(settings.database.string());
    if (!reader) return std::unexpected(reader.error());
    return (*reader)->phone_facts(scope, phone);
  } catch (const StoreFailure& unread) {
    return failure(ErrorKind::unavailable, unread.message);
  }
}

Result<void> send_test_text(const Settings& settings, const FactScope& scope, E164 sender, E164 phone) {
  net::HttpClient client{net::HttpClient::Options{}};
  carrier::TwilioCarrier twilio(client, {.api_url = settings.twilio_api_url,
                                         .messaging_url = settings.messaging_url(),
                                         .account_sid = settings.twilio_account_sid,
                                         .auth_token = settings.twilio_auth_tokens.front()});
  const std::unique_ptr<NumberingPlan> plan = make_numbering_plan();
  NoMeter meter;
  NoLog log;
  Word word;
  outbox::AlertTexts exit(
      {.carrier = twilio,
       .numbering_plan = *plan,
       .meter = meter,
       .log = log,
       .is_ours = [sender](E164 other) { return other == sender; },
       .phone_facts = [&](const FactScope& of, E164 whose) { return facts_of(settings, of, whose); },
       .is_blocked = [](const Way&) { return false; },
       .learn = [](const SetPhoneFact&) {}});
  if (const std::optional<std::string> why = exit.why_not(scope, phone)) return invalid(*why);
  exit.send({.id = "setup-test",
             .recipient = phone,
             .scope = scope,
             .ways = {{Account::first, sender}},
             .body = "JobRun: a test by jobrun setup. Texts from " + sender.text() + " reach you."},
            word.done());
  return word.wait();
}

Error of_errno(const std::filesystem::path& path) {
  return {ErrorKind::unavailable, path.string() + ": " + std::generic_category().message(errno)};
}

Result<void> write_all(int file, const std::filesystem::path& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::unexpected(of_errno(path));
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  if (fsync(file) != 0) return std::unexpected(of_errno(path));
  return {};
}

/// Whose a file is to be.
struct Readers {
  uid_t owner = 0;
  gid_t group = 0;
  mode_t mode = 0;
};

/// Those who could read what is replaced; for a new file of root's, those for whom its folder is: the service runs
/// as somebody else. Empty: whoever writes it, alone.
std::optional<Readers> readers_of(const std::filesystem::path& path) {
  constexpr mode_t most = S_IRUSR | S_IWUSR | S_IRGRP;
  struct stat there{};
  if (stat(path.c_str(), &there) == 0) return Readers{there.st_uid, there.st_gid, there.st_mode & most};
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (geteuid() != 0 || stat(folder.c_str(), &there) != 0 || there.st_gid == 0) return std::nullopt;
  return Readers{there.st_uid, there.st_gid, most};
}

Result<void> give_to(int file, const std::filesystem::path& path, const Readers& readers) {
  struct stat now{};
  if (fstat(file, &now) != 0) return std::unexpected(of_errno(path));
  const bool is_theirs = now.st_uid == readers.owner && now.st_gid == readers.group;
  if (!is_theirs && fchown(file, readers.owner, readers.group) != 0) return std::unexpected(of_errno(path));
  if (fchmod(file, readers.mode) != 0) return std::unexpected(of_errno(path));
  return {};
}

std::string name_of_user(uid_t user) {
  const passwd* entry = getpwuid(user);
  return entry == nullptr ? "#" + std::to_string(user) : entry->pw_name;
}

/// 24 bytes from the kernel, as hexadecimal digits.
std::string new_secret() {
  std::array<unsigned char, 24> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string secret;
  for (const unsigned char byte : bytes) secret.append({hexadecimal[byte >> 4], hexadecimal[byte & 15]});
  return secret;
}

json ask_console(const Settings& settings, json request, bool may_create, const Clock& clock, Duration wait) {
  using OnMissing = ServiceAccess::OnMissing;
  const auto access =
      ServiceAccess::open(settings, may_create ? OnMissing::create : OnMissing::refuse, clock, wait);
  if (!access) {
    return {{"error",
             {{"code", access.error().kind == ErrorKind::not_found ? "not_found" : "unavailable"},
              {"message", access.error().message}}}};
  }
  return (*access)->ask(std::move(request));
}

Result<doctor::Expected> expected_of(const Settings& settings) {
  try {
    const Result<std::unique_ptr<StoreReader>> reader = store::open_reader(settings.database.string());
    if (!reader) return std::unexpected(reader.error());
    return expected_numbers(settings, **reader);
  } catch (const StoreFailure& unread) {
    return failure(ErrorKind::unavailable, unread.message);
  }
}

}  // namespace

Result<void> write_private_file(const std::filesystem::path& path, const std::string& content) {
  const std::filesystem::path beside = path.string() + ".new";
  const std::optional<Readers> readers = readers_of(path);
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  store::FileDescriptor file(open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file.is_open()) return std::unexpected(of_errno(beside));
  Result<void> written = write_all(file.number(), beside, content);
  if (written && readers) written = give_to(file.number(), beside, *readers);
  if (written && rename(beside.c_str(), path.c_str()) != 0) written = std::unexpected(of_errno(path));
  if (!written) std::filesystem::remove(beside, ignored);
  return written;
}

Result<void> check_may_make_files(const std::filesystem::path& database, uid_t who) {
  constexpr uid_t root = 0;
  const Result<DatabasePlace> place = place_of_database(database);
  struct stat folder{};
  if (who != root || !place || stat(place->database.parent_path().c_str(), &folder) != 0) return {};
  std::error_code failed;
  const bool is_made =
      std::filesystem::exists(place->database, failed) && std::filesystem::exists(place->lock_file, failed);
  // SQLite gives what root makes beside a database to that database's owner.
  if (folder.st_uid == root || is_made) return {};
  const std::string owner = name_of_user(folder.st_uid);
  return invalid("its folder belongs to " + owner + ", who could not use a database made by root; make it as " +
                 owner + ", then run this again: sudo -u " + owner + " JOBRUN_DATABASE_URL=sqlite://" +
                 place->database.string() + " jobrun migrate");
}

SetupPorts setup_world(Terminal& terminal, const Clock& clock, SettingSources sources, Duration database_wait) {
  return {.terminal = terminal,
          .clock = clock,
          .carrier = make_carrier_desk,
          .ask =
              [&clock, database_wait](const Settings& settings, json request, bool may_create) {
                return ask_console(settings, std::move(request), may_create, clock, database_wait);
              },
          .is_served =
              [](const Settings& settings) {
                const Result<DatabasePlace> place = place_of_database(settings.database);
                return place && is_admin_served(place->admin_socket);
              },
          .may_make_files =
              [](const Settings& settings) { return check_may_make_files(settings.database, geteuid()); },
          .check = [sources = std::move(sources)](const FileSettings& settings) -> Result<void> {
            SettingSources as_written = sources;
            as_written.file_settings = settings;
            const Result<LoadedSettings> loaded = load_settings(as_written, SettingScope::serve);
            if (!loaded) return std::unexpected(loaded.error());
            return {};
          },
          .expected = expected_of,
          .test_alert = [&clock](const Settings& settings, AlertWay way) -> Result<void> {
            switch (way) {
              case AlertWay::webhook:
                return tell_by_webhook(settings, clock);
              case AlertWay::email:
                return tell_by_mail(settings, clock);
              case AlertWay::text:
                if (!settings.tells_by_text()) return invalid("texts need both numbers");
                return send_test_text(settings, FactScope::of(std::nullopt), *settings.failsafe_sender,
                                      *settings.operator_phone);
            }
            return invalid("there is no such way");
          },
          .test_text = send_test_text,
          .exists =
              [](const std::filesystem::path& path) {
                std::error_code failed;
                return std::filesystem::exists(path, failed);
              },
          .write = write_private_file,
          .new_secret = new_secret};
}

}  // namespace jobrun::app
