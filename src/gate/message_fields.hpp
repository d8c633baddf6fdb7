// What a status of a text of ours says. Which text it is about is in the path, because we put it there when we
// asked for statuses: so a status finds its text even where the answer to our request was never read.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "base/event.hpp"
#include "gate/form.hpp"
#include "gate/gate.hpp"

namespace jobrun::gate {

/// The id in a path's last segment, percent-encoded; nothing unless it is one.
std::optional<TextId> text_id_in(std::string_view segment);

/// `attempt=2&way=0`, as we wrote it when we asked for statuses; the default for whatever is not so.
SendAttempt attempt_in(std::string_view query);

/// 2 to 64 letters, digits and `-`.
bool is_message_sid(std::string_view text);

/// The carrier's code for an error: digits. 0 for whatever is none.
int error_code_in(std::string_view text);

/// Twilio's form: `MessageSid`, `MessageStatus` and `ErrorCode` decide; `SmsSid` and `SmsStatus` stand in for the
/// first two. A status that nobody knows is no mistake: new ones appear without notice.
std::expected<Event, Refusal> message_status_of(TextId text, SendAttempt attempt, const Form& form);

}  // namespace jobrun::gate
