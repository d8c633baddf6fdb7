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
struct FakeFacts final : FactReader {
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
  std::int64_t texts_since(const CallerPair&, Instant) override { return 0; }
  std::optional<Instant> last_promised(const CallerPair&, Purpose, Instant) override { return std::nullopt; }
  TextCounts texts_on_day(std::optional<ClientId>, std::string_view country, std::int64_t) override {
    country_asked = country;
    return {};
  }
  std::optional<TextOnRecord> find_text(const TextId&) override { return std::nullopt; }
  bool has_message_event(TextRow, std::string_view, std::string_view) override { return false; }
  bool was_lost(TextRow, std::string_view) override { return false; }
  std::optional<ToldLoss> told_lost(TextRow, std::string_view) override { return std::nullopt; }
  std::optional<std::string> told_message(TextRow) override { return std::nullopt; }
  bool has_inbound_text(std::string_view) override { return false; }
  std::optional<LastChoice> last_choice(const FactScope&, E164) override { return std::nullopt; }
  std::optional<OnboardingRecord> find_onboarding(E164) override { return std::nullopt; }
  std::optional<ConversationRecord> find_conversation(const CustomerContact&) override { return std::nullopt; }
  std::vector<ConversationRecord> recent_conversations(ClientId, std::int64_t) override { return {}; }
  std::optional<ClientProfile> find_client(ClientId) override { return std::nullopt; }
  std::optional<E164> available_number(std::span<const std::string>) override { return std::nullopt; }
  std::optional<CallToNumber> call_to_number(E164, Instant) override { return std::nullopt; }
  std::optional<AlertId> waiting_lead(std::optional<ClientId>, E164, Instant) override { return std::nullopt; }
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
