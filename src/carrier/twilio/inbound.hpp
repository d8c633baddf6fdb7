// The texts that came in, as Twilio lists them: among all of the account's messages, newest first.
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}/Messages.json?PageSize=500&DateSent%3E=2026-01-03T10:05:00Z
//
//   {"messages": [{"sid": "SM0123456789abcdef0123456789abcdef", "direction": "inbound", "status": "received",
//                  "from": "+14155550123", "to": "+15550001111", "body": "Leak under the sink", "num_media": "0",
//                  "date_created": "Sat, 03 Jan 2026 10:15:30 +0000", "date_sent": "Sat, 03 Jan 2026 10:15:30
//                  +0000", "subresource_uris": {"media": "/2010-04-01/Accounts/AC.../Messages/SM.../Media.json"},
//                  ...}, ...],
//    "next_page_uri": null}
//
// There is no filter on the direction, and one request for each of our numbers would be too many: so our own texts
// are read over. The bound may be taken for the day it is in; lists begin with the newest, so reading ends with
// the first page that is older than the window.
#pragma once

#include <string>
#include <string_view>

#include "base/ports/carrier_texts.hpp"
#include "base/result.hpp"
#include "carrier/twilio.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {

inline constexpr int inbound_per_page = 500;
/// 100,000 messages in a window, ours included.
inline constexpr int inbound_pages_max = 200;
/// A page of messages, each of 16 kilobytes: 1,600 characters of six bytes as JSON may spell them, and the rest.
inline constexpr std::size_t inbound_page_bytes_max = std::size_t{8} << 20;

/// The exact request for the first page.
net::ClientRequest first_inbound_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                         const TextsWindow& window);

struct InboundPage {
  TextsList list;
  bool is_older = false;   ///< holds messages, all of before the window
  std::string next_query;  ///< with its question mark; empty: this is the last page
};

/// Reads a page; fails, saying why, unless all of it can be read. `api_url` is where the carrier's own list of a
/// text's pictures stands.
Result<InboundPage> read_inbound_page(const net::ClientResult& result, std::string_view account_sid,
                                      const std::string& api_url, const TextsWindow& window);

/// Reads one page after the other. `done` is called exactly once, on the transport's thread.
void list_texts(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                const TextsWindow& window, CarrierTexts::ListedTexts done);

}  // namespace jobrun::carrier::twilio
