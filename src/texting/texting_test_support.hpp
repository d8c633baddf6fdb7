// What the tests of texting share: a directory with a number of each kind, and facts that can be set.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fixed_time_zones.hpp"
#include "base/testing/no_facts.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

inline constexpr Instant noon = from_unix_ms(1'767'434'400'000);
inline constexpr Duration second{1'000};
inline const E164 business_number = E164::from_digits(14155550100);
inline const E164 orphan = E164::from_digits(14155550200);
inline const E164 sign_up = E164::from_digits(14155550300);
inline const E164 registered = E164::from_digits(14155550400);
inline const E164 unknown = E164::from_digits(14155550500);
inline const E164 owner = E164::from_digits(14155550990);
inline const E164 customer = E164::from_digits(14155550123);
inline const ClientId client{7};

struct FakeFacts final : testing_support::NoFacts<> {
  std::set<std::string> texts;
  PhoneFacts phone;          ///< of everybody
  std::set<E164> opted_out;  ///< besides
  std::optional<LastChoice> last;
  std::optional<AlertId> lead;
  std::optional<ClientId> lead_of;
  std::vector<FactScope> scopes;

  bool has_inbound_text(std::string_view sid) override { return texts.contains(std::string(sid)); }
  std::optional<LastChoice> last_choice(const FactScope& scope, E164) override {
    scopes.push_back(scope);
    return last;
  }
  std::optional<AlertId> waiting_lead(std::optional<ClientId> of, E164, Instant) override {
    lead_of = of;
    return lead;
  }
  PhoneFacts phone_facts(const FactScope&, E164 of) override {
    PhoneFacts known = phone;
    known.opted_out = known.opted_out || opted_out.contains(of);
    return known;
  }

  std::optional<LastText> last_first_text(const CallerPair&) override { return last_text; }
  std::int64_t texts_since(const CallerPair&, Instant) override { return texts_of_late; }
  std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) override {
    if (purpose != Purpose::triage_reply || !last_acknowledged || *last_acknowledged < since) return std::nullopt;
    pairs_asked.push_back(pair);
    return last_acknowledged;
  }
  std::optional<TextOnRecord> find_text(const TextId&) override { return known_text; }
  bool are_facts_known() override { return knows_facts; }
  TextCounts texts_on_day(std::optional<ClientId>, std::string_view, std::int64_t) override { return today; }
  bool is_sender_blocked(const Way&) override { return is_blocked; }
  bool are_records_known() override { return knows_onboarding; }
  std::optional<OnboardingRecord> find_onboarding(E164) override { return onboarding; }
  std::optional<ConversationRecord> find_conversation(const CustomerContact& contact) override {
    const auto found = std::ranges::find(conversations, contact, &ConversationRecord::contact);
    return found == conversations.end() ? std::nullopt : std::optional(*found);
  }
  std::vector<ConversationRecord> recent_conversations(ClientId of, std::int64_t) override {
    std::vector<ConversationRecord> found;
    for (const ConversationRecord& record : conversations) {
      if (record.contact.client == of) found.push_back(record);
    }
    std::ranges::sort(found, std::greater{}, &ConversationRecord::active_at);
    return found;
  }
  std::optional<ClientProfile> find_client(ClientId) override { return profile; }
  std::optional<E164> available_number(std::span<const std::string>) override { return available; }
  std::optional<CallToNumber> call_to_number(E164, Instant) override { return call; }

  std::optional<LastText> last_text;
  std::int64_t texts_of_late = 0;
  std::optional<Instant> last_acknowledged;
  std::vector<CallerPair> pairs_asked;
  TextCounts today;
  bool knows_facts = true;
  bool knows_onboarding = true;
  std::optional<OnboardingRecord> onboarding;
  std::vector<ConversationRecord> conversations;
  std::optional<ClientProfile> profile;  ///< empty: as the directory has it
  std::optional<E164> available;
  std::optional<CallToNumber> call;
  bool is_blocked = false;
  std::optional<TextOnRecord> known_text;
};

struct FakePlan final : NumberingPlan {
  std::string country_of(E164 number) override { return number.text().starts_with("+1") ? "US" : "GB"; }
  bool is_landline(E164) override { return false; }
};

inline std::shared_ptr<const directory::Snapshot> a_directory(const ClientSettings& settings = {}) {
  ClientProfile profile;
  profile.id = client;
  profile.name = "Smith & Sons";
  profile.owner_phone = owner;
  profile.settings = settings;
  directory::Snapshot::Builder builder;
  builder.add(profile);
  builder.add(PoolNumber{business_number, NumberRole::operational, client});
  builder.add(PoolNumber{orphan, NumberRole::operational, std::nullopt});
  builder.add(PoolNumber{sign_up, NumberRole::onboarding, std::nullopt});
  builder.add(PoolNumber{registered, NumberRole::system, std::nullopt});
  return std::move(builder).build({}, 1);
}

inline InboundText a_text(const std::string& from, E164 to, const std::string& body) {
  return {
      .message_sid = "SM1", .sender = Caller::parse(from), .number = to, .number_text = to.text(), .body = body};
}

class Texting : public testing::Test {
 protected:
  Commit decide_text(const InboundText& text) {
    return decide(text, {*directory, plan, policy, sign_ups, zones}, facts, noon);
  }
  Commit decide_text(E164 from, E164 to, const std::string& body) {
    return decide_text(a_text(from.text(), to, body));
  }
  TakenAs taken_as(const std::string& from, E164 to, const std::string& body = "Leak, today please") {
    return decide_text(a_text(from, to, body)).inbound->taken_as;
  }
  void use(const ClientSettings& settings) { directory = a_directory(settings); }
  ClientSettings client_settings;
  std::shared_ptr<const directory::Snapshot> directory = a_directory();
  FakePlan plan;
  flow::Policy policy;
  SignUpPolicy sign_ups;
  testing_support::FixedTimeZones zones;
  FakeFacts facts;
};

}  // namespace jobrun::texting
