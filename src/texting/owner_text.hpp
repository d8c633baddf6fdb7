// What an owner's text to his business's number writes besides its own row.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

/// For a text which `commit.inbound` says was taken as `owner`: his command carried out, a customer
/// texted or himself answered. While nobody knows what was said before, the event is left open. A contact card is
/// to be fetched first: nothing follows yet, see take_contact_cards().
void take_owner_text(Commit& commit, const InboundText& text, const directory::Resolution& to,
                     const Surroundings& around, FactReader& facts, Instant now);

/// In a customer's own words, where no text may leave to him for that reason: `he has opted out`.
std::string reason_in_words(AfterCallRow row);

}  // namespace jobrun::texting
