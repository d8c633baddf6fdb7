// One turn of signing up: an owner's text, or something that happened, makes a new State, at most one reply, and
// wishes that only the outside can fulfil.
//
// Pure: the same arguments give the same turn. The State and the reply are meant to be stored together, and the
// wishes to be fulfilled in the same transaction, so that a crash repeats nothing and loses nothing.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "onboarding/state.hpp"

namespace jobrun::onboarding {

/// Who gets a number once he has confirmed his answers.
enum class Activation {
  open,             ///< everybody
  manual_approval,  ///< whom the operator approves: `approve`
  invite_code,      ///< who sends a code that `Facts::is_invite_code` knows
};

/// What the call ledger says of calls to the owner's new number since `State::number_since`: the best of them.
struct TestCall {
  enum class Kind {
    none,
    direct,     ///< came to the number itself, not forwarded by the owner's phone (no ForwardedFrom), or from that
                ///< phone
    forwarded,  ///< missed on the owner's phone and forwarded: what we hope for
  };
  Kind kind = Kind::none;
  Instant at{};  ///< when, unless there was none
};

/// What holds outside while a text is read.
struct Facts {
  Instant now{};
  Activation activation = Activation::open;
  /// Whether a code lets somebody in; asked with capitals and digits only. Needed for Activation::invite_code.
  std::function<bool(std::string_view code)> is_invite_code;
  TestCall test_call;  ///< looked up for a State that has a number
};

/// Why a person has to look at an owner.
enum class Attention {
  wrong_answers,      ///< three in a row that could not be read
  person_wanted,      ///< he asks for one
  approval_needed,    ///< he has confirmed and waits for `approve`
  pool_empty,         ///< he has been put on the list for numbers
  forwarding_unseen,  ///< he went live on his word: his network does not tell that it forwards
};

/// What only the outside can do, with the new State, in the same transaction.
struct Wants {
  /// Take a number from the pool and call `number_found`, whose reply goes out in the place of this turn's.
  /// Prefixes of the numbers he would like best, first ones first, each with its plus sign, `+44113`; any number
  /// is better than none.
  std::optional<std::vector<std::string>> number;
  /// His answers changed while he has a number: the client made of them should follow.
  bool profile = false;
  /// He has just become live.
  bool go_live = false;
  /// Tell the operator.
  std::optional<Attention> attention;
};

struct Turn {
  State next;
  std::string reply;  ///< empty: nothing is texted, because he said STOP
  Wants wants;
};

/// A sign-up begins: nothing told yet.
State begin(E164 owner, Instant now);

/// An owner's text, in any bytes. `before` is empty for whoever has never texted; `owner` is its key. Opt-out
/// words are meant to be handled before (see `stop`, `start`); where one comes all the same it means what it says.
Turn take(const std::optional<State>& before, E164 owner, std::string_view words, const Facts& facts);

/// What `Wants::number` says, for whoever is waiting when numbers arrive.
std::vector<std::string> preferred_area(const State& state);

/// After the outside looked into the pool for him: he gets the number, or a place on the list (and the operator is
/// told, once). Called again when numbers arrive, for whom `is_waiting_for_number` holds. A State that has its
/// number keeps it, whatever is offered: then `next.number` differs from `number`, which stays in the pool.
Turn number_found(const State& state, std::optional<E164> number, Instant now);

/// The operator lets him in. Nothing, without a reply, for whom this is not waited for.
Turn approve(const State& state, Instant now);

/// He opted out, or in again. `start` takes up where he left.
State stop(const State& state, Instant now);
Turn start(const State& state, Instant now);

/// The reminder that is due by now, if one is: after 1, 3 and 7 days of his silence, then never; not while he
/// waits for us, nor once live. Whether it is night there is the caller's to know.
std::optional<Turn> remind(const State& state, Instant now);

/// What the operator is told, in one sentence and without the owner's phone.
std::string words_for_operator(const State& state, Attention attention);

}  // namespace jobrun::onboarding

namespace jobrun {

template <>
struct NamesOf<onboarding::Activation> {
  static constexpr std::array<Named<onboarding::Activation>, 3> rows = {
      {{onboarding::Activation::open, "open"},
       {onboarding::Activation::manual_approval, "manual_approval"},
       {onboarding::Activation::invite_code, "invite_code"}}};
};

template <>
struct NamesOf<onboarding::Attention> {
  static constexpr std::array<Named<onboarding::Attention>, 5> rows = {
      {{onboarding::Attention::wrong_answers, "wrong_answers"},
       {onboarding::Attention::person_wanted, "person_wanted"},
       {onboarding::Attention::approval_needed, "approval_needed"},
       {onboarding::Attention::pool_empty, "pool_empty"},
       {onboarding::Attention::forwarding_unseen, "forwarding_unseen"}}};
};

}  // namespace jobrun
