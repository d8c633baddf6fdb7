// Media of our account:
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}/Messages/MM.../Media/ME...
//   GET {api_url}/2010-04-01/Accounts/{account sid}/Recordings/RE...
//
// Twilio answers the first with 307 and a link to its store, which is signed itself.
#pragma once

#include <string_view>

#include "carrier/twilio.hpp"

namespace jobrun::carrier {

/// Whether our credentials may be shown for it: it is our account's, at the API that the settings name.
bool is_own_media(const TwilioCarrier::Options& options, std::string_view url);

}  // namespace jobrun::carrier
