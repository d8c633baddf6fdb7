// What arrives (redacted), one line, here broken after each parameter, at
// /twilio/message-status/CA0123456789abcdef0123456789abcdef.customer_intake:
//
//   ErrorCode=30006&SmsSid=SM0123456789abcdef0123456789abcdef&SmsStatus=undelivered&MessageStatus=undelivered
//   &To=%2B1415555****&MessageSid=SM0123456789abcdef0123456789abcdef&AccountSid=AC0123456789abcdef0123456789abcdef
//   &From=%2B14155550100&ApiVersion=2010-04-01&RawDlrDoneDate=2601031015
#include "message_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "fields.hpp"

namespace jobrun::gate {
namespace {

struct MessageFields {
  std::optional<std::string_view> message_sid, sms_sid, message_status, sms_status, error_code;
};

constexpr std::array<FieldName<MessageFields>, 5> field_names = {
    {{"MessageSid", &MessageFields::message_sid},
     {"SmsSid", &MessageFields::sms_sid},
     {"MessageStatus", &MessageFields::message_status},
     {"SmsStatus", &MessageFields::sms_status},
     {"ErrorCode", &MessageFields::error_code}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Percent-decodes; nothing where a `%` has no two hexadecimal digits behind it.
std::optional<std::string> decoded(std::string_view segment) {
  std::string text;
  while (!segment.empty()) {
    if (segment.front() != '%') {
      text += segment.front();
      segment.remove_prefix(1);
      continue;
    }
    const std::string_view digits = segment.substr(1, 2);
    unsigned char byte = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    text += static_cast<char>(byte);
    segment.remove_prefix(1 + digits.size());
  }
  return text;
}

}  // namespace

std::optional<TextId> text_id_in(std::string_view segment) {
  const std::optional<std::string> text = decoded(segment);
  return text ? parse_optional<TextId>(*text) : std::nullopt;
}

SendAttempt attempt_in(std::string_view query) {
  constexpr std::size_t number_digits_max = 6;
  constexpr std::size_t way_digits_max = 2;
  const auto number_after = [&](std::string_view name, std::size_t digits_max) -> std::optional<int> {
    while (!query.empty()) {
      const std::string_view field = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(field.size() + 1, query.size()));
      if (!field.starts_with(name)) continue;
      const std::string_view digits = field.substr(name.size());
      if (digits.empty() || digits.size() > digits_max || !std::ranges::all_of(digits, is_digit))
        return std::nullopt;
      return error_code_in(digits);
    }
    return std::nullopt;
  };
  const std::optional<int> number = number_after("attempt=", number_digits_max);
  const std::optional<int> way = number_after("way=", way_digits_max);
  if (!number || !way) return {};
  return {*number, static_cast<std::size_t>(*way)};
}

bool is_message_sid(std::string_view text) {
  constexpr std::size_t length_min = 2;
  constexpr std::size_t length_max = 64;
  return text.size() >= length_min && text.size() <= length_max && std::ranges::all_of(text, [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

int error_code_in(std::string_view text) {
  int code = 0;
  if (!std::ranges::all_of(text, is_digit)) return 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  return error == std::errc{} ? code : 0;
}

std::expected<Event, Refusal> message_status_of(TextId text, SendAttempt attempt, const Form& form) {
  const std::expected<MessageFields, Refusal> fields = fields_of<MessageFields>(form, field_names);
  if (!fields) return std::unexpected(fields.error());
  const std::string_view sid = first_given(fields->message_sid, fields->sms_sid);
  if (sid.empty()) return std::unexpected(Refusal::missing_message_sid);
  if (!is_message_sid(sid)) return std::unexpected(Refusal::malformed_message_sid);
  const std::string_view status = first_given(fields->message_status, fields->sms_status);
  if (status.empty()) return std::unexpected(Refusal::missing_message_status);
  return MessageStatusChange{.text = std::move(text),
                             .account = Account::first,
                             .message_sid = std::string(sid),
                             .status = parse_name<MessageStatus>(status).value_or(MessageStatus::unrecognised),
                             .status_text = shortened(status, status_text_bytes_max),
                             .code = error_code_in(fields->error_code.value_or("")),
                             .attempt = attempt};
}

}  // namespace jobrun::gate
