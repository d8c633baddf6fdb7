#include "carrier/telnyx.hpp"

#include <utility>

#include "answer_table.hpp"
#include "answers.hpp"
#include "find.hpp"

namespace jobrun::carrier {
namespace {

const nlohmann::json& member(const nlohmann::json& object, const char* name) {
  static const nlohmann::json nothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

/// The first error's code and words.
void read_errors(const nlohmann::json& errors, AnswerBody& body) {
  if (!errors.is_array() || errors.empty()) return;
  body.code = code_in(errors.front(), "code");
  body.words = string_in(errors.front(), "detail");
  if (body.words.empty()) body.words = string_in(errors.front(), "title");
}

bool is_lost(const nlohmann::json& recipients) {
  if (!recipients.is_array() || recipients.empty()) return false;
  const std::string status = string_in(recipients.front(), "status");
  return status == "sending_failed" || status == "delivery_failed";
}

// {"data": {"id": "40385f64-5717-4562-b3fc-2c963f66afa6", "to": [{"phone_number": "+1415XXXXXXX",
//           "status": "queued"}], "errors": [], ...}}
// {"errors": [{"code": "40305", "title": "Invalid 'from' address", "detail": "The 'from' address should be ..."}]}
AnswerBody read_body(const std::string& text) {
  AnswerBody body;
  const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  const nlohmann::json& message = member(parsed, "data");
  body.message_id = message_id_or_nothing(string_in(message, "id"));
  body.is_lost = is_lost(member(message, "to"));
  read_errors(member(message, "errors"), body);
  read_errors(member(parsed, "errors"), body);
  return body;
}

}  // namespace

net::ClientRequest telnyx_message_request(const TelnyxCarrier::Options& options, const std::string& api_key,
                                          const OutgoingText& text) {
  nlohmann::ordered_json message;
  message["from"] = text.sender.text();
  message["to"] = text.recipient.text();
  message["text"] = text.body;
  message["type"] = "SMS";
  if (!options.status_callback_base.empty()) {
    message["webhook_url"] = telnyx::telnyx_status_url(options, text.id, text.attempt);
    message["use_profile_webhooks"] = false;
  }
  net::ClientRequest request;
  request.url = options.api_url + "/v2/messages";
  request.headers = {{"Authorization", "Bearer " + api_key},
                     {"Content-Type", "application/json"},
                     {"Accept", "application/json"}};
  request.body = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  request.response_bytes_max = answer_bytes_max;
  return request;
}

SendAnswer classify_telnyx_answer(const net::ClientResult& result) {
  return classify_answer(result, telnyx::answer_table, read_body);
}

Refused refused_by_telnyx_status(int error_code, std::string_view detail) {
  return refused_as_lost(telnyx::answer_table, error_code, detail);
}

TelnyxCarrier::TelnyxCarrier(net::HttpClient& http, Options options)
    : TelnyxCarrier([&http](net::ClientRequest request,
                            net::HttpClient::Done done) { http.send(std::move(request), std::move(done)); },
                    std::move(options)) {}

TelnyxCarrier::TelnyxCarrier(Transport transport, Options options)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      api_key_(std::exchange(options_.api_key, std::string())) {}

void TelnyxCarrier::replace_api_key(std::string api_key) {
  const std::lock_guard lock(key_mutex_);
  api_key_ = std::move(api_key);
}

std::string TelnyxCarrier::api_key() {
  const std::lock_guard lock(key_mutex_);
  return api_key_;
}

void TelnyxCarrier::send(SendPermit /*permit*/, OutgoingText text, Done done) {
  net::ClientRequest request = telnyx_message_request(options_, api_key(), text);
  put_traceparent(request, options_.traces, text.id.cause);
  transport_(std::move(request),
             [done = std::move(done)](const net::ClientResult& result) { done(classify_telnyx_answer(result)); });
}

void TelnyxCarrier::find(FindQuery query, FoundDone done) {
  telnyx::find_record(transport_, options_, api_key(), std::move(query), std::move(done));
}

Refused TelnyxCarrier::why_lost(Account /*account*/, int code) const {
  return refused_by_telnyx_status(code, "");
}

}  // namespace jobrun::carrier
