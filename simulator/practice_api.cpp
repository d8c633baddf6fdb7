#include "practice_api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/phone_number.hpp"
#include "json_fields.hpp"
#include "twilio_json.hpp"

namespace jobrun::simulator {

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t rows_usual = 1'000;
constexpr std::size_t phones_max = 20;
constexpr std::size_t shown_calls_max = 1'000;

net::HttpResponse refusal(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid:
      return net::json_error(400, "invalid", error.message);
    case ErrorKind::not_found:
      return net::json_error(404, "not_found", error.message);
    case ErrorKind::conflict:
      return net::json_error(409, "conflict", error.message);
    case ErrorKind::unavailable:
      return net::json_error(503, "unavailable", error.message);
    case ErrorKind::internal:
      return net::json_error(500, "internal", error.message);
  }
  return net::json_error(500, "internal", error.message);
}

OrderedJson headers_json(const std::vector<std::pair<std::string, std::string>>& headers) {
  OrderedJson out = OrderedJson::object();
  for (const auto& [name, value] : headers) out[name] = value;
  return out;
}

OrderedJson notes_json(const std::vector<WebhookNote>& notes) {
  OrderedJson out = OrderedJson::array();
  for (const WebhookNote& note : notes) {
    out.push_back({{"kind", note.kind},
                   {"url", note.url},
                   {"status", note.status},
                   {"problem", note.problem},
                   {"answer", note.body},
                   {"ms", note.took.count()}});
  }
  return out;
}

OrderedJson shown(const CallRecord& call) {
  OrderedJson out;
  out["call_sid"] = call.sid;
  if (!call.parent_sid.empty()) out["parent_call_sid"] = call.parent_sid;
  out["from"] = call.from;
  out["to"] = call.to;
  if (!call.forwarded_from.empty()) out["forwarded_from"] = call.forwarded_from;
  out["direction"] = call.direction;
  out["status"] = name_of(call.status);
  out["at"] = to_iso8601(call.created_at);
  out["ended_at"] = call.ended_at ? OrderedJson(to_iso8601(*call.ended_at)) : OrderedJson(nullptr);
  out["duration_s"] = call.duration_s;
  out["heard"] = call.heard;
  out["problems"] = call.problems;
  out["webhooks"] = notes_json(call.webhooks);
  return out;
}

OrderedJson shown(const TextRecord& text) {
  OrderedJson out;
  out["message_sid"] = text.sid;
  out["direction"] = text.direction;
  out["from"] = text.from;
  out["to"] = text.to;
  out["body"] = text.body;
  out["status"] = text.status;
  out["error_code"] = text.error_code == 0 ? OrderedJson(nullptr) : OrderedJson(text.error_code);
  out["segments"] = text.segments;
  out["at"] = to_iso8601(text.created_at);
  out["status_callback"] = text.status_callback;
  out["webhooks"] = notes_json(text.webhooks);
  return out;
}

OrderedJson shown(const RequestRecord& request) {
  return {{"number", request.number},
          {"at", to_iso8601(request.at)},
          {"method", request.method},
          {"target", request.target},
          {"headers", headers_json(request.headers)},
          {"body", request.body},
          {"answered", request.answered}};
}

OrderedJson shown(const AlertRow& alert) {
  OrderedJson parsed = OrderedJson::parse(alert.body, nullptr, false);
  return {{"number", alert.number},
          {"at", to_iso8601(alert.at)},
          {"headers", headers_json(alert.headers)},
          {"alert", parsed.is_discarded() ? OrderedJson(nullptr) : parsed},
          {"body", alert.body},
          {"answered", alert.answered}};
}

/// What was meant by `number=+1...` where `+` arrived as a space.
std::string number_meant(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool is_digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return (is_digits && text.size() > 6 ? "+" : "") + std::string(text);
}

std::size_t limit_of(const gate::Form& query) {
  std::size_t limit = rows_usual;
  if (const auto text = query.find("limit")) std::from_chars(text->data(), text->data() + text->size(), limit);
  return std::clamp<std::size_t>(limit, 1, records_max);
}

bool admits(const gate::Form& query, std::string_view name, std::string_view value) {
  const std::string wanted = number_meant(query.find(name).value_or(""));
  return wanted.empty() || wanted == value;
}

/// The newest rows that `keep` keeps, as many as the query's limit, oldest first.
template <class Row, class Keep>
OrderedJson rows_of(const Ring<Row>& ring, const gate::Form& query, Keep keep) {
  std::vector<OrderedJson> newest_first;
  const std::size_t limit = limit_of(query);
  ring.newest_first([&](const Row& row, std::uint64_t) {
    if (keep(row)) newest_first.push_back(shown(row));
    return newest_first.size() < limit;
  });
  OrderedJson out = OrderedJson::array();
  std::ranges::move(newest_first.rbegin(), newest_first.rend(), std::back_inserter(out));
  return out;
}

