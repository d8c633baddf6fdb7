// The account's numbers and their webhooks, as Twilio lists them.
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}/IncomingPhoneNumbers.json?PageSize=500
//
//   {"incoming_phone_numbers": [{"sid": "PN0123456789abcdef0123456789abcdef", "phone_number": "+15550001111",
//       "voice_url": "https://jobrun.example.com/twilio/voice", "voice_method": "POST",
//       "voice_fallback_url": "https://static.example.com/fallback.xml",
//       "status_callback": "https://jobrun.example.com/twilio/status", "status_callback_method": "POST",
//       "sms_url": "", "sms_method": "POST", "sms_fallback_url": "",
//       "voice_application_sid": "", "sms_application_sid": "", "trunk_sid": null, ...}, ...],
//    "next_page_uri": null}
//
// What is not set is null or empty. A trunk or an application has URLs of its own, which then hold instead.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ports/carrier_numbers.hpp"
#include "base/result.hpp"
#include "carrier/twilio.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {

inline constexpr int numbers_per_page = 500;
/// 50,000 numbers.
inline constexpr int number_pages_max = 100;
/// A page of numbers, each of eight kilobytes: a number takes two, unless its URLs are very long.
inline constexpr std::size_t number_page_bytes_max = std::size_t{4} << 20;

/// The exact request for the first page.
net::ClientRequest first_numbers_request(const TwilioCarrier::Options& options, const std::string& auth_token);

using NumbersPage = Items<CarrierNumber>;

Result<NumbersPage> read_numbers_page(const net::ClientResult& result, std::string_view account_sid);

/// Reads one page after the other. `done` is called exactly once, on the transport's thread.
void list_numbers(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                  CarrierNumbers::Done done);

}  // namespace jobrun::carrier::twilio
