// The contacts that an owner passed on as attachments: their people are never texted.
//
// The carrier has to be asked for an attachment, so his text is kept at once and followed when it has been read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

/// What follows from the text once its cards are read: `numbers` are theirs, as written; none: the cards could not
/// be read, and he is told how to write a number himself. On the writer. Empty where he has been answered already,
/// or is no owner of that business any more.
std::optional<Commit> take_contact_cards(const InboundText& text, std::vector<std::string> numbers,
                                         const Surroundings& around, FactReader& facts, Instant now);

}  // namespace jobrun::texting
