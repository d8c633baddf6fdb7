// The account's calls, as Twilio lists them: every leg, ended or not, newest first.
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}/Calls.json?PageSize=1000
//       &StartTime%3E=2026-01-03T10:05:00Z&StartTime%3C=2026-01-03T10:25:01Z
//   GET .../Calls.json?PageSize=1000&ParentCallSid=CA0123456789abcdef0123456789abcdef
//   GET .../Calls/CA0123456789abcdef0123456789abcdef.json
//
//   {"calls": [{"sid": "CA0123456789abcdef0123456789abcdef", "parent_call_sid": null, "direction": "inbound",
//               "from": "+14155550123", "to": "+15550001111", "forwarded_from": null, "status": "no-answer",
//               "start_time": "Sat, 03 Jan 2026 10:15:30 +0000", "end_time": "Sat, 03 Jan 2026 10:15:52 +0000",
//               "date_created": "Sat, 03 Jan 2026 10:15:30 +0000", "duration": "22", "answered_by": null, ...},
//               ...],
//    "next_page_uri": null}
//
// A bound may be taken for the day it is in; what is listed beyond a window does no harm, so it should end a day
// late. Calls that reached nobody may have neither a start_time nor an end_time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ports/carrier_calls.hpp"
#include "base/result.hpp"
#include "carrier/twilio.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {

inline constexpr int calls_per_page = 1'000;
/// 50,000 legs in a window, or dialled by a call.
inline constexpr int call_pages_max = 50;
/// A page of legs, each of four kilobytes: a leg takes one and a half.
inline constexpr std::size_t call_page_bytes_max = std::size_t{4} << 20;

/// The exact requests.
net::ClientRequest first_calls_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                       const CallWindow& window);
net::ClientRequest first_children_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                          const CallSid& parent);
net::ClientRequest call_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                const CallSid& call_sid);

using CallsPage = Items<ListedCall>;

Result<CallsPage> read_calls_page(const net::ClientResult& result, std::string_view account_sid);

/// Reads the answer about one call; an answer about another one is none.
Result<ListedCall> read_call(const net::ClientResult& result, const CallSid& call_sid);

/// Reads one page after the other. `done` is called exactly once, on the transport's thread.
void list_calls(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                net::ClientRequest first, CarrierCalls::Listed done);

}  // namespace jobrun::carrier::twilio
