// Calls and signing up have nothing to do with each other: no call of any kind changes how far an owner has come,
// or makes a text of the sign-up leave.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "sign_up_test_support.hpp"

namespace jobrun::app {
namespace {

const E164 owner = E164::from_digits(447700900123);
const E164 business = E164::from_digits(14155550100);
const E164 orphan = E164::from_digits(14155550200);
const E164 registered = E164::from_digits(14155550400);
const E164 unknown = E164::from_digits(14155550500);
const E164 waiting_number = E164::from_digits(14155550600);

/// What the owner texts to come from one step into the next.
constexpr std::array answers = {"Hello", "Plumber in Leeds", "Smith & Sons", "Ada", "text",
                                "yes",   "iphone",           "done"};

class Isolation : public testing::Test {
 protected:
  Isolation() {
    service.change([](StoreBatch& batch, Instant now) -> Result<void> {
      ClientProfile profile;
      profile.name = "Jones";
      profile.owner_phone = E164::from_digits(14155559999);
      const auto client = batch.change_directory(AddClient{profile}, now);
      if (!client) return std::unexpected(client.error());
      for (const PoolNumber& number : {PoolNumber{business, NumberRole::operational, **client, false},
                                       PoolNumber{orphan, NumberRole::operational, std::nullopt, false},
                                       PoolNumber{registered, NumberRole::system, std::nullopt, false}}) {
        if (const auto added = batch.change_directory(AddNumber{number}, now); !added) {
          return std::unexpected(added.error());
        }
      }
      return {};
    });
    service.look();
  }

  void owner_texts(std::string_view words) {
    service.clock.advance(std::chrono::minutes{1});
    service.text(owner, words);
    service.look();
  }
  std::vector<E164> numbers() {
    std::vector<E164> all = {business, orphan, registered, unknown, waiting_number, sign_up_number};
    for (const OnboardingRecord& known : service.owners()) {
      if (known.number) all.push_back(*known.number);
    }
    return all;
  }
  std::int64_t onboarding_texts() const {
    return std::ranges::count_if(service.carrier.sent,
                                 [](const OutgoingText& text) { return text.id.purpose == Purpose::onboarding; });
  }
  /// A call from there to there, of which everything is told that a carrier can tell, each twice.
  void whole_call(const std::string& caller, E164 number, CallStatus end, bool is_forwarded) {
    const CallDetails call =
        service.call_details(caller, number, is_forwarded ? std::optional(owner) : std::nullopt);
    for (int times = 0; times < 2; ++times) {
      service.submit(IncomingCall{call});
      service.event(call, CallStatus::ringing);
      service.event(call, end);
    }
  }
  /// Calls of every kind change nothing of that. Whose test call is not due yet has none forwarded.
  void expect_untouched_by_calls(bool is_forwarding) {
    const std::vector<OnboardingRecord> before = service.owners();
    const std::int64_t texts = onboarding_texts();
    for (const E164 number : numbers()) {
      for (const CallStatus end : final_call_statuses) {
        for (const std::string& caller : {owner.text(), std::string("+12135550123"), std::string("anonymous")}) {
          for (const bool is_forwarded : {false, true}) {
            if (is_forwarding || !is_forwarded) whole_call(caller, number, end, is_forwarded);
          }
        }
      }
    }
    service.look();
    EXPECT_EQ(service.owners(), before);
    EXPECT_EQ(onboarding_texts(), texts);
  }

