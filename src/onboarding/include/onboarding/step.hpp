// The steps in which an owner signs up by text, in their order.
//
// Pure vocabulary. Nothing that a voice event can reach may include this: no onboarding text may ever leave
// because somebody called.
#pragma once

#include <array>
#include <optional>

#include "base/names.hpp"

namespace jobrun::onboarding {

/// What an owner is being asked for, or told, next.
enum class Step {
  business_type_and_place,
  business_name,
  owner_name,
  how_to_be_alerted,
  confirm,
  number_allocation,  ///< ours to do: a number is taken from the pool
  phone_type,
  forwarding_instructions,  ///< for the owner's kind of phone
  test_call,
  live,  ///< signed up: nothing follows
};

/// The step that follows; empty after `live`.
std::optional<Step> step_after(Step step);

/// The step that BACK leads to: the one before, but never across the allocation of a number, which is not
/// undone by a text, nor out of `live`. Empty where there is no way back.
std::optional<Step> step_before(Step step);

}  // namespace jobrun::onboarding

namespace jobrun {

template <>
struct NamesOf<onboarding::Step> {
  static constexpr std::array<Named<onboarding::Step>, 10> rows = {
      {{onboarding::Step::business_type_and_place, "business_type_and_place"},
       {onboarding::Step::business_name, "business_name"},
       {onboarding::Step::owner_name, "owner_name"},
       {onboarding::Step::how_to_be_alerted, "how_to_be_alerted"},
       {onboarding::Step::confirm, "confirm"},
       {onboarding::Step::number_allocation, "number_allocation"},
       {onboarding::Step::phone_type, "phone_type"},
       {onboarding::Step::forwarding_instructions, "forwarding_instructions"},
       {onboarding::Step::test_call, "test_call"},
       {onboarding::Step::live, "live"}}};
};

}  // namespace jobrun
