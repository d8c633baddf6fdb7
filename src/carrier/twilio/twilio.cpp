#include "carrier/twilio.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "answer_table.hpp"
#include "form.hpp"

namespace jobrun::carrier {
namespace {

constexpr std::size_t detail_bytes_max = 200;
constexpr std::size_t response_bytes_max = 64 * 1024;
constexpr std::size_t sid_bytes_max = 64;
constexpr std::int64_t retry_after_seconds_max = 7 * 24 * 3600;

// Printable ASCII of somebody else's words: they end up in logs, alerts and terminals.
std::string tamed(std::string_view text) {
  std::string kept(text.substr(0, detail_bytes_max));
  for (char& c : kept) {
    if (c < 0x20 || c > 0x7E) c = '?';
  }
  return kept;
}

/// What a response body says, as far as it is well-formed.
struct Body {
  std::string sid;  // empty: none, or none that looks like one
  std::string status;
  std::string message;
  int code = 0;
};

std::string string_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int code_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return 0;
  const auto code = found->get<std::int64_t>();
  return code > 0 && code <= std::numeric_limits<int>::max() ? static_cast<int>(code) : 0;
}

bool is_sid(std::string_view text) {
  return text.size() >= 2 && text.size() <= sid_bytes_max && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

// {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null, ...}
// {"code": 21211, "message": "Invalid 'To' Phone Number: +1415XXXXXXX", "status": 400, "more_info": "..."}
Body parse_body(const std::string& text) {
  Body body;
  const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return body;
  if (std::string sid = string_in(parsed, "sid"); is_sid(sid)) body.sid = std::move(sid);
  body.status = string_in(parsed, "status");
  body.message = string_in(parsed, "message");
  body.code = code_in(parsed, "code");
  if (body.code == 0) body.code = code_in(parsed, "error_code");
  if (body.message.empty()) body.message = string_in(parsed, "error_message");
  return body;
}

std::optional<Duration> retry_after_in(const net::ClientResponse& response) {
  const std::string_view text = response.header("Retry-After");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds{std::min(seconds, retry_after_seconds_max)};
}

Refused refused_as(const twilio::AnswerRow& row, Refused::Because because, const net::ClientResponse& response,
                   const Body& body) {
  Refused refused;
  refused.because = because;
  refused.http_status = response.status;
  refused.code = body.code;
  refused.detail = tamed(body.message.empty() ? row.why : std::string_view(body.message));
  refused.retry_after = retry_after_in(response);
  refused.learned = row.learned;
  return refused;
}

SendAnswer classify_success(const net::ClientResponse& response) {
  const Body body = parse_body(response.body);
  // Taken and failed in one answer: it carries an error code like a refusal's.
  constexpr int as_if_status = 400;
  if (body.status == "failed") {
    const twilio::AnswerRow& row = *twilio::find_answer_row(as_if_status, body.code);
    if (row.because) return refused_as(row, *row.because, response, body);
  }
  if (!body.sid.empty()) return Accepted{body.sid};
  return Unknown{"HTTP " + std::to_string(response.status) + " without a message sid"};
}

SendAnswer classify_response(const net::ClientResponse& response) {
  constexpr int success_from = 200;
  constexpr int success_to = 299;
  if (response.status >= success_from && response.status <= success_to) return classify_success(response);
  const Body body = parse_body(response.body);
  const twilio::AnswerRow* row = twilio::find_answer_row(response.status, body.code);
  if (row != nullptr && row->because) return refused_as(*row, *row->because, response, body);
  std::string reason = "HTTP " + std::to_string(response.status);
  if (!body.message.empty()) reason += ": " + tamed(body.message);
  return Unknown{std::move(reason)};
}

}  // namespace

net::ClientRequest twilio_message_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                          const OutgoingText& text) {
  std::vector<std::pair<std::string_view, std::string>> fields = {
      {"To", text.recipient.text()}, {"From", text.sender.text()}, {"Body", text.body}};
  if (!options.public_url.empty()) {
    fields.emplace_back("StatusCallback",
                        options.public_url + "/twilio/message-status/" + twilio::path_encoded(text.id.text()));
  }
  net::ClientRequest request;
  request.url =
      options.api_url + "/2010-04-01/Accounts/" + twilio::path_encoded(options.account_sid) + "/Messages.json";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = twilio::form_encoded(fields);
  request.user = options.account_sid;
  request.password = auth_token;
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  request.response_bytes_max = response_bytes_max;
  return request;
}

SendAnswer classify_twilio_answer(const net::ClientResult& result) {
  switch (result.kind) {
    case net::ClientResult::Kind::answered:
      return classify_response(result.response);
    case net::ClientResult::Kind::not_written:
      return NotSent{tamed(result.reason)};
    case net::ClientResult::Kind::unknown:
      return Unknown{tamed(result.reason)};
  }
  return Unknown{"no such result"};
}

TwilioCarrier::TwilioCarrier(net::HttpClient& http, Options options)
    : TwilioCarrier([&http](net::ClientRequest request,
                            net::HttpClient::Done done) { http.send(std::move(request), std::move(done)); },
                    std::move(options)) {}

TwilioCarrier::TwilioCarrier(Transport transport, Options options)
    : options_(std::move(options)),
      transport_(std::move(transport)),
      auth_token_(std::exchange(options_.auth_token, std::string())) {}

void TwilioCarrier::replace_auth_token(std::string auth_token) {
  const std::lock_guard lock(token_mutex_);
  auth_token_ = std::move(auth_token);
}

void TwilioCarrier::send(SendPermit /*permit*/, OutgoingText text, Done done) {
  std::string auth_token;
  {
    const std::lock_guard lock(token_mutex_);
    auth_token = auth_token_;
  }
  transport_(twilio_message_request(options_, auth_token, text),
             [done = std::move(done)](net::ClientResult result) { done(classify_twilio_answer(result)); });
}

}  // namespace jobrun::carrier
