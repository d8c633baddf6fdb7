// Telnyx's messages, as far as the outbox needs them: the second carrier, so that one carrier's outage does not
// stop texts.
//
//   POST {api_url}/v2/messages
//   Authorization: Bearer {api key}
//   Content-Type: application/json
//
//   {"from":"+15550001111","to":"+14155550101","text":"Sorry we missed your call.","type":"SMS",
//    "webhook_url":"https://jobrun.example/telnyx/message-status/CA77.customer_intake","use_profile_webhooks":false}
//
// Here too there is no idempotency key: the API documents one for other resources, and none for messages. Once a
// request is written and no answer of Telnyx's own says otherwise, the text may exist.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/ports/carrier.hpp"
#include "base/trace.hpp"
#include "net/http_client.hpp"

namespace jobrun::carrier {

class TelnyxCarrier final : public Carrier {
 public:
  struct Options {
    std::string api_url = "https://api.telnyx.com";  ///< without a final slash
    std::string api_key{};
    /// Where Telnyx may reach us, without a final slash; when set, each text asks for its statuses at
    /// `{status_callback_base}/telnyx/message-status/{text id}?attempt=N&way=N`, and can be looked up. Empty:
    /// neither.
    std::string status_callback_base{};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{15'000};
    const Traces* traces = nullptr;  ///< a text's request belongs to its cause's trace; null: to none
  };
  using Transport = std::function<void(net::ClientRequest, net::HttpClient::Done)>;

  /// `http` must outlive the carrier.
  TelnyxCarrier(net::HttpClient& http, Options options);
  /// The same over another way to make requests.
  TelnyxCarrier(Transport transport, Options options);

  void send(SendPermit permit, OutgoingText text, Done done) override;

  /// Reads at most 500 records. They hold no bodies; a text is known by its own address for statuses, so what is
  /// found is certain. What is not found may still be under way: then it cannot be told.
  void find(FindQuery query, FoundDone done) override;
  Refused why_lost(Account account, int code) const override;

  /// From now on requests sign in with this one; any thread. Tell the dispatcher too.
  void replace_api_key(std::string api_key);

 private:
  std::string api_key();

  Options options_;  ///< without the key
  Transport transport_;
  std::mutex key_mutex_;
  std::string api_key_;
};

/// The exact request for one text. Bytes that are not UTF-8 are sent as U+FFFD: JSON has no other way.
net::ClientRequest telnyx_message_request(const TelnyxCarrier::Options& options, const std::string& api_key,
                                          const OutgoingText& text);

/// What became of it. Any response body is survived: it comes from a network.
SendAnswer classify_telnyx_answer(const net::ClientResult& result);

/// What it means for a text that its status is `sending_failed` or `delivery_failed`. `error_code` 0: none was
/// told.
Refused refused_by_telnyx_status(int error_code, std::string_view detail);

}  // namespace jobrun::carrier
