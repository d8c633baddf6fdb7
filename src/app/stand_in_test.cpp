// The service while its database is away: real files, a real spool and guard, driven by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"
#include "database_test_support.hpp"
#include "late_store.hpp"
#include "outbox/testing/fake_world.hpp"
#include "pipeline.hpp"
#include "store/file_spool.hpp"
#include "store/sqlite_store.hpp"
#include "store/stand_in.hpp"

namespace jobrun::app {
namespace {

namespace fake = outbox::testing;
namespace fs = std::filesystem;

const E164 business = E164::from_digits(14155550100);
const E164 nobodys = E164::from_digits(14155550777);

/// A spool whose disk can fail.
class BreakableSpool final : public Spool {
 public:
  BreakableSpool(Spool& inner, const bool& is_broken) : inner_(inner), is_broken_(is_broken) {}
  Result<void> append(std::span<const SpoolRecord> records) override {
    if (is_broken_) return failure(ErrorKind::unavailable, "the disk fails");
    return inner_.append(records);
  }
  Result<std::vector<SpoolRecord>> oldest(std::size_t most) override { return inner_.oldest(most); }
  void forget_oldest(std::size_t count) override { inner_.forget_oldest(count); }
  Result<std::vector<SpoolRecord>> all() override { return inner_.all(); }
  Result<void> set_aside(const SpoolRecord& record) override { return inner_.set_aside(record); }
  bool is_empty() const override { return inner_.is_empty(); }
  std::int64_t damaged() const override { return inner_.damaged(); }

 private:
  Spool& inner_;
  const bool& is_broken_;
};

class WithoutDatabase : public testing::Test {
 protected:
  WithoutDatabase() {
    start();
    add_client();
    look();
  }
  ~WithoutDatabase() override { stop(); }

  void start() {
    store_ = std::make_unique<LateStore>([this]() -> Result<std::unique_ptr<Store>> {
      auto opened = store::SqliteStore::open(database_.path());
      if (!opened) return std::unexpected(opened.error());
      return std::move(*opened);
    });
    static_cast<void>(store_->open());
    spool_files_ = *store::open_spool_folder(database_.folder() + "/spool");
    spool_ = *store::FileSpool::open(*spool_files_, meter_, log_);
    breakable_spool_ = std::make_unique<BreakableSpool>(*spool_, is_spool_broken_);
    guard_files_ = store::open_folder(database_.folder());
    guard_ = std::make_unique<store::Guard>(*guard_files_, "jobrun.db.guard", log_);
    const std::string snapshot = database_.folder() + "/jobrun.db.directory";
    auto started =
        Pipeline::start({.store = *store_,
                         .spool = breakable_spool_.get(),
                         .guard = guard_.get(),
                         .carrier = carrier_,
                         .alert_channels = {},
                         .numbering_plan = plan_,
                         .time_zones = zones_,
                         .meter = meter_,
                         .log = log_,
                         .clock = clock_,
                         .random = random_,
                         .save_snapshot = [snapshot](const directory::Snapshot& s) { return s.save(snapshot); },
                         .load_snapshot = [snapshot] { return directory::Snapshot::load(snapshot, {}); }},
                        {});
    ASSERT_TRUE(started) << started.error().message;
    pipeline_ = std::move(*started);
  }
  /// As by kill -9: what is in memory is gone.
  void stop() {
    pipeline_.reset();
    guard_.reset();
    spool_.reset();
    store_.reset();
  }

  /// Nothing is ever heard of the requests in flight.
  void die_and_start(bool is_database_back) {
    stop();
    carrier_.waiting.clear();
    if (is_database_back) bring_back_files();
    start();
    run();
  }

  void add_client() {
    bool is_added = false;
    pipeline_->ledger().submit({[](StoreBatch& batch, Instant now) -> Result<void> {
                                  ClientProfile profile;
                                  profile.name = "Smith";
                                  profile.owner_phone = E164::from_digits(14155559999);
                                  const auto client = batch.change_directory(AddClient{profile}, now);
                                  if (!client) return std::unexpected(client.error());
                                  const PoolNumber number{business, NumberRole::operational, **client};
                                  const auto added = batch.change_directory(AddNumber{number}, now);
                                  if (!added) return std::unexpected(added.error());
                                  return {};
                                },
                                [&](const Result<void>& done) { is_added = done.has_value(); }});
    run();
    ASSERT_TRUE(is_added);
  }

