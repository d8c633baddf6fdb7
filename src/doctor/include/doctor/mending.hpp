// What of the numbers' configuration at the carrier we would set, and what came of setting it.
#pragma once

#include <string>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "doctor/drift.hpp"

namespace jobrun::doctor {

/// What a voice URL of ours ends with: how long the carrier tries to connect and to read, in milliseconds, that it
/// tries twice more, and after which failures: all. Together less than the 15 s that it gives a webhook.
inline constexpr std::string_view recommended_retries = "#ct=2000&rt=4000&rc=2&rp=all";

struct FieldChange {
  WebhookField field = WebhookField::voice_url;
  std::string from;
  std::string to;
};

/// One request to the carrier.
struct NumberChange {
  E164 number;
  std::string sid;
  std::string what;                 ///< for a person: `a number of the pool`
  std::vector<FieldChange> fields;  ///< never empty
};

/// A number that is not as it should be, and that is not ours to set.
struct LeftAlone {
  E164 number;
  std::string why;
};

struct Plan {
  std::vector<NumberChange> changes;  ///< ascending
  std::vector<LeftAlone> left_alone;  ///< ascending
};

/// Pure. Only expected numbers are changed, and none whose calls or texts a trunk, an application or a Messaging
/// Service takes: there the number's own URLs count for nothing, or are somebody's intention. What is right stays
/// as it is; a URL's own retries do. `fallback_url`: where a voice, and a text, goes when we cannot be reached;
/// empty: fallbacks stay.
Plan plan_changes(const CarrierNumberList& list, const Expected& expected,
                  const std::vector<MessagingService>& services, const std::string& fallback_url);

/// The value of the field, as the carrier has it.
std::string value_of(const CarrierNumber& number, WebhookField field);

/// Whether the number has all that the change was to set.
bool is_done(const NumberChange& change, const CarrierNumberList& list);

}  // namespace jobrun::doctor
