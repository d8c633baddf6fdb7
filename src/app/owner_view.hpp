// An owner who signs up, as the command line and the API show him.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/onboarding_record.hpp"
#include "base/time.hpp"

namespace jobrun::app {

/// `phone`, `step`, `step_since`, `last_text_at`, `business_name`, `owner_name`, `place`, `number`, `client_id`,
/// `waits_for` (`number`, `approval` or `person`), `is_stopped`, `is_stuck`; null for what is not there. Null for
/// a record that cannot be read.
nlohmann::json owner_view(const OnboardingRecord& record, Instant now);

}  // namespace jobrun::app
