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
          if (op == "clients.list") return {{"result", {{"clients", clients_there}, {"next", nullptr}}}};
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
        .check = [this](const FileSettings&) -> Result<void> {
          if (is_setting_wrong) return invalid("settings are wrong:\n  smtp_user is missing\n  and more");
          return {};
        },
        .expected =
            [this](const Settings& settings) {
              failsafe_sender = settings.failsafe_sender;
              operator_phone = settings.operator_phone;
              return doctor::Expected{settings.public_url, {{number, "a number of the pool"}}};
            },
        .test_alert = [this](const Settings&, AlertWay way) -> Result<void> {
          done.push_back("alert by " + std::string(name_of(way)));
          if (is_nobody_told) return failure(ErrorKind::unavailable, "nobody listens");
          return {};
        },
        .test_text = [this](const Settings&, const FactScope& scope, E164, E164 phone) -> Result<void> {
          done.push_back("text to " + phone.text());
          text_scope = scope;
          return {};
        },
        .exists = [this](const std::filesystem::path&) { return !options.in_file.empty(); },
        .write = [this](const std::filesystem::path& path, const std::string& content) -> Result<void> {
          if (is_disk_full) return failure(ErrorKind::unavailable, "no space left");
          done.push_back("write " + path.filename().string());
          files[path.filename().string()] = content;
          return {};
        },
        .new_secret = [] { return std::string("a-new-secret"); }};
    options.config = "/etc/jobrun/jobrun.toml";
    return run_setup(ports, options);
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
  bool is_nobody_told = false;
  bool is_setting_wrong = false;
  SetupOptions options{};  ///< what is there before
  json clients_there = json::array();
  std::optional<E164> failsafe_sender;  ///< as the webhooks were planned with
  std::optional<E164> operator_phone;
  std::optional<FactScope> text_scope;
};

// Goal: what was agreed to is done in an order in which what failed leaves nothing half done: settings, then
// numbers, then the carrier; the token stands in no file that is shown around. Method: a whole conversation.
TEST_F(SetupConversation, DoesWhatWasAgreedToInOrder) {
  EXPECT_EQ(talk(answers()), SetupEnd::done);
  EXPECT_THAT(done, ElementsAre("alert by webhook", "write jobrun.toml.twilio_auth_token",
                                "write jobrun.toml.alert_webhook_url", "write jobrun.toml.alert_webhook_secret",
                                "write jobrun.toml", "clients.add", "numbers.add", "set PN1"));
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("right")));
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("alerts.example")));
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

// Goal: a secret that was there stays where it lies, unseen, and is copied nowhere; what is in clear in the file
// is moved out of it; what is not asked about is kept. Method: a file with both; Enter at each secret.
TEST_F(SetupConversation, ASecretThatIsKeptStaysWhereItLies) {
  options.in_file = {{"twilio_auth_token_file", "/run/secrets/token"},
                     {"alert_webhook_url_file", "/run/secrets/url"},
                     {"alert_webhook_secret_file", "/run/secrets/key"},
                     {"admin_token", "in-clear-so-far-and-long"},
                     {"cool_down", "45m"}};
  options.settings.twilio_auth_tokens = {"right"};
  options.settings.alert_webhook_url = "https://alerts.example/secret-path";
  options.settings.alert_webhook_secret = "secret-key";
  options.in_environment = {{"twilio_auth_token", "right"}};
  EXPECT_EQ(talk({"y", "sqlite:///data/jobrun.db", "AC1", "", "https://jobrun.example", "none", "leave", "webhook",
                  "", "y", "y"}),
            SetupEnd::done);
  EXPECT_EQ(files.size(), 2U);
  EXPECT_EQ(files["jobrun.toml.admin_token"], "in-clear-so-far-and-long\n");
  for (const char* line :
       {"twilio_auth_token_file = \"/run/secrets/token\"\n", "alert_webhook_url_file = \"/run/secrets/url\"\n",
        "alert_webhook_secret_file = \"/run/secrets/key\"\n", "cool_down = \"45m\"\n"}) {
    EXPECT_THAT(files["jobrun.toml"], HasSubstr(line));
  }
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("in-clear-so-far")));
  EXPECT_THAT(terminal.said, Not(HasSubstr("secret-path")));
  EXPECT_THAT(terminal.said, HasSubstr("[the one there is]"));
}

// Goal: a secret that only the environment has is not put on disk unasked, and whoever starts the service learns
// that it needs it. Method: a token of the environment; Enter.
TEST_F(SetupConversation, ASecretOfTheEnvironmentStaysThere) {
  options.settings.twilio_auth_tokens = {"right"};
  options.in_environment = {{"twilio_auth_token", "right"}};
  EXPECT_EQ(
      talk({"sqlite:///data/jobrun.db", "AC1", "", "https://jobrun.example", "none", "leave", "none", "y", "y"}),
      SetupEnd::done);
  EXPECT_EQ(files.size(), 1U);
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("twilio_auth_token")));
  EXPECT_THAT(terminal.said, HasSubstr("The service needs JOBRUN_TWILIO_AUTH_TOKEN in its environment as well"));
}

