// An owner signs up: what his texts, the operator and time make of it, each as one Commit.
//
// Only texts to a sign-up number, the operator and time come here: nothing that a voice event decides may include
// this, or the module behind it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "onboarding/turn.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

/// What moves a sign-up on without a text of the owner's.
enum class Nudge {
  number_arrived,  ///< there are numbers in the pool again
  approved,        ///< the operator lets him in
  time_passed,     ///< he is to be reminded, or somebody has to look after him
};

/// What the nudge means for that owner by now; empty: nothing. Runs on the writer, inside the batch, so that two
/// owners never get one number. Throws what `facts` throws.
std::optional<Commit> move_on(E164 owner, Nudge nudge, const Surroundings& around, FactReader& facts, Instant now);

/// How the operator sees one who signs up.
struct SignUpView {
  std::string owner_phone;  ///< E.164
  std::string step;
  std::string step_since;  ///< ISO 8601, UTC
  std::string last_text_at;
  std::string business_name;  ///< empty: not told yet
  std::string owner_name;
  std::string place;
  std::string number;  ///< E.164; empty: none yet
  std::optional<ClientId> client;
  bool is_waiting_for_number = false;
  bool is_waiting_for_approval = false;
  bool is_handed_over = false;
  bool is_stopped = false;
  bool is_stuck = false;
};

/// Empty for a record that cannot be read.
std::optional<SignUpView> view_of(const OnboardingRecord& record, Instant now);

}  // namespace jobrun::texting
