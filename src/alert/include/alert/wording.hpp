// What people read of alerts: on a phone, as the subject of a mail, in a mail.
#pragma once

#include <string>

#include "base/ports/alert_channel.hpp"
#include "base/records.hpp"

namespace jobrun::alert {

/// One line: the alert's sentence, or of a crowd `14 alerts: 9 leads, 5 callers without a text`, and the sentence
/// of the first of its most severe. Precondition of all: the letter has alerts.
std::string headline(const AlertLetter& letter);

/// As a text: the headline, cut to what a few segments carry.
std::string text_body(const AlertLetter& letter);

/// As a mail to the operator: each alert with what is known of it.
std::string mail_body(const AlertLetter& letter);

/// As a mail to an owner: what a text says, uncut, and of a crowd each alert's sentence.
std::string owner_mail_body(const AlertLetter& letter);

/// A week in one sentence: `Your week: 14 missed calls, 13 texted, 9 replied, 6 jobs accepted; replies came after
/// 4 min (median).`
std::string sentence_of(const ClientWeek& week);

/// A word of letters, digits and `-` that is this letter's, and that the same letter told again has too.
std::string letter_id(const AlertLetter& letter);

}  // namespace jobrun::alert
