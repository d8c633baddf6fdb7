#include "call_fields.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "fields.hpp"

namespace jobrun::gate {
namespace {

struct CallFields {
  std::optional<std::string_view> call_sid, from, to, call_status, direction, parent_call_sid, forwarded_from,
      stir_verstat;
};

constexpr std::array<FieldName<CallFields>, 8> field_names = {{{"CallSid", &CallFields::call_sid},
                                                               {"From", &CallFields::from},
                                                               {"To", &CallFields::to},
                                                               {"CallStatus", &CallFields::call_status},
                                                               {"Direction", &CallFields::direction},
                                                               {"ParentCallSid", &CallFields::parent_call_sid},
                                                               {"ForwardedFrom", &CallFields::forwarded_from},
                                                               {"StirVerstat", &CallFields::stir_verstat}}};

/// The word goes on where calls were passed on: `TN-Validation-Passed-A-Passthrough`.
CallerVerification verification_of(std::string_view stir_verstat) {
  if (stir_verstat.starts_with("TN-Validation-Passed-A")) return CallerVerification::verified;
  if (stir_verstat.starts_with("TN-Validation-Passed")) return CallerVerification::partly_verified;
  if (stir_verstat.starts_with("TN-Validation-Failed")) return CallerVerification::not_verified;
  return CallerVerification::unknown;
}

std::expected<CallDetails, Refusal> call_of(Origin origin, const CallFields& fields) {
  const std::string_view call_sid = fields.call_sid.value_or("");
  if (call_sid.empty()) return std::unexpected(Refusal::missing_call_sid);
  Result<CallSid> sid = CallSid::parse(call_sid);
  if (!sid) return std::unexpected(Refusal::malformed_call_sid);
  const std::string_view direction = fields.direction.value_or("");
  const bool has_parent = !fields.parent_call_sid.value_or("").empty();
  return CallDetails{.call_sid = std::move(*sid),
                     .caller = Caller::parse(fields.from.value_or("")),
                     .number = parse_optional<E164>(fields.to),
                     .number_text = shortened(fields.to.value_or(""), number_text_bytes_max),
                     .forwarded_from = parse_optional<E164>(fields.forwarded_from),
                     .is_inbound_parent = !has_parent && (direction.empty() || direction == "inbound"),
                     .parent = parse_optional<CallSid>(fields.parent_call_sid),
                     .origin = origin,
                     .verification = verification_of(fields.stir_verstat.value_or(""))};
}

}  // namespace

std::expected<CallDetails, Refusal> call_details_of(const Form& form, Origin origin) {
  const std::expected<CallFields, Refusal> fields = fields_of<CallFields>(form, field_names);
  if (!fields) return std::unexpected(fields.error());
  return call_of(origin, *fields);
}

std::expected<Event, Refusal> incoming_call_of(const Form& form) {
  std::expected<CallDetails, Refusal> call = call_details_of(form, Origin::voice);
  if (!call) return std::unexpected(call.error());
  return IncomingCall{std::move(*call)};
}

std::expected<Event, Refusal> call_status_of(const Form& form) {
  const std::expected<CallFields, Refusal> fields = fields_of<CallFields>(form, field_names);
  if (!fields) return std::unexpected(fields.error());
  std::expected<CallDetails, Refusal> call = call_of(Origin::status, *fields);
  if (!call) return std::unexpected(call.error());
  const std::string_view status = fields->call_status.value_or("");
  if (status.empty()) return std::unexpected(Refusal::missing_call_status);
  return CallStatusChange{std::move(*call), parse_name<CallStatus>(status).value_or(CallStatus::unrecognised),
                          shortened(status, status_text_bytes_max)};
}

std::string claimed_call_sid(const Form& form) {
  const std::optional<CallSid> sid = parse_optional<CallSid>(form.find("CallSid"));
  return sid ? sid->text() : std::string();
}

}  // namespace jobrun::gate
