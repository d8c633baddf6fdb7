// Twilio: its Messages resource, as far as the outbox needs it: one request per text, and what the answer means.
// And the account itself, its calls, numbers, the texts that came in, and their media.
//
//   POST {api_url}/2010-04-01/Accounts/{account sid}/Messages.json
//   Authorization: Basic {account sid}:{auth token}
//   Content-Type: application/x-www-form-urlencoded
//
//   To=%2B14155550101&From=%2B15550001111&Body=Sorry+we+missed+your+call
//
// There is no idempotency key: once a request is written and no answer of Twilio's own says otherwise, the
// text may exist.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/ports/carrier.hpp"
#include "base/ports/carrier_account.hpp"
#include "base/ports/carrier_calls.hpp"
#include "base/ports/carrier_media.hpp"
#include "base/ports/carrier_numbers.hpp"
#include "base/ports/carrier_texts.hpp"
#include "base/trace.hpp"
#include "net/http_client.hpp"

namespace jobrun::carrier {

class TwilioCarrier final : public Carrier,
                            public CarrierCalls,
                            public CarrierNumbers,
                            public CarrierTexts,
                            public CarrierAccount,
                            public CarrierWebhooks,
                            public CarrierMedia {
 public:
  struct Options {
    std::string api_url = "https://api.twilio.com";  ///< without a final slash
    std::string messaging_url = "https://messaging.twilio.com";  ///< the same
    std::string account_sid{};
    std::string auth_token{};  ///< of several valid ones, the one to sign in with
    /// Where Twilio may reach us, without a final slash; when set, each text asks for its statuses at
    /// `{status_callback_base}/twilio/message-status/{text id}?attempt=N&way=N`, so that a status finds its text
    /// even where the sid was never learned. Empty: it does not ask.
    std::string status_callback_base{};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{15'000};
    const Traces* traces = nullptr;  ///< a text's request belongs to its cause's trace; null: to none
  };
  using Transport = std::function<void(net::ClientRequest, net::HttpClient::Done)>;

  /// `http` must outlive the carrier.
  TwilioCarrier(net::HttpClient& http, Options options);
  /// The same over another way to make requests.
  TwilioCarrier(Transport transport, Options options);

  /// A canary's text is swallowed: nothing is sent, and the answer is the account's, as far as it takes texts at
  /// all.
  void send(SendPermit permit, OutgoingText text, Carrier::Done done) override;
  /// Reads the list of messages between the two numbers, at most 2,000 of them. A canary's is always found.
  void find(FindQuery query, FoundDone done) override;
  Refused why_lost(Account account, int code) const override;
  /// At most 50,000 legs.
  void list_calls(CallWindow window, Listed done) override;
  void list_children(CallSid parent, Listed done) override;
  void find_call(CallSid call_sid, FoundCall done) override;
  void list_numbers(CarrierNumbers::Done done) override;
  /// Of at most 100,000 messages, ours among them.
  void list_texts(TextsWindow window, ListedTexts done) override;
  /// Follows at most three redirects, for which our credentials are not shown.
  void fetch_media(std::string url, std::size_t bytes_max, Fetched done) override;

  /// Of at most 100 services, with at most 10,000 numbers each.
  void look_at_account(LookedAt done) override;
  void set_webhooks(const std::string& number_sid, const std::vector<WebhookSetting>& settings,
                    SetDone done) override;

  /// From now on requests sign in with this one; any thread. Tell the dispatcher too.
  void replace_auth_token(std::string auth_token);

 private:
  std::string auth_token();
  void swallow(OutgoingText text, Carrier::Done done);

  Options options_;  ///< without the token
  Transport transport_;
  std::mutex token_mutex_;
  std::string auth_token_;
};

/// The exact request for one text.
net::ClientRequest twilio_message_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                          const OutgoingText& text);

/// Asks whether the account is open to our credentials, and what its answer is to a canary's text.
net::ClientRequest twilio_account_request(const TwilioCarrier::Options& options, const std::string& auth_token);
SendAnswer classify_twilio_account(const net::ClientResult& result, const TextId& id);

/// What became of it. Any response body is survived: it comes from a network.
SendAnswer classify_twilio_answer(const net::ClientResult& result);

/// What it means for a text that its status is `undelivered` or `failed`. `error_code` 0: none was told.
Refused refused_by_twilio_status(int error_code, std::string_view error_message);

}  // namespace jobrun::carrier
