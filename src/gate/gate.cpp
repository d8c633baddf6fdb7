#include "gate/gate.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <expected>
#include <optional>
#include <utility>

#include "base/utf8.hpp"
#include "gate/form.hpp"
#include "gate/signature.hpp"
#include "gate/twiml.hpp"

namespace jobrun::gate {
namespace {

using net::HttpRequest;
using net::HttpResponse;
using net::Respond;

// ---- Which path is which webhook, and which webhook becomes which Event -----------------------------------

enum class Webhook { voice, status };

struct WebhookPath {
  std::string_view path;
  Webhook webhook;
};

constexpr std::array webhooks = {WebhookPath{"/twilio/voice", Webhook::voice},
                                 WebhookPath{"/twilio/status", Webhook::status}};

constexpr std::size_t number_text_bytes_max = 64;
constexpr std::size_t status_text_bytes_max = 32;

/// The parameters that decide something. Each may be given once; the others are signed and not looked at.
struct CallFields {
  std::optional<std::string_view> call_sid, from, to, call_status, direction, parent_call_sid, forwarded_from;
};

struct FieldName {
  std::string_view name;
  std::optional<std::string_view> CallFields::* field;
};

constexpr std::array field_names = {FieldName{"CallSid", &CallFields::call_sid},
                                    FieldName{"From", &CallFields::from},
                                    FieldName{"To", &CallFields::to},
                                    FieldName{"CallStatus", &CallFields::call_status},
                                    FieldName{"Direction", &CallFields::direction},
                                    FieldName{"ParentCallSid", &CallFields::parent_call_sid},
                                    FieldName{"ForwardedFrom", &CallFields::forwarded_from}};

std::expected<CallFields, Refusal> fields_of(const Form& form) {
  CallFields fields;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const Form::Parameter parameter = form[i];
    for (const FieldName& known : field_names) {
      if (parameter.name != known.name) continue;
      if (fields.*known.field) return std::unexpected(Refusal::repeated_parameter);
      fields.*known.field = parameter.value;
    }
  }
  return fields;
}

template <class T>
std::optional<T> parse_optional(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  Result<T> parsed = T::parse(*text);
  return parsed ? std::optional<T>(std::move(*parsed)) : std::nullopt;
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  return std::string(utf8_prefix(text, bytes_max));
}

Origin origin_of(Webhook webhook) {
  switch (webhook) {
    case Webhook::voice:
      return Origin::voice;
    case Webhook::status:
      return Origin::status;
  }
  return Origin::status;
}

std::expected<CallDetails, Refusal> call_of(Webhook webhook, const CallFields& fields) {
  const std::string_view call_sid = fields.call_sid.value_or("");
  if (call_sid.empty()) return std::unexpected(Refusal::missing_call_sid);
  Result<CallSid> sid = CallSid::parse(call_sid);
  if (!sid) return std::unexpected(Refusal::malformed_call_sid);
  const std::string_view direction = fields.direction.value_or("");
  const bool has_parent = !fields.parent_call_sid.value_or("").empty();
  return CallDetails{.call_sid = std::move(*sid),
                     .caller = Caller::parse(fields.from.value_or("")),
                     .number = parse_optional<E164>(fields.to),
                     .number_text = shortened(fields.to.value_or(""), number_text_bytes_max),
                     .forwarded_from = parse_optional<E164>(fields.forwarded_from),
                     .is_inbound_parent = !has_parent && (direction.empty() || direction == "inbound"),
                     .parent = parse_optional<CallSid>(fields.parent_call_sid),
                     .origin = origin_of(webhook)};
}

/// Which webhook becomes which Event.
std::expected<Event, Refusal> event_of(Webhook webhook, const Form& form) {
  const std::expected<CallFields, Refusal> fields = fields_of(form);
  if (!fields) return std::unexpected(fields.error());
  std::expected<CallDetails, Refusal> call = call_of(webhook, *fields);
  if (!call) return std::unexpected(call.error());
  switch (webhook) {
    case Webhook::voice:
      return IncomingCall{std::move(*call)};
    case Webhook::status: {
      const std::string_view status = fields->call_status.value_or("");
      if (status.empty()) return std::unexpected(Refusal::missing_call_status);
      return CallStatusChange{std::move(*call), parse_name<CallStatus>(status).value_or(CallStatus::unrecognised),
                              shortened(status, status_text_bytes_max)};
    }
  }
  return std::unexpected(Refusal::internal);
}

HttpResponse answer_of(Webhook webhook, const Receipt& receipt) {
  HttpResponse response;
  response.content_type = twiml_content_type;
  switch (webhook) {
    case Webhook::voice:
      response.body = write_voice_answer(receipt.answer);
      break;
    case Webhook::status:
      response.body = "<Response/>";
      break;
  }
  return response;
}

// ---- Refusals ---------------------------------------------------------------------------------------------

// The metrics stand at zero for each path and cause from the start, so their lists must be ours.
static_assert(std::ranges::equal(webhooks, webhook_paths, {}, &WebhookPath::path));
static_assert(std::ranges::equal(NamesOf<Refusal>::rows, webhook_refusal_causes, {}, &Named<Refusal>::name));

struct RefusalAnswer {
  int status;
  std::string_view message;
};

RefusalAnswer answer_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::unknown_path:
      return {404, "There is nothing at this path."};
    case Refusal::wrong_method:
      return {405, "This path does not take this method; see the header Allow."};
    case Refusal::wrong_content_type:
      return {415, "Send application/x-www-form-urlencoded."};
    case Refusal::body_too_large:
      return {413, "A webhook's body is at most 64 KiB."};
    case Refusal::malformed_form:
      return {400, "The body is not a well-formed form."};
    case Refusal::missing_signature:
      return {403, "The header X-Twilio-Signature is missing."};
    case Refusal::wrong_signature:
      return {403, "X-Twilio-Signature does not match this request."};
    case Refusal::missing_call_sid:
      return {400, "The parameter CallSid is missing."};
    case Refusal::malformed_call_sid:
      return {400, "The parameter CallSid is not the id of a call."};
    case Refusal::missing_call_status:
      return {400, "The parameter CallStatus is missing."};
    case Refusal::repeated_parameter:
      return {400, "A parameter that may be given once was given twice."};
    case Refusal::unavailable:
      return {503, "This could not be stored. Nothing was kept; send it again."};
    case Refusal::internal:
      return {500, "This could not be handled. Nothing was kept."};
    case Refusal::header_too_large:
      return {431, "The headers are too large."};
    case Refusal::malformed_request:
      return {400, "The request is malformed."};
    case Refusal::timed_out:
      return {408, "The request did not arrive in time."};
    case Refusal::too_many_connections:
      return {503, "Too many connections."};
    case Refusal::unanswered:
      return {503, "No answer was ready in time."};
  }
  return {500, ""};
}

