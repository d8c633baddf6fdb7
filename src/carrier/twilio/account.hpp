// The account as Twilio tells of it: its state, what is left of its money, and its Messaging Services, which live
// at an address of their own and go on by another member than the other lists.
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}.json
//   {"sid": "AC...", "status": "active", "type": "Full", ...}
//
//   GET {api_url}/2010-04-01/Accounts/{account sid}/Balance.json
//   {"account_sid": "AC...", "balance": "123.45", "currency": "USD"}
//
//   GET {messaging_url}/v1/Services?PageSize=50
//   {"services": [{"sid": "MG...", "friendly_name": "...", "inbound_request_url": null, "inbound_method": "POST",
//                  "use_inbound_webhook_on_number": false, ...}],
//    "meta": {"next_page_url": null, ...}}
//
//   GET {messaging_url}/v1/Services/{service sid}/PhoneNumbers?PageSize=1000
//   {"phone_numbers": [{"sid": "PN...", "phone_number": "+15550001111", ...}], "meta": {"next_page_url": null}}
//
//   GET {messaging_url}/v1/Services/{service sid}/Compliance/Usa2p?PageSize=50
//   {"compliance": [{"sid": "QE...", "campaign_status": "VERIFIED", ...}], "meta": {"next_page_url": null}}
//
// A service without an inbound URL drops what comes in, unless the numbers' own URLs hold.
#pragma once

#include <string>

#include "base/ports/carrier_account.hpp"
#include "carrier/twilio.hpp"

namespace jobrun::carrier::twilio {

inline constexpr std::size_t services_max = 100;
inline constexpr std::size_t pages_of_service_numbers_max = 10;
/// A page of a thousand numbers, each of a kilobyte and a half.
inline constexpr std::size_t service_page_bytes_max = std::size_t{2} << 20;

Result<AccountState> read_account(const net::ClientResult& result);
Result<AccountBalance> read_balance(const net::ClientResult& result);

/// Asks one after the other. Where the account itself cannot be told, nothing else is asked. `done` is called
/// exactly once, on the transport's thread.
void look_at_account(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                     CarrierAccount::LookedAt done);

}  // namespace jobrun::carrier::twilio
