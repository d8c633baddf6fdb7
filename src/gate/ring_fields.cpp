// What arrives (redacted), one line, here broken after each parameter, at
// /twilio/screen-result?call=CA0123456789abcdef0123456789abcdef&number=14155550100:
//
//   AccountSid=AC0123456789abcdef0123456789abcdef&ApiVersion=2010-04-01&CallSid=CAfedcba9876543210fedcba9876543210
//   &CallStatus=in-progress&Digits=1&Direction=outbound-dial&From=%2B1415555****&FinishedOnKey=&msg=Gather+End
//   &ParentCallSid=CA0123456789abcdef0123456789abcdef&To=%2B1415555****
//
// at /twilio/dial-result?behind=1, about the customer's own leg:
//
//   CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=in-progress&Direction=inbound&From=%2B1415555****
//   &To=%2B14155550100&DialCallStatus=no-answer&DialCallSid=CAfedcba9876543210fedcba9876543210&DialBridged=false
//
// and at /twilio/transcription?number=14155550100:
//
//   CallSid=CA0123456789abcdef0123456789abcdef&From=%2B1415555****&To=%2B14155550100
//   &RecordingSid=RE0123456789abcdef0123456789abcdef&TranscriptionSid=TR0123456789abcdef0123456789abcdef
//   &RecordingUrl=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FAC...%2FRecordings%2FRE...
//   &TranscriptionStatus=completed&TranscriptionText=My+tap+leaks
#include "ring_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "call_fields.hpp"
#include "fields.hpp"
#include "message_fields.hpp"

namespace jobrun::gate {
namespace {

struct RingFields {
  std::optional<std::string_view> digits, dial_call_status, dial_call_sid, dial_bridged, call_status;
};

constexpr std::array<FieldName<RingFields>, 5> ring_fields = {{{"Digits", &RingFields::digits},
                                                               {"DialCallStatus", &RingFields::dial_call_status},
                                                               {"DialCallSid", &RingFields::dial_call_sid},
                                                               {"DialBridged", &RingFields::dial_bridged},
                                                               {"CallStatus", &RingFields::call_status}}};

struct RecordingFields {
  std::optional<std::string_view> sid, url, duration, status, transcription, transcription_status;
};

constexpr std::array<FieldName<RecordingFields>, 6> recording_fields = {
    {{"RecordingSid", &RecordingFields::sid},
     {"RecordingUrl", &RecordingFields::url},
     {"RecordingDuration", &RecordingFields::duration},
     {"RecordingStatus", &RecordingFields::status},
     {"TranscriptionText", &RecordingFields::transcription},
     {"TranscriptionStatus", &RecordingFields::transcription_status}}};

std::optional<std::size_t> number_in(std::string_view text, std::size_t most) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > most) return std::nullopt;
  return number;
}

std::string query_value(std::string_view query, std::string_view name) {
  const Result<Form> form = Form::parse(std::string(query));
  return form ? std::string(form->find(name).value_or("")) : std::string();
}

std::optional<E164> number_of_query(std::string_view query) {
  return parse_optional<E164>("+" + query_value(query, "number"));
}

struct Leg {
  CallDetails call;  ///< the customer's
  CallSid leg;
};

/// Of a leg that rings a phone: it says which call it is for, and so does what we wrote into its path. The caller
/// is that of the call; who is called is not.
std::expected<Leg, Refusal> leg_of(const Form& form, std::string_view query) {
  std::expected<CallDetails, Refusal> leg = call_details_of(form, Origin::voice);
  if (!leg) return std::unexpected(leg.error());
  std::optional<CallSid> parent = leg->parent;
  if (!parent) parent = parse_optional<CallSid>(query_value(query, "call"));
  if (!parent) return std::unexpected(Refusal::missing_call_sid);
  const std::optional<E164> number = number_of_query(query);
  return Leg{.call = {.call_sid = std::move(*parent),
                      .caller = std::move(leg->caller),
                      .number = number,
                      .number_text = number ? number->text() : std::string(),
                      .forwarded_from = {},
                      .parent = {},
                      .origin = Origin::voice},
             .leg = std::move(leg->call_sid)};
}

}  // namespace