  Service service;
};

// Goal: no call, by whomever, to whichever number, however it ends, changes an owner's sign-up or makes one of its
// texts leave, whatever step he is in.
// Method: every step, with and without a number in the pool; in each all kinds of calls.
TEST_F(Isolation, NoCallTouchesAnOwnerInAnyStep) {
  std::set<std::string> steps;
  const auto look = [&] {
    const std::vector<OnboardingRecord> owners = service.owners();
    const bool has_no_number = owners.empty() || !owners[0].number;
    expect_untouched_by_calls(has_no_number || owners[0].step == "test_call" || owners[0].step == "live");
    for (const OnboardingRecord& known : service.owners()) steps.insert(known.step);
  };
  look();
  for (const char* const words : answers) {
    owner_texts(words);
    look();
    // He waits for a number, until one comes.
    if (std::string_view(words) != "yes") continue;
    service.add_number(waiting_number);
    service.clock.advance(std::chrono::minutes{1});
    service.look();
    look();
  }
  // Now he has a number, and calls to it were forwarded: his next text tells him that all is well.
  owner_texts("done");
  look();
  owner_texts("STOP");
  look();
  EXPECT_EQ(steps.size(), NamesOf<onboarding::Step>::rows.size());
}

// Goal: the same for histories that nobody has thought of.
// Method: random calls, texts of the owner and of others, and time; what a call came between is compared.
TEST_F(Isolation, NoCallTouchesAnOwnerInAnyHistory) {
  EXPECT_TRUE(rc::check("calls and sign-ups have nothing to do with each other", [this] {
    owner_texts("RESTART");
    const auto steps = *rc::gen::inRange(1, 12);
    for (int step = 0; step < steps; ++step) {
      if (*rc::gen::inRange(0, 2) == 0) {
        owner_texts(*rc::gen::elementOf(std::vector<std::string>(answers.begin(), answers.end())));
        continue;
      }
      const std::vector<OnboardingRecord> before = service.owners();
      const std::int64_t texts = onboarding_texts();
      whole_call(
          *rc::gen::element<std::string>(owner.text(), "+12135550124", "12345"), *rc::gen::elementOf(numbers()),
          *rc::gen::elementOf(std::vector<CallStatus>(final_call_statuses.begin(), final_call_statuses.end())),
          *rc::gen::arbitrary<bool>());
      RC_ASSERT(service.owners() == before);
      RC_ASSERT(onboarding_texts() == texts);
    }
  }));
}

// Goal: where a sign-up text is promised because of a call all the same, it does not leave, and the caller is
// served: by the fail-safe text, or, on the sign-up number, by what he has heard. Method: such a promise is put
// into the journal for a call to each kind of number.
TEST_F(Isolation, WhoseCallPromisedASignUpTextIsServed) {
  for (const E164 number : {business, unknown, sign_up_number}) {
    const std::string caller = "+1213555" + std::to_string(7'000 + number.digits() % 1'000);
    const CallDetails call = service.call_details(caller, number);
    service.submit(IncomingCall{call});
    service.submit(CallStatusChange{
        .call = call, .status = CallStatus::completed, .status_text = "completed", .person_took_call = true});
    const std::size_t before = service.carrier.sent.size();
    service.change([&](StoreBatch& batch, Instant now) -> Result<void> {
      Commit commit;
      commit.call = batch.find_call(call.call_sid)->id;
      commit.text = PromisedText{.id = {call.call_sid.text(), Purpose::onboarding},
                                 .origin = Origin::status,
                                 .pair = {*call.caller.number(), number},
                                 .ways = {{Account::first, number}},
                                 .body = "Welcome to JobRun!",
                                 .country = "US"};
      batch.write(commit, now);
      return {};
    });
    service.restart();
    service.look();
    const bool is_texted = number != sign_up_number;
    ASSERT_EQ(service.carrier.sent.size(), before + (is_texted ? 1 : 0)) << number.text();
    if (!is_texted) continue;
    EXPECT_EQ(service.carrier.sent.back().id.purpose, Purpose::failsafe);
    EXPECT_EQ(service.carrier.sent.back().body.find("Welcome"), std::string::npos);
  }
  EXPECT_EQ(service.meter.of(Metric::onboarding_isolation_violations), 3);
  const auto alerts =
      service.reader().due_alerts(AlertWay::webhook, service.clock.now() + std::chrono::hours{1}, 100);
  EXPECT_EQ(std::ranges::count(alerts, AlertKind::isolation_violation,
                               [](const AlertRecord& alert) { return alert.request.kind; }),
            3);
}

// --- the report's three cases -----------------------------------------------------------------------

class VoiceCallSystemFailSafe : public Isolation {
 protected:
  void miss_a_call() { whole_call("+12135550123", unknown, CallStatus::no_answer, false); }
};

// Goal: "sends fail-safe SMS with no DB records".
TEST_F(VoiceCallSystemFailSafe, SendsFailSafeTextWithNoBusinessRecords) {
  const auto business_rows = [this] {
    SQLite::Database database(service.database(), SQLite::OPEN_READONLY);
    std::int64_t rows = 0;
    for (const char* table : {"clients", "customers", "conversations", "messages", "onboarding_states"}) {
      rows += database.execAndGet(std::string("SELECT COUNT(*) FROM ") + table).getInt64();
    }
    return rows;
  };
  const std::int64_t before = business_rows();
  miss_a_call();
  ASSERT_EQ(service.carrier.sent.size(), 1U);
  EXPECT_EQ(service.carrier.sent[0].id.purpose, Purpose::failsafe);
  EXPECT_EQ(service.carrier.sent[0].recipient.text(), "+12135550123");
  EXPECT_EQ(service.carrier.sent[0].body.find("Jones"), std::string::npos) << "no business's name";
  EXPECT_EQ(business_rows(), before);
  EXPECT_EQ(service.meter.of(Metric::voice_system_failsafe_intake, "false", "no-answer"), 1);
}

// Goal: "SYSTEM fail-safe does NOT call sendOnboardingSms()".
TEST_F(VoiceCallSystemFailSafe, DoesNotSendAnOnboardingText) {
  miss_a_call();
  EXPECT_EQ(onboarding_texts(), 0);
  EXPECT_EQ(service.meter.of(Metric::texts_promised, "onboarding"), 0);
}

// Goal: "SYSTEM fail-safe does NOT call handleOnboardingSms()".
TEST_F(VoiceCallSystemFailSafe, DoesNotReachTheSignUp) {
  miss_a_call();
  EXPECT_TRUE(service.owners().empty());
}

}  // namespace
}  // namespace jobrun::app
