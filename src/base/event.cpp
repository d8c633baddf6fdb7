#include "base/event.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace jobrun {
namespace {

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

bool is_contact_card(const MediaLink& link) {
  std::string type = link.type;
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type == "text/vcard" || type == "text/x-vcard" || type == "text/directory";
}

std::optional<MediaLink> media_link(std::string_view url, std::string_view type) {
  const bool is_url = url.starts_with("https://") || url.starts_with("http://");
  if (!is_url || url.size() > media_url_bytes_max || !is_printable(url)) return std::nullopt;
  type = trimmed(type.substr(0, type.find(';')));
  const bool is_type = type.size() <= media_type_bytes_max && is_printable(type);
  return MediaLink{std::string(url), is_type ? std::string(type) : std::string()};
}

std::string_view inbound_words(std::string_view body) {
  std::string_view rest = body;
  for (std::size_t left = inbound_characters_max; left > 0 && !rest.empty(); --left) take_code_point(rest);
  return body.substr(0, body.size() - rest.size());
}

const CallDetails* find_call_details(const Event& event) {
  struct Details {
    const CallDetails* operator()(const IncomingCall& event) const { return &event.call; }
    const CallDetails* operator()(const CallStatusChange& event) const { return &event.call; }
    const CallDetails* operator()(const PhonePickedUp& event) const { return &event.call; }
    const CallDetails* operator()(const PhoneAnswered& event) const { return &event.call; }
    const CallDetails* operator()(const RingEnd& event) const { return &event.call; }
    const CallDetails* operator()(const RecordingNews& event) const { return &event.call; }
    const CallDetails* operator()(const MessageStatusChange&) const { return nullptr; }
    const CallDetails* operator()(const InboundText&) const { return nullptr; }
  };
  return std::visit(Details{}, event);
}

const CallDetails& call_details(const Event& event) {
  if (const CallDetails* details = find_call_details(event)) return *details;
  throw std::bad_variant_access();
}

const std::string& correlation_id(const Event& event) {
  if (const auto* message = std::get_if<MessageStatusChange>(&event)) return message->text.cause;
  if (const auto* text = std::get_if<InboundText>(&event)) return text->message_sid;
  return call_details(event).call_sid.text();
}

std::string event_key(const Event& event) {
  struct Key {
    std::string operator()(const IncomingCall&) const { return "voice"; }
    std::string operator()(const CallStatusChange& change) const { return "status:" + change.status_text; }
    std::string operator()(const PhonePickedUp& event) const { return "picked_up:" + event.leg.text(); }
    std::string operator()(const PhoneAnswered& event) const {
      return (event.is_accepted ? "accepted:" : "not_accepted:") + event.leg.text();
    }
    std::string operator()(const RingEnd& event) const {
      return "rung:" + (event.leg.empty() ? "#" + std::to_string(event.phones_behind) : event.leg);
    }
    std::string operator()(const RecordingNews& event) const {
      switch (event.step) {
        case RecordingStep::left:
        case RecordingStep::kept:
          return "recording:" + event.recording_sid;
        case RecordingStep::failed:
          return "no_recording:" + event.recording_sid;
        case RecordingStep::transcribed:
          break;
      }
      return "transcription:" + event.recording_sid;
    }
    std::string operator()(const MessageStatusChange& change) const {
      return change.message_sid + ":" + change.status_text;
    }
    std::string operator()(const InboundText&) const { return "text"; }
  };
  return std::visit(Key{}, event);
}

}  // namespace jobrun
