#include "alert/webhook_channel.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace jobrun::alert {
namespace {

constexpr std::size_t response_bytes_max = std::size_t{64} * 1024;

std::string hmac_sha256_hex(std::string_view secret, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const unsigned char* made =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), digest.data(), &size);
  if (made == nullptr) throw std::runtime_error("HMAC-SHA256 is not available");
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += {hex[digest[i] >> 4U], hex[digest[i] & 0xFU]};
  return text;
}

AlertWord word_of(const net::ClientResult& result) {
  constexpr int success_from = 200;
  constexpr int success_to = 299;
  switch (result.kind) {
    case net::ClientResult::Kind::not_written:
      return {AlertAnswer::not_reached, result.reason};
    case net::ClientResult::Kind::unknown:
      return {AlertAnswer::unknown, result.reason};
    case net::ClientResult::Kind::answered:
      break;
  }
  const int status = result.response.status;
  if (status >= success_from && status <= success_to) return {};
  return {AlertAnswer::refused, "HTTP " + std::to_string(status)};
}

}  // namespace

std::string webhook_body(const AlertRecord& alert) {
  const AlertRequest& request = alert.request;
  nlohmann::ordered_json body;
  body["id"] = alert.id.value;
  body["kind"] = name_of(request.kind);
  body["severity"] = name_of(request.severity);
  body["audience"] = name_of(request.audience);
  body["client_id"] = request.client ? nlohmann::ordered_json(request.client->value) : nlohmann::ordered_json();
  body["count"] = alert.count;
  body["call_sid"] = request.call_sid;
  body["caller"] = request.caller;
  body["number"] = request.number;
  body["summary"] = request.summary;
  body["created_at"] = to_iso8601(alert.created_at);
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string webhook_signature(std::string_view secret, std::chrono::seconds unix_time, std::string_view body) {
  const std::string time = std::to_string(unix_time.count());
  std::string data = time + ".";
  data += body;
  return "t=" + time + ",v1=" + hmac_sha256_hex(secret, data);
}

WebhookChannel::WebhookChannel(net::HttpClient& http, const Clock& clock, Options options)
    : WebhookChannel([&http](net::ClientRequest request,
                             net::HttpClient::Done done) { http.send(std::move(request), std::move(done)); },
                     clock, std::move(options)) {}

WebhookChannel::WebhookChannel(Transport transport, const Clock& clock, Options options)
    : transport_(std::move(transport)), clock_(clock), options_(std::move(options)) {}

void WebhookChannel::send(AlertLetter letter, Done done) {
  const AlertRecord& alert = letter.alerts.front();
  net::ClientRequest request;
  request.url = options_.url;
  request.body = webhook_body(alert);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch();
  request.headers = {{"Content-Type", "application/json"},
                     {"JobRun-Signature", webhook_signature(options_.secret, now, request.body)}};
  if (options_.traces != nullptr) {
    const std::string traceparent = options_.traces->traceparent_for(alert.request.call_sid);
    if (!traceparent.empty()) request.headers.emplace_back("traceparent", traceparent);
  }
  request.connect_timeout = options_.connect_timeout;
  request.timeout = options_.timeout;
  request.response_bytes_max = response_bytes_max;
  transport_(std::move(request),
             [done = std::move(done)](const net::ClientResult& result) { done(word_of(result)); });
}

}  // namespace jobrun::alert
