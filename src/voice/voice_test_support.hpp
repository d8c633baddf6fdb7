// Facts, a directory and calls for tests of what call Events mean.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"
#include "base/testing/no_facts.hpp"
#include "voice/decide.hpp"

namespace jobrun::voice {

inline constexpr E164 business_number = E164::from_digits(14155550100);
inline constexpr E164 orphan_number = E164::from_digits(14155550101);
inline constexpr E164 sign_up_number = E164::from_digits(14155550102);
inline constexpr E164 stranger_number = E164::from_digits(14155550199);
inline constexpr E164 owner_phone = E164::from_digits(14155550150);
inline const Instant noon = from_unix_ms(1'767'441'600'000);

/// But for callers from Britain, everybody is in the US.
struct AlmostEverybodyInTheUs final : NumberingPlan {
  std::string country_of(E164 number) override { return number.text().starts_with("+44") ? "GB" : "US"; }
  bool is_landline(E164) override { return false; }
};

/// Facts as a test sets them; an empty world by default.
struct FakeFacts final : testing_support::NoFacts<> {
  std::map<std::string, CallRecord> calls;
  std::vector<std::string> events;
  PhoneFacts phone;
  std::optional<LastText> last;
  FactScope scope_asked;
  std::string country_asked;
  std::vector<Way> blocked_senders;
  std::int64_t rung = 0;

  std::optional<CallRecord> find_call(const CallSid& call_sid) override {
    const auto found = calls.find(call_sid.text());
    return found == calls.end() ? std::nullopt : std::optional(found->second);
  }
  std::int64_t calls_rung_since(const Caller&, E164, Instant) override { return rung; }
  bool has_event(CallId, std::string_view key) override { return std::ranges::find(events, key) != events.end(); }
  PhoneFacts phone_facts(const FactScope& scope, E164) override {
    scope_asked = scope;
    return phone;
  }
  std::optional<LastText> last_first_text(const CallerPair&) override { return last; }
  TextCounts texts_on_day(std::optional<ClientId>, std::string_view country, std::int64_t) override {
    country_asked = country;
    return {};
  }
  bool is_sender_blocked(const Way& way) override {
    return std::ranges::find(blocked_senders, way) != blocked_senders.end();
  }
};

inline ClientProfile a_client() {
  ClientProfile client;
  client.id = {7};
  client.name = "Smith & Sons";
  client.owner_phone = owner_phone;
  return client;
}

inline std::shared_ptr<const directory::Snapshot> a_directory(const ClientProfile& client = a_client()) {
  directory::Snapshot::Builder builder;
  builder.add(client);
  builder.add(PoolNumber{business_number, NumberRole::operational, client.id});
  builder.add(PoolNumber{orphan_number, NumberRole::operational, std::nullopt});
  return std::move(builder).build({.onboarding = sign_up_number, .failsafe_sender = std::nullopt}, 1);
}

inline const CallSid call_sid = *CallSid::parse("CA00000000000000000000000000000001");

inline CallDetails a_call_to(E164 number) {
  return {.call_sid = call_sid,
          .caller = Caller::parse("+14155550123"),
          .number = number,
          .number_text = number.text(),
          .forwarded_from = {},
          .parent = {}};
}

}  // namespace jobrun::voice
