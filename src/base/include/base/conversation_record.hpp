// A conversation as the store keeps it: whose it is, and a state that only those who decide texts can read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/locale.hpp"
#include "base/phone_number.hpp"
#include "base/time.hpp"

namespace jobrun {

inline constexpr std::size_t conversation_state_bytes_max = 8'192;

/// The business records of a missed call: Customer, Conversation (mode OPERATIONAL), the missed call's
/// Message, and the promised text's Message when there is one.
struct CustomerContact {
  ClientId client;
  E164 number;
  E164 customer;
  friend bool operator==(const CustomerContact&, const CustomerContact&) = default;
};

struct ConversationRecord {
  CustomerContact contact;
  std::string step{};                ///< in the words of the conversation module; empty: nobody has said anything
  std::string state{};               ///< JSON, at most conversation_state_bytes_max
  std::optional<Locale> language{};  ///< of the customer, once he has shown or chosen it
  Instant active_at{};  ///< when its customer or its owner last said something; the epoch: neither has
  friend bool operator==(const ConversationRecord&, const ConversationRecord&) = default;
};

/// What one of the phones of a business decided about a customer's job.
struct JobDecision {
  CustomerContact contact;
  bool is_accepted = false;
  Instant at{};
};

/// What an owner changed about whether he works. What is empty stays as it is.
struct AvailabilityChange {
  ClientId client;
  std::optional<bool> paused{};
  std::optional<std::optional<Instant>> busy_until{};
};

}  // namespace jobrun
