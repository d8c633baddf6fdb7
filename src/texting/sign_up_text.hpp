// What an owner's text to a sign-up number writes besides its own row.
#pragma once

#include "base/commit.hpp"
#include "base/event.hpp"
#include "base/ports/store.hpp"
#include "texting/decide.hpp"

namespace jobrun::texting {

/// For a text from that phone which `commit.inbound` says was taken as `onboarding`, or as an opt-out word on the
/// sign-up number: the sign-up as it is then, a reply, a business and its number, whom the operator has to look
/// after. While nobody knows of sign-ups the event is left open.
void take_sign_up_text(Commit& commit, const InboundText& text, E164 phone, const Surroundings& around,
                       FactReader& facts, Instant now);

}  // namespace jobrun::texting
