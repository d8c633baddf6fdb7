#include "webhook_sender.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>
#include <vector>

#include "signing.hpp"
#include "twiml_document.hpp"

namespace jobrun::simulator {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int http_redirects_max = 5;
constexpr std::size_t answer_bytes_max = 256 * 1024;

struct Timing {
  Duration connect{5'000};
  Duration read{15'000};
  Duration whole{15'000};
  std::int64_t retries = 1;
  bool retries_unknown = false;  ///< policy `rt` or `all`: also when no answer came
};

/// Reads `#ct=2000&rt=4000&rc=2&rp=all`; what it does not understand stays as it was.
void apply_fragment(std::string_view fragment, Timing& timing) {
  while (!fragment.empty()) {
    const std::string_view pair = fragment.substr(0, fragment.find('&'));
    fragment.remove_prefix(std::min(fragment.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    std::int64_t number = -1;
    std::from_chars(value.data(), value.data() + value.size(), number);
    if (name == "ct" && number >= 100) timing.connect = Duration{std::min<std::int64_t>(number, 10'000)};
    if (name == "rt" && number >= 100) timing.read = Duration{std::min<std::int64_t>(number, 15'000)};
    if (name == "rc" && number >= 0) timing.retries = std::min<std::int64_t>(number, 5);
    if (name == "rp") timing.retries_unknown = value.contains("all") || value.contains("rt");
  }
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string_view without_fragment(std::string_view url) {
  return url.substr(0, url.find('#'));
}

}  // namespace

/// One webhook with all its copies.
struct WebhookSender::Sending {
  Webhook webhook;
  Done done;
  Timing timing;
  bool is_signed = true;
  bool is_signed_wrongly = false;
  bool is_in_a_row = false;
  std::int64_t copies_left = 1;  ///< to start; only used in a row
  std::mutex mutex;
  std::int64_t copies_open = 1;
  std::optional<WebhookAnswer> first;
};

/// One copy, through its retry and its redirects.
struct WebhookSender::Copy {
  std::shared_ptr<Sending> sending;
  std::string url;
  std::string method;
  SteadyTime started_at = std::chrono::steady_clock::now();
  SteadyTime deadline{};
  std::int64_t retries_left = 0;
  int redirects_left = http_redirects_max;
  bool is_retry = false;
  bool has_parameters = true;  ///< false once a redirect has lost them, as with Twilio
};

WebhookSender::WebhookSender(Guarded<Practice>& practice, Timers& timers, std::string auth_token)
    : practice_(practice),
      timers_(timers),
      auth_token_(std::move(auth_token)),
      client_(std::make_unique<net::HttpClient>(
          net::HttpClient::Options{.connections_per_host_max = 128, .in_flight_max = 1024, .ca_file = {}})) {}

WebhookSender::~WebhookSender() {
  close();
}

void WebhookSender::close() {
  std::unique_ptr<net::HttpClient> ended;
  {
    const std::unique_lock lock(client_mutex_);
    ended = std::move(client_);
  }
  // Its destructor ends what is in flight, and those endings come back here; so not under the lock.
  ended.reset();
}

void WebhookSender::send(Webhook webhook, Done done) {
  auto sending = std::make_shared<Sending>();
  sending->webhook = std::move(webhook);
  sending->done = std::move(done);
  const Webhook& sent = sending->webhook;
  std::vector<WebhookFault> faults;
  std::vector<std::string> omitted;
  Parameters added;
  practice_.with([&](Practice& practice) {
    faults = take_faults(practice.knobs, sent.kind, sent.to, sent.from);
    omitted = practice.knobs.omit_parameters;
    added = practice.knobs.extra_parameters;
    sending->timing.connect = Duration{practice.knobs.webhook_connect_timeout_ms};
    sending->timing.whole = sending->timing.read = Duration{practice.knobs.webhook_timeout_ms};
    sending->timing.retries = practice.knobs.webhook_connect_retries;
  });
  std::erase_if(sending->webhook.parameters,
                [&](const auto& row) { return std::ranges::find(omitted, row.first) != omitted.end(); });
  std::ranges::move(added, std::back_inserter(sending->webhook.parameters));
  if (const std::size_t hash = sent.url.find('#'); hash != std::string::npos) {
    apply_fragment(std::string_view{sent.url}.substr(hash + 1), sending->timing);
  }
  Duration delay{0};
  for (const WebhookFault& fault : faults) {
    switch (fault.kind) {
      case WebhookFaultKind::drop:
        sending->done({.is_ok = false, .problem = "dropped, as the knobs ask"});
        return;
      case WebhookFaultKind::duplicate:
        sending->copies_open = fault.times;
        sending->is_in_a_row = fault.spacing == Spacing::in_a_row;
        break;
      case WebhookFaultKind::delay:
        delay += Duration{fault.ms};
        break;
      case WebhookFaultKind::wrong_signature:
        sending->is_signed_wrongly = true;
        break;
      case WebhookFaultKind::no_signature:
        sending->is_signed = false;
        break;
      case WebhookFaultKind::reorder:
        break;
    }
  }
  if (delay.count() > 0) {
    timers_.after(delay, [this, sending] { start(sending); });
  } else {
    start(sending);
  }
}

void WebhookSender::start(const std::shared_ptr<Sending>& sending) {
  const std::int64_t copies = sending->copies_open;
  if (sending->is_in_a_row) {
    sending->copies_left = copies - 1;
    send_copy(sending);
    return;
  }
  for (std::int64_t i = 0; i < copies; ++i) send_copy(sending);
}

void WebhookSender::send_copy(const std::shared_ptr<Sending>& sending) {
  auto copy = std::make_shared<Copy>();
  copy->sending = sending;
  copy->url = std::string(without_fragment(sending->webhook.url));
  copy->method = sending->webhook.method;
  copy->deadline = copy->started_at + sending->timing.whole;
  copy->retries_left = sending->timing.retries;
  attempt(copy);
}

void WebhookSender::attempt(const std::shared_ptr<Copy>& copy) {
  const Sending& sending = *copy->sending;
  net::ClientRequest request;
  request.method = copy->method;
  request.url = copy->url;
  const Parameters none;
  const bool is_form = copy->method == "POST";
  const Parameters& parameters = is_form ? sending.webhook.parameters : none;
  if (is_form) {
    request.body = form_encoded(parameters);
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
  } else if (copy->has_parameters) {
    request.url += (request.url.contains('?') ? "&" : "?") + form_encoded(sending.webhook.parameters);
  }
  request.headers.emplace_back("User-Agent", "TwilioProxy/1.1");
  request.headers.emplace_back("Accept", "*/*");
  if (sending.is_signed) {
    const std::string signature =
        twilio_signature(sending.is_signed_wrongly ? auth_token_ + "?" : auth_token_, request.url, parameters);
    request.headers.emplace_back("X-Twilio-Signature", signature);
  }
  if (copy->is_retry) {
    request.headers.emplace_back("I-Twilio-Idempotency-Token",
                                 practice_.with([](Practice& practice) { return practice.sids.next(""); }));
  }
  const auto left = std::chrono::ceil<Duration>(copy->deadline - std::chrono::steady_clock::now());
  request.connect_timeout = std::clamp(sending.timing.connect, Duration{1}, std::max(left, Duration{1}));
  request.timeout =
      std::clamp(sending.timing.connect + sending.timing.read, Duration{1}, std::max(left, Duration{1}));
  request.response_bytes_max = answer_bytes_max;
  practice_.with([](Practice& practice) { ++practice.counts.webhooks_sent; });

  if (waiting_.fetch_add(1) >= webhooks_max) {
    --waiting_;
    report(copy, {.problem = "11205: too many webhooks are waiting", .problem_code = 11205});
    return;
  }
  {
    const std::shared_lock lock(client_mutex_);
    if (client_ != nullptr) {
      client_->send(std::move(request), [this, copy](net::ClientResult result) {
        --waiting_;
        finished(copy, std::move(result));
      });
      return;
    }
  }
  --waiting_;
  report(copy, {.problem = "11205: the practice carrier is stopping", .problem_code = 11205});
}

void WebhookSender::finished(const std::shared_ptr<Copy>& copy, net::ClientResult result) {
  using Kind = net::ClientResult::Kind;
  if (result.kind != Kind::answered) {
    const bool may_retry = result.kind == Kind::not_written || copy->sending->timing.retries_unknown;
    const bool has_time = std::chrono::steady_clock::now() < copy->deadline;
    if (may_retry && has_time && copy->retries_left > 0) {
      --copy->retries_left;
      copy->is_retry = true;
      attempt(copy);
      return;
    }
    report(copy, {.problem = "11205: HTTP connection failure: " + result.reason, .problem_code = 11205});
    return;
  }
  const net::ClientResponse& response = result.response;
  const std::string_view location = response.header("Location");
  if (is_redirect(response.status) && !location.empty() && copy->redirects_left > 0) {
    --copy->redirects_left;
    copy->url = resolved_url(copy->url, location);
    if (response.status < 307 || copy->method == "GET") {
      copy->method = "GET";
      copy->has_parameters = false;
    }
    attempt(copy);
    return;
  }
  WebhookAnswer answer;
  answer.status = response.status;
  answer.is_ok = response.status >= 200 && response.status < 300;
  answer.content_type = response.header("Content-Type");
  answer.body = std::move(result.response.body);
  if (!answer.is_ok) {
    answer.problem_code = 11200;
    answer.problem = "11200: HTTP retrieval failure: status " + std::to_string(answer.status);
  }
  report(copy, std::move(answer));
}

void WebhookSender::report(const std::shared_ptr<Copy>& copy, WebhookAnswer answer) {
  Sending& sending = *copy->sending;
  if (!answer.is_ok) practice_.with([](Practice& practice) { ++practice.counts.webhooks_failed; });
  if (sending.webhook.note) {
    WebhookNote note;
    note.kind = name_of(sending.webhook.kind);
    note.url = copy->url;
    note.status = answer.status;
    note.problem = answer.problem;
    note.body = answer.body.substr(0, webhook_body_kept);
    note.took = std::chrono::floor<Duration>(std::chrono::steady_clock::now() - copy->started_at);
    sending.webhook.note(std::move(note));
  }
  bool is_last = false;
  bool is_next_due = false;
  {
    const std::lock_guard lock(sending.mutex);
    if (!sending.first) sending.first = std::move(answer);
    is_last = --sending.copies_open == 0;
    is_next_due = sending.is_in_a_row && sending.copies_left > 0;
    if (is_next_due) --sending.copies_left;
  }
  if (is_next_due) send_copy(copy->sending);
  if (is_last) sending.done(std::move(*sending.first));
}

}  // namespace jobrun::simulator
