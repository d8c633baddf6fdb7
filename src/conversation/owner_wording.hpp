// Every word that an owner reads about his conversations, in one place; English, GSM-7, two segments at most.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "conversation/owner.hpp"

namespace jobrun::conversation {

/// Two segments.
inline constexpr std::size_t owner_reply_units_max = 306;
/// As many as a list names.
inline constexpr std::size_t listed_customers_max = 4;
inline constexpr std::size_t listed_jobs_max = 3;

enum class Decision { accept, decline };

namespace wording {

std::string help();
std::string nothing_waits();
std::string nobody_to_tell();

/// Which of these a decision is for. `named` are places in `all`, where the digits that are shown tell each from
/// every other.
std::string which_decision(Decision decision, std::span<const std::size_t> named,
                           std::span<const ListedConversation> all);
std::string which_customer(std::span<const std::size_t> named, std::span<const ListedConversation> all);
/// A decision is about to be turned round by a word that may have been meant for the customer.
std::string confirm_change(Decision decision, std::size_t place, std::span<const ListedConversation> all);

std::string decided(Decision decision, const ListedConversation& conversation);
std::string already_decided(Decision decision, const ListedConversation& conversation);
std::string cannot_be_texted(const ListedConversation& conversation, std::string_view why);
std::string was_cancelled(const ListedConversation& conversation);
std::string has_no_job(const ListedConversation& conversation);

std::string nobody_named(std::string_view digits);
std::string not_passed_on(const ListedConversation& conversation, std::string_view why);
std::string no_words_for(std::string_view digits);
std::string words_too_long();

std::string paused();
std::string busy(std::string_view until, bool is_paused);
std::string until_when();
std::string working();
/// `state` is one of the three above.
std::string status(const std::string& state, std::span<const std::size_t> open,
                   std::span<const ListedConversation> all);

std::string how_to_skip();
std::string how_to_block();
std::string skipped(std::span<const E164> phones, bool holds);
std::string blocked(E164 phone, bool holds);

}  // namespace wording
}  // namespace jobrun::conversation
