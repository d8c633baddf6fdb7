// The way in: this folder turns the carrier's HTTP requests into typed Events and the ledger's receipts into
// what the carrier wants to hear.
//
//   gate.cpp              `webhooks`: which path is which webhook; `event_of`: which webhook becomes which Event
//   form.hpp              a form, parsed strictly
//   signature.hpp         the proof that Twilio sent it
//   call_fields.cpp       what a form about a call says
//   ring_fields.cpp       what one about a call's phones that ring, or about a caller's message, says
//   inbound_fields.cpp    what a form about a text that came in says
//   message_fields.cpp    what a form about a text of ours says
//   telnyx_signature.hpp  the proof that Telnyx sent it
//   telnyx_status.cpp     what its JSON about a text of ours says
//   canary.hpp            how a canary is known
//   refusals.cpp          what is said of each refusal
//   twiml.hpp             the answer to a call or a text
//
// A webhook is answered with 2xx only after the EventSink says that its Event is durable. Everything else is
// refused with a definite status and a JSON error, counted by cause, logged, and changes nothing.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/ports/clock.hpp"
#include "base/ports/event_sink.hpp"
#include "base/ports/meter.hpp"
#include "base/trace.hpp"
#include "net/http_server.hpp"

namespace jobrun::gate {

/// Why a request was refused: the label of Metric::webhook_refusals.
enum class Refusal {
  unknown_path,             ///< 404
  wrong_method,             ///< 405, with Allow
  wrong_content_type,       ///< 415
  body_too_large,           ///< 413; also by the server
  malformed_form,           ///< 400
  missing_signature,        ///< 403
  wrong_signature,          ///< 403
  missing_call_sid,         ///< 400
  malformed_call_sid,       ///< 400
  missing_call_status,      ///< 400
  repeated_parameter,       ///< 400: a parameter that decides something was given twice
  malformed_text_id,        ///< 404: the path ends in what is no text's id
  missing_message_sid,      ///< 400
  malformed_message_sid,    ///< 400
  missing_message_status,   ///< 400
  missing_recording_sid,    ///< 400
  malformed_recording_sid,  ///< 400
  outdated_signature,       ///< 403: signed too long ago, so perhaps a recording of a request
  unavailable,              ///< 503: the event could not be made durable
  internal,                 ///< 500: a broken invariant of ours
  header_too_large,         ///< 431, by the server, and so are those below
  malformed_request,        ///< 400
  timed_out,                ///< 408
  too_many_connections,     ///< 503
  unanswered,               ///< 503: no answer in time
};

class Gate {
 public:
  struct Options {
    std::string public_url;                ///< what the carrier calls us, see SignatureCheck
    std::vector<std::string> auth_tokens;  ///< any of them may have signed
    std::string telnyx_public_key{};       ///< see TelnyxSignatureCheck; empty: Telnyx's path is unknown
    std::optional<E164> canary_number{};   ///< what canaries call, see canary.hpp; empty: there are none
    Traces* traces = nullptr;              ///< told of each webhook's trace; null: `traceparent` is not looked at
  };
  using MountedHandler = std::function<void(const net::HttpRequest&, net::Respond)>;

  /// Sink, meter, log and clock must outlive the gate, and the gate must outlive every event it submitted: stop
  /// the server, then the ledger, then destroy the gate. Throws std::invalid_argument on unusable options.
  Gate(Options options, EventSink& sink, Meter& meter, Log& log, const Clock& clock);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Serves GET and HEAD of exactly this path; call before the first request. Not counted as a webhook.
  void mount(std::string path, MountedHandler handler);

  /// From the next request on any of these may have signed, and no other; any thread. Throws
  /// std::invalid_argument, and changes nothing, when there is none.
  void replace_auth_tokens(const std::vector<std::string>& auth_tokens);

  /// A net::Handler. One thread at a time: the server's. Answers from the sink's thread.
  void handle(net::HttpRequest&& request, net::Respond respond);

  /// For HttpServer::Options::on_refusal: what the server refused counts too.
  void count_refusal_by_server(net::ServerRefusal refusal);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::gate

template <>
struct jobrun::NamesOf<jobrun::gate::Refusal> {
  using Refusal = jobrun::gate::Refusal;
  static constexpr std::array<Named<Refusal>, 25> rows = {
      {{Refusal::unknown_path, "unknown_path"},
       {Refusal::wrong_method, "wrong_method"},
       {Refusal::wrong_content_type, "wrong_content_type"},
       {Refusal::body_too_large, "body_too_large"},
       {Refusal::malformed_form, "malformed_form"},
       {Refusal::missing_signature, "missing_signature"},
       {Refusal::wrong_signature, "wrong_signature"},
       {Refusal::missing_call_sid, "missing_call_sid"},
       {Refusal::malformed_call_sid, "malformed_call_sid"},
       {Refusal::missing_call_status, "missing_call_status"},
       {Refusal::repeated_parameter, "repeated_parameter"},
       {Refusal::malformed_text_id, "malformed_text_id"},
       {Refusal::missing_message_sid, "missing_message_sid"},
       {Refusal::malformed_message_sid, "malformed_message_sid"},
       {Refusal::missing_message_status, "missing_message_status"},
       {Refusal::missing_recording_sid, "missing_recording_sid"},
       {Refusal::malformed_recording_sid, "malformed_recording_sid"},
       {Refusal::outdated_signature, "outdated_signature"},
       {Refusal::unavailable, "unavailable"},
       {Refusal::internal, "internal"},
       {Refusal::header_too_large, "header_too_large"},
       {Refusal::malformed_request, "malformed_request"},
       {Refusal::timed_out, "timed_out"},
       {Refusal::too_many_connections, "too_many_connections"},
       {Refusal::unanswered, "unanswered"}}};
};
