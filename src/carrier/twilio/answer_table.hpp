// What Twilio's refusals mean, as data. The first row that matches holds.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/ports/carrier.hpp"
#include "base/records.hpp"

namespace jobrun::carrier::twilio {

/// Matches an answer's HTTP status range and error code; `code` any_code matches every code and none.
struct AnswerRow {
  int status_from;
  int status_to;
  int code;
  std::optional<Refused::Because> because;  ///< empty: it is unknown what became of the text
  std::optional<PhoneFact> learned;
  std::string_view why;
};

inline constexpr int any_code = -1;

namespace detail {
inline constexpr auto later = Refused::Because::later;
inline constexpr auto sender = Refused::Because::sender;
inline constexpr auto recipient = Refused::Because::recipient;
inline constexpr auto credentials = Refused::Because::credentials;
inline constexpr auto other = Refused::Because::other;
inline constexpr auto unknown = std::optional<Refused::Because>{};
inline constexpr auto nothing = std::optional<PhoneFact>{};
}  // namespace detail

// clang-format off
inline constexpr std::array answer_table = {
    // Never handed to messaging, whatever the status says.
    AnswerRow{429, 429, any_code, detail::later,       detail::nothing,      "rate limit"},
    AnswerRow{400, 599, 20429,    detail::later,       detail::nothing,      "rate limit"},
    AnswerRow{400, 599, 20503,    detail::later,       detail::nothing,      "service unavailable, nothing was done"},
    // Any other failure on their side may have come after the text was taken.
    AnswerRow{500, 599, any_code, detail::unknown,     detail::nothing,      "server error"},
    AnswerRow{401, 401, any_code, detail::credentials, detail::nothing,      "authentication failed"},
    AnswerRow{400, 499, 20003,    detail::credentials, detail::nothing,      "authentication failed"},
    AnswerRow{400, 499, 20005,    detail::credentials, detail::nothing,      "account not active"},
    AnswerRow{400, 499, 30002,    detail::credentials, detail::nothing,      "account suspended"},
    AnswerRow{400, 499, 21211,    detail::recipient,   detail::nothing,      "not a number that can be texted"},
    AnswerRow{400, 499, 21610,    detail::recipient,   PhoneFact::opted_out, "the recipient opted out"},
    AnswerRow{400, 499, 21614,    detail::recipient,   PhoneFact::landline,  "not a mobile number"},
    AnswerRow{400, 499, 21635,    detail::recipient,   PhoneFact::landline,  "a landline"},
    AnswerRow{400, 499, 30006,    detail::recipient,   PhoneFact::landline,  "a landline"},
    AnswerRow{400, 499, 30004,    detail::recipient,   detail::nothing,      "blocked by the recipient or the network"},
    AnswerRow{400, 499, 30005,    detail::recipient,   detail::nothing,      "unknown handset"},
    AnswerRow{400, 499, 21212,    detail::sender,      detail::nothing,      "not a valid sender"},
    AnswerRow{400, 499, 21606,    detail::sender,      detail::nothing,      "sender cannot text, or is not ours"},
    AnswerRow{400, 499, 21612,    detail::sender,      detail::nothing,      "recipient unreachable from this sender"},
    AnswerRow{400, 499, 21266,    detail::sender,      detail::nothing,      "sender and recipient are the same"},
    AnswerRow{400, 499, 21659,    detail::sender,      detail::nothing,      "sender is no number of the carrier's"},
    AnswerRow{400, 499, 21660,    detail::sender,      detail::nothing,      "sender is not on this account"},
    AnswerRow{400, 499, 30032,    detail::sender,      detail::nothing,      "sender is not registered"},
    AnswerRow{400, 499, 30034,    detail::sender,      detail::nothing,      "sender is not registered"},
    AnswerRow{400, 499, 21611,    detail::later,       detail::nothing,      "the sender's queue is full"},
    AnswerRow{400, 499, 30001,    detail::later,       detail::nothing,      "queue full"},
    AnswerRow{400, 499, 30022,    detail::later,       detail::nothing,      "the sender's rate is exceeded"},
    AnswerRow{400, 499, 30023,    detail::later,       detail::nothing,      "the sender's daily cap is reached"},
    // A proxy that gave up waiting for our request, before anybody read it.
    AnswerRow{408, 408, any_code, detail::later,       detail::nothing,      "the request did not arrive in time"},
    // Regions not enabled, trial limits, bodies too long, addresses that moved: a person has to look.
    AnswerRow{300, 499, any_code, detail::other,       detail::nothing,      "refused"},
};
// clang-format on

/// The row of an answer that is not a success; empty when no row matches: what became of it is unknown.
constexpr const AnswerRow* find_answer_row(int http_status, int code) {
  for (const AnswerRow& row : answer_table) {
    const bool status_matches = row.status_from <= http_status && http_status <= row.status_to;
    if (status_matches && (row.code == any_code || row.code == code)) return &row;
  }
  return nullptr;
}

}  // namespace jobrun::carrier::twilio
