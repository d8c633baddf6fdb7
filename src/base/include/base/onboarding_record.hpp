// An owner's sign-up as the store keeps it: what it is looked for by, and a state that only the onboarding module
// can read.
//
// Nothing that a voice event decides may make one: the store refuses a commit that is about a call and has one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/time.hpp"

namespace jobrun {

inline constexpr std::size_t onboarding_state_bytes_max = 8'192;

struct OnboardingRecord {
  E164 owner_phone = E164::from_digits(0);  ///< the key
  std::string step{};                       ///< in the words of the onboarding module
  std::string state{};                     ///< JSON of the onboarding module's, at most onboarding_state_bytes_max
  std::optional<E164> number{};            ///< the one that was given to him
  std::optional<ClientId> client{};        ///< made of his answers; present exactly with `number`
  std::optional<Instant> waiting_since{};  ///< his place on the list for numbers
  Instant step_since{};
  Instant last_text_at{};                ///< his last
  std::optional<Instant> due_at{};       ///< when he is to be looked at next: a reminder, or too long in a step
  std::optional<Instant> approved_at{};  ///< the operator lets him in, and that has not been taken up yet
  friend bool operator==(const OnboardingRecord&, const OnboardingRecord&) = default;
};

/// What an owner's text, or time, changes. Written as one.
struct OnboardingChange {
  OnboardingRecord record;
  /// The business that his answers make: a new client when `record.client` is empty, whose id is then put into the
  /// record, else the client's new profile. Its id is ignored.
  std::optional<ClientProfile> profile{};
  /// Taken from the pool for him, in the same transaction: becomes operational and that client's. It has to be
  /// available still, or the batch fails.
  std::optional<E164> takes{};
};

/// What the call ledger says of calls to a number.
struct CallToNumber {
  Instant at{};                ///< its first event
  bool was_forwarded = false;  ///< another phone sent it on, as the carrier tells (`ForwardedFrom`)
};

}  // namespace jobrun
