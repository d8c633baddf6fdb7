// Which phones a call rings before its caller is greeted.
//
// A mobile's own voicemail picks up as a person does, so whoever picks up is asked to press 1; only that is an
// answer.
#pragma once

#include <cstddef>
#include <optional>

#include "base/commit.hpp"
#include "flow/after_call.hpp"
#include "flow/role.hpp"

namespace jobrun::flow {

/// What comes next for a call whose client wants his phones rung first.
struct Ringing {
  std::optional<RingPhones> phones;  ///< empty: the caller is greeted
  /// No phone is left because the call came from those that would ring, or because ringing them only brought the
  /// same call back.
  bool is_loop = false;
};

/// `phones_behind` of the client's phones, in their order, had their turn. Paused clients are rung too: only their
/// texts stop.
Ringing ring_next(const Role& role, const Situation& situation, std::size_t phones_behind, const Policy& policy);

/// The phones that a client wants rung, in order; empty for who does not want it.
std::vector<E164> phones_to_ring(const Role& role);

/// By how much longer than Policy::call_length_max a call may last: all ringing, being asked, and a message.
Duration longer_than_others(const Role& role, const VoiceAnswer& answer);

/// The same for whatever a client may set.
Duration longest_of_all();

/// A client's phones send their calls back to us: he is told, once in a while.
AlertRequest ring_loop_alert(const Role& role, const Situation& situation);

/// What a phone that was picked up is asked, and what it hears when nobody takes the call.
VoiceAnswer ask_to_accept(const Role& role);
VoiceAnswer say_goodbye(const Role& role);

/// What a caller hears who has left a message.
VoiceAnswer thank_for_message(const Role& role);

}  // namespace jobrun::flow
