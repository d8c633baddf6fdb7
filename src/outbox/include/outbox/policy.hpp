// The exit policy: which purposes of a text may leave because of which kind of event. The one table at the
// one exit, so that "no onboarding text may ever leave because of a voice event" has one place to be true in.
#pragma once

#include <array>
#include <cstddef>

#include "base/call.hpp"
#include "base/text.hpp"

namespace jobrun::outbox {

enum class Ruling {
  allowed,    ///< leaves
  unlisted,   ///< nobody has thought of the pair: leaves, with a warning and a count
  forbidden,  ///< never leaves: the attempt is a broken invariant, and its call is escalated
};

struct PolicyRow {
  Purpose purpose;
  std::array<Ruling, NamesOf<Origin>::rows.size()>
      rulings;  ///< in the order of Origin: voice, status, text, sweep, canary, command, alert, time
};

namespace detail {
inline constexpr Ruling yes = Ruling::allowed;
inline constexpr Ruling warn = Ruling::unlisted;
inline constexpr Ruling never = Ruling::forbidden;
}  // namespace detail

/// In the order of Purpose. Onboarding happens by text alone: `voice`, `status` and `canary` are voice
/// events, and what a `sweep` finds may be a call. A text that answers a text has the origin `text`, whatever
/// found that text, the sweep too: so `sweep` is about calls, and replies by it nobody has thought of. What tells
/// people of alerts and what texts customers never take each other's way.
// clang-format off
inline constexpr std::array<PolicyRow, NamesOf<Purpose>::rows.size()> policy_table = {{
    //                           voice          status         text          sweep          canary         command      alert          time
    {Purpose::customer_intake, {{detail::yes,   detail::yes,   detail::warn, detail::yes,   detail::warn,  detail::yes,   detail::never, detail::warn}}},
    {Purpose::failsafe,        {{detail::yes,   detail::yes,   detail::warn, detail::yes,   detail::warn,  detail::yes,   detail::never, detail::warn}}},
    {Purpose::customer_reply,  {{detail::warn,  detail::warn,  detail::yes,  detail::warn,  detail::warn,  detail::yes,   detail::never, detail::warn}}},
    {Purpose::owner_reply,     {{detail::warn,  detail::warn,  detail::yes,  detail::warn,  detail::warn,  detail::yes,   detail::never, detail::warn}}},
    {Purpose::onboarding,      {{detail::never, detail::never, detail::yes,  detail::never, detail::never, detail::yes,   detail::never, detail::yes}}},
    {Purpose::triage_reply,    {{detail::warn,  detail::warn,  detail::yes,  detail::warn,  detail::warn,  detail::yes,   detail::never, detail::warn}}},
    {Purpose::canary,          {{detail::warn,  detail::warn,  detail::warn, detail::warn,  detail::yes,   detail::warn,  detail::never, detail::warn}}},
    {Purpose::alert,           {{detail::never, detail::never, detail::never, detail::never, detail::never, detail::never, detail::yes, detail::never}}},
}};
// clang-format on

/// What the table says of a pair. A value that is no enumerator is forbidden: it came from no code of ours.
constexpr Ruling rule_on(Purpose purpose, Origin origin) {
  const auto column = static_cast<std::size_t>(origin);
  for (const PolicyRow& row : policy_table) {
    if (row.purpose == purpose && column < row.rulings.size()) return row.rulings[column];
  }
  return Ruling::forbidden;
}

}  // namespace jobrun::outbox
