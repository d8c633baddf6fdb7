// The whole way of an owner's alert, from the journal to the mail and the text that tell it.
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/testing/fixed_time_zones.hpp"
#include "database_test_support.hpp"
#include "outbox/testing/fake_world.hpp"
#include "pipeline.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;
using MailKind = net::MailResult::Kind;
using Recipients = std::multiset<std::string>;

constexpr E164 failsafe_sender = E164::from_digits(14155550900);
constexpr E164 operator_phone = E164::from_digits(14155558000);
constexpr const char* operators_address = "operator@example.com";
constexpr const char* joes_address = "joe@example.com";
constexpr const char* joes_phone = "+14155559000";

/// A business, a mail server and a carrier, and what is set up of the two ways.
class OwnerAlerts : public testing::Test {
 protected:
  OwnerAlerts() {
    profile_.name = "Harbour Plumbing";
    profile_.owner_phone = E164::from_digits(14155559000);
    profile_.owner_email = joes_address;
    profile_.id = change(AddClient{profile_}).value();
  }
  ~OwnerAlerts() override { pipeline_.reset(); }
  std::optional<ClientId> change(const DirectoryChange& change) {
    const std::unique_ptr<StoreBatch> batch = store_->begin({});
    auto changed = batch->change_directory(change, clock_.now());
    EXPECT_TRUE(batch->commit());
    EXPECT_TRUE(changed) << changed.error().message;
    return changed.value_or(std::nullopt);
  }
  void choose(AlertBy chosen) {
    profile_.alert_by = chosen;
    change(SetClient{profile_});
    if (pipeline_) look();
  }
  void start(bool is_email_set_up, bool is_text_set_up) {
    pipeline_.reset();
    Pipeline::Options options;
    if (is_email_set_up) {
      options.alert_mail =
          alert::EmailChannel::Options{.sender = "jobrun@example.com", .operator_ = operators_address};
    }
    if (is_text_set_up) {
      options.alert_texting =
          AlertTextingOptions{.operator_phone = operator_phone, .failsafe_sender = failsafe_sender};
    }
    auto started = Pipeline::start({.store = *store_,
                                    .carrier = carrier_,
                                    .alert_channels = {},
                                    .numbering_plan = plan_,
                                    .time_zones = zones_,
                                    .meter = meter_,
                                    .log = log_,
                                    .clock = clock_,
                                    .random = random_,
                                    .save_snapshot = [](const directory::Snapshot&) { return Result<void>{}; },
                                    .mail =
                                        [this](net::Mail mail, net::SmtpClient::Done done) {
                                          mails_.push_back(std::move(mail));
                                          done({mail_kind_, mail_kind_ == MailKind::accepted ? "" : "no"});
                                        }},
                                   std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    pipeline_ = std::move(*started);
  }
  void commit_all() {
    while (pipeline_->ledger().commit_waiting()) continue;
  }
  /// Housekeeping sees the directory, and everybody is told who can be; texts are accepted.
  void look() {
    pipeline_->housekeeping().run_once();
    commit_all();
    for (int turn = 0; turn < 20; ++turn) {
      pipeline_->alerts().pump();
      while (!carrier_.waiting.empty()) carrier_.answer_one(Accepted{"SM1"});
      commit_all();
    }
  }
  void raise(Audience audience = Audience::owner) {
    pipeline_->ledger().submit(JournalWork{[this, audience](StoreBatch& batch, Instant now) -> Result<void> {
                                             AlertRequest alert;
                                             alert.kind = AlertKind::lead;
                                             alert.audience = audience;
                                             alert.client = profile_.id;
                                             alert.caller = "+14155550101";
                                             alert.summary = "Missed call from +14155550101. Call back.";
                                             batch.raise(alert, now);
                                             return {};
                                           },
                                           [](const Result<void>&) {}});
    commit_all();
    look();
  }
  /// Who has been mailed and texted since this was asked last.
  Recipients told() {
    Recipients recipients;
    for (const net::Mail& mail : std::exchange(mails_, {})) recipients.insert(mail.to);
    for (const OutgoingText& text : std::exchange(carrier_.sent, {})) recipients.insert(text.recipient.text());
    return recipients;
  }
  void wait(Duration during) {
    for (Duration waited{0}; waited < during; waited += std::chrono::minutes{1}) {
      clock_.advance(std::chrono::minutes{1});
      look();
    }
  }
  /// Alerts that one of the ways has still to tell, whenever that is.
  std::size_t left() {
    const Instant ever = clock_.now() + std::chrono::hours{24 * 365};
    return store_->reader()->due_alerts(AlertWay::email, ever, 10).size() +
           store_->reader()->due_alerts(AlertWay::text, ever, 10).size();
  }
  bool is_accepted_by_anybody() const { return meter_.of(Metric::alerts_sent) > 0; }
  std::string warning() const {
    for (const LogLine& line : log_.lines) {
      if (!line.message.starts_with("OWNERS ARE NOT ALERTED AS THEY CHOSE")) continue;
      return line.fields.at(0).value + " by email, " + line.fields.at(1).value + " by text";
    }
    return "";
  }

  fake::ManualClock clock_;
  TestDatabase database_{clock_.now()};
  fake::SeededRandom random_;
  fake::RecordingMeter meter_;
  fake::RecordingLog log_;
  fake::FakePlan plan_;
  testing_support::FixedTimeZones zones_;
  fake::FakeCarrier carrier_;
  MailKind mail_kind_ = MailKind::accepted;
  std::vector<net::Mail> mails_;
  ClientProfile profile_;
  std::unique_ptr<store::SqliteStore> store_ = database_.open();
  std::unique_ptr<Pipeline> pipeline_;
};

// Goal: an owner is told as he chose, also when he chooses anew while the service runs, and nothing is left to
// tell. Method: both ways are set up; each choice; the operator's own alert.
TEST_F(OwnerAlerts, LeaveAsTheOwnerChose) {
  start(true, true);
  raise();
  EXPECT_EQ(told(), (Recipients{joes_phone, operators_address})) << "by text: the operator has the mails";
  choose(AlertBy::email);
  raise();
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), (Recipients{joes_address}));
  choose(AlertBy::both);
  raise();
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  raise(Audience::operator_);
  EXPECT_EQ(told(), (Recipients{operators_address, operator_phone.text()}));
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), Recipients{});
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(warning(), "");
}

