#include "gate/gate.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <expected>
#include <mutex>
#include <optional>
#include <utility>

#include "call_fields.hpp"
#include "gate/form.hpp"
#include "gate/signature.hpp"
#include "gate/telnyx_signature.hpp"
#include "gate/twiml.hpp"
#include "inbound_fields.hpp"
#include "message_fields.hpp"
#include "refusals.hpp"
#include "ring_fields.hpp"
#include "telnyx_status.hpp"

namespace jobrun::gate {
namespace {

using net::HttpRequest;
using net::HttpResponse;
using net::Respond;

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view json_type = "application/json";

// ---- Which path is which webhook, and which webhook becomes which Event -----------------------------------

enum class Webhook {
  voice,
  status,
  screen,
  screen_result,
  dial_result,
  recording,
  recording_status,
  transcription,
  sms,
  message_status,
  telnyx_message_status,
};

struct WebhookPath {
  std::string_view path;
  Webhook webhook;
};

/// Behind the paths of statuses of messages stands the id of a text.
constexpr std::array webhooks = {WebhookPath{"/twilio/voice", Webhook::voice},
                                 WebhookPath{"/twilio/status", Webhook::status},
                                 WebhookPath{"/twilio/screen", Webhook::screen},
                                 WebhookPath{"/twilio/screen-result", Webhook::screen_result},
                                 WebhookPath{"/twilio/dial-result", Webhook::dial_result},
                                 WebhookPath{"/twilio/recording", Webhook::recording},
                                 WebhookPath{"/twilio/recording-status", Webhook::recording_status},
                                 WebhookPath{"/twilio/transcription", Webhook::transcription},
                                 WebhookPath{"/twilio/sms", Webhook::sms},
                                 WebhookPath{"/twilio/message-status", Webhook::message_status},
                                 WebhookPath{"/telnyx/message-status", Webhook::telnyx_message_status}};

bool is_about_a_message(Webhook webhook) {
  return webhook == Webhook::message_status || webhook == Webhook::telnyx_message_status;
}

bool is_at(const WebhookPath& row, std::string_view path) {
  if (!path.starts_with(row.path)) return false;
  path.remove_prefix(row.path.size());
  return path.empty() || (is_about_a_message(row.webhook) && path.front() == '/');
}

/// The text that a path is about: what stands behind `{row.path}/`.
std::optional<TextId> text_of(const WebhookPath& row, std::string_view path) {
  if (!is_about_a_message(row.webhook)) return std::nullopt;
  path.remove_prefix(row.path.size());
  return path.empty() ? std::nullopt : text_id_in(path.substr(1));
}

/// What stands behind the `?`; empty without one.
std::string_view query_of(const HttpRequest& request) {
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

/// Which webhook becomes which Event, once its sender is proven. `text` is the one in the path. Telnyx's is no
/// form: see `read_telnyx`.
std::expected<Event, Refusal> event_of(Webhook webhook, std::optional<TextId> text, std::string_view query,
                                       const Form& form) {
  switch (webhook) {
    case Webhook::voice:
      return incoming_call_of(form);
    case Webhook::status:
      return call_status_of(form);
    case Webhook::screen:
      return phone_picked_up_of(form, query);
    case Webhook::screen_result:
      return phone_answered_of(form, query);
    case Webhook::dial_result:
      return ring_end_of(form, query);
    case Webhook::recording:
      return recording_news_of(form, query, RecordingStep::left);
    case Webhook::recording_status:
      return recording_news_of(form, query, RecordingStep::kept);
    case Webhook::transcription:
      return recording_news_of(form, query, RecordingStep::transcribed);
    case Webhook::sms:
      return inbound_text_of(form);
    case Webhook::message_status:
      if (!text) return std::unexpected(Refusal::malformed_text_id);
      return message_status_of(std::move(*text), attempt_in(query), form);
    case Webhook::telnyx_message_status:
      break;
  }
  return std::unexpected(Refusal::internal);
}

HttpResponse answer_of(Webhook webhook, const Receipt& receipt, std::string_view path_prefix) {
  HttpResponse response;
  response.content_type = twiml_content_type;
  switch (webhook) {
    case Webhook::voice:
    case Webhook::screen:
    case Webhook::screen_result:
    case Webhook::dial_result:
    case Webhook::recording:
      response.body = write_voice_answer(receipt.answer, path_prefix);
      break;
    case Webhook::recording_status:
    case Webhook::transcription:
    case Webhook::status:
    case Webhook::sms:
    case Webhook::message_status:
      response.body = "<Response/>";
      break;
    case Webhook::telnyx_message_status:
      response.content_type = json_type;
      response.body = "{}";
      break;
  }
  return response;
}

// The metrics stand at zero for each path and cause from the start, so their lists must be ours.
static_assert(std::ranges::equal(webhooks, webhook_paths, {}, &WebhookPath::path));
static_assert(std::ranges::equal(NamesOf<Refusal>::rows, webhook_refusal_causes, {}, &Named<Refusal>::name));

/// `https://calls.example.com/jobrun` -> `/jobrun`.
std::string path_of(std::string_view url) {
  const std::size_t host = url.find("://");
  const std::size_t path = host == std::string_view::npos ? host : url.find('/', host + 3);
  return path == std::string_view::npos ? std::string() : std::string(url.substr(path));
}

/// Whatever its parameters, such as a charset.
bool is_of_type(std::string_view content_type, std::string_view wanted) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (type.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const char c = type[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != wanted[i]) return false;
  }
  return true;
}

}  // namespace

// ---- The gate ---------------------------------------------------------------------------------------------

struct Gate::Impl {
  struct Mounted {
    std::string path;
    MountedHandler handler;
  };

