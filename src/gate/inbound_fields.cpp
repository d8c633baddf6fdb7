// What arrives (redacted), one line, here broken after each parameter, at /twilio/sms:
//
//   ToCountry=US&MediaContentType0=image%2Fjpeg&SmsMessageSid=MM0123456789abcdef0123456789abcdef&NumMedia=1
//   &SmsSid=MM0123456789abcdef0123456789abcdef&SmsStatus=received&Body=Leak+under+the+sink%2C+today+please
//   &To=%2B14155550100&MessageSid=MM0123456789abcdef0123456789abcdef&NumSegments=1
//   &AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B1415555****&ApiVersion=2010-04-01
//   &MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FAC...%2FMessages%2FMM...%2FMedia%2FME...
#include "inbound_fields.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "fields.hpp"
#include "message_fields.hpp"

namespace jobrun::gate {
namespace {

struct InboundFields {
  std::optional<std::string_view> message_sid, sms_sid, from, to, body, opt_out_type;
};

constexpr std::array<FieldName<InboundFields>, 6> field_names = {{{"MessageSid", &InboundFields::message_sid},
                                                                  {"SmsSid", &InboundFields::sms_sid},
                                                                  {"From", &InboundFields::from},
                                                                  {"To", &InboundFields::to},
                                                                  {"Body", &InboundFields::body},
                                                                  {"OptOutType", &InboundFields::opt_out_type}}};

std::vector<MediaLink> media_of(const Form& form) {
  std::vector<MediaLink> media;
  for (std::size_t i = 0; i < media_links_max; ++i) {
    const std::string number = std::to_string(i);
    const std::string_view url = form.find("MediaUrl" + number).value_or("");
    std::optional<MediaLink> link = media_link(url, form.find("MediaContentType" + number).value_or(""));
    if (link) media.push_back(std::move(*link));
  }
  return media;
}

}  // namespace

std::expected<Event, Refusal> inbound_text_of(const Form& form) {
  const std::expected<InboundFields, Refusal> fields = fields_of<InboundFields>(form, field_names);
  if (!fields) return std::unexpected(fields.error());
  const std::string_view sid = first_given(fields->message_sid, fields->sms_sid);
  if (sid.empty()) return std::unexpected(Refusal::missing_message_sid);
  if (!is_message_sid(sid)) return std::unexpected(Refusal::malformed_message_sid);
  return InboundText{.message_sid = std::string(sid),
                     .sender = Caller::parse(fields->from.value_or("")),
                     .number = parse_optional<E164>(fields->to),
                     .number_text = shortened(fields->to.value_or(""), number_text_bytes_max),
                     .body = std::string(inbound_words(fields->body.value_or(""))),
                     .media = media_of(form),
                     .opt_out_type = parse_name<OptOutType>(fields->opt_out_type.value_or(""))};
}

std::string claimed_message_sid(const Form& form) {
  const std::string_view sid = form.find("MessageSid").value_or("");
  return is_message_sid(sid) ? std::string(sid) : std::string();
}

}  // namespace jobrun::gate