/// A call as ordered, and how often.
struct CallsOrdered {
  CallOrder order;
  std::int64_t times = 1;
  bool wait = false;
  bool vary_from = false;
};

Result<CallsOrdered> read_calls(const Json& body) {
  CallsOrdered read;
  CallOrder& order = read.order;
  Fields fields(body, "a call");
  fields.text("from", order.from, 100);
  fields.text("to", order.to, 100);
  fields.text("forwarded_from", order.forwarded_from, 100);
  fields.text("caller_name", order.caller_name, 100);
  fields.choice("scenario", order.scenario);
  fields.flag("voice", order.voice);
  fields.flag("status", order.status);
  fields.texts("statuses", order.statuses, 20);
  fields.text("call_sid", order.call_sid, 64);
  fields.text("digits", order.behaviour.digits, 30);
  fields.text("voicemail", order.behaviour.voicemail, 1'000);
  fields.choice("dial", order.behaviour.dial);
  fields.text("callee_digits", order.behaviour.callee_digits, 30);
  fields.each("phones", phones_max, [&order](const Json& object) -> Result<void> {
    PhoneBehaviour phone;
    Fields of_phone(object, "a phone that is dialled");
    of_phone.text("number", phone.number, 100);
    of_phone.choice("dial", phone.dial);
    of_phone.text("digits", phone.digits, 30);
    order.behaviour.phones.push_back(std::move(phone));
    return of_phone.finish();
  });
  fields.whole("times", read.times, 1, calls_per_order_max);
  fields.flag("wait", read.wait);
  fields.flag("vary_from", read.vary_from);
  if (!fields.has("from") || !fields.has("to")) fields.fail("a call needs `from` and `to`, as \"+14155550123\"");
  if (order.to.empty()) fields.fail("`to` of a call must not be empty");
  if (read.vary_from && !E164::parse(order.from)) {
    fields.fail("`vary_from` counts up from a phone number, so `from` must be one, as \"+14155550123\"");
  }
  for (const std::string& status : order.statuses) {
    if (!parse_name<CallStatus>(status)) {
      fields.fail("`statuses` of a call may hold " + one_of(spellings<CallStatus>()) + ", not `" +
                  status.substr(0, 80) + "`");
    }
  }
  if (Result<void> finished = fields.finish(); !finished) return std::unexpected(finished.error());
  return read;
}

/// Calls placed together, answered together.
struct Batch {
  std::mutex mutex;
  std::vector<std::string> sids;
  std::size_t ended = 0;
  std::size_t expected = 0;
  std::function<void(const std::vector<std::string>&)> done;

  /// Whoever completes the batch answers it.
  void one_ended() {
    {
      const std::lock_guard lock(mutex);
      if (++ended != expected || sids.size() != expected) return;
    }
    done(sids);
  }
};

}  // namespace

PracticeApi::PracticeApi(Guarded<Practice>& practice, Timers& timers, CallDesk& desk, const Clock& clock,
                         Hooks hooks)
    : practice_(practice), timers_(timers), desk_(desk), clock_(clock), hooks_(std::move(hooks)) {}

bool PracticeApi::is_for(std::string_view path) {
  return path == "/" || path.starts_with("/practice/");
}

void PracticeApi::handle(net::HttpRequest&& request, const net::Respond& respond) {
  const std::string path{request.path()};
  if (request.method == "GET") {
    handle_get(path, request, respond);
  } else if (request.method == "POST" || (request.method == "PUT" && path == "/practice/knobs")) {
    handle_post(path, std::move(request), respond);
  } else {
    respond(net::json_error(405, "wrong_method", "Use GET or POST; knobs also take PUT."));
  }
}

