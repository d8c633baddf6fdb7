// An owner's sign-up as the store keeps it, and back.
#pragma once

#include <optional>

#include "base/onboarding_record.hpp"
#include "onboarding/state.hpp"

namespace jobrun::texting {

struct SignUp {
  onboarding::State state;
  E164 number = E164::from_digits(0);  ///< the sign-up number that he texted last: replies leave from it
};

/// What it is looked for by, and the state as JSON.
OnboardingRecord record_of(const SignUp& sign_up, Instant now);

/// Empty for what record_of() never made.
std::optional<SignUp> sign_up_of(const OnboardingRecord& record);

}  // namespace jobrun::texting
