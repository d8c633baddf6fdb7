// What a customer's text to a business's number writes besides its own row.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "directory/directory.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

/// For a text from that phone which `commit.inbound` says was taken as `customer`: the conversation as it is then,
/// a reply where he may be texted, and what the owner is told. While nobody knows what was said before, the event
/// is left open; in danger he is told what to do all the same.
void take_customer_text(Commit& commit, const InboundText& text, E164 phone, const directory::Resolution& to,
                        const Surroundings& around, FactReader& facts, Instant now);

}  // namespace jobrun::texting
