#include "base/event.hpp"

namespace jobrun {

const CallDetails& call_details(const Event& event) {
  if (const auto* call = std::get_if<IncomingCall>(&event)) return call->call;
  return std::get<CallStatusChange>(event).call;
}

const std::string& correlation_id(const Event& event) {
  if (const auto* message = std::get_if<MessageStatusChange>(&event)) return message->text.call_sid;
  return call_details(event).call_sid.text();
}

std::string event_key(const Event& event) {
  struct Key {
    std::string operator()(const IncomingCall&) const { return "voice"; }
    std::string operator()(const CallStatusChange& change) const { return "status:" + change.status_text; }
    std::string operator()(const MessageStatusChange& change) const {
      return change.message_sid + ":" + change.status_text;
    }
  };
  return std::visit(Key{}, event);
}

}  // namespace jobrun
