#include "spool/event_codec.hpp"

#include <stdexcept>

#include "spool/fields.hpp"

namespace jobrun::store {
namespace {

using nlohmann::json;

json call_to_json(const CallDetails& call) {
  json object{{"call_sid", call.call_sid.text()},
              {"from", call.caller.text()},
              {"to_text", call.number_text},
              {"is_inbound_parent", call.is_inbound_parent},
              {"origin", name_of(call.origin)}};
  put_phone(object, "to", call.number);
  put_phone(object, "forwarded_from", call.forwarded_from);
  if (call.parent) object["parent"] = call.parent->text();
  return object;
}

CallDetails call_from_json(const json& object) {
  return {.call_sid = sid_in(object, "call_sid"),
          .caller = Caller::parse(object.at("from").get<std::string>()),
          .number = phone_in(object, "to"),
          .number_text = object.at("to_text").get<std::string>(),
          .forwarded_from = phone_in(object, "forwarded_from"),
          .is_inbound_parent = object.at("is_inbound_parent").get<bool>(),
          .parent = object.contains("parent") ? std::optional(sid_in(object, "parent")) : std::nullopt,
          .origin = named<Origin>(object, "origin")};
}

struct ToJson {
  json operator()(const IncomingCall& event) const {
    return {{"event", "incoming_call"}, {"call", call_to_json(event.call)}};
  }
  json operator()(const CallStatusChange& event) const {
    json object{{"event", "call_status"},
                {"call", call_to_json(event.call)},
                {"status", name_of(event.status)},
                {"status_text", event.status_text},
                {"person_took_call", event.person_took_call}};
    if (event.at) object["at"] = to_unix_ms(*event.at);
    return object;
  }
  json operator()(const MessageStatusChange& event) const {
    return {{"event", "message_status"},
            {"text", event.text.text()},
            {"account", name_of(event.account)},
            {"message_sid", event.message_sid},
            {"status", name_of(event.status)},
            {"status_text", event.status_text},
            {"code", event.code},
            {"attempt", event.attempt.number},
            {"way", event.attempt.way}};
  }
};

}  // namespace

Event event_from_json(const json& object) {
  const auto kind = object.at("event").get<std::string>();
  if (kind == "incoming_call") return IncomingCall{call_from_json(object.at("call"))};
  if (kind == "call_status") {
    return CallStatusChange{.call = call_from_json(object.at("call")),
                            .status = named<CallStatus>(object, "status"),
                            .status_text = object.at("status_text").get<std::string>(),
                            .at = instant_in(object, "at"),
                            .person_took_call = object.at("person_took_call").get<bool>()};
  }
  if (kind != "message_status") throw std::invalid_argument("an unknown kind of event");
  MessageStatusChange event{.text = text_id_in(object, "text"),
                            .account = named<Account>(object, "account"),
                            .message_sid = object.at("message_sid").get<std::string>(),
                            .status = named<MessageStatus>(object, "status"),
                            .status_text = object.at("status_text").get<std::string>(),
                            .code = object.at("code").get<int>()};
  object.at("attempt").get_to(event.attempt.number);
  object.at("way").get_to(event.attempt.way);
  return event;
}

json event_to_json(const Event& event) {
  return std::visit(ToJson{}, event);
}

}  // namespace jobrun::store
