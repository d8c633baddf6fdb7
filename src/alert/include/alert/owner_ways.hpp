// By which ways an owner hears of what is his: as he chose, and where that way is not set up, by the other.
#pragma once

#include <cstddef>
#include <span>

#include "base/alert.hpp"
#include "base/records.hpp"

namespace jobrun::alert {

/// The ways to people that are set up.
struct WaysSetUp {
  bool email = false;
  bool text = false;
};

/// Both false: nothing that is set up reaches him, and the operator stands in.
struct OwnerWays {
  bool by_email = false;
  bool by_text = false;
};

OwnerWays ways_of_owner(const ClientProfile& owner, const WaysSetUp& set_up);

/// The same of one kind of alert: how he wants his weekly summary he has said apart from the rest.
OwnerWays ways_of_owner(const ClientProfile& owner, AlertKind kind, const WaysSetUp& set_up);

/// How many owners chose a way that is not set up, and are told otherwise. Who never gave an address has chosen
/// nothing: by text is how everybody begins.
struct UnkeptChoices {
  std::size_t email = 0;
  std::size_t text = 0;
};

UnkeptChoices unkept_choices(std::span<const ClientProfile> owners, const WaysSetUp& set_up);

}  // namespace jobrun::alert
