#include "spool/event_codec.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/utf8.hpp"
#include "spool/fields.hpp"

namespace jobrun::store {
namespace {

using nlohmann::json;

constexpr std::size_t message_sid_bytes_max = 64;

json call_to_json(const CallDetails& call) {
  json object{{"call_sid", call.call_sid.text()}, {"from", call.caller.text()},
              {"to_text", call.number_text},      {"is_inbound_parent", call.is_inbound_parent},
              {"origin", name_of(call.origin)},   {"verification", name_of(call.verification)}};
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
          .origin = named<Origin>(object, "origin"),
          .verification = object.contains("verification") ? named<CallerVerification>(object, "verification")
                                                          : CallerVerification::unknown};
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
  json operator()(const PhonePickedUp& event) const {
    return {{"event", "phone_picked_up"}, {"call", call_to_json(event.call)}, {"leg", event.leg.text()}};
  }
  json operator()(const PhoneAnswered& event) const {
    return {{"event", "phone_answered"},
            {"call", call_to_json(event.call)},
            {"leg", event.leg.text()},
            {"is_accepted", event.is_accepted}};
  }
  json operator()(const RingEnd& event) const {
    return {{"event", "ring_end"},
            {"call", call_to_json(event.call)},
            {"status", name_of(event.status)},
            {"leg", event.leg},
            {"is_bridged", event.is_bridged},
            {"caller_has_left", event.caller_has_left},
            {"phones_behind", event.phones_behind}};
  }
  json operator()(const RecordingNews& event) const {
    json object{{"event", "recording"},
                {"call", call_to_json(event.call)},
                {"recording_step", name_of(event.step)},
                {"recording_sid", event.recording_sid},
                {"url", event.url},
                {"transcription", event.transcription}};
    if (event.duration) object["duration_s"] = event.duration->count();
    return object;
  }
  json operator()(const InboundText& event) const {
    json object{{"event", "text"},
                {"message_sid", event.message_sid},
                {"from", event.sender.text()},
                {"to_text", event.number_text},
                {"body", event.body},
                {"media", json::array()},
                {"origin", name_of(event.origin)}};
    put_phone(object, "to", event.number);
    for (const MediaLink& link : event.media) object["media"].push_back({{"url", link.url}, {"type", link.type}});
    if (event.opt_out_type) object["opt_out_type"] = name_of(*event.opt_out_type);
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

/// As the gate lets nothing else in.
void check(const InboundText& text) {
  const bool is_sid = text.message_sid.size() >= 2 && text.message_sid.size() <= message_sid_bytes_max;
  const bool is_body = is_utf8(text.body) && inbound_words(text.body).size() == text.body.size();
  if (!is_sid || !is_body || text.number_text.size() > number_text_bytes_max) {
    throw std::invalid_argument("a text that nobody can have sent");
  }
}

std::vector<MediaLink> media_in(const json& list) {
  std::vector<MediaLink> media;
  for (const json& object : list) {
    auto link = media_link(object.at("url").get<std::string>(), object.at("type").get<std::string>());
    if (!link || media.size() == media_links_max) throw std::invalid_argument("a link that is none");
    media.push_back(std::move(*link));
  }
  return media;
}

InboundText text_from_json(const json& object) {
  InboundText text{.message_sid = object.at("message_sid").get<std::string>(),
                   .sender = Caller::parse(object.at("from").get<std::string>()),
                   .number = phone_in(object, "to"),
                   .number_text = object.at("to_text").get<std::string>(),
                   .body = object.at("body").get<std::string>(),
                   .media = media_in(object.at("media")),
                   .opt_out_type = {},
                   .origin = named<Origin>(object, "origin"),
                   .at = instant_in(object, "at")};
  if (object.contains("opt_out_type")) text.opt_out_type = named<OptOutType>(object, "opt_out_type");
  check(text);
  return text;
}

RingEnd ring_end_from_json(const json& object) {
  RingEnd end{.call = call_from_json(object.at("call")),
              .status = named<RingStatus>(object, "status"),
              .leg = object.at("leg").get<std::string>(),
              .is_bridged = object.at("is_bridged").get<bool>(),
              .caller_has_left = object.at("caller_has_left").get<bool>(),
              .phones_behind = object.at("phones_behind").get<std::size_t>()};
  if (!end.leg.empty() && !CallSid::parse(end.leg)) throw std::invalid_argument("a leg that is none");
  return end;
}

RecordingNews recording_from_json(const json& object) {
  RecordingNews news{.call = call_from_json(object.at("call")),
                     .step = named<RecordingStep>(object, "recording_step"),
                     .recording_sid = object.at("recording_sid").get<std::string>(),
                     .url = object.at("url").get<std::string>(),
                     .duration = {},
                     .transcription = object.at("transcription").get<std::string>()};
  if (object.contains("duration_s")) {
    const auto seconds = object.at("duration_s").get<std::size_t>();
    if (seconds > recording_seconds_max) throw std::invalid_argument("a recording longer than any");
    news.duration = std::chrono::seconds{seconds};
  }
  const bool is_sid = news.recording_sid.size() >= 2 && news.recording_sid.size() <= message_sid_bytes_max;
  const bool is_words =
      is_utf8(news.transcription) && inbound_words(news.transcription).size() == news.transcription.size();
  const bool is_link = news.url.empty() || media_link(news.url, "");
  if (!is_sid || !is_words || !is_link) throw std::invalid_argument("a message that nobody can have left");
  return news;
}

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
  if (kind == "phone_picked_up") return PhonePickedUp{call_from_json(object.at("call")), sid_in(object, "leg")};
  if (kind == "phone_answered") {
    return PhoneAnswered{call_from_json(object.at("call")), sid_in(object, "leg"),
                         object.at("is_accepted").get<bool>()};
  }
  if (kind == "ring_end") return ring_end_from_json(object);
  if (kind == "recording") return recording_from_json(object);
  if (kind == "text") return text_from_json(object);
  if (kind != "message_status") throw std::invalid_argument("an unknown kind of event");
  MessageStatusChange event{.text = text_id_in(object, "text"),
                            .account = named<Account>(object, "account"),
                            .message_sid = object.at("message_sid").get<std::string>(),
                            .status = named<MessageStatus>(object, "status"),
                            .status_text = object.at("status_text").get<std::string>(),
                            .code = object.at("code").get<int>()};
  object.at("attempt").get_to(event.attempt.number);
  object.at("way").get_to(event.attempt.way);
  if (event.attempt.way >= ClosedWays::ways_max) throw std::invalid_argument("no such way");
  return event;
}

json event_to_json(const Event& event) {
  return std::visit(ToJson{}, event);
}

}  // namespace jobrun::store
