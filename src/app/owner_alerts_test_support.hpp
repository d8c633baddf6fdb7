// A business whose owner is told by mail, by text, or both: what the tests of his alerts share.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "database_test_support.hpp"
#include "outbox/testing/fake_world.hpp"
#include "pipeline.hpp"
#include "time_zones_test_support.hpp"

namespace jobrun::app {

namespace fake = outbox::testing;
using MailKind = net::MailResult::Kind;
using Recipients = std::multiset<std::string>;

inline constexpr E164 business = E164::from_digits(14155550110);
inline constexpr E164 sign_up_number = E164::from_digits(14155550800);
inline constexpr E164 failsafe_sender = E164::from_digits(14155550900);
inline constexpr E164 operator_phone = E164::from_digits(14155558000);
inline constexpr const char* operators_address = "operator@example.com";
inline constexpr const char* joes_address = "joe@example.com";
inline constexpr const char* joes_phone = "+14155559000";

/// What the carrier keeps, by its link.
struct FakeMedia final : CarrierMedia {
  void fetch_media(std::string url, std::size_t, Fetched done) override {
    asked.push_back(url);
    const auto found = kept.find(url);
    done(found == kept.end() ? failure(ErrorKind::not_found, "the carrier has it no more") : found->second);
  }
  std::map<std::string, Result<Media>> kept;
  std::vector<std::string> asked;
};

/// A business, a mail server and a carrier, and what is set up of the two ways.
class OwnerAlerts : public testing::Test {
 protected:
  OwnerAlerts() {
    profile_.name = "Harbour Plumbing";
    profile_.owner_phone = E164::from_digits(14155559000);
    profile_.owner_email = joes_address;
    profile_.id = change(AddClient{profile_}).value();
    change(AddNumber{{business, NumberRole::operational, profile_.id}});
    zones_.zones["Home"] = {.offset = std::chrono::hours{1}};
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
    save();
  }
  void save() {
    change(SetClient{profile_});
    if (pipeline_) look();
  }
  void start(bool is_email_set_up, bool is_text_set_up) {
    pipeline_.reset();
    Pipeline::Options options;
    options.policy.time_zone = "Home";
    options.configured = {.onboarding = sign_up_number, .failsafe_sender = failsafe_sender};
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
                                    .carrier_media = &media_,
                                    .mail =
                                        [this](net::Mail mail, net::SmtpClient::Done done) {
                                          mails_.push_back(std::move(mail));
                                          done({mail_kind_, mail_kind_ == MailKind::accepted ? "" : "no"});
                                        }},
                                   std::move(options));
    ASSERT_TRUE(started) << started.error().message;
    pipeline_ = std::move(*started);
  }
  /// Whether there was anything.
  bool commit_all() {
    bool has_committed = false;
    while (pipeline_->ledger().commit_waiting()) has_committed = true;
    return has_committed;
  }
  /// Housekeeping sees the directory, and everybody is told who can be; texts are accepted.
  void look() {
    pipeline_->housekeeping().run_once();
    commit_all();
    constexpr int quiet_turns_enough = 3;
    for (int turn = 0, quiet = 0; turn < 20 && quiet < quiet_turns_enough; ++turn) {
      pipeline_->alerts().pump();
      pipeline_->outbox().pump();
      const bool has_answered = !carrier_.waiting.empty();
      answer_texts();
      quiet = commit_all() || has_answered ? 0 : quiet + 1;
    }
  }
  void answer_texts() {
    while (!carrier_.waiting.empty()) {
      const bool is_refused = carrier_.waiting.front().text.recipient == refused_phone_;
      if (is_refused) {
        Refused refused;
        refused.because = Refused::Because::recipient;
        carrier_.answer_one(std::move(refused));
      } else {
        carrier_.answer_one(Accepted{"SM" + std::to_string(++accepted_)});
      }
    }
  }
  void raise(Audience audience = Audience::owner) { raise(AlertKind::lead, audience); }
  void raise(AlertKind kind, Audience audience = Audience::owner, bool escalates = false) {
    AlertRequest alert;
    alert.kind = kind;
    alert.audience = audience;
    alert.escalates = escalates;
    alert.client = profile_.id;
    alert.caller = "+14155550101";
    alert.number = business.text();
    alert.summary = "Missed call from +14155550101. Call back.";
    pipeline_->ledger().submit(JournalWork{[alert](StoreBatch& batch, Instant now) -> Result<void> {
                                             batch.raise(alert, now);
                                             return {};
                                           },
                                           [](const Result<void>&) {}});
    commit_all();
    look();
  }
  /// A call to the business that nobody takes.
  void miss_a_call(E164 caller = E164::from_digits(14155550101), E164 number = business) {
    pipeline_->ledger().submit(
        CallStatusChange{.call = {.call_sid = *CallSid::parse("CA" + std::to_string(++events_)),
                                  .caller = Caller::parse(caller.text()),
                                  .number = number,
                                  .number_text = number.text(),
                                  .forwarded_from = {},
                                  .parent = {}},
                         .status = CallStatus::no_answer,
                         .status_text = "no-answer"},
        [](const Result<Receipt>&) {});
    look();
  }
  void text_in(const std::string& body, E164 sender = E164::from_digits(14155550101), E164 number = business) {
    pipeline_->ledger().submit(InboundText{.message_sid = "MM" + std::to_string(++events_),
                                           .sender = Caller::parse(sender.text()),
                                           .number = number,
                                           .number_text = number.text(),
                                           .body = body},
                               [](const Result<Receipt>&) {});
    look();
  }
  void jump_only(Duration during) { clock_.advance(during); }
  void jump(Duration during) {
    clock_.advance(during);
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
  fake::FakeCarrier carrier_;
  FakeMedia media_;
  FakeTimeZones zones_;
  std::optional<E164> refused_phone_;
  int events_ = 0;
  int accepted_ = 0;
  MailKind mail_kind_ = MailKind::accepted;
  std::vector<net::Mail> mails_;
  ClientProfile profile_;
  std::unique_ptr<store::SqliteStore> store_ = database_.open();
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace jobrun::app
