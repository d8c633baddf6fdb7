// Identifiers. Each is its own type, so that a text's id cannot be passed where a call's is expected.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace jobrun {

/// The carrier's id of a call, `CA` and 32 hexadecimal digits at Twilio. Accepted: 2 to 64 letters, digits,
/// `-` and `_`, because refusing an unusual id would lose a call. Also the correlation id of everything
/// that happens because of the call.
class CallSid {
 public:
  static Result<CallSid> parse(std::string_view text);
  const std::string& text() const { return text_; }
  friend auto operator<=>(const CallSid&, const CallSid&) = default;

 private:
  explicit CallSid(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A database row's id. `Tag` only tells the kinds apart.
template <class Tag>
struct RowId {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(RowId, RowId) = default;
};

using ClientId = RowId<struct ClientTag>;
using CallId = RowId<struct CallTag>;
using TextRow = RowId<struct TextTag>;
using AlertId = RowId<struct AlertTag>;
using IncidentId = RowId<struct IncidentTag>;
using InboundTextId = RowId<struct InboundTextTag>;
using ConversationId = RowId<struct ConversationTag>;

}  // namespace jobrun
