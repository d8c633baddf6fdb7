// One typed Event per webhook: what the rest of the house sees instead of form fields.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/call.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace jobrun {

inline constexpr std::size_t number_text_bytes_max = 64;  ///< of a called number as sent, for records

/// What every webhook about a call says of it. Any field but the CallSid may have been missing.
struct CallDetails {
  CallSid call_sid;
  Caller caller;                       ///< `From`
  std::optional<E164> number;          ///< `To`; empty when missing or not E.164
  std::string number_text;             ///< `To` as sent, at most 64 bytes, for records
  std::optional<E164> forwarded_from;  ///< `ForwardedFrom`
  bool is_inbound_parent = true;       ///< Direction is inbound (or missing) and there is no ParentCallSid
  std::optional<CallSid> parent;       ///< `ParentCallSid`
  Origin origin = Origin::status;
  CallerVerification verification = CallerVerification::unknown;  ///< `StirVerstat`
  friend bool operator==(const CallDetails&, const CallDetails&) = default;
};

/// `POST /twilio/voice`: a call has come in and the carrier asks what to say.
struct IncomingCall {
  CallDetails call;
  friend bool operator==(const IncomingCall&, const IncomingCall&) = default;
};

/// `POST /twilio/status`: the call's status changed.
struct CallStatusChange {
  CallDetails call;
  CallStatus status = CallStatus::unrecognised;
  std::string status_text;  ///< `CallStatus` as sent, at most 32 bytes
  /// When it happened, where that is known to be earlier than now: told by the carrier's list, not by a webhook.
  std::optional<Instant> at{};
  bool person_took_call = false;  ///< a leg that the call dialled was answered
  friend bool operator==(const CallStatusChange&, const CallStatusChange&) = default;
};

/// `POST /twilio/screen`: one of the phones that a call rings was picked up, by a person or by its voicemail, and
/// the carrier asks what to say to it.
struct PhonePickedUp {
  CallDetails call;  ///< the customer's call, not the leg to the phone
  CallSid leg;       ///< the leg to the phone
  friend bool operator==(const PhonePickedUp&, const PhonePickedUp&) = default;
};

/// `POST /twilio/screen-result`: what that phone answered.
struct PhoneAnswered {
  CallDetails call;
  CallSid leg;
  bool is_accepted = false;  ///< a person pressed 1: he takes the call
  friend bool operator==(const PhoneAnswered&, const PhoneAnswered&) = default;
};

/// The carrier's statuses of a ringing that has ended (`DialCallStatus`).
enum class RingStatus : std::uint8_t { completed, busy, no_answer, failed, canceled, unrecognised };

/// `POST /twilio/dial-result`: the phones that a call rang ring no more.
struct RingEnd {
  CallDetails call;
  RingStatus status = RingStatus::unrecognised;
  std::string leg{};              ///< `DialCallSid`, at most 64 letters and digits; empty: not told
  bool is_bridged = true;         ///< unless the carrier says that the two never heard each other
  bool caller_has_left = false;   ///< while it rang
  std::size_t phones_behind = 0;  ///< of the client's phones, in their order, that had their turn
  friend bool operator==(const RingEnd&, const RingEnd&) = default;
};

/// What a webhook tells of a message that a caller has left.
enum class RecordingStep : std::uint8_t {
  left,         ///< `POST /twilio/recording`: the caller has ended it, and the carrier asks what to say
  kept,         ///< `POST /twilio/recording-status`: the carrier has it
  failed,       ///< the same: there is none
  transcribed,  ///< `POST /twilio/transcription`: what is said in it
};

inline constexpr std::size_t recording_seconds_max = 24 * 60 * 60;

struct RecordingNews {
  CallDetails call;
  RecordingStep step = RecordingStep::left;
  std::string recording_sid;                       ///< 2 to 64 letters, digits and `-`
  std::string url{};                               ///< as a MediaLink's; empty: not told
  std::optional<std::chrono::seconds> duration{};  ///< at most recording_seconds_max
  std::string transcription{};                     ///< at most inbound_characters_max characters of UTF-8
  friend bool operator==(const RecordingNews&, const RecordingNews&) = default;
};

