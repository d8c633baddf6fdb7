#include "refusals.hpp"

namespace jobrun::gate {

RefusalAnswer answer_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::unknown_path:
      return {404, "There is nothing at this path."};
    case Refusal::wrong_method:
      return {405, "This path does not take this method; see the header Allow."};
    case Refusal::wrong_content_type:
      return {415, "Send what this path takes: a form, or at /telnyx/ JSON."};
    case Refusal::body_too_large:
      return {413, "A webhook's body is at most 64 KiB."};
    case Refusal::malformed_form:
      return {400, "The body is not well-formed."};
    case Refusal::missing_signature:
      return {403, "The carrier's signature is missing."};
    case Refusal::wrong_signature:
      return {403, "The carrier's signature does not match this request."};
    case Refusal::missing_call_sid:
      return {400, "The parameter CallSid is missing."};
    case Refusal::malformed_call_sid:
      return {400, "The parameter CallSid is not the id of a call."};
    case Refusal::missing_call_status:
      return {400, "The parameter CallStatus is missing."};
    case Refusal::repeated_parameter:
      return {400, "A parameter that may be given once was given twice."};
    case Refusal::malformed_text_id:
      return {404, "The path does not end in the id of a text."};
    case Refusal::missing_message_sid:
      return {400, "The message's id is missing."};
    case Refusal::malformed_message_sid:
      return {400, "The message's id is not one."};
    case Refusal::missing_message_status:
      return {400, "The message's status is missing."};
    case Refusal::missing_recording_sid:
      return {400, "The parameter RecordingSid is missing."};
    case Refusal::malformed_recording_sid:
      return {400, "The parameter RecordingSid is not the id of a recording."};
    case Refusal::outdated_signature:
      return {403, "This was signed more than 5 minutes before or after now."};
    case Refusal::unavailable:
      return {503, "This could not be stored. Nothing was kept; send it again."};
    case Refusal::internal:
      return {500, "This could not be handled. Nothing was kept."};
    case Refusal::header_too_large:
      return {431, "The headers are too large."};
    case Refusal::malformed_request:
      return {400, "The request is malformed."};
    case Refusal::timed_out:
      return {408, "The request did not arrive in time."};
    case Refusal::too_many_connections:
      return {503, "Too many connections."};
    case Refusal::unanswered:
      return {503, "No answer was ready in time."};
  }
  return {500, ""};
}

std::string_view advice_on(Refusal refusal) {
  switch (refusal) {
    case Refusal::wrong_signature:
      return "compare the public URL and the auth tokens, or Telnyx's public key, in the settings with those at "
             "the "
             "carrier";
    case Refusal::outdated_signature:
      return "compare this machine's clock with the right time";
    case Refusal::unavailable:
      return "the database or its disk does not take writes";
    case Refusal::unanswered:
      return "the ledger did not answer in time: look at the database and its disk";
    case Refusal::unknown_path:
    case Refusal::wrong_method:
    case Refusal::wrong_content_type:
    case Refusal::body_too_large:
    case Refusal::malformed_form:
    case Refusal::missing_signature:
    case Refusal::missing_call_sid:
    case Refusal::malformed_call_sid:
    case Refusal::missing_call_status:
    case Refusal::repeated_parameter:
    case Refusal::malformed_text_id:
    case Refusal::missing_message_sid:
    case Refusal::malformed_message_sid:
    case Refusal::missing_message_status:
    case Refusal::missing_recording_sid:
    case Refusal::malformed_recording_sid:
    case Refusal::internal:
    case Refusal::header_too_large:
    case Refusal::malformed_request:
    case Refusal::timed_out:
    case Refusal::too_many_connections:
      return {};
  }
  return {};
}

Refusal refusal_by_server(net::ServerRefusal refusal) {
  switch (refusal) {
    case net::ServerRefusal::header_too_large:
      return Refusal::header_too_large;
    case net::ServerRefusal::body_too_large:
      return Refusal::body_too_large;
    case net::ServerRefusal::malformed:
      return Refusal::malformed_request;
    case net::ServerRefusal::timed_out:
      return Refusal::timed_out;
    case net::ServerRefusal::too_many_connections:
      return Refusal::too_many_connections;
    case net::ServerRefusal::unanswered:
      return Refusal::unanswered;
  }
  return Refusal::internal;
}

}  // namespace jobrun::gate
