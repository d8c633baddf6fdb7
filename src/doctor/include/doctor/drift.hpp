// Whether the carrier would bring calls to us: what it has configured for each number, beside what it should have.
//
// Nothing in the service notices when a number's webhook points elsewhere: its calls simply do not come. So the
// two are compared, by `jobrun doctor` and by the service every hour.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/ports/carrier_numbers.hpp"

namespace jobrun::doctor {

/// A number that has to be on the account and to point at us.
struct ExpectedNumber {
  E164 number;
  std::string what;  ///< for a person: `a number of the pool`
};

struct Expected {
  std::string public_url;               ///< without a slash at its end
  std::vector<ExpectedNumber> numbers;  ///< in any order; of one number the first counts
};

/// One number that is not as it should be.
struct Drift {
  E164 number;
  std::string problem;  ///< all that is wrong with it, for a person
  std::string advice;   ///< what to do
};

/// Pure. Each number at most once, ascending. An expected number is wrong when it is not on the account, when its
/// calls, their statuses or its texts go elsewhere or by another method than POST, when a trunk or an application
/// overrides that, when its Messaging Service drops its texts or takes them elsewhere, or when no other host
/// speaks while we cannot. A number that points at us and that nobody expects is wrong too: its callers would get
/// the fail-safe text. What follows a `#` in a URL tunes the carrier's retries and is not compared.
std::vector<Drift> compare(const CarrierNumberList& list, const Expected& expected,
                           const std::vector<MessagingService>& services = {});

/// The expected numbers, ascending, each once.
std::vector<ExpectedNumber> each_once(const Expected& expected);

/// The number as the carrier has it; nullptr: it is not on the account.
const CarrierNumber* find_number(const CarrierNumberList& list, E164 number);

/// Whether its calls or their statuses come to us.
bool points_at_us(const CarrierNumber& number, const std::string& public_url);

/// The service whose own address for texts holds instead of the number's; nullptr: the number's holds.
const MessagingService* overriding_service(const std::vector<MessagingService>& services, E164 number);
/// What is wrong with that address; empty: texts come to us.
std::string problem_of(const MessagingService& service, const std::string& public_url);

/// A URL without what tunes the carrier's retries.
std::string_view without_fragment(std::string_view url);
/// Somebody else's URL, as it may be shown.
std::string shown(std::string_view url);

/// The host of an http or https URL in lower case, without its port; empty for anything else.
std::string host_of(std::string_view url);

}  // namespace jobrun::doctor
