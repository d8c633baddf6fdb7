#include "credentials.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "outbox/testing/fake_world.hpp"

namespace jobrun::app {
namespace {

using Variables = std::map<std::string, std::string>;

class CredentialsTest : public testing::Test {
 protected:
  CredentialsTest() {
    std::string pattern = testing::TempDir() + "credentials_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    variables_ = {{"JOBRUN_PUBLIC_URL", "https://calls.example.com"},
                  {"JOBRUN_TWILIO_ACCOUNT_SID", "AC0"},
                  {"JOBRUN_TWILIO_AUTH_TOKEN_FILE", write("token", "token-one\n")},
                  {"JOBRUN_TELNYX_API_KEY_FILE", write("key", "key-one\n")},
                  {"JOBRUN_TELNYX_SENDER", "+14155550180"}};
    start();
  }
  ~CredentialsTest() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  Result<Settings> load() {
    ++reads_;
    SettingSources sources;
    sources.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables_.find(name);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    };
    Result<LoadedSettings> loaded = load_settings(sources, SettingScope::serve);
    if (!loaded) return std::unexpected(loaded.error());
    return std::move(loaded->settings);
  }
  void start() {
    credentials_.emplace(
        *load(), [this] { return load(); },
        Credentials::Users{.twilio_auth_tokens =
                               [this](const std::vector<std::string>& tokens) {
                                 for (const std::string& token : tokens) taken_.push_back("token " + token);
                               },
                           .telnyx_api_key = [this](const std::string& key) { taken_.push_back("key " + key); },
                           .replaced = [this] { taken_.emplace_back("replaced"); }},
        log_);
    before_the_first_look_();
    credentials_->look_at_files();
    reads_ = 0;
  }
  /// What was taken up since the last time, in order.
  std::vector<std::string> taken() { return std::exchange(taken_, {}); }
  std::string said() {
    std::string text;
    for (const LogLine& line : std::exchange(log_.lines, {})) {
      text += std::string(name_of(line.level)) + ": " + line.message;
      for (const LogField& field : line.fields) text += " " + std::string(field.key) + "=" + field.value;
      text += "\n";
    }
    return text;
  }

  using Taken = std::vector<std::string>;

  std::string directory_;
  Variables variables_;
  outbox::testing::RecordingLog log_;
  std::optional<Credentials> credentials_;
  std::vector<std::string> taken_;
  std::function<void()> before_the_first_look_ = [] {};
  int reads_ = 0;
};

// Goal: when asked to, credentials that differ are taken up, all of an account's tokens at once, and the
// dispatcher is told afterwards, once; those that do not differ are left alone.
// Method: nothing changed; each by itself; both at once; asked again.
TEST_F(CredentialsTest, TakesUpWhatDiffersWhenAsked) {
  credentials_->read_again();
  EXPECT_EQ(taken(), Taken{});
  EXPECT_EQ(said(), "");

  write("token", "token-two,token-one\n");
  credentials_->read_again();
  EXPECT_EQ(taken(), (Taken{"token token-two", "token token-one", "replaced"}));
  EXPECT_EQ(said(), "info: credentials replaced settings=twilio_auth_token\n");

  write("key", "key-two\n");
  credentials_->read_again();
  EXPECT_EQ(taken(), (Taken{"key key-two", "replaced"}));

  write("token", "token-three\n");
  write("key", "key-three\n");
  credentials_->read_again();
  EXPECT_EQ(taken(), (Taken{"token token-three", "key key-three", "replaced"}));
  credentials_->read_again();
  EXPECT_EQ(taken(), Taken{});
}

// Goal: a secret's file that has changed is noticed without being asked, and read once for each change: also when
// it has the same length, and when another file was put in its place.
// Method: looks between writes; a file of the same size; a link that points elsewhere, as orchestrators do it.
TEST_F(CredentialsTest, NoticesAFileThatChanged) {
  credentials_->look_at_files();
  EXPECT_EQ(reads_, 0);
  write("token", "token-two\n");
  credentials_->look_at_files();
  EXPECT_EQ(taken(), (Taken{"token token-two", "replaced"}));
  credentials_->look_at_files();
  EXPECT_EQ(reads_, 1);

  std::filesystem::remove(directory_ + "/key");
  std::filesystem::create_symlink(write("key-of-today", "key-two\n"), directory_ + "/key");
  credentials_->look_at_files();
  EXPECT_EQ(taken(), (Taken{"key key-two", "replaced"}));
}

