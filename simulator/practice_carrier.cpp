// Puts the practice carrier together: which part owns which, and in what order they stop.
#include "simulator/practice_carrier.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

#include "call_desk.hpp"
#include "net/http_server.hpp"
#include "practice.hpp"
#include "practice_api.hpp"
#include "rest_api.hpp"
#include "text_delivery.hpp"
#include "timers.hpp"
#include "webhook_sender.hpp"

namespace jobrun::simulator {

namespace {

class MachineClock final : public Clock {
 public:
  Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::nanoseconds monotonic() const override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
};

const Clock& machine_clock() {
  static const MachineClock clock;
  return clock;
}

bool is_account_sid(std::string_view sid) {
  return sid.size() == 34 && sid.starts_with("AC") && std::ranges::all_of(sid.substr(2), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool is_base_url(std::string_view url) {
  return (url.starts_with("http://") || url.starts_with("https://")) && !url.contains('#') && !url.contains('?');
}

Result<void> check(const Options& options) {
  if (!is_account_sid(options.account_sid)) {
    return invalid("the account SID must be AC and 32 hexadecimal digits, not `" + options.account_sid + "`");
  }
  if (options.auth_token.empty()) return invalid("the auth token must not be empty");
  if (!is_base_url(options.service_url)) {
    return invalid("the service's URL must be http(s)://host[:port][/path], not `" + options.service_url + "`");
  }
  for (const OwnedNumber& owned : options.numbers) {
    if (!owned.service_url.empty() && !is_base_url(owned.service_url)) {
      return invalid("the URL of " + owned.number.text() + " must be http(s)://host[:port][/path], not `" +
                     owned.service_url + "`");
    }
  }
  if (options.numbers.size() > numbers_max) return invalid("at most 10,000 numbers");
  return {};
}

Options seeded(Options options) {
  if (options.seed == 0) {
    options.seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  }
  return options;
}

}  // namespace

struct PracticeCarrier::Impl {
  explicit Impl(Options given)
      : options(seeded(std::move(given))),
        clock(options.clock != nullptr ? *options.clock : machine_clock()),
        practice(options),
        webhooks(practice, timers, options.auth_token),
        delivery(practice, timers, webhooks, clock, options.account_sid),
        desk(practice, timers, webhooks, clock, options.account_sid),
        rest(practice, timers, delivery, clock, options.account_sid, options.auth_token),
        api(practice, timers, desk, clock,
            {.let_go = [this] { rest.let_go(); }, .go_away = [this](Duration time) { go_away(time); }}) {}

  net::HttpServer::Options server_options(std::uint16_t port) const {
    net::HttpServer::Options wanted;
    wanted.address = options.address;
    wanted.port = port;
    // A fault may keep a request waiting, and so may whoever waits for calls to end.
    wanted.answer_timeout = std::chrono::minutes{10};
    return wanted;
  }

  Result<void> listen(std::uint16_t port) {
    auto opened = std::make_unique<net::HttpServer>(
        server_options(port),
        [this](net::HttpRequest&& request, const net::Respond& respond) { handle(std::move(request), respond); });
    if (Result<void> started = opened->start(); !started) return started;
    const std::lock_guard lock(server_mutex);
    bound_port = opened->port();
    server = std::move(opened);
    return {};
  }

  void handle(net::HttpRequest&& request, const net::Respond& respond) {
    const std::string_view path = request.path();
    if (RestApi::is_for(path)) {
      rest.handle(std::move(request), respond);
    } else if (PracticeApi::is_for(path)) {
      api.handle(std::move(request), respond);
    } else {
      respond(net::json_error(404, "not_found", "The practice carrier serves /, /practice/, /2010-04-01/ and /v1/Services."));
    }
  }

  /// Connections are refused for a while, then the same port listens again. One outage at a time.
  void go_away(Duration time) {
    if (is_away.exchange(true)) return;
    // The answer to the request that asked for this has to leave first.
    timers.after(Duration{50}, [this, time] {
      close_server(Duration{0});
      timers.after(time, [this] { come_back(); });
    });
  }

  void come_back() {
    if (listen(bound_port)) {
      is_away = false;
    } else {
      // The port is taken for the moment, by a client's connection to itself perhaps.
      timers.after(Duration{50}, [this] { come_back(); });
    }
  }

  void close_server(Duration grace) {
    std::unique_ptr<net::HttpServer> closed;
    {
      const std::lock_guard lock(server_mutex);
      closed = std::move(server);
    }
    if (closed != nullptr) closed->stop(grace);
  }

  Options options;
  const Clock& clock;
  Guarded<Practice> practice;
  Timers timers;
  WebhookSender webhooks;
  TextDelivery delivery;
  CallDesk desk;
  RestApi rest;
  PracticeApi api;
  std::atomic<bool> is_away{false};
  std::mutex server_mutex;
  std::unique_ptr<net::HttpServer> server;
  std::atomic<std::uint16_t> bound_port{0};
};

PracticeCarrier::PracticeCarrier(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

PracticeCarrier::~PracticeCarrier() {
  stop();
}

Result<void> PracticeCarrier::start() {
  if (Result<void> checked = check(impl_->options); !checked) return checked;
  Result<void> listening = impl_->listen(impl_->options.port);
  impl_->practice.with([this](Practice& practice) { practice.api_url = url(); });
  return listening;
}

std::uint16_t PracticeCarrier::port() const {
  return impl_->bound_port;
}

std::string PracticeCarrier::url() const {
  if (impl_->bound_port == 0) return {};
  return "http://" + impl_->options.address + ":" + std::to_string(impl_->bound_port);
}

void PracticeCarrier::set_service_url(std::string service_url) {
  impl_->practice.with([&](Practice& practice) {
    practice.defaults.service_url = service_url;
    practice.knobs.service_url = std::move(service_url);
  });
}

void PracticeCarrier::stop() {
  // Nothing new is begun, what is in flight ends without an answer, and only then does the door close, so
  // that whoever waits for a call is answered.
  impl_->timers.stop();
  impl_->webhooks.close();
  impl_->rest.let_go();
  impl_->close_server(Duration{500});
}

}  // namespace jobrun::simulator
