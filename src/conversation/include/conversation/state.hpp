// What is known of the job that one customer and one number of a business are talking about.
//
// A conversation lasts as long as the pair; its job does not: after a week of silence, or once it is cancelled or
// declined, the customer's next words begin another.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"
#include "conversation/intake.hpp"

namespace jobrun::conversation {

enum class Step {
  quiet,      ///< the customer has said nothing, or nothing to act on
  asked,      ///< he has been asked the one question
  told,       ///< the owner has the job, and has not decided
  accepted,   ///< by the owner
  declined,   ///< by the owner
  cancelled,  ///< by the customer
};

struct State {
  Step step = Step::quiet;
  Intake job{};  ///< what all his texts about this job say together; without `because`
  bool was_asked = false;
  Instant last_customer_text_at{};
  std::optional<Instant> told_at{};         ///< when the owner was last told something of it
  std::optional<Instant> decided_at{};      ///< when he accepted or declined
  std::optional<Instant> owner_wrote_at{};  ///< when words of his were last passed on: they talk with each other
  std::optional<Instant> replied_at{};      ///< when the customer was last answered by us
  std::optional<Instant> danger_at{};       ///< when the customer was last told what to do in danger
  std::optional<Locale> language{};         ///< that the customer writes in, or chose
  std::optional<Instant> counted_from{};    ///< since when the customer's texts are counted: ten minutes at most
  int counted = 0;                          ///< so many since then
  friend bool operator==(const State&, const State&) = default;
};

}  // namespace jobrun::conversation

namespace jobrun {

template <>
struct NamesOf<conversation::Step> {
  using Step = conversation::Step;
  static constexpr std::array<Named<Step>, 6> rows = {{{Step::quiet, "quiet"},
                                                       {Step::asked, "asked"},
                                                       {Step::told, "told"},
                                                       {Step::accepted, "accepted"},
                                                       {Step::declined, "declined"},
                                                       {Step::cancelled, "cancelled"}}};
};

}  // namespace jobrun
