// What may be a name, a web address, an e-mail address.
#pragma once

#include <optional>
#include <string_view>

namespace jobrun::onboarding {

/// Why something that was said cannot be taken.
enum class Refusal {
  link,      ///< a web address
  signs,     ///< signs that no name has
  too_long,  ///< longer than anything that is asked for
  bad_email,
};

/// Of whom or what.
enum class NameOf { business, person, work, place };

/// Why this cannot be such a name: letters of any alphabet, digits and `& ' . , - + ! /` only, within the bounds
/// of State. Empty: it can.
std::optional<Refusal> refusal_of(std::string_view name, NameOf what);

bool is_link(std::string_view word);
bool is_email(std::string_view word);

}  // namespace jobrun::onboarding