// Goal: a way to tell people that was given up leaves nothing behind, not even for what follows in the
// conversation: a number that would have sent alerts is not pointed here. Method: texts, whose test fails; then
// none.
TEST_F(SetupConversation, AWayThatWasGivenUpLeavesNothingBehind) {
  is_nobody_told = true;
  EXPECT_EQ(talk({"sqlite:///data/jobrun.db", "AC1", "right", "https://jobrun.example", "none", "leave", "text",
                  "+14155559000", number.text(), "n", "none", "y", "y"}),
            SetupEnd::done);
  EXPECT_EQ(failsafe_sender, std::nullopt);
  EXPECT_EQ(operator_phone, std::nullopt);
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("failsafe_sender")));
  EXPECT_THAT(terminal.said, Not(HasSubstr("test text")));
}

// Goal: what the file had of a way is there again when its replacement was given up.
// Method: a phone of the file; another one, whose test fails; then what there is.
TEST_F(SetupConversation, AWayThatWasGivenUpGivesBackWhatTheFileHad) {
  is_nobody_told = true;
  options.settings.operator_phone = E164::from_digits(14155558000);
  options.settings.failsafe_sender = E164::from_digits(14155558001);
  options.in_file = {{"operator_phone", "+14155558000"}, {"failsafe_sender", "+14155558001"}};
  EXPECT_EQ(talk({"y", "sqlite:///data/jobrun.db", "AC1", "right", "https://jobrun.example", "none", "leave",
                  "text", "+14155559000", number.text(), "n", "keep", "y", "y", "none"}),
            SetupEnd::done);
  EXPECT_EQ(operator_phone, options.settings.operator_phone);
  EXPECT_EQ(failsafe_sender, options.settings.failsafe_sender);
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("operator_phone = \"+14155558000\""));
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("failsafe_sender = \"+14155558001\""));
}

// Goal: where none is to be told, the number that texted the operator goes on for callers, and the operator is
// out, also for what follows in the conversation. Method: both in the file; none.
TEST_F(SetupConversation, NobodyIsToldWhereNoneWasSaid) {
  options.settings.operator_phone = E164::from_digits(14155558000);
  options.settings.failsafe_sender = E164::from_digits(14155558001);
  options.in_file = {{"operator_phone", "+14155558000"}, {"failsafe_sender", "+14155558001"}};
  EXPECT_EQ(talk({"y", "sqlite:///data/jobrun.db", "AC1", "right", "https://jobrun.example", "none", "leave",
                  "none", "y", "y", "none"}),
            SetupEnd::done);
  EXPECT_EQ(operator_phone, std::nullopt);
  EXPECT_EQ(failsafe_sender, options.settings.failsafe_sender);
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("operator_phone")));
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("failsafe_sender = \"+14155558001\""));
}

// Goal: who asked a business for no more texts gets no test text from its number. Method: whose opt-outs are
// asked.
TEST_F(SetupConversation, ATestTextIsBoundByTheOptOutsOfItsNumber) {
  std::deque<std::string> lines = answers();
  lines.back() = "+14155557000";
  EXPECT_EQ(talk(lines), SetupEnd::done);
  EXPECT_EQ(text_scope, FactScope::of(ClientId{1}));
}

// Goal: nothing is written that the service would not start with. Method: settings that do not go together.
TEST_F(SetupConversation, WritesNothingThatTheServiceWouldNotStartWith) {
  is_setting_wrong = true;
  EXPECT_EQ(talk(answers()), SetupEnd::stopped);
  EXPECT_THAT(files, IsEmpty());
  EXPECT_THAT(terminal.said, HasSubstr("  smtp_user is missing\n"));
  EXPECT_THAT(terminal.said, Not(HasSubstr("Do it?")));
}

// Goal: a user of the mail server without a password, which the service would not start with, is let go.
// Method: a password that cannot be one.
TEST_F(SetupConversation, AMailUserWithoutAPasswordIsLetGo) {
  EXPECT_EQ(talk({"sqlite:///data/jobrun.db", "AC1", "right", "https://jobrun.example", "none", "leave", "mail",
                  "me@example.com", "smtps://mail.example.com", "me", "", "y", "y"}),
            SetupEnd::done);
  EXPECT_THAT(files["jobrun.toml"], HasSubstr("smtp_url = "));
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("smtp_user")));
}

// Goal: texts without a number to send them are no way to tell people: another is asked for. Method: no number
// left.
TEST_F(SetupConversation, TextsWithoutANumberAreNoWay) {
  EXPECT_EQ(talk({"sqlite:///data/jobrun.db", "AC1", "right", "https://jobrun.example", "none", "spare", "text",
                  "+14155559000", "none", "y", "y"}),
            SetupEnd::done);
  EXPECT_THAT(done, Not(testing::Contains(HasSubstr("alert by"))));
  EXPECT_THAT(files["jobrun.toml"], Not(HasSubstr("operator_phone")));
}

// Goal: a business is added once, however often setup is run. Method: one of the same name and owner is there; one
// of the same name and another owner.
TEST_F(SetupConversation, ABusinessIsAddedOnce) {
  clients_there = {{{"id", 7}, {"name", "Smith \"& Sons\""}, {"phone", "+14155559000"}}};
  EXPECT_EQ(talk(answers()), SetupEnd::done);
  EXPECT_THAT(done, Not(testing::Contains("clients.add")));
  EXPECT_THAT(done, testing::Contains("numbers.add"));
  clients_there[0]["phone"] = "+14155559001";
  EXPECT_EQ(talk(answers()), SetupEnd::done);
  EXPECT_THAT(done, testing::Contains("clients.add"));
}

}  // namespace
}  // namespace jobrun::app