void PracticeApi::handle_get(std::string_view path, const net::HttpRequest& request, const net::Respond& respond) {
  const std::size_t mark = request.target.find('?');
  const Result<gate::Form> query =
      gate::Form::parse(mark == std::string::npos ? std::string() : request.target.substr(mark + 1));
  if (!query) {
    respond(refusal(query.error()));
    return;
  }
  if (path == "/") {
    Answer page;
    page.content_type = "text/html; charset=utf-8";
    page.body = std::string(page_html);
    respond(std::move(page));
    return;
  }
  const std::string_view name = path.substr(std::string_view{"/practice/"}.size());
  if (name == "health") return respond(health());
  if (name == "knobs") return respond(knobs());
  if (name == "calls") return respond(calls(*query));
  if (name == "texts") return respond(texts(*query));
  if (name == "handset") return respond(handset(*query));
  if (name == "requests") return respond(requests(*query));
  if (name == "alerts") return respond(alerts(*query));
  if (name == "numbers") return respond(numbers());
  if (name == "receipts") return respond(receipts());
  if (name.starts_with("media/")) return respond(media(name.substr(std::string_view{"media/"}.size())));
  respond(net::json_error(404, "not_found",
                          "Known: /practice/health, knobs, calls, texts, handset, requests, alerts, numbers, "
                          "receipts; POST calls, texts, knobs, alerts, outage, reset."));
}

void PracticeApi::handle_post(std::string_view path, net::HttpRequest&& request, const net::Respond& respond) {
  if (path == "/practice/alerts") return take_alert(std::move(request), respond);
  if (path == "/practice/reset") return respond(reset());
  const Json body = Json::parse(request.body, nullptr, false);
  if (body.is_discarded()) return respond(net::json_error(400, "invalid", "The body must be JSON."));
  if (path == "/practice/knobs") return respond(set_knobs(body));
  if (path == "/practice/calls") return place_calls(body, respond);
  if (path == "/practice/texts") return place_text(body, respond);
  if (path == "/practice/outage") return respond(go_away(body));
  respond(
      net::json_error(404, "not_found", "POST goes to /practice/calls, texts, knobs, alerts, outage or reset."));
}

// ---- Knobs and state --------------------------------------------------------------------------------------

PracticeApi::Answer PracticeApi::knobs() {
  OrderedJson out;
  out["knobs"] = practice_.with([](Practice& practice) { return knobs_as_json(practice.knobs); });
  out["about"] = knobs_described();
  return json_response(200, out);
}

PracticeApi::Answer PracticeApi::set_knobs(const Json& body) {
  const Result<void> applied = practice_.with([&](Practice& practice) {
    const Result<void> result = apply_knobs(practice.knobs, practice.defaults, body);
    if (result && body.contains("receipts_kept")) {
      practice.receipts.clear();
      practice.receipts.shrink_to_fit();
      practice.receipts.reserve(static_cast<std::size_t>(practice.knobs.receipts_kept));
      practice.receipts_seen = 0;
    }
    return result;
  });
  return applied ? knobs() : refusal(applied.error());
}

