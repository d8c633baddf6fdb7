// The carrier's list of calls, as the sweep sees it: what the carrier knows of calls whose webhooks may be lost.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/call.hpp"
#include "base/ids.hpp"
#include "base/phone_number.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace jobrun {

/// One leg of a call as the carrier keeps it. Also calls in progress, and legs that were dialled on.
struct ListedCall {
  CallSid call_sid;
  Caller caller;                       ///< `from`
  std::optional<E164> number;          ///< `to`; empty when missing or not E.164
  std::string number_text;             ///< `to` as listed, at most 64 bytes
  std::optional<E164> forwarded_from;  ///< the phone that sent the call on
  bool is_inbound = false;             ///< somebody called the account, and not the account somebody
  std::optional<CallSid> parent;       ///< the call that dialled this leg
  CallStatus status = CallStatus::unrecognised;
  std::string status_text;  ///< in the carrier's words, at most 32 bytes
  Instant started_at{};
  std::optional<Instant> ended_at;  ///< of calls that reached nobody the carrier may tell none
  Duration duration{0};             ///< of what was talked; 0 when nobody answered
  bool machine_answered = false;    ///< the carrier heard an answering machine or a fax
};

/// Calls that began within, both included, to the second by the carrier's clock. It may list some more.
struct CallWindow {
  Instant from{};
  Instant to{};
};

/// Asks; changes nothing. Any thread, never blocks. `done` is called exactly once, on a thread of the carrier's
/// or, where nothing has to be asked, at once. Bounded in requests and bytes. An answer that cannot be read whole
/// is an error: what cannot be read might be a call that is looked for. Lists lag a little.
class CarrierCalls {
 public:
  using Listed = std::function<void(Result<std::vector<ListedCall>>)>;
  using FoundCall = std::function<void(Result<ListedCall>)>;
  virtual ~CarrierCalls() = default;
  /// Every leg of the window, whatever its state, in any order.
  virtual void list_calls(CallWindow window, Listed done) = 0;
  /// The legs that a call has dialled.
  virtual void list_children(CallSid parent, Listed done) = 0;
  /// `not_found`: the carrier answers, and has no such call.
  virtual void find_call(CallSid call_sid, FoundCall done) = 0;
};

}  // namespace jobrun