  void take_away() {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      if (fs::exists(database_.path() + suffix))
        fs::rename(database_.path() + suffix, database_.folder() + "/gone.db" + suffix);
    }
  }
  void bring_back_files() {
    for (const char* suffix : {"", "-wal", "-shm"}) {
      if (fs::exists(database_.folder() + "/gone.db" + suffix))
        fs::rename(database_.folder() + "/gone.db" + suffix, database_.path() + suffix);
    }
  }
  void bring_back() {
    bring_back_files();
    look();
    run();
  }

  /// Everybody has his turn until nobody has anything to do.
  void run() {
    for (int turns = 0; turns < 10; ++turns) {
      while (pipeline_->ledger().commit_waiting()) continue;
      pipeline_->outbox().pump();
    }
  }
  void look() {
    pipeline_->housekeeping().run_once();
    run();
  }
  /// A call from that caller ends unanswered. What the carrier is told by now, as told_ has it.
  std::string call(const std::string& sid, const std::string& caller, E164 number = business) {
    const CallStatusChange ended{.call = {.call_sid = *CallSid::parse(sid),
                                          .caller = Caller::parse(caller),
                                          .number = number,
                                          .number_text = number.text(),
                                          .forwarded_from = {},
                                          .parent = {}},
                                 .status = CallStatus::no_answer,
                                 .status_text = "no-answer"};
    told_.erase(sid);
    pipeline_->ledger().submit(ended, [this, sid](const Result<Receipt>& receipt) {
      constexpr std::array<const char*, 3> kept = {"durable", "spooled", "texted"};
      told_[sid] = receipt ? kept.at(static_cast<std::size_t>(receipt->kept_by)) : "refused";
    });
    run();
    return told_[sid];
  }
  /// Somebody texts a number that is nobody's; `origin` says who told of it.
  std::string text(const std::string& sid, const std::string& sender, Origin origin = Origin::text) {
    const InboundText sent{.message_sid = sid,
                           .sender = Caller::parse(sender),
                           .number = nobodys,
                           .number_text = nobodys.text(),
                           .body = "Anybody there?",
                           .origin = origin};
    std::string told;
    pipeline_->ledger().submit(sent, [&](const Result<Receipt>& receipt) {
      told = !receipt ? receipt.error().message : receipt->kept_by == KeptBy::spool ? "spooled" : "durable";
    });
    run();
    return told;
  }
  /// The texts that answer a text, as the database has them: their ids and states.
  std::vector<std::string> replies() {
    std::vector<std::string> found;
    store_->reader()->each_text_since(Instant{}, [&](const TextRecord& text) {
      if (!text.call) found.push_back(text.promise.id.text() + " " + std::string(name_of(text.state)));
    });
    std::ranges::sort(found);
    return found;
  }
  /// The carrier answers the oldest request that waits.
  void answer(SendAnswer given) {
    ASSERT_FALSE(carrier_.waiting.empty());
    carrier_.answer_one(std::move(given));
    run();
  }
  static Refused opted_out() {
    Refused refused;
    refused.code = 21610;
    refused.learned = PhoneFact::opted_out;
    return refused;
  }
  std::vector<std::string> texted() const {
    std::vector<std::string> callers;
    for (const OutgoingText& text : carrier_.sent) callers.push_back(text.recipient.text());
    return callers;
  }
  CallTimeline recorded(const std::string& sid) {
    std::optional<CallTimeline> call = store_->reader()->call(*CallSid::parse(sid));
    if (!call) throw std::runtime_error("the database does not know " + sid);
    return *call;
  }

