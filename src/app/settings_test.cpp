#include "settings.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "onboarding/step.hpp"
#include "ops/metrics.hpp"
#include "setting_values.hpp"

namespace jobrun::app {
namespace {

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    std::string pattern = testing::TempDir() + "settings_XXXXXX";
    directory_ = mkdtemp(pattern.data());
    environment_ = {{"JOBRUN_PUBLIC_URL", "https://calls.example.com/"},
                    {"JOBRUN_TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"},
                    {"JOBRUN_TWILIO_AUTH_TOKEN", "secret-one"}};
  }
  ~SettingsTest() override { std::filesystem::remove_all(directory_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  void configure(const std::string& toml) { environment_["JOBRUN_CONFIG"] = write("jobrun.toml", toml); }

  Result<LoadedSettings> load(SettingScope scope = SettingScope::serve) const {
    SettingSources sources;
    sources.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    };
    for (const auto& [name, value] : environment_) sources.environment_names.push_back(name);
    return load_settings(sources, scope);
  }
  Settings good() const {
    Result<LoadedSettings> loaded = load();
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? loaded->settings : Settings{};
  }
  std::string problems() const {
    const Result<LoadedSettings> loaded = load();
    return loaded ? "" : loaded.error().message;
  }

  std::string directory_;
  std::map<std::string, std::string> environment_;
};

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

// Goal: practice and tests need one URL: Messaging Services are looked for where the API is, unless it is Twilio's
// or something else was said. Method: each of the three.
TEST_F(SettingsTest, MessagingServicesAreWhereTheApiIs) {
  EXPECT_EQ(good().messaging_url(), "https://messaging.twilio.com");
  environment_["JOBRUN_TWILIO_API_URL"] = "http://127.0.0.1:8090";
  EXPECT_EQ(good().messaging_url(), "http://127.0.0.1:8090");
  environment_["JOBRUN_TWILIO_MESSAGING_URL"] = "http://127.0.0.1:8091/";
  EXPECT_EQ(good().messaging_url(), "http://127.0.0.1:8091");
}

// Goal: a fallback on our own host, which is away when it is needed, is refused.
// Method: the host in other letters and on another port; another host.
TEST_F(SettingsTest, AFallbackIsOnAnotherHost) {
  environment_["JOBRUN_VOICE_FALLBACK_URL"] = "https://CALLS.example.com:8443/fallback.xml";
  EXPECT_SAYS(problems(), "voice_fallback_url is on the host of public_url");
  environment_["JOBRUN_VOICE_FALLBACK_URL"] = "https://static.example.com/fallback.xml";
  EXPECT_EQ(good().voice_fallback_url, "https://static.example.com/fallback.xml");
}

// Goal: with only what is required, everything has the documented default.
// Method: load; compare with the specification's values.
TEST_F(SettingsTest, HaveTheDocumentedDefaults) {
  const Settings settings = good();
  EXPECT_EQ(settings.listen.host, "127.0.0.1");
  EXPECT_EQ(settings.listen.port, 8080);
  EXPECT_EQ(settings.public_url, "https://calls.example.com");
  EXPECT_EQ(settings.twilio_api_url, "https://api.twilio.com");
  EXPECT_EQ(settings.balance_low, 20);
  EXPECT_EQ(settings.twilio_texts_per_second, 100);
  EXPECT_EQ(settings.twilio_requests_in_flight, 256);
  EXPECT_EQ(settings.segments_per_second_and_sender, 1);
  EXPECT_EQ(settings.telnyx_api_url, "https://api.telnyx.com");
  EXPECT_EQ(settings.telnyx_api_key, "");
  EXPECT_FALSE(settings.telnyx_sender);
  EXPECT_TRUE(settings.country_texts_per_day.empty());
  EXPECT_EQ(settings.texts_waiting_alert_above, 1'000);
  EXPECT_EQ(settings.cool_down, std::chrono::minutes(60));
  EXPECT_EQ(settings.commit_deadline, std::chrono::seconds(1));
  EXPECT_EQ(settings.outcome_deadline, std::chrono::seconds(60));
  EXPECT_EQ(settings.unknown_look_every, std::chrono::seconds(15));
  EXPECT_EQ(settings.unknown_deadline, std::chrono::seconds(120));
  EXPECT_EQ(settings.sweep_every, std::chrono::seconds(60));
  EXPECT_EQ(settings.sweep_grace, std::chrono::seconds(30));
  EXPECT_EQ(settings.text_useful_for, std::chrono::hours(2));
  EXPECT_EQ(settings.pair_texts_max, 20);
  EXPECT_EQ(settings.pair_texts_window, std::chrono::minutes(10));
  EXPECT_EQ(settings.client_texts_per_day, 500);
  EXPECT_EQ(settings.service_texts_per_day, 20'000);
  EXPECT_FALSE(settings.log_customer_numbers);
  EXPECT_FALSE(settings.failsafe_sender);
}

// Goal: the environment wins over the file, the file over the default; an empty variable says nothing.
// Method: the same setting in both, then in one, in both spellings of TOML.
TEST_F(SettingsTest, TheEnvironmentWinsOverTheFileOverTheDefault) {
  configure("cool_down = \"30m\"\noutcome_deadline = \"90s\"\n[twilio]\ntexts_per_second = 7\n");
  environment_["JOBRUN_COOL_DOWN"] = "45m";
  environment_["JOBRUN_OUTCOME_DEADLINE"] = "";
  const Settings settings = good();
  EXPECT_EQ(settings.cool_down, std::chrono::minutes(45));
  EXPECT_EQ(settings.outcome_deadline, std::chrono::seconds(90));
  EXPECT_EQ(settings.twilio_texts_per_second, 7);
}

// Goal: one start tells all that is wrong, each with its place.
// Method: several wrong settings in the file and the environment at once.
TEST_F(SettingsTest, TellAllProblemsAtOnce) {
  configure("listen = \"nowhere\"\ncool_down = 60\nlog_level = \"loud\"\nfailsafe_sender = \"4155550123\"\n");
  environment_.erase("JOBRUN_PUBLIC_URL");
  environment_["JOBRUN_DATABASE_URL"] = "postgresql://db/jobrun";
  environment_["JOBRUN_ALERT_WEBHOOK_URL"] = "ftp://x";
  const std::string said = problems();
  for (const char* part :
       {"line 1: listen", "line 2: cool_down", "line 3: log_level", "line 4: failsafe_sender",
        "public_url is missing", "JOBRUN_DATABASE_URL: database_url PostgreSQL is not supported yet",
        "JOBRUN_ALERT_WEBHOOK_URL"}) {
    EXPECT_SAYS(said, part);
  }
}

// Goal: a misspelt key in the file is refused with the nearest name; a misspelt variable is warned of.
// Method: each once.
TEST_F(SettingsTest, NoticeMisspeltNames) {
  environment_["JOBRUN_COOLDOWN"] = "5m";
  const Settings settings = good();
  ASSERT_FALSE(settings.warnings.empty());
  EXPECT_SAYS(settings.warnings.front(), "JOBRUN_COOL_DOWN");
  configure("publc_url = \"https://x.example.com\"\n");
  EXPECT_SAYS(problems(), "did you mean public_url?");
  configure("listen = \n");
  EXPECT_SAYS(problems(), "line 1");
  environment_["JOBRUN_CONFIG"] = directory_ + "/absent.toml";
  EXPECT_SAYS(problems(), "cannot read");
}

// Goal: a secret can come from a file, wins or loses like any value, and is never shown.
// Method: token by file; both at once; a file that is not there; what `settings` would show.
TEST_F(SettingsTest, SecretsCanBeReadFromFiles) {
  environment_.erase("JOBRUN_TWILIO_AUTH_TOKEN");
  environment_["JOBRUN_TWILIO_AUTH_TOKEN_FILE"] = write("token", "first\nsecond\n");
  EXPECT_EQ(good().twilio_auth_tokens, (std::vector<std::string>{"first", "second"}));
  const Result<LoadedSettings> loaded = load();
  for (const SettingValue& value : loaded->values) EXPECT_EQ(value.value.find("first"), std::string::npos);

  environment_["JOBRUN_TWILIO_AUTH_TOKEN"] = "third";
  EXPECT_SAYS(problems(), "not both");
  environment_.erase("JOBRUN_TWILIO_AUTH_TOKEN");
  environment_["JOBRUN_TWILIO_AUTH_TOKEN_FILE"] = directory_ + "/absent";
  EXPECT_SAYS(problems(), "absent");
  environment_.erase("JOBRUN_TWILIO_AUTH_TOKEN_FILE");
  configure("twilio_auth_token_file = \"" + write("token", "one, two") + "\"\n");
  EXPECT_EQ(good().twilio_auth_tokens, (std::vector<std::string>{"one", "two"}));
  environment_["JOBRUN_TWILIO_AUTH_TOKEN"] = "third";
  EXPECT_EQ(good().twilio_auth_tokens, (std::vector<std::string>{"third"}));
}

// Goal: where alerts are posted is a secret too: whoever knows such a URL can often post there.
// Method: the URL in the environment, then in a file; what `settings` would show.
TEST_F(SettingsTest, TheAlertWebhooksUrlIsASecret) {
  const std::string url = "https://alerts.example.com/hooks/T0123/abcdef";
  environment_["JOBRUN_ALERT_WEBHOOK_SECRET"] = "long-enough";
  environment_["JOBRUN_ALERT_WEBHOOK_URL"] = url;
  for (const bool is_from_file : {false, true}) {
    if (is_from_file) {
      environment_.erase("JOBRUN_ALERT_WEBHOOK_URL");
      environment_["JOBRUN_ALERT_WEBHOOK_URL_FILE"] = write("url", url + "\n");
    }
    const Result<LoadedSettings> loaded = load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->settings.alert_webhook_url, url);
    const auto shown = std::ranges::find_if(
        loaded->values, [](const SettingValue& value) { return value.spec->name == "alert_webhook_url"; });
    ASSERT_NE(shown, loaded->values.end());
    EXPECT_EQ(shown->value, "(set)");
  }
}

// Goal: an error never repeats a secret: errors end up in logs.
// Method: secrets that are refused.
TEST_F(SettingsTest, AnErrorDoesNotRepeatASecret) {
  environment_["JOBRUN_TWILIO_AUTH_TOKEN"] = "pass word";
  environment_["JOBRUN_ALERT_WEBHOOK_SECRET"] = "short";
  const std::string said = problems();
  EXPECT_SAYS(said, "JOBRUN_TWILIO_AUTH_TOKEN");
  EXPECT_EQ(said.find("pass word"), std::string::npos);
  EXPECT_EQ(said.find("short"), std::string::npos);
}

// Goal: commands need the database alone: what only `serve` reads can neither be missing nor wrong for them.
// Method: everything else wrong.
TEST_F(SettingsTest, CommandsReadOnlyWhatTheyUse) {
  environment_ = {{"JOBRUN_DATABASE_URL", "sqlite:///tmp/x.db"},
                  {"JOBRUN_LISTEN", "nowhere"},
                  {"JOBRUN_TWILIO_AUTH_TOKEN_FILE", "/root/unreadable"}};
  const Result<LoadedSettings> loaded = load(SettingScope::commands);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->settings.database, "/tmp/x.db");
}

// Goal: settings that contradict each other are refused, odd ones warned of.
// Method: each pair once.
TEST_F(SettingsTest, AreCheckedTogether) {
  environment_["JOBRUN_ALERT_WEBHOOK_URL"] = "https://alerts.example.com/x";
  EXPECT_SAYS(problems(), "alert_webhook_secret is missing");
  environment_["JOBRUN_ALERT_WEBHOOK_SECRET"] = "long-enough";
  EXPECT_TRUE(good().warnings.empty());
  environment_["JOBRUN_FAILSAFE_SENDER"] = "+14155550190";
  environment_["JOBRUN_ONBOARDING_NUMBER"] = "+14155550190";
  EXPECT_SAYS(problems(), "same number");
  environment_.erase("JOBRUN_ONBOARDING_NUMBER");
  environment_["JOBRUN_PUBLIC_URL"] = "http://calls.example.com";
  EXPECT_EQ(good().warnings.size(), 1u);
  environment_["JOBRUN_PUBLIC_URL"] = "http://127.0.0.1:8080";
  EXPECT_TRUE(good().warnings.empty());
  environment_["JOBRUN_COOL_DOWN"] = "31d";
  EXPECT_SAYS(problems(), "at most 30d");
}

// Goal: the second account is whole or is not there: its key and its number come together, and the number has no
// other duty. Without the public key it works, and the operator is warned of what is not told then.
// Method: each alone; both; with each number that it may not be.
TEST_F(SettingsTest, ASecondAccountNeedsKeyAndSender) {
  const std::string public_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  environment_["JOBRUN_ALERT_WEBHOOK_URL"] = "https://alerts.example.com/x";
  environment_["JOBRUN_ALERT_WEBHOOK_SECRET"] = "long-enough";
  environment_["JOBRUN_TELNYX_API_KEY"] = "KEY0123";
  EXPECT_SAYS(problems(), "telnyx_sender is missing: the second account needs it with telnyx_api_key");
  environment_["JOBRUN_TELNYX_SENDER"] = "+14155550180";
  EXPECT_EQ(good().telnyx_sender, E164::from_digits(14155550180));
  ASSERT_EQ(good().warnings.size(), 1U);
  EXPECT_SAYS(good().warnings.front(), "telnyx_public_key is not set");
  environment_["JOBRUN_TELNYX_PUBLIC_KEY"] = public_key;
  EXPECT_TRUE(good().warnings.empty());
  for (const char* name : {"JOBRUN_FAILSAFE_SENDER", "JOBRUN_ONBOARDING_NUMBER"}) {
    environment_[name] = "+14155550180";
    EXPECT_SAYS(problems(), "are the same number");
    environment_.erase(name);
  }
  environment_.erase("JOBRUN_TELNYX_API_KEY");
  EXPECT_SAYS(problems(), "telnyx_api_key is missing: the second account needs it with telnyx_sender");
}

// Goal: a way to tell people that would not work is told of at the start.
// Method: each half of mail and of texts alone; addresses and URLs that are none; then both whole.
TEST_F(SettingsTest, AlertsByMailAndTextNeedBothHalves) {
  environment_["JOBRUN_OPERATOR_EMAIL"] = "operator@example.com";
  EXPECT_SAYS(problems(), "smtp_url is missing: alerts to operator_email leave by it");
  environment_["JOBRUN_SMTP_URL"] = "smtps://mail.example.com:465/";
  EXPECT_EQ(good().smtp_url, "smtps://mail.example.com:465");
  EXPECT_TRUE(good().tells_by_email());
  EXPECT_TRUE(good().warnings.empty()) << good().warnings.front();
  environment_["JOBRUN_SMTP_USER"] = "jobrun";
  EXPECT_SAYS(problems(), "smtp_password is missing");
  environment_["JOBRUN_SMTP_PASSWORD_FILE"] = write("smtp", "hush\n");
  EXPECT_EQ(good().smtp_password, "hush");
  environment_.erase("JOBRUN_SMTP_USER");
  EXPECT_SAYS(problems(), "smtp_user is missing");
  environment_.erase("JOBRUN_SMTP_PASSWORD_FILE");
  environment_.erase("JOBRUN_OPERATOR_EMAIL");
  EXPECT_SAYS(problems(), "operator_email is missing: smtp_url has nobody to write to");
  environment_.erase("JOBRUN_SMTP_URL");
  environment_["JOBRUN_OPERATOR_PHONE"] = "+14155558000";
  EXPECT_FALSE(good().tells_by_text());
  EXPECT_SAYS(good().warnings.front(), "operator_phone has no effect without failsafe_sender");
  environment_["JOBRUN_FAILSAFE_SENDER"] = "+14155558000";
  EXPECT_SAYS(problems(), "operator_phone is a number of the service");
  environment_["JOBRUN_FAILSAFE_SENDER"] = "+14155550900";
  EXPECT_TRUE(good().tells_by_text());
  EXPECT_EQ(good().alert_texts_per_hour, 12);
  EXPECT_TRUE(good().warnings.empty());
}

// Goal: nothing gets into a mail's address or the address of its server that is not one.
// Method: rows.
TEST_F(SettingsTest, MailAddressesAndServersAreChecked) {
  environment_["JOBRUN_OPERATOR_EMAIL"] = "operator@example.com";
  environment_["JOBRUN_SMTP_URL"] = "smtp://127.0.0.1:2525";
  EXPECT_EQ(good().smtp_url, "smtp://127.0.0.1:2525");
  for (const char* bad : {"operator", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b,c@d"}) {
    environment_["JOBRUN_OPERATOR_EMAIL"] = bad;
    EXPECT_SAYS(problems(), "must be one e-mail address");
  }
  environment_["JOBRUN_OPERATOR_EMAIL"] = "operator@example.com";
  for (const char* bad :
       {"mail.example.com", "https://mail.example.com", "smtp://", "smtp://user:hush@mail.example.com",
        "smtp://mail.example.com:0", "smtp://mail.example.com/path", "smtp://a b"}) {
    environment_["JOBRUN_SMTP_URL"] = bad;
    EXPECT_SAYS(problems(), "smtp_url");
    EXPECT_EQ(problems().find("hush"), std::string::npos);
  }
}

// Goal: what was written is remembered for every setting, so that a change can be told; and which files held
// secrets.
// Method: a default, a value of the environment, and a secret's file.
TEST_F(SettingsTest, RememberWhatWasWritten) {
  environment_.erase("JOBRUN_TWILIO_AUTH_TOKEN");
  environment_["JOBRUN_TWILIO_AUTH_TOKEN_FILE"] = write("token", "secret-two\n");
  environment_["JOBRUN_COOL_DOWN"] = "45m";
  const Settings settings = good();
  EXPECT_EQ(settings.given.at("cool_down"), "45m");
  EXPECT_EQ(settings.given.at("outcome_deadline"), "60s");
  EXPECT_EQ(settings.given.at("twilio_auth_token"), "secret-two");
  EXPECT_FALSE(settings.given.contains("smtp_url"));
  EXPECT_EQ(settings.secret_files, (std::vector<std::filesystem::path>{directory_ + "/token"}));
}

// Goal: a file that holds secrets and that everybody can read is warned of.
// Method: the same file readable by all, then by its owner.
TEST_F(SettingsTest, WarnOfSecretsThatEverybodyCanRead) {
  environment_["JOBRUN_ALERT_WEBHOOK_URL"] = "https://alerts.example.com/x";
  configure("alert_webhook_secret = \"long-enough\"\n");
  chmod(environment_["JOBRUN_CONFIG"].c_str(), 0644);
  EXPECT_EQ(good().warnings.size(), 1u);
  chmod(environment_["JOBRUN_CONFIG"].c_str(), 0600);
  EXPECT_TRUE(good().warnings.empty());
}

// Goal: the reference in docs is the table, word for word.
// Method: compare the file with what the table generates.
TEST_F(SettingsTest, TheReferenceIsWhatTheTableSays) {
  std::ifstream file(JOBRUN_SOURCE_DIR "/docs/SETTINGS.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), settings_markdown()) << "run: jobrun settings --markdown > docs/SETTINGS.md";
}

// Goal: the reference of metrics is the list, word for word, and the list has the steps of signing up.
TEST_F(SettingsTest, TheReferenceOfMetricsIsWhatTheListSays) {
  std::ifstream file(JOBRUN_SOURCE_DIR "/docs/METRICS.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), ops::metrics_markdown()) << "run: jobrun metrics --markdown > docs/METRICS.md";
  ASSERT_EQ(onboarding_steps.size(), NamesOf<onboarding::Step>::rows.size());
  for (std::size_t i = 0; i < onboarding_steps.size(); ++i) {
    EXPECT_EQ(onboarding_steps[i], NamesOf<onboarding::Step>::rows[i].name);
  }
}

// Goal: the example file in deploy is the table too, and changes nothing until somebody edits it.
// Method: compare the file with what the table generates; load it; then load it with every value uncommented,
// which must be each setting's default. Secrets are files' names alone.
TEST_F(SettingsTest, TheExampleFileShowsEachSettingAndSetsNone) {
  std::ifstream file(JOBRUN_SOURCE_DIR "/deploy/jobrun.toml");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), settings_toml()) << "run: jobrun settings --toml > deploy/jobrun.toml";

  std::string uncommented;
  std::istringstream lines(settings_toml());
  for (std::string line; std::getline(lines, line);) {
    const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    if (is_setting && line.find("_file = ") == std::string::npos) uncommented += line.substr(1) + "\n";
  }
  for (const std::string& toml : {settings_toml(), uncommented}) {
    environment_.clear();
    configure(toml);
    const Result<LoadedSettings> loaded = load(SettingScope::show);
    ASSERT_TRUE(loaded) << loaded.error().message;
    for (const SettingValue& value : loaded->values) EXPECT_EQ(value.value, value.spec->default_value);
  }
  for (const SettingSpec& spec : setting_specs()) {
    const std::string name = "\n#" + std::string(spec.name) + (spec.is_secret ? "_file = \"/etc/jobrun/" : " = ");
    EXPECT_NE(settings_toml().find(name), std::string::npos) << name;
  }
}

// Goal: durations carry their unit and are never silently cut or overflown.
// Method: rows of text and milliseconds; then any count of any unit round the limits.
TEST(SettingValues, DurationsNeedAUnit) {
  const std::vector<std::pair<std::string, std::int64_t>> good = {
      {"250ms", 250}, {"90s", 90'000}, {"45m", 2'700'000}, {"1h30m", 5'400'000}, {"7d", 604'800'000}, {"0s", 0}};
  for (const auto& [text, milliseconds] : good) {
    const Result<Duration> parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->count(), milliseconds) << text;
  }
  for (const char* bad :
       {"", "60", "m", "-5m", "1.5h", "5 m", "5M", "367d", "99999999999999999999s", "1h30", "300d300d"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
  EXPECT_TRUE(rc::check([] {
    const std::string unit = *rc::gen::element<std::string>("ms", "s", "m", "h", "d");
    const auto count = *rc::gen::nonNegative<std::int64_t>();
    const Result<Duration> parsed = parse_duration(std::to_string(count) + unit);
    RC_ASSERT((!parsed || (parsed->count() >= count && *parsed <= std::chrono::hours(24 * 366))));
  }));
}

// Goal: a limit is of a country there is, once, and a number; nothing is guessed.
// Method: rows.
TEST(SettingValues, CountryLimitsAreCodesWithNumbers) {
  using Limits = std::map<std::string, std::int64_t, std::less<>>;
  const auto parsed = [](std::string_view text) { return parse_country_limits(text, 1'000); };
  EXPECT_EQ(parsed("GB=500,PL=50").value_or(Limits{}), (Limits{{"GB", 500}, {"PL", 50}}));
  EXPECT_EQ(parsed(" US=0 , ").value_or(Limits{}), (Limits{{"US", 0}}));
  for (const char* bad : {"GB", "GB=", "=5", "gb=5", "QQ=5", "GB=-1", "GB=1001", "GB=5x", "GB=1=2", "GB=5,GB=6",
                          "GB=5;PL=6", "GB:5", "GB =5", "GBR=5"}) {
    EXPECT_FALSE(parsed(bad)) << bad;
  }
  EXPECT_SAYS(parsed("GB=5,GB=6").error().message, "names GB twice");
}

// Goal: a public key is the base64 of 32 bytes, and a piece of one is noticed at start.
// Method: rows: a key, one byte more and less, without padding, bits beyond the last byte, other alphabets.
TEST(SettingValues, PublicKeysAreThirtyTwoBytes) {
  const std::string key = "7hJxkTLLNWmnj1oTMbSBnuDWkPhkNhBfoqDmoJcnrK4=";
  EXPECT_EQ(parse_base64_key(key).value_or(""), key);
  for (const std::string& bad : {std::string(), key.substr(1), key + "=", key.substr(0, 43),
                                 "AA" + key.substr(0, 42), key.substr(0, 42) + "5=", key.substr(0, 42) + "==",
                                 "_" + key.substr(1), " " + key.substr(1), key.substr(0, 40) + "===="}) {
    EXPECT_FALSE(parse_base64_key(bad)) << bad;
  }
}

// Goal: a public URL that the carrier would refuse, or that signatures could not match, is refused here.
// Method: rows.
TEST(SettingValues, BaseUrlsAreWhatTheCarrierAccepts) {
  const std::vector<std::pair<std::string, std::string>> good = {
      {"https://calls.example.com", "https://calls.example.com"},
      {"https://calls.example.com/", "https://calls.example.com"},
      {"https://calls.example.com/jobrun//", "https://calls.example.com/jobrun"},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080"},
      {"http://[::1]:8080/x", "http://[::1]:8080/x"}};
  for (const auto& [text, url] : good) {
    const Result<std::string> parsed = parse_base_url(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, url);
  }
  for (const char* bad :
       {"", "calls.example.com", "https://", "https:///x", "https://my_host.example.com", "ftp://x",
        "https://x.example.com/?a=b", "https://x.example.com/#f", "https://user:pw@x.example.com",
        "https://x.example.com:0", "https://x.example.com:70000", "https://x .example.com",
        "https://x\xC3\xA4.example.com", "https://-x.example.com", "https://a..b", "https://x.example.com//y",
        "https://[::1", "https://x.example.com:80:80"}) {
    EXPECT_FALSE(parse_base_url(bad)) << bad;
  }
}

// Goal: the database's URL names one file, or says why not.
// Method: rows.
TEST(SettingValues, DatabaseUrlsNameAFile) {
  const std::vector<std::pair<std::string, std::string>> good = {
      {"sqlite:///var/lib/jobrun/jobrun.db", "/var/lib/jobrun/jobrun.db"},
      {"sqlite:////tmp/a.db", "/tmp/a.db"},
      {"sqlite:///tmp/with%20space.db", "/tmp/with space.db"},
      {"sqlite:relative.db", "relative.db"}};
  for (const auto& [text, path] : good) {
    const Result<std::filesystem::path> parsed = parse_database_url(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(*parsed, path);
  }
  for (const char* bad :
       {"", "/tmp/a.db", "sqlite://a.db", "sqlite:///", "sqlite:", "sqlite:///tmp/", "sqlite:///a%0",
        "sqlite:///a%00b", "sqlite:///a?mode=ro", "mysql://x", "postgresql://x"}) {
    EXPECT_FALSE(parse_database_url(bad)) << bad;
  }
}

// Goal: where to listen is an address, never a name that may mean several.
// Method: rows.
TEST(SettingValues, ListenAddressesAreAddresses) {
  const std::vector<std::tuple<std::string, std::string, int>> good = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                                                                       {"0.0.0.0:0", "0.0.0.0", 0},
                                                                       {"[::1]:65535", "::1", 65535},
                                                                       {"localhost:80", "127.0.0.1", 80}};
  for (const auto& [text, host, port] : good) {
    const Result<ListenAddress> parsed = parse_listen_address(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->host, host);
    EXPECT_EQ(parsed->port, port);
  }
  for (const char* bad : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]",
                          "[127.0.0.1]:80", "example.com:80", "127.0.0.1:80x"}) {
    EXPECT_FALSE(parse_listen_address(bad)) << bad;
  }
}

// Goal: what a file says is known as it was written, whatever the environment does, with no secret read; settings
// that are yet to be written are checked like a file's. Method: each, of one file.
TEST_F(SettingsTest, WhatAFileSaysIsKnownAsItWasWritten) {
  const std::string path = write("jobrun.toml", "cool_down = \"45m\"\n[twilio]\nauth_token_file = \"/no/such\"\n");
  const Result<FileSettings> said = read_settings_file(path);
  ASSERT_TRUE(said);
  EXPECT_EQ(*said, (FileSettings{{"cool_down", "45m"}, {"twilio_auth_token_file", "/no/such"}}));
  EXPECT_FALSE(read_settings_file(write("bad.toml", "cool_down = \n")));

  SettingSources sources{.environment = [](const std::string&) { return std::nullopt; },
                         .environment_names = {},
                         .config_file = path};
  sources.file_settings = FileSettings{{"public_url", "https://calls.example.com"},
                                       {"twilio_account_sid", "AC0123456789abcdef0123456789abcdef"},
                                       {"twilio_auth_token", "secret-one"}};
  EXPECT_TRUE(load_settings(sources, SettingScope::serve));
  sources.file_settings->emplace("smtp_user", "me");
  const Result<LoadedSettings> refused = load_settings(sources, SettingScope::serve);
  ASSERT_FALSE(refused);
  EXPECT_SAYS(refused.error().message, "smtp_password is missing");
}

}  // namespace
}  // namespace jobrun::app
