// What Twilio's refusals mean, as data: every error of a request and every ErrorCode of a message status that
// matters here. The first row that matches holds.
#pragma once

#include <array>

#include "answer_row.hpp"

namespace jobrun::carrier::twilio {

namespace detail {
using enum Refused::Because;
using enum AlertTo;
inline constexpr auto unknown = std::optional<Refused::Because>{};
inline constexpr auto opted_out = PhoneFact::opted_out;
inline constexpr auto landline = PhoneFact::landline;
inline constexpr auto nothing = std::optional<PhoneFact>{};
inline constexpr auto answer = Where::answer;
inline constexpr auto anywhere = Where::anywhere;
inline constexpr bool blocks = true;

// clang-format off
inline constexpr std::array rows = {
    // Never handed to messaging, whatever the status says.
    AnswerRow{400, 599, 20429,    answer,   later,       nobody,    "rate limit"},
    AnswerRow{400, 599, 20503,    answer,   later,       nobody,    "service unavailable, nothing was done"},
    // Any other failure on their side may have come after the text was taken.
    AnswerRow{500, 599, any_code, answer,   unknown,     nobody,    "server error"},
    // Nothing leaves until somebody has set this right.
    AnswerRow{400, 499, 20003,    answer,   credentials, page,      "authentication failed"},
    AnswerRow{400, 499, 20005,    answer,   suspended,   page,      "account not active"},
    AnswerRow{400, 499, 30002,    anywhere, suspended,   page,      "account suspended"},
    // The recipient.
    AnswerRow{400, 499, 21211,    anywhere, recipient,   owner,     "not a number that can be texted"},
    AnswerRow{400, 499, 21610,    anywhere, recipient,   owner,     "the recipient opted out", opted_out},
    AnswerRow{400, 499, 21614,    anywhere, recipient,   owner,     "not a mobile number", landline},
    AnswerRow{400, 499, 21635,    anywhere, recipient,   owner,     "a landline", landline},
    AnswerRow{400, 499, 30006,    anywhere, recipient,   owner,     "a landline", landline},
    AnswerRow{400, 499, 30004,    anywhere, recipient,   owner,     "blocked by the recipient or the network"},
    AnswerRow{400, 499, 30005,    anywhere, recipient,   owner,     "unknown handset"},
    // The sender.
    AnswerRow{400, 499, 21212,    answer,   sender,      operator_, "not a valid sender"},
    AnswerRow{400, 499, 21606,    answer,   sender,      operator_, "sender cannot text, or is not ours"},
    AnswerRow{400, 499, 21612,    anywhere, sender,      operator_, "recipient unreachable from this sender"},
    AnswerRow{400, 499, 21266,    answer,   sender,      operator_, "sender and recipient are the same"},
    AnswerRow{400, 499, 21659,    answer,   sender,      operator_, "sender is no number of the carrier's"},
    AnswerRow{400, 499, 21660,    answer,   sender,      operator_, "sender is not on this account"},
    // Requests are accepted and their texts lost: only a status tells.
    AnswerRow{400, 499, 30032,    anywhere, sender,      page,      "toll-free, not verified", nothing, blocks},
    AnswerRow{400, 499, 30034,    anywhere, sender,      page,      "not registered", nothing, blocks},
    // The account.
    AnswerRow{400, 499, 21408,    anywhere, account,     operator_, "texts to this country are not enabled"},
    AnswerRow{400, 499, 21608,    answer,   account,     operator_, "a trial account texts verified numbers only"},
    // Time helps.
    AnswerRow{400, 499, 21611,    anywhere, later,       nobody,    "the sender's queue is full"},
    AnswerRow{400, 499, 30001,    anywhere, later,       nobody,    "queue full"},
    AnswerRow{400, 499, 30022,    anywhere, later,       nobody,    "the sender's rate is exceeded"},
    AnswerRow{400, 499, 30023,    anywhere, next_day,    operator_, "the sender's daily cap is reached"},
    AnswerRow{400, 499, 30003,    anywhere, once_more,   nobody,    "the handset cannot be reached"},
    AnswerRow{400, 499, 30008,    anywhere, once_more,   nobody,    "lost for a reason not told"},
    // Nothing helps but other words, or none.
    AnswerRow{400, 499, 30007,    anywhere, filtered,    operator_, "filtered as spam"},
    AnswerRow{400, 499, 14107,    answer,   loop,        operator_, "the two numbers answer each other too fast"},
    AnswerRow{400, 499, 21617,    answer,   our_mistake, operator_, "the text is too long"},
    AnswerRow{400, 499, 21602,    answer,   our_mistake, operator_, "the text is empty"},
    AnswerRow{400, 499, 21603,    answer,   our_mistake, operator_, "no sender was given"},
    AnswerRow{400, 499, 21604,    answer,   our_mistake, operator_, "no recipient was given"},
    AnswerRow{400, 499, 21609,    answer,   our_mistake, operator_, "the address for statuses is not valid"},
    // Without a code that says more.
    AnswerRow{429, 429, any_code, answer,   later,       nobody,    "rate limit"},
    AnswerRow{401, 401, any_code, answer,   credentials, page,      "authentication failed"},
    // A proxy that gave up waiting for our request, before anybody read it.
    AnswerRow{408, 408, any_code, answer,   later,       nobody,    "the request did not arrive in time"},
    // Codes we do not know, addresses that moved: not tried again, a person has to look.
    AnswerRow{300, 499, any_code, answer,   other,       operator_, "refused"},
};
// clang-format on
}  // namespace detail

inline constexpr const auto& answer_table = detail::rows;

}  // namespace jobrun::carrier::twilio
