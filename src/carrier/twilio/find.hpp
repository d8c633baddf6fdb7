// What became of a text whose request got no answer: Twilio's list of messages is asked.
//
//   GET {api_url}/2010-04-01/Accounts/{account
//   sid}/Messages.json?PageSize=100&To=%2B14155550101&From=%2B15550001111
//       &DateSent%3E=2026-01-03&DateSent%3C=2026-01-05
//
//   {"messages": [{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null,
//                  "to": "+14155550101", "from": "+15550001111", "body": "Sorry we missed your call.",
//                  "date_created": "Sat, 03 Jan 2026 10:15:30 +0000", "date_sent": null, ...}, ...],
//    "next_page_uri": "/2010-04-01/Accounts/AC.../Messages.json?PageSize=100&Page=1&PageToken=PASM..."}
//
// There is a filter on when a message was sent, by day, and none on when it was created. A message that still
// waits may or may not have a date_sent, and sources disagree about which. So two lists are read: the one of the
// days in question, and the one without a date, where what waits is. Only both together can say that a message is
// absent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "carrier/twilio.hpp"

namespace jobrun::carrier::twilio {

inline constexpr int page_size = 100;
/// Of each of the two lists: 1,000 messages between two numbers.
inline constexpr int pages_max = 10;
/// A page of messages of 1,600 characters, each six bytes long as JSON may spell it.
inline constexpr std::size_t page_bytes_max = 2 << 20;

enum class Listing { sent_in_these_days, all };

/// The exact request for the first page.
net::ClientRequest first_page_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                      const FindQuery& query, Listing listing);

struct Page {
  std::vector<FoundMessage> matching;
  bool is_older = false;   ///< holds messages, all created before the query's range
  std::string next_query;  ///< with its question mark; empty: this is the last page
};

/// Reads a page; fails, saying why, unless all of it can be read: what cannot be read might be the message. Where
/// the next page is said to be, only the query is taken from: credentials go nowhere but to our own address.
Result<Page> read_page(const net::ClientResult& result, const FindQuery& query, std::string_view account_sid);

/// Reads both lists, one request after the other. `done` is called exactly once, on the transport's thread.
void find_messages(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                   FindQuery query, Carrier::FoundDone done);

}  // namespace jobrun::carrier::twilio
