#include "call_desk.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text_encoding.hpp"
#include "messaging_api.hpp"
#include "twilio_json.hpp"

namespace jobrun::simulator {

namespace {

/// Bytes of a record that sizeof does not show.
std::size_t bytes_of(const CallRecord& call) {
  return call.from.size() + call.to.size() + call.forwarded_from.size() + call.caller_name.size() + 128;
}

std::string_view country_of(std::string_view number) {
  struct Prefix {
    std::string_view digits;
    std::string_view country;
  };
  constexpr std::array prefixes = {
      Prefix{"+1", "US"},  Prefix{"+44", "GB"}, Prefix{"+49", "DE"}, Prefix{"+33", "FR"}, Prefix{"+34", "ES"},
      Prefix{"+39", "IT"}, Prefix{"+31", "NL"}, Prefix{"+61", "AU"}, Prefix{"+64", "NZ"}, Prefix{"+353", "IE"}};
  for (const Prefix& prefix : prefixes) {
    if (number.starts_with(prefix.digits)) return prefix.country;
  }
  return "";
}

void add_places(Parameters& parameters, std::string_view who, std::string_view number) {
  for (const std::string_view part : {"City", "State", "Zip"}) {
    parameters.emplace_back(std::string(who) + std::string(part), "");
  }
  parameters.emplace_back(std::string(who) + "Country", country_of(number));
}

/// The word by itself, as carriers' own opt-out handling wants it.
std::string_view opt_out_type(std::string_view body) {
  std::string word;
  for (const char c : body) {
    if (c >= 'a' && c <= 'z') word += static_cast<char>(c - 'a' + 'A');
    if (c >= 'A' && c <= 'Z') word += c;
  }
  constexpr std::array<std::string_view, 8> stops = {"STOP", "STOPALL", "UNSUBSCRIBE", "END",
                                                     "QUIT", "CANCEL",  "REVOKE",      "OPTOUT"};
  constexpr std::array<std::string_view, 3> starts = {"START", "YES", "UNSTOP"};
  if (std::ranges::find(stops, word) != stops.end()) return "STOP";
  if (std::ranges::find(starts, word) != starts.end()) return "START";
  if (word == "HELP" || word == "INFO") return "HELP";
  return "";
}

std::string_view sip_code_of(CallStatus status) {
  switch (status) {
    case CallStatus::busy:
      return "486";
    case CallStatus::failed:
      return "404";
    case CallStatus::no_answer:
    case CallStatus::canceled:
      return "487";
    case CallStatus::completed:
    case CallStatus::queued:
    case CallStatus::ringing:
    case CallStatus::in_progress:
    case CallStatus::unrecognised:
      return "200";
  }
  return "200";
}

}  // namespace

/// A call in progress. Touched by one thread at a time: whichever brings the next answer.
struct CallDesk::Call {
  CallOrder order;
  std::string sid;
  std::string parent_sid{};  ///< of a leg that was dialled; else empty
  NumberRecord number;
  std::string voice_url;
  std::string status_url;
  CallScript script;
  Ended ended{};
  bool fallback_is_tried = false;
  bool is_first_document = true;
  std::optional<CallStatus> forced{};
};

/// A status callback that is still to be sent; each waits for the answer to the one before.
struct CallDesk::StatusToSend {
  std::string status;
  std::size_t sequence_number = 0;
  std::string_view sip_code;
};

namespace {

/// Where a text to that number goes. False: nowhere, and it is in no list: its Messaging Service drops it.
bool address_text(const Practice& practice, const NumberRecord& number, Webhook& webhook) {
  const PracticeService* service = service_of(practice.knobs, number.number);
  if (service == nullptr || service->use_inbound_webhook_on_number) {
    webhook.method = number.sms_method;
    webhook.url = practice.sms_url(number);
    return true;
  }
  webhook.method = "POST";
  webhook.url = service->inbound_request_url;
  return !webhook.url.empty();
}

std::string texts_url(const Practice& practice, const std::string& account_sid) {
  return practice.api_url + "/2010-04-01/Accounts/" + account_sid + "/Messages/";
}

void keep(Practice& practice, TextRecord record) {
  const std::size_t bytes = record.body.size() + 256;
  practice.texts.push(std::move(record), bytes);
  ++practice.counts.texts_inbound;
}

/// What came with the text is kept where its links, below `url`, lead.
void keep_media(Practice& practice, TextOrder& order, const std::string& url,
                std::vector<std::pair<std::string, std::string>>& parameters) {
  for (std::size_t at = 0; at < order.media.size(); ++at) {
    MediaRecord& media = order.media[at];
    media.sid = practice.sids.next("ME");
    parameters.emplace_back("MediaUrl" + std::to_string(at), url + "/Media/" + media.sid);
    parameters.emplace_back("MediaContentType" + std::to_string(at), media.type);
    const std::size_t bytes = media.content.size() + 256;
    practice.media.push(std::move(media), bytes);
  }
}

}  // namespace

CallDesk::CallDesk(Guarded<Practice>& practice, Timers& timers, WebhookSender& webhooks, const Clock& clock,
                   std::string account_sid)
    : practice_(practice),
      timers_(timers),
      webhooks_(webhooks),
      clock_(clock),
      account_sid_(std::move(account_sid)) {}

Result<std::string> CallDesk::place(CallOrder order, Ended ended) {
  const Instant now = clock_.now();
  CallPointer call;
  const bool is_ours = practice_.with([&](Practice& practice) {
    const NumberRecord* number = practice.number(order.to, now);
    if (number == nullptr) return false;
    // Some networks show the phone that forwards instead of the one that calls.
    if (!order.forwarded_from.empty() && practice.knobs.forwarding_shows == ForwardingShows::forwarding_phone) {
      order.from = order.forwarded_from;
    }
    CallRecord record;
    record.sid = order.call_sid.empty() ? practice.sids.next("CA") : order.call_sid;
    record.from = order.from;
    record.to = order.to;
    record.forwarded_from = order.forwarded_from;
    record.caller_name = order.caller_name;
    record.created_at = record.updated_at = now;
    call = std::make_shared<Call>(
        Call{.order = order,
             .sid = record.sid,
             .number = *number,
             .voice_url = practice.voice_url(*number),
             .status_url = practice.status_url(*number),
             .script = CallScript(order.behaviour, practice.knobs.answer_on_bridge_unanswered, record.sid),
             .ended = std::move(ended),
             .forced = std::nullopt});
    const std::size_t bytes = bytes_of(record);
    if (practice.calls.find(record.sid) == nullptr) practice.calls.push(std::move(record), bytes);
    ++practice.counts.calls_placed;
    return true;
  });
  if (!is_ours) {
    return failure(ErrorKind::not_found, "`" + order.to.substr(0, 80) +
                                             "` is not one of this account's numbers; see GET /practice/numbers");
  }
  std::string sid = call->sid;
  if (order.voice) {
    ask_for_voice(call);
  } else {
    const CallStatus status = practice_.with([&](Practice& practice) {
      switch (order.scenario) {
        case Scenario::natural:
        case Scenario::completed:
          return CallStatus::completed;
        case Scenario::no_answer:
          return CallStatus::no_answer;
        case Scenario::busy:
          return CallStatus::busy;
        case Scenario::failed:
          return CallStatus::failed;
        case Scenario::canceled:
          return CallStatus::canceled;
        case Scenario::caller_hangs_up:
          return practice.knobs.caller_hangs_up_status;
      }
      return CallStatus::completed;
    });
    finish(call, status);
  }
  return sid;
}

Parameters CallDesk::parameters_of(const Call& call, std::string_view status) const {
  const CallOrder& order = call.order;
  Parameters parameters = {{"AccountSid", account_sid_},
                           {"ApiVersion", "2010-04-01"},
                           {"CallSid", call.sid},
                           {"CallStatus", std::string(status)},
                           {"Called", order.to},
                           {"Caller", order.from},
                           {"Direction", call.parent_sid.empty() ? "inbound" : "outbound-dial"},
                           {"From", order.from},
                           {"To", order.to}};
  add_places(parameters, "Called", order.to);
  add_places(parameters, "Caller", order.from);
  add_places(parameters, "From", order.from);
  add_places(parameters, "To", order.to);
  if (!call.parent_sid.empty()) parameters.emplace_back("ParentCallSid", call.parent_sid);
  if (!order.forwarded_from.empty()) parameters.emplace_back("ForwardedFrom", order.forwarded_from);
  if (!order.caller_name.empty()) parameters.emplace_back("CallerName", order.caller_name);
  if (country_of(order.from) == "US") parameters.emplace_back("StirVerstat", "TN-Validation-Passed-A");
  return parameters;
}

std::function<void(WebhookNote)> CallDesk::note_for(const std::string& sid) {
  return [this, sid](WebhookNote note) {
    practice_.with([&](Practice& practice) { add_note(practice.calls, sid, std::move(note)); });
  };
}

void CallDesk::ask_for_voice(const CallPointer& call) {
  fetch(call, Fetch{WebhookKind::voice, call->number.voice_method, call->voice_url, {}});
}

void CallDesk::fetch(const CallPointer& call, Fetch what) {
  Webhook webhook;
  webhook.kind = what.kind;
  webhook.method = what.method;
  webhook.url = what.url;
  webhook.to = call->order.to;
  webhook.from = call->order.from;
  webhook.note = note_for(call->sid);
  webhook.parameters = parameters_of(*call, call->script.is_answered() ? "in-progress" : "ringing");
  std::ranges::copy(what.extra, std::back_inserter(webhook.parameters));
  webhooks_.send(std::move(webhook), [this, call, what](const WebhookAnswer& answer) {
    if (answer.is_ok) {
      take_document(call, what.url, answer);
    } else {
      fetch_fallback(call, what, answer);
    }
  });
}

void CallDesk::fetch_fallback(const CallPointer& call, const Fetch& failed, const WebhookAnswer& why) {
  if (call->fallback_is_tried || call->number.voice_fallback_url.empty()) {
    if (call->is_first_document) {
      call->forced = practice_.with([](Practice& practice) { return practice.knobs.voice_unreachable_status; });
    }
    drive(call, call->script.failed({why.problem_code, why.problem}));
    return;
  }
  call->fallback_is_tried = true;
  Parameters extra = failed.extra;
  extra.emplace_back("ErrorCode", std::to_string(why.problem_code));
  extra.emplace_back("ErrorUrl", failed.url);
  fetch(call,
        Fetch{failed.kind, call->number.voice_fallback_method, call->number.voice_fallback_url, std::move(extra)});
}

void CallDesk::take_document(const CallPointer& call, const std::string& url, const WebhookAnswer& answer) {
  const Scenario scenario = call->order.scenario;
  if (scenario != Scenario::natural && scenario != Scenario::completed) {
    // Nobody picked up, so nobody heard what the service answered.
    script_ended(call);
    return;
  }
  std::expected<Element, TwimlProblem> document = read_twiml(answer.content_type, answer.body);
  if (!document) {
    WebhookAnswer unusable = answer;
    unusable.problem_code = document.error().code;
    unusable.problem = document.error().text();
    fetch_fallback(call, Fetch{WebhookKind::voice, "POST", url, {}}, unusable);
    return;
  }
  call->is_first_document = false;
  drive(call, call->script.played(std::move(*document), url));
}

void CallDesk::pass(std::chrono::seconds time, Timers::Task then) {
  const std::int64_t second_ms = practice_.with([](Practice& practice) { return practice.knobs.second_ms; });
  timers_.after(Duration{time.count() * second_ms}, std::move(then));
}

void CallDesk::drive(const CallPointer& call, Step step) {
  practice_.with([&](Practice& practice) {
    CallRecord* record = practice.calls.find(call->sid);
    if (record == nullptr) return;
    std::size_t bytes = 0;
    for (std::size_t i = record->heard.size(); i < call->script.heard().size(); ++i) {
      record->heard.push_back(call->script.heard()[i]);
      bytes += record->heard.back().size() + sizeof(std::string);
    }
    for (std::size_t i = record->problems.size(); i < call->script.problems().size(); ++i) {
      record->problems.push_back(call->script.problems()[i]);
      bytes += record->problems.back().size() + sizeof(std::string);
    }
    if (call->script.is_answered() && record->status == CallStatus::ringing) {
      record->status = CallStatus::in_progress;
    }
    practice.calls.grow(call->sid, bytes);
  });
  if (const auto* what = std::get_if<Fetch>(&step)) {
    fetch(call, *what);
  } else if (const auto* told = std::get_if<Tell>(&step)) {
    Webhook webhook;
    webhook.kind = told->kind;
    webhook.method = told->method;
    webhook.url = told->url;
    webhook.to = call->order.to;
    webhook.from = call->order.from;
    webhook.note = note_for(call->sid);
    // Who has hung up is in no call any more.
    const std::string_view status = call->forced ? name_of(*call->forced) : "in-progress";
    webhook.parameters = told->names_nobody ? Parameters{{"AccountSid", account_sid_}, {"CallSid", call->sid}}
                                            : parameters_of(*call, status);
    std::ranges::copy(told->extra, std::back_inserter(webhook.parameters));
    webhooks_.send(std::move(webhook), [this, call](const WebhookAnswer&) { drive(call, call->script.next()); });
  } else if (const auto* time = std::get_if<Pass>(&step)) {
    pass(time->time, [this, call] { drive(call, call->script.next()); });
  } else if (const auto* out = std::get_if<DialOut>(&step)) {
    dial(call, *out, DialResult{.status = "failed"});
  } else {
    script_ended(call);
  }
}

/// All its phones ring; what becomes of them is told one after the other, and the first that takes the call has
/// it.
void CallDesk::dial(const CallPointer& call, DialOut out, DialResult so_far) {
  if (out.targets.empty()) {
    drive(call, call->script.dialled(so_far));
    return;
  }
  const Instant now = clock_.now();
  const DialTarget& target = out.targets.front();
  CallRecord child;
  child.parent_sid = call->sid;
  child.from = out.caller_id.empty() ? call->order.from : out.caller_id;
  child.to = target.number;
  child.direction = "outbound-dial";
  child.created_at = child.updated_at = now;
  child.heard.emplace_back("[rings]");
  const std::string child_sid = practice_.with([&](Practice& practice) {
    child.sid = practice.sids.next("CA");
    const std::size_t bytes = bytes_of(child);
    return practice.calls.push(child, bytes).sid;
  });
  const DialBehaviour behaviour = call->order.behaviour.of_phone(target.number).dial;
  const bool rings_on = behaviour == DialBehaviour::no_answer || behaviour == DialBehaviour::caller_hangs_up;
  const std::chrono::seconds rings = rings_on ? out.ring_time : std::min(out.ring_time, std::chrono::seconds{5});
  pass(rings, [this, call, out = std::move(out), child_sid, so_far] { phone_rang(call, out, child_sid, so_far); });
}

void CallDesk::phone_rang(const CallPointer& call, const DialOut& out, const std::string& child_sid,
                          const DialResult& so_far) {
  const DialTarget& target = out.targets.front();
  switch (call->order.behaviour.of_phone(target.number).dial) {
    case DialBehaviour::no_answer:
      // Whoever has picked up before, and not taken the call, is what is told.
      phone_ended(call, out,
                  {.status = so_far.status.empty() ? "no-answer" : so_far.status, .child_sid = child_sid});
      return;
    case DialBehaviour::busy:
      phone_ended(call, out, {.status = "busy", .child_sid = child_sid});
      return;
    case DialBehaviour::failed:
      phone_ended(call, out, {.status = "failed", .child_sid = child_sid});
      return;
    case DialBehaviour::answered:
    case DialBehaviour::voicemail:
      if (!target.screening_url.empty()) {
        screen(call, out, child_sid);
      } else {
        phone_ended(call, out,
                    {.status = "completed", .child_sid = child_sid, .duration_s = 30, .is_bridged = true});
      }
      return;
    case DialBehaviour::caller_hangs_up: {
      DialResult result{.status = {}, .child_sid = child_sid, .caller_left = true};
      practice_.with([&](Practice& practice) {
        const HangUpDialResult said = practice.knobs.caller_hangs_up_dial_result;
        if (said != HangUpDialResult::not_called) result.status = name_of(said);
        call->forced = practice.knobs.caller_hangs_up_status;
      });
      phone_ended(call, out, result);
      return;
    }
  }
}

void CallDesk::phone_ended(const CallPointer& call, const DialOut& out, const DialResult& result) {
  const Instant now = clock_.now();
  practice_.with([&](Practice& practice) {
    CallRecord* child = practice.calls.find(result.child_sid);
    if (child == nullptr) return;
    const std::string status = result.status.empty() ? "canceled" : result.status;
    child->status = parse_name<CallStatus>(status).value_or(CallStatus::completed);
    child->ended_at = child->updated_at = now;
    child->duration_s = result.duration_s;
    if (result.is_bridged) child->heard.emplace_back("[talks]");
  });
  DialOut others = out;
  others.targets.erase(others.targets.begin());
  if (result.is_bridged || result.caller_left) others.targets.clear();
  dial(call, std::move(others), result);
}

void CallDesk::screen(const CallPointer& call, const DialOut& out, const std::string& child_sid) {
  const DialTarget target = out.targets.front();
  const PhoneBehaviour phone = call->order.behaviour.of_phone(target.number);
  // A voicemail presses no key.
  Behaviour callee;
  if (phone.dial == DialBehaviour::answered) callee.digits = phone.digits;
  auto leg = std::make_shared<Call>(Call{.order = call->order,
                                         .sid = child_sid,
                                         .parent_sid = call->sid,
                                         .number = call->number,
                                         .voice_url = target.screening_url,
                                         .status_url = {},
                                         .script = CallScript(callee, CallStatus::no_answer, child_sid),
                                         .ended = {},
                                         .forced = std::nullopt});
  leg->order.to = target.number;
  leg->order.forwarded_from.clear();
  leg->order.scenario = Scenario::natural;
  if (!out.caller_id.empty()) leg->order.from = out.caller_id;
  leg->ended = [this, call, out, child_sid, script_of = leg.get()](const std::string&) {
    const bool accepted = script_of->script.ran_to_end();
    const CallStatus screened_out =
        practice_.with([](Practice& practice) { return practice.knobs.screened_out_dial_result; });
    phone_ended(call, out,
                {.status = accepted ? "completed" : std::string(name_of(screened_out)),
                 .child_sid = child_sid,
                 .duration_s = accepted ? 30 : 0,
                 .is_bridged = accepted});
  };
  fetch(leg, Fetch{WebhookKind::screening, target.screening_method, target.screening_url, {}});
}

void CallDesk::script_ended(const CallPointer& call) {
  if (call->status_url.empty()) {
    // A dialled leg: who dialled it goes on.
    call->ended(call->sid);
    return;
  }
  switch (call->order.scenario) {
    case Scenario::natural:
      finish(call, call->forced.value_or(call->script.status()));
      return;
    case Scenario::completed:
      finish(call, CallStatus::completed);
      return;
    case Scenario::no_answer:
      finish(call, CallStatus::no_answer);
      return;
    case Scenario::busy:
      finish(call, CallStatus::busy);
      return;
    case Scenario::failed:
      finish(call, CallStatus::failed);
      return;
    case Scenario::canceled:
      finish(call, CallStatus::canceled);
      return;
    case Scenario::caller_hangs_up:
      finish(call, practice_.with([](Practice& practice) { return practice.knobs.caller_hangs_up_status; }));
      return;
  }
}

void CallDesk::finish(const CallPointer& call, CallStatus status) {
  const Instant now = clock_.now();
  practice_.with([&](Practice& practice) {
    ++practice.counts.calls_ended;
    CallRecord* record = practice.calls.find(call->sid);
    if (record == nullptr) return;
    record->status = status;
    record->ended_at = record->updated_at = now;
    record->duration_s =
        status == CallStatus::completed ? std::max<std::int64_t>(call->script.elapsed().count(), 1) : 0;
  });
  if (!call->order.status || call->status_url.empty()) {
    call->ended(call->sid);
    return;
  }
  send_statuses(call, status);
}

void CallDesk::send_statuses(const CallPointer& call, CallStatus status) {
  std::vector<std::string> statuses = call->order.statuses;
  if (statuses.empty()) statuses.emplace_back(name_of(status));
  std::deque<StatusToSend> queue;
  practice_.with([&](Practice& practice) {
    const bool counts = practice.knobs.sequence_numbers == SequenceNumbers::counted;
    for (std::string& word : statuses) {
      queue.push_back({std::move(word), counts ? queue.size() : 0, sip_code_of(status)});
    }
    if (queue.size() > 1 &&
        take_reorder(practice.knobs, WebhookKind::call_status, call->order.to, call->order.from)) {
      std::ranges::reverse(queue);
    }
  });
  send_next_status(call, std::move(queue));
}

void CallDesk::send_next_status(const CallPointer& call, std::deque<StatusToSend> queue) {
  if (queue.empty()) {
    call->ended(call->sid);
    return;
  }
  const StatusToSend next = std::move(queue.front());
  queue.pop_front();
  Webhook webhook;
  webhook.kind = WebhookKind::call_status;
  webhook.method = call->number.status_callback_method;
  webhook.url = call->status_url;
  webhook.to = call->order.to;
  webhook.from = call->order.from;
  webhook.note = note_for(call->sid);
  webhook.parameters = parameters_of(*call, next.status);
  const std::int64_t seconds =
      next.status == "completed" ? std::max<std::int64_t>(call->script.elapsed().count(), 1) : 0;
  webhook.parameters.emplace_back("CallDuration", std::to_string(seconds));
  webhook.parameters.emplace_back("Duration", std::to_string((seconds + 59) / 60));
  webhook.parameters.emplace_back("Timestamp", rfc2822(clock_.now()));
  webhook.parameters.emplace_back("CallbackSource", "call-progress-events");
  webhook.parameters.emplace_back("SequenceNumber", std::to_string(next.sequence_number));
  webhook.parameters.emplace_back("SipResponseCode", next.sip_code);
  webhooks_.send(std::move(webhook),
                 [this, call, queue = std::move(queue)](const WebhookAnswer&) { send_next_status(call, queue); });
}

Result<std::string> CallDesk::text(TextOrder order, Ended ended) {
  const Instant now = clock_.now();
  Webhook webhook;
  std::string sid;
  std::string fallback_url;
  std::string fallback_method;
  bool is_dropped = false;
  const bool is_ours = practice_.with([&](Practice& practice) {
    const NumberRecord* number = practice.number(order.to, now);
    if (number == nullptr) return false;
    const std::string_view type = opt_out_type(order.body);
    if (practice.knobs.opt_out_words == OptOutWords::honoured) {
      if (type == "STOP" && practice.opt_outs.size() < opt_outs_max)
        practice.opt_outs.emplace(order.from, order.to);
      if (type == "START") practice.opt_outs.erase({order.from, order.to});
    }
    TextRecord record;
    record.sid = sid = practice.sids.next("SM");
    record.direction = "inbound";
    record.from = order.from;
    record.to = order.to;
    record.body = order.body;
    record.status = "received";
    record.segments = std::max<std::size_t>(1, measure_text(order.body).segments);
    record.created_at = record.updated_at = now;
    record.sent_at = now;
    webhook.parameters = {{"AccountSid", account_sid_},
                          {"ApiVersion", "2010-04-01"},
                          {"Body", order.body},
                          {"From", order.from},
                          {"MessageSid", sid},
                          {"NumMedia", std::to_string(order.media.size())},
                          {"NumSegments", std::to_string(record.segments)},
                          {"SmsMessageSid", sid},
                          {"SmsSid", sid},
                          {"SmsStatus", "received"},
                          {"To", order.to}};
    keep_media(practice, order, texts_url(practice, account_sid_) + sid, webhook.parameters);
    if (practice.knobs.advanced_opt_out && !type.empty()) {
      webhook.parameters.emplace_back("OptOutType", std::string(type));
    }
    if (!address_text(practice, *number, webhook)) return is_dropped = true;
    fallback_url = number->sms_fallback_url;
    fallback_method = number->sms_fallback_method;
    keep(practice, std::move(record));
    return true;
  });
  if (!is_ours) {
    return failure(ErrorKind::not_found, "`" + order.to.substr(0, 80) +
                                             "` is not one of this account's numbers; see GET /practice/numbers");
  }
  add_places(webhook.parameters, "From", order.from);
  add_places(webhook.parameters, "To", order.to);
  webhook.kind = WebhookKind::sms;
  webhook.to = order.to;
  webhook.from = order.from;
  webhook.note = [this, sid](WebhookNote note) {
    practice_.with([&](Practice& practice) { add_note(practice.texts, sid, std::move(note)); });
  };
  if (is_dropped) {
    ended(sid);
    return sid;
  }
  Webhook fallback = webhook;
  fallback.url = fallback_url;
  fallback.method = fallback_method;
  send_text_webhook(std::move(webhook), std::move(fallback), [ended = std::move(ended), sid] { ended(sid); });
  return sid;
}

void CallDesk::send_text_webhook(Webhook webhook, Webhook fallback, std::function<void()> ended) {
  webhooks_.send(std::move(webhook), [this, fallback, ended](const WebhookAnswer& answer) {
    if (answer.is_ok || fallback.url.empty()) {
      ended();
      return;
    }
    Webhook second = fallback;
    second.parameters.emplace_back("ErrorCode", std::to_string(answer.problem_code));
    second.parameters.emplace_back("ErrorUrl", second.url);
    webhooks_.send(std::move(second), [ended](const WebhookAnswer&) { ended(); });
  });
}

}  // namespace jobrun::simulator
