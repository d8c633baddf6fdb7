#include "alert/owner_ways.hpp"

namespace jobrun::alert {
namespace {

OwnerWays chosen_by(const ClientProfile& owner) {
  switch (owner.alert_by) {
    case AlertBy::text:
      return {.by_email = false, .by_text = true};
    case AlertBy::email:
      return {.by_email = true, .by_text = false};
    case AlertBy::both:
      return {.by_email = true, .by_text = true};
  }
  return {.by_email = false, .by_text = true};
}

OwnerWays chosen_for_summaries(const ClientProfile& owner) {
  switch (owner.settings.weekly_summary) {
    case SummaryBy::none:
      return chosen_by(owner);
    case SummaryBy::text:
      return {.by_email = false, .by_text = true};
    case SummaryBy::email:
      return {.by_email = true, .by_text = false};
  }
  return chosen_by(owner);
}

OwnerWays kept(const OwnerWays& chosen, const ClientProfile& owner, const WaysSetUp& set_up) {
  const bool can_be_mailed = set_up.email && !owner.owner_email.empty();
  return {.by_email = can_be_mailed && (chosen.by_email || !set_up.text),
          .by_text = set_up.text && (chosen.by_text || !can_be_mailed)};
}

}  // namespace

OwnerWays ways_of_owner(const ClientProfile& owner, const WaysSetUp& set_up) {
  return kept(chosen_by(owner), owner, set_up);
}

OwnerWays ways_of_owner(const ClientProfile& owner, AlertKind kind, const WaysSetUp& set_up) {
  return kept(kind == AlertKind::weekly_summary ? chosen_for_summaries(owner) : chosen_by(owner), owner, set_up);
}

UnkeptChoices unkept_choices(std::span<const ClientProfile> owners, const WaysSetUp& set_up) {
  UnkeptChoices unkept;
  for (const ClientProfile& owner : owners) {
    const OwnerWays chosen = chosen_by(owner);
    if (chosen.by_email && !set_up.email) ++unkept.email;
    if (chosen.by_text && !set_up.text && !owner.owner_email.empty()) ++unkept.text;
  }
  return unkept;
}

}  // namespace jobrun::alert
