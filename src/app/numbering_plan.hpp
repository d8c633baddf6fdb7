// The numbering plan, from libphonenumber.
#pragma once

#include <memory>

#include "base/ports/numbering_plan.hpp"

namespace jobrun::app {

/// Answers country_of from a table filled as calling codes and North American area codes are met, so that
/// the library's 50 us are paid once each and not per call. Thread-safe.
std::unique_ptr<NumberingPlan> make_numbering_plan();

}  // namespace jobrun::app
