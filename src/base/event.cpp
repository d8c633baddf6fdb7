#include "base/event.hpp"

namespace jobrun {

const CallDetails& call_details(const Event& event) {
  return std::visit([](const auto& kind) -> const CallDetails& { return kind.call; }, event);
}

std::string event_key(const Event& event) {
  struct Key {
    std::string operator()(const IncomingCall&) const { return "voice"; }
    std::string operator()(const CallStatusChange& change) const { return "status:" + change.status_text; }
  };
  return std::visit(Key{}, event);
}

}  // namespace jobrun
