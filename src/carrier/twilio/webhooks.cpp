#include "webhooks.hpp"

#include <utility>

#include "answers.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr std::string_view parameter_of(WebhookField field) {
  switch (field) {
    case WebhookField::voice_url:
      return "VoiceUrl";
    case WebhookField::voice_method:
      return "VoiceMethod";
    case WebhookField::voice_fallback_url:
      return "VoiceFallbackUrl";
    case WebhookField::status_callback:
      return "StatusCallback";
    case WebhookField::status_callback_method:
      return "StatusCallbackMethod";
    case WebhookField::sms_url:
      return "SmsUrl";
    case WebhookField::sms_method:
      return "SmsMethod";
    case WebhookField::sms_fallback_url:
      return "SmsFallbackUrl";
  }
  return "";
}

}  // namespace

net::ClientRequest webhooks_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                    const std::string& number_sid, const std::vector<WebhookSetting>& settings) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const WebhookSetting& setting : settings) fields.emplace_back(parameter_of(setting.field), setting.value);
  net::ClientRequest request = signed_request(options, auth_token, answer_bytes_max);
  request.method = "POST";
  request.url = options.api_url + "/2010-04-01/Accounts/" + net::path_encoded(options.account_sid) +
                "/IncomingPhoneNumbers/" + net::path_encoded(number_sid) + ".json";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = net::form_encoded(fields);
  return request;
}

WebhooksAnswer read_webhooks(const net::ClientResult& result) {
  using Kind = net::ClientResult::Kind;
  switch (result.kind) {
    case Kind::not_written:
      return WebhooksNotSet{tamed(result.reason)};
    case Kind::unknown:
      return Unknown{tamed(result.reason)};
    case Kind::answered:
      break;
  }
  const int status = result.response.status;
  const nlohmann::json body = nlohmann::json::parse(result.response.body, nullptr, false);
  constexpr int success = 200;
  if (status == success) {
    // Another server's page says nothing of what the carrier did.
    if (string_in(body, "sid").starts_with("PN")) return WebhooksSet{};
    return Unknown{"the answer cannot be read"};
  }
  const std::string words = tamed(string_in(body, "message"));
  const std::string told = "HTTP " + std::to_string(status) + (words.empty() ? "" : ": " + words);
  constexpr int refusals_from = 300;
  constexpr int failures_from = 500;
  if (status >= refusals_from && status < failures_from) return WebhooksNotSet{told};
  return Unknown{told};
}

}  // namespace jobrun::carrier::twilio
