#include "onboarding/step.hpp"

namespace jobrun::onboarding {

std::optional<Step> step_after(Step step) {
  switch (step) {
    case Step::business_type_and_place:
      return Step::business_name;
    case Step::business_name:
      return Step::owner_name;
    case Step::owner_name:
      return Step::how_to_be_alerted;
    case Step::how_to_be_alerted:
      return Step::confirm;
    case Step::confirm:
      return Step::number_allocation;
    case Step::number_allocation:
      return Step::phone_type;
    case Step::phone_type:
      return Step::forwarding_instructions;
    case Step::forwarding_instructions:
      return Step::test_call;
    case Step::test_call:
      return Step::live;
    case Step::live:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Step> step_before(Step step) {
  switch (step) {
    case Step::business_type_and_place:
    case Step::number_allocation:
    case Step::phone_type:
    case Step::live:
      return std::nullopt;
    case Step::business_name:
      return Step::business_type_and_place;
    case Step::owner_name:
      return Step::business_name;
    case Step::how_to_be_alerted:
      return Step::owner_name;
    case Step::confirm:
      return Step::how_to_be_alerted;
    case Step::forwarding_instructions:
      return Step::phone_type;
    case Step::test_call:
      return Step::forwarding_instructions;
  }
  return std::nullopt;
}

}  // namespace jobrun::onboarding
