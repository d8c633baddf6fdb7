#include "setup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "system_clock.hpp"

namespace jobrun::app {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const E164 number = E164::from_digits(14155550100);

/// Answers line by line, and keeps all that was said.
struct ScriptedTerminal final : Terminal {
  bool is_interactive() const override { return true; }
  void say(std::string_view words) override { said += words; }
  std::optional<std::string> ask(std::string_view words, bool is_secret) override {
    said += words;
    if (is_secret) ++secrets;
    if (lines.empty()) return std::nullopt;
    std::string line = lines.front();
    lines.pop_front();
    return line;
  }
  std::deque<std::string> lines;
  std::string said;
  int secrets = 0;
};

/// An account with one number, which takes one token.
struct FakeAccountDesk final : CarrierDesk {
  FakeAccountDesk(const Settings& settings, std::vector<std::string>& done_) : done(done_) {
    is_right = settings.twilio_auth_tokens.front() == "right";
  }
  doctor::CarrierFacts list_numbers(const Clock& clock) override {
    if (!is_right) return {CredentialsRefused{"no"}, clock.now(), clock.now()};
    CarrierNumberList list;
    list.numbers = {{.number = number, .sid = "PN1"}};
    return {list, clock.now(), clock.now()};
  }
  AccountFacts look_at_account() override {
    AccountFacts facts;
    facts.services = std::vector<MessagingService>{};
    return facts;
  }
  WebhooksAnswer set_webhooks(const std::string& sid, const std::vector<WebhookSetting>&) override {
    done.push_back("set " + sid);
    return WebhooksSet{};
  }
  bool is_right = false;
  std::vector<std::string>& done;
};

class SetupConversation : public testing::Test {
 protected:
  SetupEnd talk(std::deque<std::string> lines) {
    terminal.lines = std::move(lines);
    terminal.said.clear();
    done.clear();
    files.clear();
    SetupPorts ports{
        .terminal = terminal,
        .clock = clock,
        .carrier = [this](const Settings& settings) { return std::make_unique<FakeAccountDesk>(settings, done); },
        .ask = [this](const Settings&, const json& request, bool may_create) -> json {
          const std::string op = request.at("op");
          if (op == "numbers.list") return {{"error", {{"code", "not_found"}, {"message", "none yet"}}}};
          EXPECT_TRUE(may_create);
          done.push_back(op);
          return {{"result", {{"id", 1}}}};
        },
        .is_served = [](const Settings&) { return false; },
        .may_make_files = [this](const Settings&) -> Result<void> {
          if (is_folder_of_others) return invalid("its folder belongs to jobrun");
          return {};
        },
        .expected =
            [](const Settings& settings) {
              return doctor::Expected{settings.public_url, {{number, "a number of the pool"}}};
            },
        .test_alert = [this](const Settings&, AlertWay way) -> Result<void> {
          done.push_back("alert by " + std::string(name_of(way)));
          return {};
        },
        .test_text = [this](const Settings&, E164, E164 phone) -> Result<void> {
          done.push_back("text to " + phone.text());
          return {};
        },
        .exists = [](const std::filesystem::path&) { return false; },
        .write = [this](const std::filesystem::path& path, const std::string& content) -> Result<void> {
          if (is_disk_full) return failure(ErrorKind::unavailable, "no space left");
          done.push_back("write " + path.filename().string());
          files[path.filename().string()] = content;
          return {};
        },
        .new_secret = [] { return std::string("a-new-secret"); }};
    return run_setup(ports, {.config = "/etc/jobrun/jobrun.toml", .settings = {}});
  }

  static std::deque<std::string> answers() {
    return {"sqlite:///data/jobrun.db",
            "AC1",
            "right",
            "https://jobrun.example",
            "none",
            "business",
            "Smith \"& Sons\"",
            "+14155559000",
            "webhook",
            "https://alerts.example",
            "y",
            "y",
            "none"};
  }

  SystemClock clock;
  ScriptedTerminal terminal;
  std::vector<std::string> done;
  std::map<std::string, std::string> files;
  bool is_disk_full = false;
  bool is_folder_of_others = false;
};

// Goal: what was agreed to is done in an order in which what failed leaves nothing half done: settings, then
// numbers, then the carrier; the token stands in no file that is shown around. Method: a whole conversation.
TEST_F(SetupConversation, DoesWhatWasAgreedToInOrder) {
  EXPECT_EQ(talk(answers()), SetupEnd::done);
  EXPECT_THAT(done, ElementsAre("alert by webhook", "write jobrun.toml.twilio_auth_token",
                                "write jobrun.toml.alert_webhook_secret", "write jobrun.toml", "clients.add",
                                "numbers.add", "set PN1"));
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("right")));
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("public_url = \"https://jobrun.example\"\n"));
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("twilio_auth_token_file = "));
  EXPECT_EQ(files["jobrun.toml.twilio_auth_token"], "right\n");
  EXPECT_EQ(terminal.secrets, 1);
  EXPECT_THAT(terminal.said, Not(HasSubstr("a-new-secret")));
}

// Goal: wherever the input ends before everything was agreed to, nothing was changed but what was said.
// Method: every beginning of the conversation.
TEST_F(SetupConversation, ChangesNothingBeforeItIsAgreedTo) {
  const std::deque<std::string> all = answers();
  for (std::size_t length = 0; length + 3 <= all.size(); ++length) {
    EXPECT_EQ(talk({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(length)}), SetupEnd::stopped) << length;
    EXPECT_THAT(terminal.said, HasSubstr("Nothing was changed."));
    std::erase(done, "alert by webhook");
    EXPECT_THAT(done, IsEmpty()) << length;
  }
}

// Goal: credentials that the carrier refuses are asked for three times at most.
// Method: a wrong token without end.
TEST_F(SetupConversation, AsksThreeTimesForCredentials) {
  std::deque<std::string> lines = {"sqlite:///data/jobrun.db"};
  for (int attempt = 0; attempt < 10; ++attempt) lines.insert(lines.end(), {"AC1", "wrong"});
  EXPECT_EQ(talk(lines), SetupEnd::stopped);
  EXPECT_EQ(terminal.secrets, 3);
}

// Goal: where the settings cannot be written, nothing else is done, and it is said.
// Method: a disk that is full.
TEST_F(SetupConversation, StopsWhereTheSettingsCannotBeWritten) {
  is_disk_full = true;
  EXPECT_EQ(talk(answers()), SetupEnd::in_part);
  EXPECT_THAT(done, ElementsAre("alert by webhook"));
  EXPECT_THAT(terminal.said, HasSubstr("no space left"));
}

// Goal: root makes no database that the service could not open: it is said at the first question.
// Method: a folder of somebody else's.
TEST_F(SetupConversation, RefusesADatabaseThatTheServiceCouldNotOpen) {
  is_folder_of_others = true;
  EXPECT_EQ(talk(answers()), SetupEnd::stopped);
  EXPECT_THAT(terminal.said, HasSubstr("its folder belongs to jobrun"));
  EXPECT_THAT(terminal.said, Not(HasSubstr("Account SID")));
}

}  // namespace
}  // namespace jobrun::app
