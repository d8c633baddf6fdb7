// What arrives (redacted, and most of it left out), `message.sent` once and `message.finalized` at the end:
//
//   {"data": {"event_type": "message.finalized", "id": "4ee8c3a6-4995-4309-a3c6-38e3db9ea4be",
//             "occurred_at": "2026-01-03T10:15:30.148+00:00", "record_type": "event",
//             "payload": {"id": "40385f64-5717-4562-b3fc-2c963f66afa6", "direction": "outbound",
//                         "errors": [{"code": "40001", "title": "Not routable", "detail": "..."}],
//                         "from": {"phone_number": "+14155550100"}, "text": "Sorry we missed ...",
//                         "to": [{"phone_number": "+1415555****", "status": "delivery_failed"}],
//                         "webhook_url": "https://calls.example.com/telnyx/message-status/CA77.customer_intake"}},
//    "meta": {"attempt": 1, "delivered_to":
//    "https://calls.example.com/telnyx/message-status/CA77.customer_intake"}}
//
// Source: developers.telnyx.com, "Receiving webhooks" and "Message detail records".
#include "telnyx_status.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "message_fields.hpp"

namespace jobrun::gate {
namespace {

using nlohmann::json;

constexpr int depth_max = 16;

struct StatusWord {
  std::string_view word;
  MessageStatus status;
};

constexpr std::array status_words = {
    StatusWord{"queued", MessageStatus::queued}, StatusWord{"sending", MessageStatus::sending},
    StatusWord{"sent", MessageStatus::sent}, StatusWord{"delivered", MessageStatus::delivered},
    StatusWord{"sending_failed", MessageStatus::failed}, StatusWord{"expired", MessageStatus::failed},
    StatusWord{"delivery_failed", MessageStatus::undelivered},
    // An end, but one that says neither that the text arrived nor that it did not: no reason to send it again.
    StatusWord{"delivery_unconfirmed", MessageStatus::sent}};

MessageStatus status_of(std::string_view word) {
  const auto* const row = std::ranges::find(status_words, word, &StatusWord::word);
  return row == status_words.end() ? MessageStatus::unrecognised : row->status;
}

/// The body, if it is JSON of a bounded depth in which no object has a name twice: readers disagree which of the
/// two counts.
std::expected<json, Refusal> parse(std::string_view body) {
  bool is_deep = false;
  bool is_repeated = false;
  std::vector<std::set<std::string>> names;
  const auto look = [&](int depth, json::parse_event_t event, json& value) {
    is_deep = is_deep || depth > depth_max;
    if (is_deep) return false;
    if (event == json::parse_event_t::object_start) names.emplace_back();
    if (event == json::parse_event_t::object_end) names.pop_back();
    if (event == json::parse_event_t::key) {
      is_repeated = !names.back().insert(value.get<std::string>()).second || is_repeated;
    }
    return true;
  };
  json parsed = json::parse(body, look, false);
  if (is_deep || parsed.is_discarded()) return std::unexpected(Refusal::malformed_form);
  if (is_repeated) return std::unexpected(Refusal::repeated_parameter);
  return parsed;
}

/// The member, or null. So whatever is not of the expected shape reads as missing.
const json& member(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found != object.end() ? *found : nothing;
}

const json& first_of(const json& list) {
  static const json nothing;
  return list.is_array() && !list.empty() ? list.front() : nothing;
}

std::string_view text_in(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>()) : std::string_view();
}

/// A string at Telnyx; a number would not be surprising.
int code_in(const json& error) {
  const json& code = member(error, "code");
  return error_code_in(code.is_number_unsigned() ? code.dump() : std::string(text_in(error, "code")));
}

bool names_another_text(const json& message, const TextId& text, SendAttempt attempt) {
  const std::string_view url = text_in(message, "webhook_url");
  if (url.empty()) return false;
  const std::string_view path = url.substr(0, url.find_first_of("?#"));
  const std::string_view query = path.size() < url.size() ? url.substr(path.size() + 1) : std::string_view();
  return text_id_in(path.substr(path.rfind('/') + 1)) != text || attempt_in(query) != attempt;
}

}  // namespace

std::expected<Event, Refusal> telnyx_status_of(TextId text, SendAttempt attempt, std::string_view body) {
  const std::expected<json, Refusal> parsed = parse(body);
  if (!parsed) return std::unexpected(parsed.error());
  const json& message = member(member(*parsed, "data"), "payload");
  if (names_another_text(message, text, attempt)) return std::unexpected(Refusal::wrong_signature);
  const std::string_view id = text_in(message, "id");
  if (id.empty()) return std::unexpected(Refusal::missing_message_sid);
  if (!is_message_sid(id)) return std::unexpected(Refusal::malformed_message_sid);
  const std::string_view status = text_in(first_of(member(message, "to")), "status");
  if (status.empty()) return std::unexpected(Refusal::missing_message_status);
  if (status.contains('\0')) return std::unexpected(Refusal::malformed_form);
  return MessageStatusChange{.text = std::move(text),
                             .account = Account::second,
                             .message_sid = std::string(id),
                             .status = status_of(status),
                             .status_text = shortened(status, status_text_bytes_max),
                             .code = code_in(first_of(member(message, "errors"))),
                             .attempt = attempt};
}

}  // namespace jobrun::gate
