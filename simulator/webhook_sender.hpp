// Webhooks as Twilio sends them: form parameters, signature, time-outs, the one retry, and the faults that
// the knobs ask for.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>

#include "base/ports/clock.hpp"
#include "knobs.hpp"
#include "net/http_client.hpp"
#include "parameters.hpp"
#include "practice.hpp"
#include "timers.hpp"

namespace jobrun::simulator {

struct Webhook {
  WebhookKind kind = WebhookKind::voice;
  std::string method = "POST";
  /// May carry overrides in its fragment: `#ct=2000&rt=4000&rc=2`, connect and read time-outs in ms, retries.
  std::string url{};
  Parameters parameters{};
  std::string to{};  ///< for rules that are about one number
  std::string from{};
  /// Told of every request that was written, repeats included; any thread.
  std::function<void(WebhookNote)> note{};
};

/// What came of a webhook.
struct WebhookAnswer {
  bool is_ok = false;  ///< a 2xx arrived
  int status = 0;      ///< 0: no answer
  std::string content_type{};
  std::string body{};
  std::string problem{};  ///< with Twilio's code, empty when is_ok
  int problem_code = 0;
};

/// Webhooks waiting or in flight; a further one fails at once.
inline constexpr std::size_t webhooks_max = 50'000;

class WebhookSender {
 public:
  using Done = std::function<void(WebhookAnswer)>;

  WebhookSender(Guarded<Practice>& practice, Timers& timers, std::string auth_token);
  ~WebhookSender();  ///< closes
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  /// Any thread; never blocks. `done` is called exactly once, with the first copy's answer once all copies
  /// are through; perhaps before this returns.
  void send(Webhook webhook, Done done);
  /// Everything in flight ends without an answer, and so does what is sent from now on. Idempotent.
  void close();

 private:
  struct Copy;
  struct Sending;
  void start(const std::shared_ptr<Sending>& sending);
  void send_copy(const std::shared_ptr<Sending>& sending);
  void attempt(const std::shared_ptr<Copy>& copy);
  void finished(const std::shared_ptr<Copy>& copy, net::ClientResult result);
  void report(const std::shared_ptr<Copy>& copy, WebhookAnswer answer);
  Guarded<Practice>& practice_;
  Timers& timers_;
  const std::string auth_token_;
  std::atomic<std::size_t> waiting_{0};
  /// Shared while a request is handed over, exclusive while the client is taken away.
  std::shared_mutex client_mutex_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace jobrun::simulator