  std::map<std::string, std::string>
      told_;  ///< by call: `durable`, `spooled`, `texted` or `refused`; empty: nothing
  fake::ManualClock clock_;
  TestDatabase database_{clock_.now()};
  fake::SeededRandom random_;
  fake::RecordingMeter meter_;
  fake::RecordingLog log_;
  fake::FakePlan plan_;
  testing_support::FixedTimeZones zones_;
  fake::FakeCarrier carrier_;
  std::unique_ptr<LateStore> store_;
  std::unique_ptr<store::SpoolFiles> spool_files_;
  std::unique_ptr<store::FileSpool> spool_;
  bool is_spool_broken_ = false;
  std::unique_ptr<BreakableSpool> breakable_spool_;
  std::unique_ptr<store::SpoolFiles> guard_files_;
  std::unique_ptr<store::Guard> guard_;
  std::unique_ptr<Pipeline> pipeline_;
};

using Callers = std::vector<std::string>;

void spoil(const std::string& file) {
  constexpr std::streamoff in_the_first_record = 20;
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(in_the_first_record);
  bytes.put('!');
}

// Goal: without the database nobody's sign-up is known, and none is changed because of a call there either.
// Method: a batch of what stands in for it, asked; and given a change beside a call.
TEST_F(WithoutDatabase, NobodysSignUpIsKnown) {
  store::SqliteStandIn stand_in(*spool_, *guard_, clock_);
  const auto batch = stand_in.begin();
  EXPECT_FALSE(batch->are_records_known());
  EXPECT_FALSE(batch->find_onboarding(business));
  EXPECT_FALSE(batch->available_number({}));
  EXPECT_FALSE(batch->call_to_number(business, clock_.now()));
  Commit commit;
  commit.onboarding = OnboardingChange{};
  commit.call = CallId{1};
  EXPECT_THROW(batch->write(commit, clock_.now()), StoreFailure);
}

// Goal: a call that comes while the database is away is texted at once, in the business's name; once it is back
// the database knows all of it, and nobody is texted again.
// Method: one text answered before it is back, one after, one of which nothing is ever heard; a callback repeated.
TEST_F(WithoutDatabase, TextsLeaveFromTheSpool) {
  take_away();
  EXPECT_EQ(call("CA1", "+14155551001"), "spooled");
  EXPECT_EQ(call("CA1", "+14155551001"), "spooled");
  EXPECT_EQ(texted(), (Callers{"+14155551001"}));
  EXPECT_NE(carrier_.sent[0].body.find("Smith"), std::string::npos);
  answer(Accepted{"SM1"});
  call("CA2", "+14155551002", nobodys);
  call("CA3", "+14155551003");
  ASSERT_EQ(carrier_.waiting.size(), 2U);
  bring_back();
  EXPECT_TRUE(spool_->is_empty());
  answer(Accepted{"SM2"});
  EXPECT_EQ(call("CA1", "+14155551001"), "durable");
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002", "+14155551003"}));
  for (const char* sid : {"CA1", "CA2"}) {
    EXPECT_EQ(recorded(sid).call.call.outcome, Outcome::texted) << sid;
    ASSERT_EQ(recorded(sid).texts.size(), 1U);
    EXPECT_EQ(recorded(sid).texts[0].state, TextState::accepted);
  }
  EXPECT_EQ(recorded("CA3").texts.at(0).state, TextState::started);
  answer(Unknown{"nobody knows"});
  EXPECT_EQ(recorded("CA3").texts.at(0).state, TextState::unknown);
}

// Goal: when neither the database nor the spool can be written, a caller is texted all the same, and his call is
// acknowledged once the carrier has the text, not before; what promises no text is refused.
// Method: one text accepted, one refused, one of which nobody knows; a callback repeated before and after; a
// second call within the cool-down.
TEST_F(WithoutDatabase, WhenNothingCanBeWrittenTheTextLeavesFirst) {
  take_away();
  is_spool_broken_ = true;
  EXPECT_EQ(call("CA1", "+14155551001"), "");
  ASSERT_EQ(texted(), (Callers{"+14155551001"}));
  EXPECT_EQ(told_["CA1"], "");
  EXPECT_FALSE(pipeline_->ledger().is_healthy());
  answer(Accepted{"SM1"});
  EXPECT_EQ(told_["CA1"], "texted");
  EXPECT_EQ(call("CA1", "+14155551001"), "refused") << "it is in memory alone";
  EXPECT_EQ(call("CA2", "+14155551001"), "refused") << "the cool-down promises no text";
  call("CA3", "+14155551003");
  answer(opted_out());
  EXPECT_EQ(told_["CA3"], "refused");
  call("CA4", "+14155551004");
  answer(Unknown{"nobody knows"});
  EXPECT_EQ(told_["CA4"], "refused");
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551003", "+14155551004"}));
}

// Goal: what was in memory alone is durable as soon as anything can be written, in its order, and nobody is texted
// twice by that.
// Method: the spool comes back first, after it the database; and the database alone.
TEST_F(WithoutDatabase, WhatWasHeldBecomesDurable) {
  for (const bool is_spool_first : {true, false}) {
    const std::string first = is_spool_first ? "CA1" : "CB1";
    const std::string caller = is_spool_first ? "+14155551001" : "+14155552001";
    const std::size_t texts = carrier_.sent.size() + 1;
    take_away();
    is_spool_broken_ = true;
    call(first, caller);
    answer(Accepted{"SM" + first});
    if (is_spool_first) {
      is_spool_broken_ = false;
      EXPECT_EQ(call(first + "2", caller), "spooled") << "suppressed by a text that is durable now";
      EXPECT_EQ(call(first, caller), "spooled");
    }
    bring_back();
    EXPECT_FALSE(pipeline_->ledger().is_standing_in());
    EXPECT_EQ(call(first, caller), "durable");
    EXPECT_EQ(call(first + "3", caller), "durable");
    EXPECT_EQ(carrier_.sent.size(), texts);
    EXPECT_EQ(recorded(first).call.call.outcome, Outcome::texted);
    EXPECT_EQ(recorded(first + "3").call.call.outcome, Outcome::suppressed);
    EXPECT_TRUE(pipeline_->ledger().is_healthy());
  }
}

// Goal: nobody waits without end for an answer that depends on a carrier that cannot be reached.
// Method: the carrier refuses the connection for longer than answers are held; then it takes the text.
TEST_F(WithoutDatabase, AnAnswerIsHeldForTenSecondsAtMost) {
  take_away();
  is_spool_broken_ = true;
  call("CA1", "+14155551001");
  answer(NotSent{"no connection"});
  EXPECT_EQ(told_["CA1"], "");
  clock_.advance(std::chrono::seconds{11});
  pipeline_->ledger().relieve_writer();
  EXPECT_EQ(told_["CA1"], "refused");
  look();
  ASSERT_EQ(carrier_.sent.size(), 2U);
  answer(Accepted{"SM1"});
  bring_back();
  EXPECT_EQ(recorded("CA1").call.call.outcome, Outcome::texted);
}

// Goal: a text whose promise is durable, though its start cannot be, does not keep others from leaving first.
// Method: one is promised by the spool and not taken by the carrier before the spool breaks, too.
TEST_F(WithoutDatabase, ADurablePromiseWaitsAndKeepsNobodyWaiting) {
  take_away();
  call("CA1", "+14155551001");
  answer(NotSent{"no connection"});
  is_spool_broken_ = true;
  clock_.advance(std::chrono::seconds{30});
  call("CA2", "+14155551002");
  for (int seconds = 0; seconds < 5; ++seconds) {
    clock_.advance(std::chrono::seconds{1});
    look();
  }
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002"})) << "it would leave again after a death";
  answer(Accepted{"SM2"});
  EXPECT_EQ(told_["CA2"], "texted");
  is_spool_broken_ = false;
  clock_.advance(std::chrono::seconds{2});
  look();
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002", "+14155551001"}));
}

// Goal: a text that the carrier does not take now is tried again by the same dispatcher, across the database's
// return, with its attempts counted on.
TEST_F(WithoutDatabase, ATextIsTriedAgainAcrossTheReturn) {
  take_away();
  call("CA1", "+14155551001");
  answer(NotSent{"no connection"});
  EXPECT_EQ(carrier_.sent.size(), 1U);
  bring_back();
  clock_.advance(std::chrono::seconds{30});
  look();
  ASSERT_EQ(carrier_.sent.size(), 2U);
  EXPECT_EQ(carrier_.sent[1].attempt.number, 2);
  answer(Accepted{"SM1"});
  EXPECT_EQ(recorded("CA1").call.call.outcome, Outcome::texted);
}

// Goal: a text that left while the database was away is counted as what it was, also where the database decides
// that its call was another's. Method: a call to nobody's number that becomes a business's before the call ends.
TEST_F(WithoutDatabase, ATextIsCountedAsWhatItWas) {
  const IncomingCall began{{.call_sid = *CallSid::parse("CA1"),
                            .caller = Caller::parse("+14155551001"),
                            .number = nobodys,
                            .number_text = nobodys.text(),
                            .forwarded_from = {},
                            .parent = {}}};
  pipeline_->ledger().submit(began, [](const Result<Receipt>&) {});
  pipeline_->ledger().submit({[](StoreBatch& batch, Instant now) -> Result<void> {
                                const PoolNumber number{nobodys, NumberRole::operational, ClientId{1}};
                                const auto added = batch.change_directory(AddNumber{number}, now);
                                if (!added) return std::unexpected(added.error());
                                return {};
                              },
                              [](const Result<void>& done) { ASSERT_TRUE(done); }});
  run();
  look();
  take_away();
  // Once nothing is in doubt any more.
  call("CA2", "+14155551002");
  answer(Accepted{"SM2"});
  call("CA1", "+14155551001", nobodys);
  ASSERT_EQ(carrier_.sent.size(), 2U);
  EXPECT_EQ(carrier_.sent[1].id.purpose, Purpose::customer_intake);
  answer(Accepted{"SM1"});
  bring_back();
  EXPECT_EQ(meter_.of(Metric::texts_promised, "customer_intake"), 2);
  EXPECT_EQ(meter_.of(Metric::texts_promised, "failsafe"), 0);
}

// Goal: who was texted before the database went away is not texted again meanwhile, nor who was texted meanwhile
// afterwards.
TEST_F(WithoutDatabase, TheCoolDownHoldsAcrossAll) {
  call("CA1", "+14155551001");
  answer(Accepted{"SM1"});
  take_away();
  call("CA2", "+14155551001");
  call("CA3", "+14155551002");
  answer(Accepted{"SM2"});
  bring_back();
  call("CA4", "+14155551002");
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002"}));
  for (const char* sid : {"CA2", "CA4"}) EXPECT_EQ(recorded(sid).call.call.outcome, Outcome::suppressed) << sid;
}

// Goal: an opt-out holds whenever it was learned.
// Method: one opts out before the database goes away, one meanwhile; each calls meanwhile and afterwards, long
// after the cool-down.
TEST_F(WithoutDatabase, OptOutsHoldAcrossAll) {
  call("CA1", "+14155551001");
  answer(opted_out());
  take_away();
  call("CA2", "+14155551002");
  answer(opted_out());
  clock_.advance(std::chrono::hours{2});
  const Callers before = texted();
  EXPECT_EQ(before, (Callers{"+14155551001", "+14155551002"}));
  call("CA3", "+14155551001");
  call("CA4", "+14155551002");
  EXPECT_EQ(texted(), before);
  bring_back();
  clock_.advance(std::chrono::hours{2});
  call("CA5", "+14155551001");
  call("CA6", "+14155551002");
  EXPECT_EQ(texted(), before);
}

// Goal: a text that was promised before the database went away leaves once it is back, and once.
TEST_F(WithoutDatabase, WhatTheDatabaseHoldsWaitsForIt) {
  call("CA1", "+14155551001");
  answer(NotSent{"no connection"});
  take_away();
  call("CA2", "+14155551002");
  clock_.advance(std::chrono::seconds{30});
  look();
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002"}));
  bring_back();
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002", "+14155551001"}));
}

// Goal: a service that starts without its database serves callers by the directory and the guard on disk, and the
// database knows all of it afterwards.
// Method: an opt-out and a pair within its cool-down from the life before.
TEST_F(WithoutDatabase, ColdStart) {
  call("CA1", "+14155551001");
  answer(opted_out());
  call("CA2", "+14155551002");
  answer(Accepted{"SM2"});
  stop();
  take_away();
  start();
  EXPECT_TRUE(pipeline_->ledger().is_standing_in());
  clock_.advance(std::chrono::minutes{30});
  EXPECT_EQ(call("CA3", "+14155551001"), "spooled");
  call("CA4", "+14155551002");
  call("CA5", "+14155551003");
  call("CA6", "+14155551004", nobodys);
  EXPECT_EQ(texted(), (Callers{"+14155551001", "+14155551002", "+14155551003", "+14155551004"}));
  EXPECT_NE(carrier_.sent[2].body.find("Smith"), std::string::npos);
  EXPECT_EQ(carrier_.sent[3].body.find("Smith"), std::string::npos);
  answer(Accepted{"SM3"});
  answer(Accepted{"SM4"});
  bring_back();
  EXPECT_FALSE(pipeline_->ledger().is_standing_in());
  EXPECT_EQ(carrier_.sent.size(), 4U);
  EXPECT_EQ(recorded("CA4").call.call.outcome, Outcome::suppressed);
  for (const char* sid : {"CA5", "CA6"}) EXPECT_EQ(recorded(sid).call.call.outcome, Outcome::texted) << sid;
}

// Goal: where it is not known who must not be texted, nobody is in a business's name; the fail-safe text leaves,
// and the others' once the database is back.
// Method: a guard that is gone; one with a record damaged in its middle.
TEST_F(WithoutDatabase, WithoutAGuardNoTextLeavesToAClientsCallers) {
  const std::string guard = database_.folder() + "/jobrun.db.guard";
  for (const bool is_gone : {true, false}) {
    const std::string n = is_gone ? "1" : "2";
    call("CA1" + n, "+1415555201" + n);
    answer(Accepted{"SM1" + n});
    stop();
    is_gone ? static_cast<void>(fs::remove(guard)) : spoil(guard);
    take_away();
    start();
    const std::size_t before = carrier_.sent.size();
    call("CA2" + n, "+1415555202" + n);
    EXPECT_EQ(carrier_.sent.size(), before);
    call("CA3" + n, "+1415555203" + n, nobodys);
    EXPECT_EQ(carrier_.sent.size(), before + 1);
    answer(Accepted{"SM3" + n});
    bring_back();
    EXPECT_EQ(carrier_.sent.size(), before + 2);
    answer(Accepted{"SM2" + n});
    EXPECT_EQ(recorded("CA2" + n).call.call.outcome, Outcome::texted);
    EXPECT_TRUE(guard_->is_whole());
  }
}

// Goal: a text that was in flight from the spool when the service died is not sent again blindly; one that was not
// yet started is sent.
// Method: kill and a start, once without the database and once with it.
TEST_F(WithoutDatabase, ADeathWhileTextsAreInFlight) {
  for (const bool is_back : {false, true}) {
    const std::string n = is_back ? "2" : "1";
    take_away();
    call("CA" + n, "+1415555300" + n);
    const std::size_t sent = carrier_.sent.size();
    die_and_start(is_back);
    EXPECT_EQ(carrier_.sent.size(), sent);
    if (!is_back) bring_back();
    run();
    EXPECT_EQ(carrier_.sent.size(), sent);
    EXPECT_EQ(recorded("CA" + n).texts.at(0).state, TextState::unknown);
  }
}

// Goal: who texts nobody's number while the database is away is acknowledged at once, from the number that he
// texted, and once: not for the same text told again, by a webhook or the sweep, nor for another of his, meanwhile
// or afterwards; the database has it in the end. Method: all of these, around the database's return.
TEST_F(WithoutDatabase, ATextToNobodyIsAcknowledgedOnceFromTheSpool) {
  take_away();
  EXPECT_EQ(text("SM1", "+14155554001"), "spooled");
  ASSERT_EQ(texted(), (Callers{"+14155554001"}));
  EXPECT_EQ(carrier_.sent[0].sender, nobodys);
  EXPECT_EQ(carrier_.sent[0].id.text(), "SM1.triage_reply");
  EXPECT_EQ(text("SM1", "+14155554001"), "spooled");
  text("SM1", "+14155554001", Origin::sweep);
  text("SM2", "+14155554001");
  answer(Accepted{"SM9"});
  text("SM3", "+14155554003");
  bring_back();
  answer(Accepted{"SM8"});
  EXPECT_EQ(text("SM1", "+14155554001"), "durable");
  text("SM2", "+14155554001", Origin::sweep);
  text("SM4", "+14155554001");
  EXPECT_EQ(texted(), (Callers{"+14155554001", "+14155554003"}));
  EXPECT_EQ(replies(), (Callers{"SM1.triage_reply accepted", "SM3.triage_reply accepted"}));
  EXPECT_EQ(meter_.of(Metric::texts_promised, "triage_reply"), 2);
}

// Goal: what was acknowledged, or said, before the database went away holds meanwhile, also after a start without
// it. Method: one acknowledged and one opted out before; both text again, within the cool-down.
TEST_F(WithoutDatabase, AcknowledgementsBeforeHoldMeanwhile) {
  text("SM1", "+14155554001");
  answer(Accepted{"SM9"});
  text("SM2", "+14155554002");
  answer(opted_out());
  EXPECT_EQ(replies(), (Callers{"SM1.triage_reply accepted", "SM2.triage_reply refused"}));
  for (const bool is_cold : {false, true}) {
    const std::string n = is_cold ? "1" : "0";
    if (is_cold) stop();
    take_away();
    if (is_cold) start();
    text("SM1", "+14155554001");
    text("SM3" + n, "+14155554001");
    text("SM4" + n, "+14155554002");
    EXPECT_EQ(carrier_.sent.size(), 2U);
    bring_back();
    EXPECT_EQ(carrier_.sent.size(), 2U);
  }
}

// Goal: an acknowledgement that left although the database turns out to have taken its text before, without one,
// is in the database all the same, once. Method: a text within the cool-down; the same text told again two hours
// later, while the database is away.
TEST_F(WithoutDatabase, AnAcknowledgementOfATextThatIsKnownIsKept) {
  text("SM0", "+14155554001");
  answer(Accepted{"SM9"});
  text("SM1", "+14155554001");
  clock_.advance(std::chrono::hours{2});
  take_away();
  text("SM1", "+14155554001");
  ASSERT_EQ(carrier_.sent.size(), 2U);
  answer(Accepted{"SM8"});
  bring_back();
  EXPECT_EQ(replies(), (Callers{"SM0.triage_reply accepted", "SM1.triage_reply accepted"}));
  EXPECT_EQ(meter_.of(Metric::texts_promised, "triage_reply"), 2);
  text("SM2", "+14155554001");
  EXPECT_EQ(carrier_.sent.size(), 2U);
}

// Goal: an acknowledgement that was in flight when the service died is not sent again blindly.
// Method: kill and a start, once without the database and once with it.
TEST_F(WithoutDatabase, ADeathWhileAnAcknowledgementIsInFlight) {
  for (const bool is_back : {false, true}) {
    const std::string n = is_back ? "2" : "1";
    take_away();
    text("SM" + n, "+1415555410" + n);
    const std::size_t sent = carrier_.sent.size();
    die_and_start(is_back);
    EXPECT_EQ(text("SM" + n, "+1415555410" + n), is_back ? "durable" : "spooled");
    if (!is_back) bring_back();
    run();
    EXPECT_EQ(carrier_.sent.size(), sent);
    EXPECT_EQ(replies().back(), "SM" + n + ".triage_reply unknown");
  }
}

// Goal: where it is not known who must not be texted, nobody is acknowledged until the database is back.
TEST_F(WithoutDatabase, WithoutAGuardNobodyIsAcknowledged) {
  stop();
  fs::remove(database_.folder() + "/jobrun.db.guard");
  take_away();
  start();
  EXPECT_EQ(text("SM1", "+14155554001"), "spooled");
  EXPECT_TRUE(carrier_.sent.empty());
  bring_back();
  EXPECT_EQ(texted(), (Callers{"+14155554001"}));
}

}  // namespace
}  // namespace jobrun::app
