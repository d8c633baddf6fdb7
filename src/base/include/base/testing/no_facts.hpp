// A world of which nothing is known, for tests to override what they are about.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ports/store.hpp"

namespace jobrun::testing_support {

/// `Base` is FactReader, or what is more than that.
template <class Base = FactReader>
class NoFacts : public Base {
 public:
  std::optional<CallRecord> find_call(const CallSid&) override { return std::nullopt; }
  std::int64_t calls_rung_since(const Caller&, E164, Instant) override { return 0; }
  bool has_event(CallId, std::string_view) override { return false; }
  PhoneFacts phone_facts(const FactScope&, E164) override { return {}; }
  std::optional<LastText> last_first_text(const CallerPair&) override { return std::nullopt; }
  std::int64_t texts_since(const CallerPair&, Instant) override { return 0; }
  std::optional<Instant> last_promised(const CallerPair&, Purpose, Instant) override { return std::nullopt; }
  TextCounts texts_on_day(std::optional<ClientId>, std::string_view, std::int64_t) override { return {}; }
  std::optional<TextOnRecord> find_text(const TextId&) override { return std::nullopt; }
  bool has_message_event(TextRow, std::string_view, std::string_view) override { return false; }
  bool was_lost(TextRow, std::string_view) override { return false; }
  std::optional<ToldLoss> told_lost(TextRow, std::string_view) override { return std::nullopt; }
  std::optional<std::string> told_message(TextRow) override { return std::nullopt; }
  bool is_sender_blocked(const Way&) override { return false; }
  bool has_inbound_text(std::string_view) override { return false; }
  std::optional<LastChoice> last_choice(const FactScope&, E164) override { return std::nullopt; }
  std::optional<OnboardingRecord> find_onboarding(E164) override { return std::nullopt; }
  std::optional<ConversationRecord> find_conversation(const CustomerContact&) override { return std::nullopt; }
  std::vector<ConversationRecord> recent_conversations(ClientId, std::int64_t) override { return {}; }
  std::optional<ClientProfile> find_client(ClientId) override { return std::nullopt; }
  std::optional<E164> available_number(std::span<const std::string>) override { return std::nullopt; }
  std::optional<CallToNumber> call_to_number(E164, Instant) override { return std::nullopt; }
  std::optional<AlertId> waiting_lead(std::optional<ClientId>, E164, Instant) override { return std::nullopt; }
};

}  // namespace jobrun::testing_support