std::expected<Event, Refusal> phone_picked_up_of(const Form& form, std::string_view query) {
  std::expected<Leg, Refusal> leg = leg_of(form, query);
  if (!leg) return std::unexpected(leg.error());
  return PhonePickedUp{std::move(leg->call), std::move(leg->leg)};
}

std::expected<Event, Refusal> phone_answered_of(const Form& form, std::string_view query) {
  const std::expected<RingFields, Refusal> fields = fields_of<RingFields>(form, ring_fields);
  if (!fields) return std::unexpected(fields.error());
  std::expected<Leg, Refusal> leg = leg_of(form, query);
  if (!leg) return std::unexpected(leg.error());
  return PhoneAnswered{std::move(leg->call), std::move(leg->leg), fields->digits == "1"};
}

std::expected<Event, Refusal> ring_end_of(const Form& form, std::string_view query) {
  constexpr std::size_t behind_max = 99;
  const std::expected<RingFields, Refusal> fields = fields_of<RingFields>(form, ring_fields);
  if (!fields) return std::unexpected(fields.error());
  std::expected<CallDetails, Refusal> call = call_details_of(form, Origin::voice);
  if (!call) return std::unexpected(call.error());
  const std::string_view said = fields->dial_call_status.value_or("");
  // `answered` is what the carrier calls it where several may hear each other.
  const RingStatus status =
      said == "answered" ? RingStatus::completed : parse_name<RingStatus>(said).value_or(RingStatus::unrecognised);
  const std::optional<CallStatus> of_call = parse_name<CallStatus>(fields->call_status.value_or(""));
  const std::optional<CallSid> leg = parse_optional<CallSid>(fields->dial_call_sid);
  return RingEnd{.call = std::move(*call),
                 .status = status,
                 .leg = leg ? leg->text() : std::string(),
                 .is_bridged = fields->dial_bridged != "false",
                 .caller_has_left = (of_call && is_final(*of_call)) || status == RingStatus::canceled,
                 .phones_behind = number_in(query_value(query, "behind"), behind_max).value_or(behind_max)};
}

std::expected<Event, Refusal> recording_news_of(const Form& form, std::string_view query, RecordingStep step) {
  const std::expected<RecordingFields, Refusal> fields = fields_of<RecordingFields>(form, recording_fields);
  if (!fields) return std::unexpected(fields.error());
  std::expected<CallDetails, Refusal> call = call_details_of(form, Origin::voice);
  if (!call) return std::unexpected(call.error());
  const std::string_view sid = fields->sid.value_or("");
  if (sid.empty()) return std::unexpected(Refusal::missing_recording_sid);
  if (!is_message_sid(sid)) return std::unexpected(Refusal::malformed_recording_sid);
  if (call->number_text.empty()) {
    call->number = number_of_query(query);
    call->number_text = call->number ? call->number->text() : std::string();
  }
  const std::string_view status = fields->status.value_or("completed");
  if (step == RecordingStep::kept && status != "completed") step = RecordingStep::failed;
  const bool is_transcribed = fields->transcription_status.value_or("completed") == "completed";
  const std::optional<MediaLink> link = media_link(fields->url.value_or(""), "");
  const std::optional<std::size_t> seconds = number_in(fields->duration.value_or(""), recording_seconds_max);
  RecordingNews news{.call = std::move(*call), .step = step, .recording_sid = std::string(sid)};
  if (link) news.url = link->url;
  if (seconds) news.duration = std::chrono::seconds{*seconds};
  if (is_transcribed) news.transcription = inbound_words(fields->transcription.value_or(""));
  return news;
}

}  // namespace jobrun::gate