PracticeApi::Answer PracticeApi::go_away(const Json& body) {
  std::int64_t ms = 0;
  Fields fields(body, "an outage");
  fields.whole("ms", ms, 1, 60'000);
  if (!fields.has("ms")) fields.fail("an outage needs `ms`, how long nothing listens");
  if (Result<void> read = fields.finish(); !read) return refusal(read.error());
  hooks_.go_away(Duration{ms});
  return json_response(202, {{"away_for_ms", ms}});
}

PracticeApi::Answer PracticeApi::reset() {
  practice_.with([](Practice& practice) { practice.reset(); });
  hooks_.let_go();
  return json_response(200, {{"reset", true}});
}

PracticeApi::Answer PracticeApi::health() {
  return practice_.with([&](Practice& practice) {
    const Counts& counts = practice.counts;
    return json_response(200, {{"status", "ok"},
                               {"at", to_iso8601(clock_.now())},
                               {"requests", counts.requests},
                               {"texts_accepted", counts.texts_accepted},
                               {"texts_refused", counts.texts_refused},
                               {"texts_inbound", counts.texts_inbound},
                               {"calls_placed", counts.calls_placed},
                               {"calls_ended", counts.calls_ended},
                               {"webhooks_sent", counts.webhooks_sent},
                               {"webhooks_failed", counts.webhooks_failed},
                               {"alerts_accepted", counts.alerts_accepted},
                               {"alerts_refused", counts.alerts_refused},
                               {"calls_kept", practice.calls.size()},
                               {"texts_kept", practice.texts.size()},
                               {"requests_kept", practice.requests.size()},
                               {"timers_waiting", timers_.waiting()}});
  });
}

// ---- Calls and texts --------------------------------------------------------------------------------------

OrderedJson PracticeApi::calls_by_sid(const std::vector<std::string>& sids) {
  return practice_.with([&](Practice& practice) {
    OrderedJson out = OrderedJson::array();
    for (const std::string& sid : sids) {
      if (out.size() == shown_calls_max) break;
      if (const CallRecord* call = practice.calls.find(sid)) out.push_back(shown(*call));
    }
    return out;
  });
}

void PracticeApi::place_calls(const Json& body, const net::Respond& respond) {
  Result<CallsOrdered> read = read_calls(body);
  if (!read) return respond(refusal(read.error()));
  auto batch = std::make_shared<Batch>();
  batch->expected = static_cast<std::size_t>(read->times);
  if (read->wait) {
    batch->done = [this, respond](const std::vector<std::string>& sids) {
      respond(json_response(200, {{"call_sids", sids}, {"calls", calls_by_sid(sids)}}));
    };
  } else {
    batch->done = [](const std::vector<std::string>&) {};
  }
  for (std::int64_t i = 0; i < read->times; ++i) {
    CallOrder order = read->order;
    if (read->vary_from) {
      const std::uint64_t first = E164::parse(order.from)->digits();
      order.from = E164::from_digits(first + static_cast<std::uint64_t>(i)).text();
    }
    if (read->times > 1 && !order.call_sid.empty()) order.call_sid += "-" + std::to_string(i + 1);
    Result<std::string> sid = desk_.place(std::move(order), [batch](const std::string&) { batch->one_ended(); });
    // Only the number called can be wrong, so the first call fails or none does.
    if (!sid) return respond(refusal(sid.error()));
    const std::lock_guard lock(batch->mutex);
    batch->sids.push_back(std::move(*sid));
  }
  if (!read->wait) {
    const std::lock_guard lock(batch->mutex);
    respond(json_response(202, {{"call_sids", batch->sids}}));
    return;
  }
  bool is_complete = false;
  {
    const std::lock_guard lock(batch->mutex);
    is_complete = batch->ended == batch->expected;
  }
  // Should the last call have ended before its sid was known here, nobody else answers; if it ended after,
  // it has answered, and a second answer is ignored.
  if (is_complete) batch->done(batch->sids);
}

void PracticeApi::place_text(const Json& body, const net::Respond& respond) {
  TextOrder order;
  bool wait = false;
  Fields fields(body, "a text");
  fields.text("from", order.from, 100);
  fields.text("to", order.to, 100);
  fields.text("body", order.body, 6'400);
  fields.flag("wait", wait);
  fields.each("media", media_per_text_max, [&order](const Json& object) -> Result<void> {
    MediaRecord media{.type = "text/plain"};
    Fields of_it(object, "a text's media");
    of_it.text("type", media.type, 100);
    of_it.text("content", media.content, media_content_max);
    order.media.push_back(std::move(media));
    return of_it.finish();
  });
  if (!fields.has("from") || !fields.has("to") || !fields.has("body")) {
    fields.fail("a text needs `from`, `to` and `body`");
  }
  if (Result<void> finished = fields.finish(); !finished) return respond(refusal(finished.error()));
  const auto answer = [this, respond](const std::string& sid) {
    respond(practice_.with([&](Practice& practice) {
      const TextRecord* text = practice.texts.find(sid);
      OrderedJson out = {{"message_sid", sid}};
      if (text != nullptr) out["text"] = shown(*text);
      return json_response(200, out);
    }));
  };
  const Result<std::string> sid = desk_.text(std::move(order), [wait, answer](const std::string& ended) {
    if (wait) answer(ended);
  });
  if (!sid) return respond(refusal(sid.error()));
  if (!wait) respond(json_response(202, {{"message_sid", *sid}}));
}

/// The store that the carrier leads to: it asks for no credentials.
PracticeApi::Answer PracticeApi::media(std::string_view sid) {
  return practice_.with([&](Practice& practice) {
    const MediaRecord* media = practice.media.find(sid);
    if (media == nullptr) return net::json_error(404, "not_found", "No such media.");
    return Answer{.content_type = media->type, .body = media->content};
  });
}

PracticeApi::Answer PracticeApi::calls(const gate::Form& query) {
  return practice_.with([&](Practice& practice) {
    OrderedJson rows = rows_of(practice.calls, query, [&](const CallRecord& call) {
      return admits(query, "to", call.to) && admits(query, "from", call.from) &&
             admits(query, "call_sid", call.sid);
    });
    return json_response(200, {{"placed", practice.counts.calls_placed}, {"calls", std::move(rows)}});
  });
}

PracticeApi::Answer PracticeApi::texts(const gate::Form& query) {
  const std::string_view direction = query.find("direction").value_or("outbound-api");
  return practice_.with([&](Practice& practice) {
    OrderedJson rows = rows_of(practice.texts, query, [&](const TextRecord& text) {
      return text.direction == direction && admits(query, "to", text.to) && admits(query, "from", text.from);
    });
    return json_response(200, {{"accepted", practice.counts.texts_accepted}, {"texts", std::move(rows)}});
  });
}

PracticeApi::Answer PracticeApi::handset(const gate::Form& query) {
  const std::string number = number_meant(query.find("number").value_or(""));
  if (number.empty()) return net::json_error(400, "invalid", "Say whose handset: ?number=%2B14155550123");
  return practice_.with([&](Practice& practice) {
    OrderedJson heard = OrderedJson::array();
    practice.calls.newest_first([&](const CallRecord& call, std::uint64_t) {
      const bool is_dialled = call.direction != "inbound" && call.to == number;
      const bool is_caller = call.direction == "inbound" && call.from == number;
      if (is_dialled || is_caller) heard.push_back(shown(call));
      return heard.size() < rows_usual;
    });
    OrderedJson texts = OrderedJson::array();
    practice.texts.newest_first([&](const TextRecord& text, std::uint64_t) {
      const bool is_received = text.direction != "inbound" && text.to == number && text.arrives;
      const bool is_sent = text.direction == "inbound" && text.from == number;
      if (is_received || is_sent) {
        texts.push_back({{"message_sid", text.sid},
                         {"sent_by_handset", is_sent},
                         {"from", text.from},
                         {"to", text.to},
                         {"body", text.body},
                         {"at", to_iso8601(text.created_at)},
                         {"status", text.status}});
      }
      return texts.size() < rows_usual;
    });
    std::ranges::reverse(heard);
    std::ranges::reverse(texts);
    return json_response(200, {{"number", number}, {"calls", std::move(heard)}, {"texts", std::move(texts)}});
  });
}

// ---- What the service did ---------------------------------------------------------------------------------

PracticeApi::Answer PracticeApi::requests(const gate::Form& query) {
  return practice_.with([&](Practice& practice) {
    OrderedJson rows = rows_of(practice.requests, query, [](const RequestRecord&) { return true; });
    return json_response(200, {{"seen", practice.requests_seen}, {"requests", std::move(rows)}});
  });
}

void PracticeApi::take_alert(net::HttpRequest&& request, const net::Respond& respond) {
  const Instant now = clock_.now();
  Duration delay{0};
  const int status = practice_.with([&](Practice& practice) {
    delay = Duration{practice.knobs.alert_delay_ms};
    const int answered = static_cast<int>(practice.knobs.alert_status);
    ++(answered < 300 ? practice.counts.alerts_accepted : practice.counts.alerts_refused);
    AlertRow row;
    row.number = ++practice.alerts_seen;
    row.at = now;
    row.headers = std::move(request.headers);
    row.body = std::move(request.body);
    row.answered = answered;
    std::size_t bytes = row.body.size();
    for (const auto& [name, value] : row.headers) bytes += name.size() + value.size() + 64;
    practice.alerts.push(std::move(row), bytes);
    return answered;
  });
  Answer answer = status < 300 ? Answer{.status = status}
                               : net::json_error(status, "refused", "Refused, as the knob alert_status asks.");
  if (delay.count() == 0) return respond(std::move(answer));
  timers_.after(delay, [respond, answer] { respond(answer); });
}

PracticeApi::Answer PracticeApi::alerts(const gate::Form& query) {
  return practice_.with([&](Practice& practice) {
    OrderedJson rows = rows_of(practice.alerts, query, [](const AlertRow&) { return true; });
    return json_response(200, {{"seen", practice.alerts_seen}, {"alerts", std::move(rows)}});
  });
}

PracticeApi::Answer PracticeApi::numbers() {
  return practice_.with([](Practice& practice) {
    OrderedJson rows = OrderedJson::array();
    for (const auto& [text, number] : practice.numbers) {
      rows.push_back({{"number", text},
                      {"sid", number.sid},
                      {"voice_url", practice.voice_url(number)},
                      {"status_callback", practice.status_url(number)},
                      {"sms_url", practice.sms_url(number)}});
    }
    return json_response(200, {{"any_number_is_ours", practice.is_open}, {"numbers", std::move(rows)}});
  });
}

PracticeApi::Answer PracticeApi::receipts() {
  const std::vector<Receipt> kept =
      practice_.with([](Practice& practice) { return practice.receipts_in_order(); });
  Answer answer;
  answer.content_type = "text/csv";
  answer.body = "to,unix_us\n";
  for (const Receipt& receipt : kept) {
    answer.body += '+' + std::to_string(receipt.to_digits) + ',' + std::to_string(receipt.unix_us) + '\n';
  }
  return answer;
}

}  // namespace jobrun::simulator