// Goal: a file that is replaced while the service starts is not missed.
// Method: a token written after the settings were read, and before the first look.
TEST_F(CredentialsTest, NoticesAFileThatChangedWhileStarting) {
  before_the_first_look_ = [this] { write("token", "token-two\n"); };
  start();
  EXPECT_EQ(taken(), (Taken{"token token-two", "replaced"}));
}

// Goal: settings that are wrong change nothing, are told once, and do not keep what comes after from being taken
// up.
// Method: a token's file that is empty, then gone, then good.
TEST_F(CredentialsTest, KeepsTheOldOnesWhenTheNewAreWrong) {
  for (const bool is_gone : {false, true}) {
    if (is_gone) {
      std::filesystem::remove(directory_ + "/token");
    } else {
      write("token", "\n");
    }
    credentials_->look_at_files();
    EXPECT_EQ(taken(), Taken{});
    const std::string words = said();
    EXPECT_TRUE(words.starts_with("error: ")) << words;
    EXPECT_NE(words.find("token"), std::string::npos) << words;
    credentials_->look_at_files();
    EXPECT_EQ(said(), "");
  }
  write("token", "token-two\n");
  credentials_->look_at_files();
  EXPECT_EQ(taken(), (Taken{"token token-two", "replaced"}));
}

// Goal: any other setting that has changed waits for a restart and is named, without keeping credentials back.
// Method: another setting alone; with a token beside it; another secret.
TEST_F(CredentialsTest, NamesWhatNeedsARestart) {
  variables_["JOBRUN_COOL_DOWN"] = "45m";
  credentials_->read_again();
  EXPECT_EQ(taken(), Taken{});
  EXPECT_EQ(said(), "warning: settings have changed that need a restart settings=cool_down\n");

  variables_["JOBRUN_ALERT_WEBHOOK_URL"] = "https://alerts.example.com/a-secret-path";
  variables_["JOBRUN_ALERT_WEBHOOK_SECRET"] = "long-enough";
  write("token", "token-two\n");
  credentials_->read_again();
  EXPECT_EQ(taken(), (Taken{"token token-two", "replaced"}));
  EXPECT_EQ(said(),
            "info: credentials replaced settings=twilio_auth_token\n"
            "warning: settings have changed that need a restart settings=alert_webhook_url, "
            "alert_webhook_secret, cool_down\n");
}

// Goal: a credential of another account is not used for this one, and an account does not come or go while
// running.
// Method: each setting that a credential belongs to, changed with it; the second account taken away.
TEST_F(CredentialsTest, DoesNotMixAccounts) {
  const Variables before = variables_;
  for (const auto& [name, value] : Variables{{"JOBRUN_TWILIO_ACCOUNT_SID", "AC1"},
                                             {"JOBRUN_TWILIO_API_URL", "https://other.example.com"},
                                             {"JOBRUN_TELNYX_API_URL", "https://other.example.com"},
                                             {"JOBRUN_TELNYX_SENDER", "+14155550181"}}) {
    variables_ = before;
    write("token", "token-one\n");
    write("key", "key-one\n");
    start();
    variables_[name] = value;
    write("token", "token-two\n");
    write("key", "key-two\n");
    credentials_->read_again();
    const bool is_twilios = name.starts_with("JOBRUN_TWILIO");
    EXPECT_EQ(taken(), (is_twilios ? Taken{"key key-two", "replaced"} : Taken{"token token-two", "replaced"}))
        << name;
    EXPECT_NE(said().find(is_twilios ? "twilio_auth_token" : "telnyx_api_key"), std::string::npos) << name;
  }
  variables_ = before;
  start();
  variables_.erase("JOBRUN_TELNYX_API_KEY_FILE");
  variables_.erase("JOBRUN_TELNYX_SENDER");
  credentials_->read_again();
  EXPECT_EQ(taken(), Taken{});
}

// Goal: no secret is ever logged.
// Method: everything that can be said, in one log.
TEST_F(CredentialsTest, LogsNoSecret) {
  write("token", "token-two\n");
  credentials_->read_again();
  write("key", "key two has spaces\n");
  credentials_->read_again();
  variables_["JOBRUN_TWILIO_ACCOUNT_SID"] = "AC1";
  write("token", "token-three\n");
  write("key", "key-three\n");
  credentials_->read_again();
  const std::string words = said();
  EXPECT_NE(words.find("error: "), std::string::npos) << words;
  for (const char* secret : {"token-one", "token-two", "token-three", "key-one", "key two", "key-three"}) {
    EXPECT_EQ(words.find(secret), std::string::npos) << words;
  }
}

}  // namespace
}  // namespace jobrun::app
