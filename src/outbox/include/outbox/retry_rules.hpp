#pragma once

#include "base/time.hpp"

namespace jobrun::outbox {

/// When a text that did not leave, or was lost, is tried again.
struct RetryRules {
  Duration back_off_min{1'000};  ///< before the second attempt; then doubled, with jitter
  Duration back_off_max{60'000};
  Duration retry_after_max{15 * 60'000};  ///< a carrier that asks for more is asked again after this
  Duration once_more_after{10 * 60'000};  ///< for a phone to be switched on, or a network to recover
  Duration useful_for{2 * 60 * 60'000};   ///< from the call's end
  int lost_max = 5;                       ///< requests of one text, after which a loss is final
  Duration outcome_deadline{60'000};      ///< of a call whose text was lost, from when that is tried again
};

}  // namespace jobrun::outbox
