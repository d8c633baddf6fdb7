// The numbers that the carrier has for us, and whom it asks about their calls and texts: what is configured there
// and nowhere else, so that only the carrier can say whether calls reach us at all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/phone_number.hpp"
#include "base/ports/carrier.hpp"
#include "base/time.hpp"

namespace jobrun {

/// A URL that the carrier requests. Empty: it requests nothing.
struct WebhookUrl {
  std::string url{};
  std::string method{};  ///< `POST` or `GET`
};

struct CarrierNumber {
  E164 number;
  std::string sid{};
  WebhookUrl voice{};
  std::string voice_fallback_url{};  ///< what the carrier plays when `voice` fails
  WebhookUrl status_callback{};
  std::string sms_url{};
  std::string sms_method = "POST";
  std::string sms_fallback_url{};  ///< whom the carrier asks when `sms_url` fails
  /// The trunk or application whose own URLs hold instead of those of calls; empty: none.
  std::string voice_overridden_by{};
  /// The same for texts.
  std::string sms_overridden_by{};
};

/// All of them, ascending by number, each once.
struct CarrierNumberList {
  std::vector<CarrierNumber> numbers;
  /// The carrier's clock when it answered the first request, to the second; empty: it did not tell.
  std::optional<Instant> carrier_time;
};

/// The carrier does not take our credentials.
struct CredentialsRefused {
  std::string reason;
};

/// Never an empty list for an answer that could not be read whole: nothing is known then.
using NumbersAnswer = std::variant<CarrierNumberList, CredentialsRefused, CannotTell>;

class CarrierNumbers {
 public:
  using Done = std::function<void(NumbersAnswer)>;
  virtual ~CarrierNumbers() = default;
  /// Lists the numbers of the first account. Any thread, never blocks. `done` is called exactly once, on a thread
  /// of the carrier's. Bounded in requests and bytes; a list that is longer than the bound cannot be told.
  virtual void list_numbers(Done done) = 0;
};

}  // namespace jobrun
