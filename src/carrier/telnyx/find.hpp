// What became of a text whose request got no answer: Telnyx's detail records are asked.
//
//   GET
//   {api_url}/v2/detail_records?filter[record_type]=messaging&filter[direction]=outbound&filter[cli]=+15550001111
//       &filter[cld]=+14155550101&filter[created_at][gte]=2026-01-03&filter[created_at][lt]=2026-01-04
//       &sort=-created_at&page[size]=50&page[number]=1     (brackets and plus signs encoded)
//
//   {"data": [{"record_type": "message_detail_record", "uuid": "3ca7bd3d-7d82-4e07-9df4-009123068320",
//              "created_at": "2026-01-03T10:15:30Z", "cli": "+15550001111", "cld": "+14155550101",
//              "status": "delivered", "errors": [], "delivery_status_webhook_url": "https://...", ...}, ...],
//    "meta": {"page_number": 1, "total_pages": 1, ...}}
//
// A record holds no body, but the address that its statuses went to, which names our text. Statuses of records are
// final ones, and nothing is promised about when a record appears: one that is there settles the text, and none
// settles nothing.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "carrier/telnyx.hpp"

namespace jobrun::carrier::telnyx {

inline constexpr int page_size = 50;  // the most there is
inline constexpr int pages_max = 10;
inline constexpr std::size_t page_bytes_max = 1 << 20;

/// Where a text's statuses go.
std::string telnyx_status_url(const TelnyxCarrier::Options& options, const TextId& id, SendAttempt attempt);

/// The exact request for a page; the first is 1.
net::ClientRequest records_request(const TelnyxCarrier::Options& options, const std::string& api_key,
                                   const FindQuery& query, int page);

struct RecordsPage {
  std::optional<FoundMessage> found;
  bool is_last = true;
};

/// Reads a page; a record that cannot be read is passed over, because absence proves nothing anyway.
Result<RecordsPage> read_records(const net::ClientResult& result, const FindQuery& query,
                                 const std::string& status_url);

/// Reads pages until the text is found. `done` is called exactly once: on the transport's thread, or at once when
/// there is no address to know the text by.
void find_record(TelnyxCarrier::Transport transport, TelnyxCarrier::Options options, std::string api_key,
                 FindQuery query, Carrier::FoundDone done);

}  // namespace jobrun::carrier::telnyx
