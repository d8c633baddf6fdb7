#include "carrier/twilio.hpp"

#include <utility>
#include <vector>

#include "account.hpp"
#include "answer_table.hpp"
#include "answers.hpp"
#include "calls.hpp"
#include "find.hpp"
#include "inbound.hpp"
#include "net/form_encoding.hpp"
#include "numbers.hpp"
#include "webhooks.hpp"

namespace jobrun::carrier {
namespace {

// {"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null, ...}
// {"code": 21211, "message": "Invalid 'To' Phone Number: +1415XXXXXXX", "status": 400, "more_info": "..."}
AnswerBody read_body(const std::string& text) {
  AnswerBody body;
  const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  if (!parsed.is_object()) return body;
  body.message_id = message_id_or_nothing(string_in(parsed, "sid"));
  body.is_lost = string_in(parsed, "status") == "failed";
  body.words = string_in(parsed, "message");
  body.code = code_in(parsed, "code");
  if (body.code == no_code) body.code = code_in(parsed, "error_code");
  if (body.words.empty()) body.words = string_in(parsed, "error_message");
  return body;
}

/// What a canary's text is accepted as. No message of the carrier's is called so.
std::string swallowed_as(const TextId& id) {
  return "canary-" + id.cause;
}

// {"sid": "AC0123456789abcdef0123456789abcdef", "status": "active", "type": "Full", ...}
bool is_account_open(const std::string& body) {
  const nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
  return string_in(parsed, "sid").starts_with("AC") && string_in(parsed, "status") == "active";
}

net::ClientRequest signed_in(const TwilioCarrier::Options& options, const std::string& auth_token) {
  net::ClientRequest request;
  request.user = options.account_sid;
  request.password = auth_token;
  request.connect_timeout = options.connect_timeout;
  request.timeout = options.timeout;
  request.response_bytes_max = answer_bytes_max;
  return request;
}

}  // namespace

net::ClientRequest twilio_account_request(const TwilioCarrier::Options& options, const std::string& auth_token) {
  net::ClientRequest request = signed_in(options, auth_token);
  request.method = "GET";
  request.url = options.api_url + "/2010-04-01/Accounts/" + net::path_encoded(options.account_sid) + ".json";
  request.headers = {{"Accept", "application/json"}};
  return request;
}

SendAnswer classify_twilio_account(const net::ClientResult& result, const TextId& id) {
  SendAnswer answer = classify_twilio_answer(result);
  if (std::holds_alternative<Accepted>(answer)) {
    if (is_account_open(result.response.body)) return Accepted{swallowed_as(id)};
    return NotSent{"the account is not told to be active"};
  }
  // Nothing was to be sent, so nothing can have been.
  if (const auto* unknown = std::get_if<Unknown>(&answer)) return NotSent{unknown->reason};
  return answer;
}

net::ClientRequest twilio_message_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                          const OutgoingText& text) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"To", text.recipient.text()}, {"From", text.sender.text()}, {"Body", text.body}};
  if (!options.status_callback_base.empty()) {
    fields.emplace_back("StatusCallback", status_url(options.status_callback_base, "/twilio/message-status/",
                                                     text.id, text.attempt));
  }
  net::ClientRequest request = signed_in(options, auth_token);
  request.url =
      options.api_url + "/2010-04-01/Accounts/" + net::path_encoded(options.account_sid) + "/Messages.json";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = net::form_encoded(fields);
  return request;
}

SendAnswer classify_twilio_answer(const net::ClientResult& result) {
  return classify_answer(result, twilio::answer_table, read_body);
}

Refused refused_by_twilio_status(int error_code, std::string_view error_message) {
  return refused_as_lost(twilio::answer_table, error_code, error_message);
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

std::string TwilioCarrier::auth_token() {
  const std::lock_guard lock(token_mutex_);
  return auth_token_;
}

void TwilioCarrier::send(SendPermit /*permit*/, OutgoingText text, Carrier::Done done) {
  if (text.id.purpose == Purpose::canary) return swallow(std::move(text), std::move(done));
  net::ClientRequest request = twilio_message_request(options_, auth_token(), text);
  put_traceparent(request, options_.traces, text.id.cause);
  transport_(std::move(request),
             [done = std::move(done)](const net::ClientResult& result) { done(classify_twilio_answer(result)); });
}

void TwilioCarrier::swallow(OutgoingText text, Carrier::Done done) {
  transport_(twilio_account_request(options_, auth_token()),
             [id = std::move(text.id), done = std::move(done)](const net::ClientResult& result) {
               done(classify_twilio_account(result, id));
             });
}

void TwilioCarrier::find(FindQuery query, FoundDone done) {
  if (query.id.purpose == Purpose::canary) {
    return done(Found{{FoundMessage{.message_sid = swallowed_as(query.id),
                                    .status = "swallowed",
                                    .created_at = query.from,
                                    .body = query.body}}});
  }
  twilio::find_messages(transport_, options_, auth_token(), std::move(query), std::move(done));
}

Refused TwilioCarrier::why_lost(Account /*account*/, int code) const {
  return refused_by_twilio_status(code, "");
}

void TwilioCarrier::list_calls(CallWindow window, Listed done) {
  const std::string token = auth_token();
  twilio::list_calls(transport_, options_, token, twilio::first_calls_request(options_, token, window),
                     std::move(done));
}

void TwilioCarrier::list_children(CallSid parent, Listed done) {
  const std::string token = auth_token();
  twilio::list_calls(transport_, options_, token, twilio::first_children_request(options_, token, parent),
                     std::move(done));
}

void TwilioCarrier::find_call(CallSid call_sid, FoundCall done) {
  transport_(twilio::call_request(options_, auth_token(), call_sid),
             [call_sid, done = std::move(done)](const net::ClientResult& result) {
               done(twilio::read_call(result, call_sid));
             });
}

void TwilioCarrier::list_numbers(CarrierNumbers::Done done) {
  twilio::list_numbers(transport_, options_, auth_token(), std::move(done));
}

void TwilioCarrier::list_texts(TextsWindow window, ListedTexts done) {
  twilio::list_texts(transport_, options_, auth_token(), window, std::move(done));
}

void TwilioCarrier::look_at_account(LookedAt done) {
  twilio::look_at_account(transport_, options_, auth_token(), std::move(done));
}

void TwilioCarrier::set_webhooks(const std::string& number_sid, const std::vector<WebhookSetting>& settings,
                                 SetDone done) {
  transport_(twilio::webhooks_request(options_, auth_token(), number_sid, settings),
             [done = std::move(done)](const net::ClientResult& result) { done(twilio::read_webhooks(result)); });
}

}  // namespace jobrun::carrier
