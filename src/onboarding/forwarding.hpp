// How a phone is told to forward the calls that it misses, and only those; and how that is undone.
//
// One table by country, kind of line and network. Mobile networks of the GSM family, which are nearly all, take
// the codes of 3GPP TS 22.030: **61* no answer, **62* out of reach, **67* busy, and **004* for the three at once.
// Where codes differ or are not certain, the text says whom to ask.
#pragma once

#include <string>

#include "onboarding/state.hpp"
#include "places.hpp"

namespace jobrun::onboarding {

/// What to dial, with the number filled in. Some lines take one code for each case.
struct Forwarding {
  std::string code;  ///< for calls that are not answered; all cases where one code does
  std::string busy;  ///< for calls while he speaks; empty where `code` does
  std::string undo;
  std::string undo_busy;
  bool has_dial_tone_between = false;  ///< code, wait for the tone, then the number
  bool is_by_menu = false;             ///< no codes: a setting in the system's own pages
};

Forwarding forwarding_for(Country country, PhoneKind phone, Network network, E164 number);

/// Whether codes depend on the network there.
bool depends_on_network(Country country, PhoneKind phone);

}  // namespace jobrun::onboarding