/// What the operator should look at, where the cause alone does not say it.
std::string_view advice_on(Refusal refusal) {
  switch (refusal) {
    case Refusal::wrong_signature:
      return "compare the public URL and the auth tokens in the settings with those at the carrier";
    case Refusal::unavailable:
      return "the database or its disk does not take writes";
    case Refusal::unanswered:
      return "the ledger did not answer in time: look at the database and its disk";
    case Refusal::unknown_path:
    case Refusal::wrong_method:
    case Refusal::wrong_content_type:
    case Refusal::body_too_large:
    case Refusal::malformed_form:
    case Refusal::missing_signature:
    case Refusal::missing_call_sid:
    case Refusal::malformed_call_sid:
    case Refusal::missing_call_status:
    case Refusal::repeated_parameter:
    case Refusal::internal:
    case Refusal::header_too_large:
    case Refusal::malformed_request:
    case Refusal::timed_out:
    case Refusal::too_many_connections:
      return {};
  }
  return {};
}

Refusal refusal_by_server(net::ServerRefusal refusal) {
  switch (refusal) {
    case net::ServerRefusal::header_too_large:
      return Refusal::header_too_large;
    case net::ServerRefusal::body_too_large:
      return Refusal::body_too_large;
    case net::ServerRefusal::malformed:
      return Refusal::malformed_request;
    case net::ServerRefusal::timed_out:
      return Refusal::timed_out;
    case net::ServerRefusal::too_many_connections:
      return Refusal::too_many_connections;
    case net::ServerRefusal::unanswered:
      return Refusal::unanswered;
  }
  return Refusal::internal;
}

bool is_form(std::string_view content_type) {
  constexpr std::string_view wanted = "application/x-www-form-urlencoded";
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (type.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const char c = type[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != wanted[i]) return false;
  }
  return true;
}

/// The call a refused request claims to be about, for the log: empty unless it is an id.
std::string claimed_call_sid(const Form& form) {
  const std::optional<CallSid> sid = parse_optional<CallSid>(form.find("CallSid"));
  return sid ? sid->text() : std::string();
}

}  // namespace

// ---- The gate ---------------------------------------------------------------------------------------------

struct Gate::Impl {
  struct Mounted {
    std::string path;
    MountedHandler handler;
  };

  Impl(Options options, EventSink& sink_given, Meter& meter_given, Log& log_given)
      : signatures(options.public_url, options.auth_tokens),
        sink(sink_given),
        meter(meter_given),
        log(log_given) {}

  SignatureCheck signatures;
  EventSink& sink;
  Meter& meter;
  Log& log;
  std::vector<Mounted> mounted;

  void route(HttpRequest& request, Respond& respond);
  void take_webhook(const WebhookPath& row, HttpRequest& request, Respond& respond);
  void finish(const WebhookPath& row, const Result<Receipt>& receipt, const std::string& call_sid,
              const Respond& respond);
  HttpResponse refuse(Refusal refusal, std::string_view path, const std::string& call_sid,
                      std::string_view detail = {});
  void refuse_webhook(const WebhookPath& row, const Respond& respond, Refusal refusal,
                      const std::string& call_sid = {}, std::string_view detail = {});
  void answer_webhook(const WebhookPath& row, const Respond& respond, HttpResponse response);
};

