// The signed alert webhook: the channel every system that can receive HTTP can be told by.
//
//   POST {url}
//   Content-Type: application/json
//   JobRun-Signature: t=1767434400,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd
//
//   {"id": 17, "kind": "text_refused", "severity": "warning", "audience": "owner", "client_id": 7,
//    "count": 1, "call_sid": "CA...", "caller": "+14155550101", "number": "+15550001111",
//    "summary": "Call +14155550101 back: ...", "created_at": "2026-01-03T10:00:00.000Z"}
//
// `client_id` is null for an alert about no client; `call_sid`, `caller` and `number` are empty strings for
// one about no call. `count` says how often the alert was raised while it waited. The same `id` may arrive
// more than once: it is then the same alert.
//
// To check the signature: take `t` (Unix seconds) and `v1` from the header, compute the lower-case
// hexadecimal HMAC-SHA256 with the shared secret over the bytes "{t}.{body}", compare in constant time, and
// refuse a `t` that is more than a few minutes off. Any 2xx accepts the alert; everything else is tried
// again later.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"
#include "base/trace.hpp"
#include "net/http_client.hpp"

namespace jobrun::alert {

class WebhookChannel final : public AlertChannel {
 public:
  struct Options {
    std::string url{};
    std::string secret{};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{10'000};
    const Traces* traces = nullptr;  ///< the request belongs to the trace of its alert's call; null: to none
  };
  using Transport = std::function<void(net::ClientRequest, net::HttpClient::Done)>;

  /// `http` and `clock` must outlive the channel.
  WebhookChannel(net::HttpClient& http, const Clock& clock, Options options);
  /// The same over another way to make requests.
  WebhookChannel(Transport transport, const Clock& clock, Options options);

  AlertWay way() const override { return AlertWay::webhook; }
  Result<AlertRecipient> recipient_of(const AlertRequest&) override { return AlertRecipient{}; }
  /// Precondition: one alert; its receiver is a program, which is told each.
  void send(AlertLetter letter, Done done) override;

 private:
  Transport transport_;
  const Clock& clock_;
  Options options_;
};

/// The body of an alert's request; always valid JSON, whatever its words are.
std::string webhook_body(const AlertRecord& alert);

/// The value of `JobRun-Signature`.
std::string webhook_signature(std::string_view secret, std::chrono::seconds unix_time, std::string_view body);

}  // namespace jobrun::alert