  Impl(Options options, EventSink& sink_given, Meter& meter_given, Log& log_given, const Clock& clock_given)
      : public_url(std::move(options.public_url)),
        path_prefix(path_of(public_url)),
        canary_number(options.canary_number),
        traces(options.traces),
        signatures(public_url, options.auth_tokens),
        sink(sink_given),
        meter(meter_given),
        log(log_given),
        clock(clock_given) {
    if (!options.telnyx_public_key.empty()) telnyx_signatures.emplace(options.telnyx_public_key);
  }

  const std::string public_url;
  const std::string path_prefix;  ///< of our paths, as the carrier sees them
  const std::optional<E164> canary_number;
  Traces* const traces;
  SignatureCheck signatures;  ///< the server's thread alone
  std::mutex renewed_mutex;
  std::optional<SignatureCheck> renewed;  ///< takes the place of `signatures` at the next request
  std::optional<TelnyxSignatureCheck> telnyx_signatures;
  EventSink& sink;
  Meter& meter;
  Log& log;
  const Clock& clock;
  std::vector<Mounted> mounted;

  void route(HttpRequest& request, Respond& respond);
  bool is_served(Webhook webhook) const;
  void take_webhook(const WebhookPath& row, HttpRequest& request, Respond& respond);
  std::expected<Event, RefusedWebhook> read(const WebhookPath& row, HttpRequest& request);
  std::expected<Event, RefusedWebhook> read_form(const WebhookPath& row, HttpRequest& request);
  std::expected<Event, RefusedWebhook> read_telnyx(const WebhookPath& row, const HttpRequest& request);
  SignatureCheck& current_signatures();
  void mark_canary(Event& event);
  std::optional<Trace> trace_of(const HttpRequest& request) const;
  void finish(const WebhookPath& row, const Result<Receipt>& receipt, const std::string& call_sid,
              const Respond& respond);
  HttpResponse refuse(Refusal refusal, std::string_view path, const std::optional<Trace>& trace,
                      const std::string& call_sid = {}, std::string_view detail = {});
  void refuse_webhook(const WebhookPath& row, const Respond& respond, const RefusedWebhook& refused);
  void answer_webhook(const WebhookPath& row, const Respond& respond, HttpResponse response);
};

void Gate::Impl::route(HttpRequest& request, Respond& respond) {
  const std::string_view path = request.path();
  for (const WebhookPath& row : webhooks) {
    if (is_at(row, path) && is_served(row.webhook)) return take_webhook(row, request, respond);
  }
  for (const Mounted& mount : mounted) {
    if (path != mount.path) continue;
    if (request.method == "GET" || request.method == "HEAD") return mount.handler(request, std::move(respond));
    HttpResponse response = refuse(Refusal::wrong_method, mount.path, trace_of(request));
    response.headers.emplace_back("Allow", "GET, HEAD");
    return respond(std::move(response));
  }
  // The path itself is the sender's text: neither logged nor a label.
  respond(refuse(Refusal::unknown_path, "other", trace_of(request)));
}

bool Gate::Impl::is_served(Webhook webhook) const {
  return webhook != Webhook::telnyx_message_status || telnyx_signatures.has_value();
}

void Gate::Impl::take_webhook(const WebhookPath& row, HttpRequest& request, Respond& respond) {
  const std::chrono::nanoseconds came_at = clock.monotonic();
  const std::optional<Trace> trace = trace_of(request);
  std::expected<Event, RefusedWebhook> event = read(row, request);
  if (!event) {
    event.error().trace = trace;
    return refuse_webhook(row, respond, event.error());
  }
  std::string call_sid = correlation_id(*event);
  // Only of what is signed: a stranger may name any call.
  if (trace) traces->keep(call_sid, *trace);
  sink.submit(std::move(*event), [this, &row, came_at, call_sid = std::move(call_sid),
                                  respond = std::move(respond)](const Result<Receipt>& receipt) {
    finish(row, receipt, call_sid, respond);
    if (!receipt) return;
    const std::chrono::duration<double> took = clock.monotonic() - came_at;
    meter.observe(Metric::webhook_acknowledgement_seconds, took.count());
  });
}

std::optional<Trace> Gate::Impl::trace_of(const HttpRequest& request) const {
  if (traces == nullptr) return std::nullopt;
  return traces->of_request(request.header("traceparent"));
}

std::expected<Event, RefusedWebhook> Gate::Impl::read(const WebhookPath& row, HttpRequest& request) {
  const auto refused = [](Refusal refusal) { return std::unexpected(RefusedWebhook{refusal}); };
  const bool is_telnyx = row.webhook == Webhook::telnyx_message_status;
  if (request.method != "POST") return refused(Refusal::wrong_method);
  if (request.body.size() > Form::body_bytes_max) return refused(Refusal::body_too_large);
  if (!is_of_type(request.header("Content-Type"), is_telnyx ? json_type : form_type)) {
    return refused(Refusal::wrong_content_type);
  }
  return is_telnyx ? read_telnyx(row, request) : read_form(row, request);
}

std::expected<Event, RefusedWebhook> Gate::Impl::read_form(const WebhookPath& row, HttpRequest& request) {
  std::optional<TextId> text = text_of(row, request.path());
  std::string claimed = text ? text->cause : std::string();
  const auto refused = [&claimed](Refusal refusal, std::string detail = {}) {
    return std::unexpected(RefusedWebhook{refusal, std::move(claimed), std::move(detail)});
  };
  const std::string_view signature = request.header("X-Twilio-Signature");
  if (signature.empty()) return refused(Refusal::missing_signature);
  const Result<Form> form = Form::parse(std::move(request.body));
  if (!form) return refused(Refusal::malformed_form, form.error().message);
  if (!text) claimed = row.webhook == Webhook::sms ? claimed_message_sid(*form) : claimed_call_sid(*form);
  if (!current_signatures().accepts_form(request.target, *form, signature)) {
    return refused(Refusal::wrong_signature);
  }
  std::expected<Event, Refusal> event = event_of(row.webhook, std::move(text), query_of(request), *form);
  if (!event) return refused(event.error());
  mark_canary(*event);
  return std::move(*event);
}

/// Only of what is signed.
void Gate::Impl::mark_canary(Event& event) {
  CallDetails* call = nullptr;
  if (auto* incoming = std::get_if<IncomingCall>(&event)) call = &incoming->call;
  if (auto* change = std::get_if<CallStatusChange>(&event)) call = &change->call;
  if (call == nullptr || !canary_number || call->number != canary_number) return;
  if (signatures.is_canarys(call->call_sid)) call->origin = Origin::canary;
}

std::expected<Event, RefusedWebhook> Gate::Impl::read_telnyx(const WebhookPath& row, const HttpRequest& request) {
  std::optional<TextId> text = text_of(row, request.path());
  const auto refused = [claimed = text ? text->cause : std::string()](Refusal refusal) {
    return std::unexpected(RefusedWebhook{refusal, claimed});
  };
  const std::string_view signature = request.header("telnyx-signature-ed25519");
  const std::string_view timestamp = request.header("telnyx-timestamp");
  if (signature.empty() || timestamp.empty()) return refused(Refusal::missing_signature);
  switch (telnyx_signatures->check(timestamp, request.body, signature, clock.now())) {
    case TelnyxSignatureCheck::Verdict::accepted:
      break;
    case TelnyxSignatureCheck::Verdict::wrong:
      return refused(Refusal::wrong_signature);
    case TelnyxSignatureCheck::Verdict::outdated:
      return refused(Refusal::outdated_signature);
  }
  if (!text) return refused(Refusal::malformed_text_id);
  std::expected<Event, Refusal> event =
      telnyx_status_of(std::move(*text), attempt_in(query_of(request)), request.body);
  if (!event) return refused(event.error());
  return std::move(*event);
}

SignatureCheck& Gate::Impl::current_signatures() {
  const std::scoped_lock lock(renewed_mutex);
  if (renewed) signatures = std::move(*renewed);
  renewed.reset();
  return signatures;
}

void Gate::Impl::finish(const WebhookPath& row, const Result<Receipt>& receipt, const std::string& call_sid,
                        const Respond& respond) {
  if (receipt) return answer_webhook(row, respond, answer_of(row.webhook, *receipt, path_prefix));
  const bool may_be_repeated = receipt.error().kind == ErrorKind::unavailable;
  refuse_webhook(row, respond,
                 {.refusal = may_be_repeated ? Refusal::unavailable : Refusal::internal,
                  .correlation_id = call_sid,
                  .detail = receipt.error().message});
}

/// Counts and logs a refusal, once; the caller sends what it returns. `detail` is our own words, never the
/// sender's.
HttpResponse Gate::Impl::refuse(Refusal refusal, std::string_view path, const std::optional<Trace>& trace,
                                const std::string& call_sid, std::string_view detail) {
  const std::string_view cause = name_of(refusal);
  const RefusalAnswer answer = answer_of(refusal);
  meter.count(Metric::webhook_refusals, cause);
  LogLine line{
      .level = answer.status >= 500 ? LogLevel::error : LogLevel::warning,
      .message = "request refused",
      .correlation_id = call_sid,
      .fields = {
          {"cause", std::string(cause)}, {"path", std::string(path)}, {"status", std::to_string(answer.status)}}};
  if (trace) line.fields.push_back({"trace_id", trace->id});
  if (!detail.empty()) line.fields.push_back({"detail", std::string(detail)});
  if (const std::string_view advice = advice_on(refusal); !advice.empty()) {
    line.fields.push_back({"advice", std::string(advice)});
  }
  log.write(line);
  return net::json_error(answer.status, cause, answer.message);
}

void Gate::Impl::refuse_webhook(const WebhookPath& row, const Respond& respond, const RefusedWebhook& refused) {
  HttpResponse response = refuse(refused.refusal, row.path, refused.trace, refused.correlation_id, refused.detail);
  if (refused.refusal == Refusal::wrong_method) response.headers.emplace_back("Allow", "POST");
  answer_webhook(row, respond, std::move(response));
}

void Gate::Impl::answer_webhook(const WebhookPath& row, const Respond& respond, HttpResponse response) {
  meter.count(Metric::webhooks, row.path, response.status == 200 ? "200" : std::to_string(response.status));
  respond(std::move(response));
}

Gate::Gate(Options options, EventSink& sink, Meter& meter, Log& log, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), sink, meter, log, clock)) {}

Gate::~Gate() = default;

void Gate::mount(std::string path, MountedHandler handler) {
  impl_->mounted.push_back({std::move(path), std::move(handler)});
}

void Gate::replace_auth_tokens(const std::vector<std::string>& auth_tokens) {
  SignatureCheck check(impl_->public_url, auth_tokens);
  const std::scoped_lock lock(impl_->renewed_mutex);
  impl_->renewed = std::move(check);
}

void Gate::handle(HttpRequest&& request, Respond respond) {
  try {
    impl_->route(request, respond);
  } catch (const std::exception& broken) {
    static_cast<void>(impl_->refuse(Refusal::internal, "gate", {}, {}, broken.what()));
    throw;  // the server answers 500
  }
}

void Gate::count_refusal_by_server(net::ServerRefusal refusal) {
  // The server has answered already.
  static_cast<void>(impl_->refuse(refusal_by_server(refusal), "server", {}));
}

}  // namespace jobrun::gate
