// What Telnyx's refusals mean, as data: the errors of its messaging and general error lists that matter here. The
// first row that matches holds.
#pragma once

#include <array>

#include "answer_row.hpp"

namespace jobrun::carrier::telnyx {

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
    AnswerRow{400, 599, 10011,    answer,   later,       nobody,    "rate limit"},
    // Their own request ran out of time: nobody says how far it came.
    AnswerRow{400, 599, 10008,    answer,   unknown,     nobody,    "the request timed out"},
    // Any other failure on their side may have come after the text was taken.
    AnswerRow{500, 599, any_code, answer,   unknown,     nobody,    "server error"},
    // Nothing leaves until somebody has set this right.
    AnswerRow{400, 499, 10009,    answer,   credentials, page,      "authentication failed"},
    AnswerRow{400, 499, 10010,    answer,   credentials, page,      "the API key may not send"},
    AnswerRow{400, 499, 20002,    answer,   credentials, page,      "the API key was revoked"},
    AnswerRow{400, 499, 20006,    answer,   credentials, page,      "the API key expired"},
    AnswerRow{400, 499, 20012,    anywhere, suspended,   page,      "account inactive"},
    AnswerRow{400, 499, 20013,    anywhere, suspended,   page,      "account blocked"},
    AnswerRow{400, 499, 20014,    answer,   suspended,   page,      "account not verified"},
    AnswerRow{400, 499, 20016,    answer,   suspended,   page,      "account not verified"},
    AnswerRow{400, 499, 20100,    anywhere, suspended,   page,      "no funds are left"},
    AnswerRow{400, 499, 40314,    anywhere, suspended,   page,      "messaging is disabled on the account"},
    // The recipient.
    AnswerRow{400, 499, 40310,    anywhere, recipient,   owner,     "not a number that can be texted"},
    AnswerRow{400, 499, 40012,    anywhere, recipient,   owner,     "not a number that can be texted"},
    AnswerRow{400, 499, 40300,    anywhere, recipient,   owner,     "the recipient opted out", opted_out},
    AnswerRow{400, 499, 40001,    anywhere, recipient,   owner,     "a landline, or not routable", landline},
    // The sender.
    AnswerRow{400, 499, 40013,    anywhere, sender,      operator_, "the network does not know the sender"},
    AnswerRow{400, 499, 40100,    anywhere, sender,      operator_, "the sender is not enabled for texts"},
    AnswerRow{400, 499, 40151,    anywhere, sender,      operator_, "another provider is enabling the sender"},
    AnswerRow{400, 499, 40301,    anywhere, sender,      operator_, "recipient unreachable from this sender"},
    AnswerRow{400, 499, 40305,    anywhere, sender,      operator_, "not a valid sender, or not ours"},
    AnswerRow{400, 499, 40306,    anywhere, sender,      operator_, "the sender is not configured"},
    AnswerRow{400, 499, 40315,    anywhere, sender,      operator_, "the sender's texts are held to be spam"},
    AnswerRow{400, 499, 40319,    anywhere, sender,      operator_, "recipient unreachable from this sender"},
    AnswerRow{400, 499, 40320,    anywhere, sender,      operator_, "the sender cannot be used yet"},
    AnswerRow{400, 499, 40003,    anywhere, sender,      page,      "blocked as spam for good", nothing, blocks},
    AnswerRow{400, 499, 40010,    anywhere, sender,      page,      "not registered", nothing, blocks},
    AnswerRow{400, 499, 40150,    anywhere, sender,      page,      "toll-free, not registered", nothing, blocks},
    AnswerRow{400, 499, 40329,    anywhere, sender,      page,      "toll-free, not verified", nothing, blocks},
    // The account.
    AnswerRow{400, 499, 20015,    answer,   account,     operator_, "texts are not enabled on the account"},
    AnswerRow{400, 499, 20017,    answer,   account,     operator_, "the account is not verified for this"},
    AnswerRow{400, 499, 40309,    anywhere, account,     operator_, "texts to this region are not enabled"},
    AnswerRow{400, 499, 40312,    anywhere, account,     operator_, "the messaging profile is disabled"},
    // Time helps.
    AnswerRow{400, 499, 40011,    anywhere, later,       nobody,    "the network's rate is exceeded"},
    AnswerRow{400, 499, 40018,    anywhere, later,       nobody,    "the network's rate is exceeded"},
    AnswerRow{400, 499, 40318,    anywhere, later,       nobody,    "queue full"},
    AnswerRow{400, 499, 40016,    anywhere, next_day,    operator_, "the brand's daily cap is reached"},
    AnswerRow{400, 499, 40004,    anywhere, once_more,   nobody,    "rejected for a reason not told"},
    AnswerRow{400, 499, 40005,    anywhere, once_more,   nobody,    "expired on its way"},
    AnswerRow{400, 499, 40006,    anywhere, once_more,   nobody,    "the recipient's network is down"},
    AnswerRow{400, 499, 40008,    anywhere, once_more,   nobody,    "lost for a reason not told"},
    AnswerRow{400, 499, 40014,    anywhere, once_more,   nobody,    "expired in their queue"},
    // Nothing helps but other words, or none.
    AnswerRow{400, 499, 40002,    anywhere, filtered,    operator_, "filtered as spam"},
    AnswerRow{400, 499, 40009,    anywhere, filtered,    operator_, "the network does not carry these words"},
    AnswerRow{400, 499, 40015,    anywhere, filtered,    operator_, "filtered as spam"},
    AnswerRow{400, 499, 40017,    anywhere, filtered,    operator_, "filtered as spam"},
    AnswerRow{400, 499, 40322,    anywhere, filtered,    operator_, "blocked because of its words"},
    AnswerRow{400, 499, 10003,    answer,   our_mistake, operator_, "the address for statuses is not valid"},
    AnswerRow{400, 499, 10004,    answer,   our_mistake, operator_, "something required is missing"},
    AnswerRow{400, 499, 10015,    answer,   our_mistake, operator_, "the request is not well-formed"},
    AnswerRow{400, 499, 10016,    answer,   our_mistake, operator_, "a number is not spelt as E.164"},
    AnswerRow{400, 499, 40302,    answer,   our_mistake, operator_, "the text is too long"},
    AnswerRow{400, 499, 40304,    answer,   our_mistake, operator_, "the request contradicts itself"},
    AnswerRow{400, 499, 40316,    answer,   our_mistake, operator_, "the text is empty"},
    AnswerRow{400, 499, 40328,    answer,   our_mistake, operator_, "the text is too long"},
    // Without a code that says more. A 403 with a code nobody knows may be about one text only.
    AnswerRow{429, 429, any_code, answer,   later,       nobody,    "rate limit"},
    AnswerRow{401, 401, any_code, answer,   credentials, page,      "authentication failed"},
    AnswerRow{402, 402, any_code, answer,   suspended,   page,      "no funds are left"},
    AnswerRow{403, 403, no_code,  answer,   credentials, page,      "the API key may not send"},
    // A proxy that gave up waiting for our request, before anybody read it.
    AnswerRow{408, 408, any_code, answer,   later,       nobody,    "the request did not arrive in time"},
    // Codes we do not know, addresses that moved: not tried again, a person has to look.
    AnswerRow{300, 499, any_code, answer,   other,       operator_, "refused"},
};
// clang-format on
}  // namespace detail

inline constexpr const auto& answer_table = detail::rows;

}  // namespace jobrun::carrier::telnyx
