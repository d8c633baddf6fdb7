#include "views.hpp"

#include <optional>
#include <string>

#include "base/time.hpp"

namespace jobrun::console_api {
namespace {

using nlohmann::json;

json instant(const std::optional<Instant>& at) {
  return at ? json(to_iso8601(*at)) : json(nullptr);
}
json number(const std::optional<E164>& value) {
  return value ? json(value->text()) : json(nullptr);
}
json client_id(const std::optional<ClientId>& id) {
  return id ? json(id->value) : json(nullptr);
}
json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

template <class Enum>
json name(const std::optional<Enum>& value) {
  return value ? json(name_of(*value)) : json(nullptr);
}

/// Nobody, once he was erased.
json customer(E164 phone, bool is_shown) {
  if (phone.digits() == 0) return nullptr;
  return is_shown ? json(phone.text()) : json(masked(phone.text()));
}

json text_view(const TextRecord& text) {
  const std::vector<Way>& ways = text.promise.ways;
  const Way* way = text.way < ways.size() ? &ways[text.way] : nullptr;
  return {{"id", text.row.value},
          {"text_id", text.promise.id.text()},
          {"purpose", name_of(text.promise.id.purpose)},
          {"origin", name_of(text.promise.origin)},
          {"state", name_of(text.state)},
          {"account", way ? json(name_of(way->account)) : json(nullptr)},
          {"from", way ? json(way->sender.text()) : json(nullptr)},
          {"to", customer(text.promise.pair.caller, true)},
          {"body", way ? text.promise.body_by(way->account) : text.promise.body},
          {"attempts", text.attempts},
          {"promised_at", to_iso8601(text.promised_at)},
          {"due_at", to_iso8601(text.due_at)}};
}

/// Those that are not the default.
json settings_view(const ClientSettings& settings) {
  json view = json::object();
  for (const ClientSettingField& field : client_setting_fields()) {
    const std::string words = field.text(settings);
    if (!words.empty()) view[std::string(field.name)] = words;
  }
  if (settings.busy_until) view["busy_until"] = to_iso8601(*settings.busy_until);
  for (const auto& [phrase, words] : settings.wording) view["wording." + phrase] = words;
  return view;
}

}  // namespace

json client_view(const ClientProfile& client) {
  json cool_down = nullptr;
  if (client.cool_down) cool_down = std::chrono::floor<std::chrono::seconds>(*client.cool_down).count();
  return {{"id", client.id.value},
          {"name", client.name},
          {"phone", client.owner_phone.text()},
          {"own_number", number(client.own_number)},
          {"paused", client.paused},
          {"cool_down_seconds", std::move(cool_down)},
          {"countries", client.countries},
          {"texts_per_day", client.texts_per_day ? json(*client.texts_per_day) : json(nullptr)},
          {"alert_by", name_of(client.alert_by)},
          {"owner_email", text_or_null(client.owner_email)},
          {"settings", settings_view(client.settings)}};
}

json number_view(const PoolNumber& pool_number) {
  return {{"number", pool_number.number.text()},
          {"role", name_of(pool_number.role)},
          {"client_id", client_id(pool_number.client)},
          {"available", pool_number.is_available}};
}

json call_view(const CallListing& listing) {
  const CallRecord& call = listing.call;
  return {{"id", call.id.value},
          {"call_sid", call.call_sid.text()},
          {"from", call.caller.text()},
          {"to", listing.number_text.empty() ? number(call.number) : json(listing.number_text)},
          {"role", name_of(call.role)},
          {"role_source", name_of(call.role_source)},
          {"client_id", client_id(call.client)},
          {"client_name", text_or_null(listing.client_name)},
          {"verification", name_of(call.verification)},
          {"greeting", name_of(call.greeting)},
          {"status", name(call.final_status)},
          {"reason", text_or_null(listing.reason)},
          {"outcome", name(call.outcome)},
          {"started_at", to_iso8601(call.first_event_at)},
          {"ended_at", instant(call.ended_at)},
          {"deadline", instant(listing.deadline)}};
}

json timeline_view(const CallTimeline& timeline) {
  json view = call_view(timeline.call);
  view["texts"] = json::array();
  for (const TextRecord& text : timeline.texts) view["texts"].push_back(text_view(text));
  view["timeline"] = json::array();
  for (const TimelineEntry& entry : timeline.entries) {
    view["timeline"].push_back({{"at", to_iso8601(entry.at)}, {"what", entry.what}, {"detail", entry.detail}});
  }
  return view;
}

json incident_view(const IncidentRecord& incident) {
  return {{"id", incident.id.value},
          {"kind", incident.kind},
          {"is_open", !incident.closed_at.has_value()},
          {"opened_at", to_iso8601(incident.opened_at)},
          {"closed_at", instant(incident.closed_at)},
          {"closed_reason", text_or_null(incident.closed_reason)},
          {"calls", incident.calls},
          {"calls_pending", incident.calls_pending}};
}

json inbound_view(const InboundListing& listing, bool is_shown) {
  const NewInboundText& inbound = listing.inbound;
  const InboundText& text = inbound.text;
  json media = json::array();
  for (const MediaLink& link : text.media) {
    media.push_back({{"url", is_shown ? json(link.url) : json(nullptr)}, {"type", text_or_null(link.type)}});
  }
  return {{"id", listing.id.value},
          {"message_sid", text.message_sid},
          {"from", is_shown ? text.sender.text() : masked(text.sender.text())},
          {"to", text.number_text},
          {"body", is_shown ? json(text.body) : json(nullptr)},
          {"media", std::move(media)},
          {"opt_out_type", name(text.opt_out_type)},
          {"role", name_of(inbound.role)},
          {"role_source", name_of(inbound.role_source)},
          {"client_id", client_id(inbound.client)},
          {"client_name", text_or_null(listing.client_name)},
          {"taken_as", name_of(inbound.taken_as)},
          {"reply", text_or_null(listing.reply)},
          {"origin", name_of(text.origin)},
          {"sent_at", to_iso8601(listing.sent_at)},
          {"received_at", to_iso8601(listing.received_at)}};
}

json triage_view(const InboundListing& listing, bool is_shown) {
  json view = inbound_view(listing, is_shown);
  view["settled_as"] = name(listing.settled_as);
  view["settled_reason"] = text_or_null(listing.settled_reason);
  view["settled_at"] = instant(listing.settled_at);
  return view;
}

json failsafe_view(const FailsafeNumber& called, const std::optional<PoolNumber>& pooled, bool is_shown) {
  const bool is_number = E164::parse(called.number_text).has_value();
  const bool is_a_clients = pooled && pooled->client;
  json replies = json::array();
  for (const InboundListing& listing : called.replies) {
    json reply = triage_view(listing, is_shown);
    const std::string id = std::to_string(listing.id.value);
    reply["adopt"] = listing.settled_at ? json(nullptr) : json("jobrun triage adopt " + id + " --client ID");
    reply["dismiss"] = listing.settled_at ? json(nullptr) : json("jobrun triage dismiss " + id + " --reason WHY");
    replies.push_back(std::move(reply));
  }
  const std::string verb = pooled ? "assign " : "add ";
  const std::string registers = "jobrun numbers " + verb + called.number_text + " --role operational --client ID";
  const std::string dismisses = pooled ? "jobrun numbers remove " + called.number_text
                                       : "jobrun numbers add " + called.number_text + " --role system";
  return {{"number", called.number_text},
          {"pool", pooled ? number_view(*pooled) : json(nullptr)},
          {"first_at", to_iso8601(called.first_at)},
          {"last_at", to_iso8601(called.last_at)},
          {"calls", called.calls},
          {"callers", called.callers},
          {"register", is_number && !is_a_clients ? json(registers) : json(nullptr)},
          {"dismiss", is_number && !is_a_clients ? json(dismisses) : json(nullptr)},
          {"replies", std::move(replies)}};
}

json conversation_view(const ConversationListing& listing, bool is_shown) {
  const ConversationRecord& record = listing.record;
  return {{"id", listing.id.value},
          {"client_id", record.contact.client.value},
          {"client_name", text_or_null(listing.client_name)},
          {"number", record.contact.number.text()},
          {"customer", customer(record.contact.customer, is_shown)},
          {"step", text_or_null(record.step)},
          {"messages", listing.messages},
          {"last_words", is_shown ? text_or_null(listing.last_words) : json(nullptr)},
          {"last_at", to_iso8601(listing.last_at)}};
}

json message_view(const ConversationMessage& message) {
  json media = json::array();
  for (const MediaLink& link : message.media)
    media.push_back({{"url", link.url}, {"type", text_or_null(link.type)}});
  return {{"at", to_iso8601(message.at)},
          {"kind", message.kind},
          {"body", text_or_null(message.body)},
          {"media", std::move(media)},
          {"call_sid", text_or_null(message.call_sid)},
          {"outcome", name(message.outcome)},
          {"text_id", text_or_null(message.text_id)},
          {"state", name(message.state)},
          {"status", name(message.status)},
          {"message_sid", text_or_null(message.message_sid)}};
}

json text_on_record_view(const TextOnRecord& text) {
  json view = text_view(text.text);
  view["message_sid"] = text_or_null(text.message_sid);
  view["status"] = name(text.status);
  return view;
}

json recording_view(const RecordingListing& recording) {
  return {{"call_sid", recording.call_sid},
          {"url", text_or_null(recording.url)},
          {"transcription", text_or_null(recording.transcription)},
          {"at", to_iso8601(recording.at)}};
}

json alert_view(const AlertRecord& alert) {
  return {{"id", alert.id.value},
          {"kind", name_of(alert.request.kind)},
          {"audience", name_of(alert.request.audience)},
          {"client_id", client_id(alert.request.client)},
          {"summary", text_or_null(alert.request.summary)},
          {"count", alert.count},
          {"raised_at", to_iso8601(alert.created_at)}};
}

json sender_view(const BlockedSender& sender) {
  return {{"number", sender.way.sender.text()},
          {"account", name_of(sender.way.account)},
          {"code", sender.code},
          {"since", to_iso8601(sender.since)}};
}

}  // namespace jobrun::console_api
