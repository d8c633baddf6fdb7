// Sets whom Twilio asks about a number's calls and texts:
//
//   POST {api_url}/2010-04-01/Accounts/{account sid}/IncomingPhoneNumbers/{number sid}.json
//
//   VoiceUrl=https%3A%2F%2Fjobrun.example.com%2Ftwilio%2Fvoice&VoiceMethod=POST
//
// Fields that are not named stay as they are.
#pragma once

#include <string>
#include <vector>

#include "base/ports/carrier_account.hpp"
#include "carrier/twilio.hpp"

namespace jobrun::carrier::twilio {

net::ClientRequest webhooks_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                    const std::string& number_sid, const std::vector<WebhookSetting>& settings);

WebhooksAnswer read_webhooks(const net::ClientResult& result);

}  // namespace jobrun::carrier::twilio