void Gate::Impl::route(HttpRequest& request, Respond& respond) {
  const std::string_view path = request.path();
  for (const WebhookPath& row : webhooks) {
    if (path == row.path) return take_webhook(row, request, respond);
  }
  for (const Mounted& mount : mounted) {
    if (path != mount.path) continue;
    if (request.method == "GET" || request.method == "HEAD") return mount.handler(request, std::move(respond));
    HttpResponse response = refuse(Refusal::wrong_method, mount.path, {});
    response.headers.emplace_back("Allow", "GET, HEAD");
    return respond(std::move(response));
  }
  // The path itself is the sender's text: neither logged nor a label.
  respond(refuse(Refusal::unknown_path, "other", {}));
}

void Gate::Impl::take_webhook(const WebhookPath& row, HttpRequest& request, Respond& respond) {
  if (request.method != "POST") return refuse_webhook(row, respond, Refusal::wrong_method);
  if (request.body.size() > Form::body_bytes_max) return refuse_webhook(row, respond, Refusal::body_too_large);
  if (!is_form(request.header("Content-Type"))) return refuse_webhook(row, respond, Refusal::wrong_content_type);
  const std::string_view signature = request.header("X-Twilio-Signature");
  if (signature.empty()) return refuse_webhook(row, respond, Refusal::missing_signature);
  const Result<Form> form = Form::parse(std::move(request.body));
  if (!form) return refuse_webhook(row, respond, Refusal::malformed_form, {}, form.error().message);
  if (!signatures.accepts_form(request.target, *form, signature)) {
    return refuse_webhook(row, respond, Refusal::wrong_signature, claimed_call_sid(*form));
  }
  std::expected<Event, Refusal> event = event_of(row.webhook, *form);
  if (!event) return refuse_webhook(row, respond, event.error(), claimed_call_sid(*form));
  std::string call_sid = call_details(*event).call_sid.text();
  sink.submit(std::move(*event), [this, &row, call_sid = std::move(call_sid), respond = std::move(respond)](
                                     const Result<Receipt>& receipt) { finish(row, receipt, call_sid, respond); });
}

void Gate::Impl::finish(const WebhookPath& row, const Result<Receipt>& receipt, const std::string& call_sid,
                        const Respond& respond) {
  if (receipt) return answer_webhook(row, respond, answer_of(row.webhook, *receipt));
  const bool may_be_repeated = receipt.error().kind == ErrorKind::unavailable;
  refuse_webhook(row, respond, may_be_repeated ? Refusal::unavailable : Refusal::internal, call_sid,
                 receipt.error().message);
}

/// Counts and logs a refusal, once; the caller sends what it returns. `detail` is our own words, never the
/// sender's.
HttpResponse Gate::Impl::refuse(Refusal refusal, std::string_view path, const std::string& call_sid,
                                std::string_view detail) {
  const std::string_view cause = name_of(refusal);
  const RefusalAnswer answer = answer_of(refusal);
  meter.count(Metric::webhook_refusals, cause);
  LogLine line{
      .level = answer.status >= 500 ? LogLevel::error : LogLevel::warning,
      .message = "request refused",
      .correlation_id = call_sid,
      .fields = {
          {"cause", std::string(cause)}, {"path", std::string(path)}, {"status", std::to_string(answer.status)}}};
  if (!detail.empty()) line.fields.push_back({"detail", std::string(detail)});
  if (const std::string_view advice = advice_on(refusal); !advice.empty()) {
    line.fields.push_back({"advice", std::string(advice)});
  }
  log.write(line);
  return net::json_error(answer.status, cause, answer.message);
}

void Gate::Impl::refuse_webhook(const WebhookPath& row, const Respond& respond, Refusal refusal,
                                const std::string& call_sid, std::string_view detail) {
  HttpResponse response = refuse(refusal, row.path, call_sid, detail);
  if (refusal == Refusal::wrong_method) response.headers.emplace_back("Allow", "POST");
  answer_webhook(row, respond, std::move(response));
}

void Gate::Impl::answer_webhook(const WebhookPath& row, const Respond& respond, HttpResponse response) {
  meter.count(Metric::webhooks, row.path, response.status == 200 ? "200" : std::to_string(response.status));
  respond(std::move(response));
}

Gate::Gate(Options options, EventSink& sink, Meter& meter, Log& log)
    : impl_(std::make_unique<Impl>(std::move(options), sink, meter, log)) {}

Gate::~Gate() = default;

void Gate::mount(std::string path, MountedHandler handler) {
  impl_->mounted.push_back({std::move(path), std::move(handler)});
}

void Gate::handle(HttpRequest&& request, Respond respond) {
  try {
    impl_->route(request, respond);
  } catch (const std::exception& broken) {
    static_cast<void>(impl_->refuse(Refusal::internal, "gate", {}, broken.what()));
    throw;  // the server answers 500
  }
}

void Gate::count_refusal_by_server(net::ServerRefusal refusal) {
  // The server has answered already.
  static_cast<void>(impl_->refuse(refusal_by_server(refusal), "server", {}));
}

}  // namespace jobrun::gate
