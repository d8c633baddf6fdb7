// What a caller gets: the one place that decides it.
//
// `classify` is the after-call table of the specification, row by row; the greeting and the after-call plan
// are both read off its row, so that voice never promises a text the outbox will not be given.
//
// Pure: no clock, no store, no log. The ledger stores the answer before anyone acts on it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/alert.hpp"
#include "base/commit.hpp"
#include "base/ports/store.hpp"
#include "base/records.hpp"
#include "flow/role.hpp"

namespace jobrun::flow {

/// The limits a decision keeps, from the settings. A client's own come from its profile.
struct Policy {
  Duration cool_down = std::chrono::hours{1};
  Duration outcome_deadline = std::chrono::seconds{60};
  /// Instead of it, while the carrier is asked about a text of which nobody knows whether it left.
  Duration looked_for_deadline = std::chrono::seconds{120};
  /// The longest a call may take to its final event: greeting, hang-up and 90 s of grace. See
  /// longer_than_others().
  Duration call_length_max = std::chrono::seconds{150};
  Duration lead_delay = std::chrono::minutes{5};
  Duration text_useful_for = std::chrono::hours{2};  ///< from the call's end; later a person is told instead
  Duration late_after = std::chrono::minutes{10};    ///< from the call's end; later the text says so
  Duration repeated_call_alert_every = std::chrono::minutes{10};
  std::int64_t texts_per_client_and_day = 500;
  std::int64_t texts_per_day = 20'000;
  /// By country, ISO 3166; one that is not listed has no limit of its own.
  std::map<std::string, std::int64_t, std::less<>> texts_per_country_and_day;
  /// A caller's calls to a number for which phones are rung: as many within that time are a loop of phones that
  /// send calls back to us.
  std::int64_t ring_loop_calls = 5;
  Duration ring_loop_window = std::chrono::minutes{1};
  std::int64_t loop_texts_max = 20;
  Duration loop_window = std::chrono::minutes{10};
  std::string time_zone = "UTC";       ///< of clients that set none
  std::vector<std::string> countries;  ///< that may be texted; empty: the called number's own
  std::optional<E164> failsafe_sender;
  std::optional<E164> second_sender;  ///< the number that the second account texts from; empty: there is none
};

/// Whether the business works when a customer calls.
enum class Opening { open, closed, busy };

/// All that is known when a call is decided on.
struct Situation {
  std::string cause;  ///< the CallSid; of an inbound text the MessageSid
  Caller caller;
  std::optional<E164> number;  ///< the number called, or texted
  std::optional<E164> forwarded_from{};
  Origin origin = Origin::status;
  bool is_inbound_parent = true;
  bool person_took_call = false;         ///< a dialled leg was accepted
  bool has_rung = false;                 ///< phones were rung, and nothing was said before
  std::optional<MessageLeft> message{};  ///< that the caller left
  CallerVerification verification = CallerVerification::unknown;
  std::vector<E164> own_ring_phones{};  ///< of the client's phones to ring those that are numbers of ours
  std::int64_t calls_rung_of_late = 0;  ///< of the same caller to the same number, in Policy::ring_loop_window
  bool caller_is_ours = false;          ///< the caller is a number of the directory or of the settings
  Greeting heard = Greeting::none;      ///< what `/twilio/voice` served
  std::string caller_country{};         ///< ISO 3166; empty: unknown
  std::string number_country{};
  Opening opening = Opening::open;
  std::string busy_until{};          ///< `15:00` where the business is; empty unless it is busy
  std::optional<Locale> language{};  ///< that the caller has shown or chosen in texts
  bool facts_known = true;           ///< `facts` and what follows; see FactReader::are_facts_known
  PhoneFacts facts{};
  std::optional<LastText> last_text{};
  std::int64_t texts_in_loop_window = 0;
  TextCounts texts_today{};
  std::vector<Way> blocked_senders{};  ///< of possible_ways(), those that the carrier lets nothing leave from
  Instant now{};
  std::optional<Instant> ended_at{};  ///< where the call's end was learned of late; empty: it is now
};

/// The ordered ways out that a first text has when no sender is blocked. By the first account: a business texts
/// from the number called and from no other; the fail-safe text leaves from the fail-safe sender, else from the
/// number called. After these by the second account, if there is one.
std::vector<Way> possible_ways(const Role& role, std::optional<E164> number, const Policy& policy);

/// The first row of the after-call table that holds.
AfterCallRow classify(const Role& role, const Situation& situation, const Policy& policy);

/// What the caller hears when the call comes in, or when nobody has taken it. Where he can hardly be texted, or
/// where the client wants it, he may leave a message.
VoiceAnswer greet(const Role& role, const Situation& situation, const Policy& policy);

/// The same while nothing but the directory can be read: it promises no text, whatever becomes of the call.
VoiceAnswer greet_without_facts(const Role& role);

/// The words of a greeting already chosen, for a webhook that is repeated; as `situation` has the time of day and the
/// caller's language.
VoiceAnswer repeat_greeting(const Role& role, Greeting greeting, const Situation& situation);

// --- what a call gets once it has ended -----------------------------------------------------------

/// Not an inbound parent leg: it belongs to its parent.
struct BelongsToParent {};

/// A person took the call.
struct Answered {};

/// The business texts the caller, from the number called.
struct CustomerIntakeText {
  PromisedText text;
  CustomerContact contact;
  std::vector<AlertRequest> alerts;
};

/// The generic text of a number that is nobody's, or of a business number without a client. No records.
struct FailSafeText {
  PromisedText text;
  std::vector<AlertRequest> alerts;
};

/// No text, on purpose. With `leans_on`, the call shares the fate of that text.
struct Suppressed {
  AfterCallRow row;
  std::optional<TextRow> leans_on;
  std::optional<CustomerContact> contact;
  std::vector<AlertRequest> alerts;
};

/// No text can or may go out: what the caller heard counts if `spoken`, else a person must be told, and the
/// call stays pending until an alert channel has accepted that.
struct NoText {
  AfterCallRow row;
  bool spoken = false;
  std::optional<CustomerContact> contact;
  std::vector<AlertRequest> alerts;
};

using AfterCall = std::variant<BelongsToParent, Answered, CustomerIntakeText, FailSafeText, Suppressed, NoText>;

/// Decides what a caller gets once a call has ended with `status`. Every final status counts alike; the
/// parent's status never says "missed".
AfterCall decide_after_call(CallStatus status, const Role& role, const Situation& situation, const Policy& policy);

/// What a person is told of a message that came when its call had ended already.
AlertRequest tell_of_message(const Role& role, const Situation& situation, const MessageLeft& message);

/// What a person is told once the words of a message are known.
AlertRequest tell_of_transcription(const Role& role, const Situation& situation, std::string_view transcription);

/// True when the customer's or the missed call's records are to be written.
bool leaves_records(const AfterCall& after);

}  // namespace jobrun::flow