// Goal: an owner who chose a way that is not set up is told by the other, and a warning says so at the start.
// Method: each choice, with one of the ways set up; with that alone which tells everybody as he chose.
TEST_F(OwnerAlerts, LeaveByTheOtherWayWhereTheChosenOneIsNotSetUp) {
  for (const AlertBy chosen : {AlertBy::text, AlertBy::email, AlertBy::both}) {
    choose(chosen);
    log_.lines.clear();
    start(false, true);
    raise();
    EXPECT_EQ(told(), (Recipients{joes_phone})) << name_of(chosen);
    EXPECT_EQ(warning(), chosen == AlertBy::text ? "" : "1 by email, 0 by text") << name_of(chosen);
    log_.lines.clear();
    start(true, false);
    raise();
    EXPECT_EQ(told(), (Recipients{joes_address})) << name_of(chosen);
    EXPECT_EQ(warning(), chosen == AlertBy::email ? "" : "0 by email, 1 by text") << name_of(chosen);
    EXPECT_EQ(left(), 0U) << name_of(chosen);
  }
}

// Goal: of an owner who is told by both, each way has its own retries, over a restart too.
// Method: the text is accepted, the mail is not, for some minutes and a restart.
TEST_F(OwnerAlerts, AreRetriedByEachWay) {
  choose(AlertBy::both);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  EXPECT_TRUE(is_accepted_by_anybody());
  EXPECT_EQ(told(), (Recipients{joes_address, joes_phone}));
  wait(std::chrono::minutes{10});
  EXPECT_FALSE(told().contains(joes_phone));
  start(true, true);
  mail_kind_ = MailKind::accepted;
  wait(std::chrono::minutes{10});
  EXPECT_EQ(told(), (Recipients{joes_address}));
  EXPECT_EQ(left(), 0U);
}

// Goal: a way that does not tell an owner anything has not told him: his alert waits for the mail.
// Method: by mail alone, which fails for an hour; then it is taken.
TEST_F(OwnerAlerts, AreNotToldByAWayThatTellsNobody) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  wait(std::chrono::hours{1});
  EXPECT_FALSE(is_accepted_by_anybody());
  EXPECT_TRUE(carrier_.sent.empty());
  mail_kind_ = MailKind::accepted;
  told();
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(is_accepted_by_anybody());
  EXPECT_EQ(told(), (Recipients{joes_address}));
  EXPECT_EQ(left(), 0U);
}

// Goal: what waits for a mail that does not leave is told by text once the owner chooses that.
// Method: the mail fails; the choice is changed.
TEST_F(OwnerAlerts, FollowAChangeOfMind) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::not_reached;
  raise();
  choose(AlertBy::text);
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(told().contains(joes_phone));
  EXPECT_TRUE(is_accepted_by_anybody());
}

// Goal: an owner whose mails are refused is the operator's business, as one who cannot be texted is.
// Method: by mail alone, refused for half an hour: the owner's address, not the operator's.
TEST_F(OwnerAlerts, AreTheOperatorsWhereTheOwnersAddressIsRefused) {
  choose(AlertBy::email);
  start(true, true);
  mail_kind_ = MailKind::refused;
  raise();
  wait(std::chrono::minutes{30});
  mail_kind_ = MailKind::accepted;
  ASSERT_TRUE(told().contains(operators_address));
  wait(std::chrono::minutes{10});
  EXPECT_TRUE(is_accepted_by_anybody());
}

}  // namespace
}  // namespace jobrun::app
