#include "spool/record_codec.hpp"

#include <vector>

#include "spool/bounded_cbor.hpp"
#include "spool/event_codec.hpp"
#include "spool/fields.hpp"

namespace jobrun::store {
namespace {

using nlohmann::json;

json way_to_json(const Way& way) {
  return {{"account", name_of(way.account)}, {"sender", way.sender.digits()}};
}

Way way_from_json(const json& object) {
  return {named<Account>(object, "account"), certain_phone_in(object, "sender")};
}

json promise_to_json(const PromisedText& promise) {
  json object{{"id", promise.id.text()},
              {"origin", name_of(promise.origin)},
              {"caller", promise.pair.caller.digits()},
              {"number", promise.pair.number.digits()},
              {"ways", json::array()},
              {"body", promise.body},
              {"second_body", promise.second_body},
              {"country", promise.country}};
  for (const Way& way : promise.ways) object["ways"].push_back(way_to_json(way));
  put_client(object, promise.client);
  if (promise.caused_at) object["call_ended_at"] = to_unix_ms(*promise.caused_at);
  return object;
}

PromisedText promise_from_json(const json& object) {
  PromisedText promise{.id = text_id_in(object, "id"),
                       .origin = named<Origin>(object, "origin"),
                       .pair = {certain_phone_in(object, "caller"), certain_phone_in(object, "number")},
                       .ways = {},
                       .body = object.at("body").get<std::string>(),
                       .second_body = object.at("second_body").get<std::string>(),
                       .client = client_in(object),
                       .country = object.at("country").get<std::string>(),
                       .caused_at = instant_in(object, "call_ended_at")};
  for (const json& way : object.at("ways")) promise.ways.push_back(way_from_json(way));
  if (promise.ways.empty() || promise.ways.size() > ClosedWays::ways_max) {
    throw std::invalid_argument("a text with no way, or too many");
  }
  return promise;
}

json alert_to_json(const AlertRequest& alert) {
  json object{{"kind", name_of(alert.kind)},
              {"audience", name_of(alert.audience)},
              {"severity", name_of(alert.severity)},
              {"group", alert.group},
              {"at_most_every", alert.at_most_every.count()},
              {"delay", alert.delay.count()},
              {"escalates", alert.escalates},
              {"call_sid", alert.call_sid},
              {"caller", alert.caller},
              {"number", alert.number},
              {"summary", alert.summary}};
  put_client(object, alert.client);
  return object;
}

AlertRequest alert_from_json(const json& object) {
  return {.kind = named<AlertKind>(object, "kind"),
          .audience = named<Audience>(object, "audience"),
          .severity = named<Severity>(object, "severity"),
          .client = client_in(object),
          .group = object.at("group").get<std::string>(),
          .at_most_every = Duration{object.at("at_most_every").get<std::int64_t>()},
          .delay = Duration{object.at("delay").get<std::int64_t>()},
          .escalates = object.at("escalates").get<bool>(),
          .call_sid = object.at("call_sid").get<std::string>(),
          .caller = object.at("caller").get<std::string>(),
          .number = object.at("number").get<std::string>(),
          .summary = object.at("summary").get<std::string>()};
}

json loss_to_json(const TextLoss& loss) {
  json object{{"step", "lost"},
              {"code", loss.code},
              {"reason", loss.reason},
              {"closed_ways", loss.closed_ways.bits()},
              {"due_at", to_unix_ms(loss.due_at)},
              {"deadline", to_unix_ms(loss.deadline)}};
  if (loss.gives_up) object["alert"] = alert_to_json(*loss.gives_up);
  return object;
}

TextLoss loss_from_json(const json& object) {
  TextLoss loss{.code = object.at("code").get<int>(),
                .reason = object.at("reason").get<std::string>(),
                .closed_ways = ClosedWays(object.at("closed_ways").get<std::uint32_t>()),
                .due_at = instant_in(object, "due_at").value_or(Instant{}),
                .deadline = instant_in(object, "deadline").value_or(Instant{})};
  if (object.contains("alert")) loss.gives_up = alert_from_json(object.at("alert"));
  return loss;
}

struct StepToJson {
  json operator()(const TextStarted& step) const {
    return {{"step", "started"},
            {"number", step.attempt.number},
            {"way", step.attempt.way},
            {"closed_ways", step.closed_ways.bits()},
            {"promise", promise_to_json(step.promise)}};
  }
  json operator()(const TextAccepted& step) const {
    return {{"step", "accepted"}, {"message_sid", step.message_sid}};
  }
  json operator()(const TextFound& step) const { return {{"step", "found"}, {"message_sid", step.message_sid}}; }
  json operator()(const TextUnknown& step) const { return {{"step", "unknown"}, {"reason", step.reason}}; }
  json operator()(const TextNotSent& step) const {
    return {{"step", "not_sent"},
            {"reason", step.reason},
            {"closed_ways", step.closed_ways.bits()},
            {"due_at", to_unix_ms(step.due_at)}};
  }
  json operator()(const TextRefused& step) const {
    return {
        {"step", "refused"}, {"code", step.code}, {"reason", step.reason}, {"alert", alert_to_json(step.alert)}};
  }
  json operator()(const TextLoss& loss) const { return loss_to_json(loss); }
  json operator()(const AlertRequest& alert) const {
    return {{"step", "raised"}, {"alert", alert_to_json(alert)}};
  }
  json operator()(const SetPhoneFact& fact) const { return {{"step", "fact"}, {"fact", fact_to_json(fact)}}; }
  json operator()(const BlockedSender& blocked) const {
    return {{"step", "blocked"}, {"blocked", blocked_to_json(blocked)}};
  }
};

StepTaken step_from_json(const json& object) {
  const auto step = object.at("step").get<std::string>();
  const auto closed_ways = [&] { return ClosedWays(object.at("closed_ways").get<std::uint32_t>()); };
  const auto word = [&](const char* key) { return object.at(key).get<std::string>(); };
  if (step == "started") {
    if (object.at("way").get<std::size_t>() >= ClosedWays::ways_max) throw std::invalid_argument("no such way");
    return TextStarted{.attempt = {object.at("number").get<int>(), object.at("way").get<std::size_t>()},
                       .closed_ways = closed_ways(),
                       .promise = promise_from_json(object.at("promise"))};
  }
  if (step == "accepted") return TextAccepted{word("message_sid")};
  if (step == "found") return TextFound{word("message_sid")};
  if (step == "unknown") return TextUnknown{word("reason")};
  if (step == "not_sent") {
    return TextNotSent{word("reason"), closed_ways(), instant_in(object, "due_at").value_or(Instant{})};
  }
  if (step == "refused") {
    return TextRefused{object.at("code").get<int>(), word("reason"), alert_from_json(object.at("alert"))};
  }
  if (step == "lost") return loss_from_json(object);
  if (step == "raised") return alert_from_json(object.at("alert"));
  if (step == "fact") return fact_from_json(object.at("fact"));
  if (step == "blocked") return blocked_from_json(object.at("blocked"));
  throw std::invalid_argument("an unknown step");
}

struct RecordToJson {
  json operator()(const SpooledEvent& event) const {
    json object = event_to_json(event.event);
    object["greeting"] = name_of(event.greeting);
    object["decided_at"] = to_unix_ms(event.at);
    object["is_decided"] = event.is_decided;
    if (event.promised) object["promised"] = promise_to_json(*event.promised);
    return object;
  }
  json operator()(const SpooledStep& taken) const {
    json object = std::visit(StepToJson{}, taken.step);
    object["at"] = to_unix_ms(taken.at);
    if (!taken.text) return object;
    object["text"] = taken.text->text();
    object["attempt"] = taken.attempt;
    return object;
  }
};

SpoolRecord record_from_json(const json& object) {
  if (object.contains("step")) {
    SpooledStep taken{.text = std::nullopt,
                      .attempt = 0,
                      .at = instant_in(object, "at").value_or(Instant{}),
                      .step = step_from_json(object)};
    if (!object.contains("text")) return taken;
    taken.text = text_id_in(object, "text");
    taken.attempt = object.at("attempt").get<int>();
    return taken;
  }
  SpooledEvent event{.event = event_from_json(object),
                     .greeting = named<Greeting>(object, "greeting"),
                     .at = instant_in(object, "decided_at").value_or(Instant{}),
                     .is_decided = object.value("is_decided", false)};
  if (object.contains("promised")) event.promised = promise_from_json(object.at("promised"));
  return event;
}

}  // namespace

json fact_to_json(const SetPhoneFact& fact) {
  json object{{"phone", fact.phone.digits()},
              {"kind", name_of(fact.fact)},
              {"holds", fact.holds},
              {"scope", static_cast<int>(fact.scope.kind)}};
  put_client(object, fact.scope.client);
  return object;
}

SetPhoneFact fact_from_json(const json& object) {
  const int kind = object.at("scope").get<int>();
  if (kind < 0 || kind > static_cast<int>(FactScope::Kind::everybody)) {
    throw std::invalid_argument("an unknown scope");
  }
  if (kind == static_cast<int>(FactScope::Kind::client) && !object.contains("client")) {
    throw std::invalid_argument("a fact of a client without one");
  }
  return {.scope = {static_cast<FactScope::Kind>(kind), client_in(object)},
          .phone = certain_phone_in(object, "phone"),
          .fact = named<PhoneFact>(object, "kind"),
          .holds = object.at("holds").get<bool>()};
}

json blocked_to_json(const BlockedSender& blocked) {
  json object = way_to_json(blocked.way);
  object["code"] = blocked.code;
  object["since"] = to_unix_ms(blocked.since);
  return object;
}

BlockedSender blocked_from_json(const json& object) {
  return {.way = way_from_json(object),
          .code = object.at("code").get<int>(),
          .since = instant_in(object, "since").value_or(Instant{})};
}

std::string encode(const SpoolRecord& record) {
  const std::vector<std::uint8_t> bytes = json::to_cbor(std::visit(RecordToJson{}, record));
  return {bytes.begin(), bytes.end()};
}

Result<SpoolRecord> decode(std::string_view bytes) {
  try {
    return record_from_json(from_bounded_cbor(bytes));
  } catch (const std::exception& unreadable) {
    return invalid(std::string("a record of the spool is not one of ours: ") + unreadable.what());
  }
}

}  // namespace jobrun::store
