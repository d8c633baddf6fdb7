#include "find.hpp"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "answers.hpp"
#include "dates.hpp"
#include "net/form_encoding.hpp"

namespace jobrun::carrier::telnyx {
namespace {

/// The first of `"errors": ["40001"]`.
int error_code_in(const nlohmann::json& record) {
  const auto errors = record.find("errors");
  if (errors == record.end() || !errors->is_array() || errors->empty()) return no_code;
  return code_in(nlohmann::json{{"code", errors->front()}}, "code");
}

std::optional<FoundMessage> read_record(const nlohmann::json& record, const FindQuery& query,
                                        const std::string& status_url) {
  if (string_in(record, "delivery_status_webhook_url") != status_url) return std::nullopt;
  if (string_in(record, "cli") != query.sender.text() || string_in(record, "cld") != query.recipient.text()) {
    return std::nullopt;
  }
  const std::optional<Instant> created_at = parse_iso8601(string_in(record, "created_at"));
  const Instant from = std::chrono::floor<std::chrono::seconds>(query.from);
  if (!created_at || *created_at < from || *created_at > query.to) return std::nullopt;
  FoundMessage message;
  message.message_sid = message_id_or_nothing(string_in(record, "uuid"));
  if (message.message_sid.empty()) return std::nullopt;
  message.status = tamed(string_in(record, "status"));
  message.error_code = error_code_in(record);
  message.is_lost = message.status == "sending_failed" || message.status == "delivery_failed";
  message.created_at = *created_at;
  return message;
}

bool is_last_page(const nlohmann::json& list) {
  const auto meta = list.find("meta");
  return list["data"].empty() || meta == list.end() ||
         code_in(*meta, "page_number") >= code_in(*meta, "total_pages");
}

/// One look-up under way. Lives as long as its last request.
class Search : public std::enable_shared_from_this<Search> {
 public:
  Search(TelnyxCarrier::Transport transport, TelnyxCarrier::Options options, std::string api_key, FindQuery query,
         Carrier::FoundDone done)
      : transport_(std::move(transport)),
        options_(std::move(options)),
        api_key_(std::move(api_key)),
        query_(std::move(query)),
        done_(std::move(done)) {}

  void ask(int page) {
    page_ = page;
    transport_(records_request(options_, api_key_, query_, page),
               [self = shared_from_this()](const net::ClientResult& result) { self->hear(result); });
  }

 private:
  void hear(const net::ClientResult& result) {
    Result<RecordsPage> page =
        read_records(result, query_, telnyx_status_url(options_, query_.id, query_.attempt));
    if (!page) return done_(CannotTell{page.error().message});
    if (page->found) return done_(Found{{std::move(*page->found)}});
    if (page->is_last || page_ >= pages_max) {
      return done_(CannotTell{"no record names this text, and one may still come"});
    }
    ask(page_ + 1);
  }

  TelnyxCarrier::Transport transport_;
  TelnyxCarrier::Options options_;
  std::string api_key_;
  FindQuery query_;
  Carrier::FoundDone done_;
  int page_ = 0;
};

}  // namespace

std::string telnyx_status_url(const TelnyxCarrier::Options& options, const TextId& id, SendAttempt attempt) {
  return status_url(options.status_callback_base, "/telnyx/message-status/", id, attempt);
}

net::ClientRequest records_request(const TelnyxCarrier::Options& options, const std::string& api_key,
                                   const FindQuery& query, int page) {
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"filter[record_type]", "messaging"},
      {"filter[direction]", "outbound"},
      {"filter[cli]", query.sender.text()},
      {"filter[cld]", query.recipient.text()},
      {"filter[created_at][gte]", utc_date(query.from)},
      {"filter[created_at][lt]", utc_date(query.to + std::chrono::days{1})},
      {"sort", "-created_at"},
      {"page[size]", std::to_string(page_size)},
      {"page[number]", std::to_string(page)}};
  net::ClientRequest request;
  request.method = "GET";
  request.url = options.api_url + "/v2/detail_records?" + net::form_encoded(fields);
  request.headers = {{"Authorization", "Bearer " + api_key}, {"Accept", "application/json"}};
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  request.response_bytes_max = page_bytes_max;
  return request;
}

Result<RecordsPage> read_records(const net::ClientResult& result, const FindQuery& query,
                                 const std::string& status_url) {
  if (result.kind != net::ClientResult::Kind::answered) {
    return failure(ErrorKind::unavailable, "no records: " + tamed(result.reason));
  }
  constexpr int success = 200;
  if (result.response.status != success) {
    return failure(ErrorKind::unavailable, "no records: HTTP " + std::to_string(result.response.status));
  }
  const nlohmann::json list = nlohmann::json::parse(result.response.body, nullptr, false);
  if (!list.is_object() || !list.contains("data") || !list["data"].is_array()) {
    return invalid("the records cannot be read");
  }
  RecordsPage page;
  for (const nlohmann::json& record : list["data"]) {
    if (!page.found) page.found = read_record(record, query, status_url);
  }
  page.is_last = is_last_page(list);
  return page;
}

void find_record(TelnyxCarrier::Transport transport, TelnyxCarrier::Options options, std::string api_key,
                 FindQuery query, Carrier::FoundDone done) {
  if (options.status_callback_base.empty()) {
    return done(CannotTell{"records hold no bodies, and this text has no address for statuses to know it by"});
  }
  std::make_shared<Search>(std::move(transport), std::move(options), std::move(api_key), std::move(query),
                           std::move(done))
      ->ask(1);
}

}  // namespace jobrun::carrier::telnyx