/// `POST /twilio/message-status/{text id}`: what became of a text that the carrier took.
struct MessageStatusChange {
  TextId text;
  Account account = Account::first;
  std::string message_sid;  ///< 2 to 64 letters, digits and `-`
  MessageStatus status = MessageStatus::unrecognised;
  std::string status_text;  ///< as sent, at most 32 bytes
  int code = 0;             ///< `ErrorCode`; 0: none
  SendAttempt attempt{};    ///< the request that the message came from
  friend bool operator==(const MessageStatusChange&, const MessageStatusChange&) = default;
};

/// What the carrier itself took an inbound text for (`OptOutType`).
enum class OptOutType { stop, start, help };

/// A picture or the like that came with a text: the carrier keeps it.
struct MediaLink {
  std::string url;   ///< of http or https, printable ASCII without spaces, at most media_url_bytes_max
  std::string type;  ///< as `image/jpeg`, likewise, at most media_type_bytes_max; empty: not told
  friend bool operator==(const MediaLink&, const MediaLink&) = default;
};

inline constexpr std::size_t inbound_characters_max = 1'600;  ///< of a text's words; carriers send no more
inline constexpr std::size_t media_links_max = 10;
inline constexpr std::size_t media_url_bytes_max = 2'000;
inline constexpr std::size_t media_type_bytes_max = 100;

/// A contact that a phone passes on: a vCard, by whatever of its types.
bool is_contact_card(const MediaLink& link);

/// The link, unless it is none; the type without parameters.
std::optional<MediaLink> media_link(std::string_view url, std::string_view type);

/// At most `inbound_characters_max` characters of it.
std::string_view inbound_words(std::string_view body);

/// `POST /twilio/sms`: somebody has texted one of our numbers.
struct InboundText {
  std::string message_sid;         ///< 2 to 64 letters, digits and `-`
  Caller sender;                   ///< `From`
  std::optional<E164> number;      ///< `To`; empty when missing or not E.164
  std::string number_text;         ///< `To` as sent, at most 64 bytes, for records
  std::string body;                ///< at most inbound_characters_max characters of UTF-8
  std::vector<MediaLink> media{};  ///< at most media_links_max
  std::optional<OptOutType> opt_out_type{};
  Origin origin = Origin::text;
  /// When it was sent, where that is known to be earlier than now: told by the carrier's list, or by the spool.
  std::optional<Instant> at{};
  friend bool operator==(const InboundText&, const InboundText&) = default;
};

using Event = std::variant<IncomingCall, CallStatusChange, PhonePickedUp, PhoneAnswered, RingEnd, RecordingNews,
                           MessageStatusChange, InboundText>;

/// The details of a call's event; null for any other.
const CallDetails* find_call_details(const Event& event);

/// Of a call's event; throws std::bad_variant_access for any other.
const CallDetails& call_details(const Event& event);

/// What everything which happens because of the event is found by: the CallSid, or the MessageSid of an inbound
/// text.
const std::string& correlation_id(const Event& event);

/// The deduplication key of an event within its call (`voice`, the status as sent, the leg or the recording), its
/// text (the message and its status) or its message (`text`).
std::string event_key(const Event& event);

template <>
struct NamesOf<RingStatus> {
  static constexpr std::array<Named<RingStatus>, 6> rows = {{{RingStatus::completed, "completed"},
                                                             {RingStatus::busy, "busy"},
                                                             {RingStatus::no_answer, "no-answer"},
                                                             {RingStatus::failed, "failed"},
                                                             {RingStatus::canceled, "canceled"},
                                                             {RingStatus::unrecognised, "unrecognised"}}};
};

template <>
struct NamesOf<RecordingStep> {
  static constexpr std::array<Named<RecordingStep>, 4> rows = {{{RecordingStep::left, "left"},
                                                                {RecordingStep::kept, "kept"},
                                                                {RecordingStep::failed, "failed"},
                                                                {RecordingStep::transcribed, "transcribed"}}};
};

template <>
struct NamesOf<OptOutType> {
  static constexpr std::array<Named<OptOutType>, 3> rows = {
      {{OptOutType::stop, "STOP"}, {OptOutType::start, "START"}, {OptOutType::help, "HELP"}}};
};

}  // namespace jobrun
