// How far one owner has come in signing up: all that is remembered between two of his texts.
//
// A plain value, so that it can be a row of a table, be compared, and be carried through a restart. Every string
// in it is bounded by the constants below, and is UTF-8 without control characters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/phone_number.hpp"
#include "base/records.hpp"
#include "base/time.hpp"
#include "onboarding/step.hpp"

namespace jobrun::onboarding {

/// The phone that customers call today: what has to forward the calls that it misses.
enum class PhoneKind { iphone, android, other_mobile, landline, office_system };

/// The mobile network, asked where the codes depend on it (US).
enum class Network { verizon, att, tmobile, other };

/// Longest strings, in bytes. A business's name has at most 80 characters besides, as a client's has.
inline constexpr std::size_t business_type_bytes_max = 60;
inline constexpr std::size_t place_bytes_max = 80;
inline constexpr std::size_t business_name_bytes_max = 160;
inline constexpr std::size_t owner_name_bytes_max = 120;
inline constexpr std::size_t invite_code_bytes_max = 32;

/// What the owner has told; empty: not yet.
struct Answers {
  std::string business_type;  ///< `plumber`, or in his own words
  std::string place;
  std::string business_name;
  std::string owner_name;
  std::optional<AlertBy> alert_by;
  std::string email;  ///< an address in its plain form
  std::optional<PhoneKind> phone;
  std::optional<Network> network;
  friend bool operator==(const Answers&, const Answers&) = default;
};

struct State {
  E164 owner = E164::from_digits(0);  ///< the key
  Step step = Step::business_type_and_place;
  Answers answers;

  std::optional<E164> number;           ///< the one given to him; never taken back by a text of his
  std::optional<Instant> number_since;  ///< calls to it since then are test calls; present exactly with `number`
  std::optional<ClientId> client;       ///< kept here for whoever stores this; nothing here reads or changes it

  bool is_approved = false;              ///< the activation gate let him through, once and for all
  std::string invite_code;               ///< by which it did; capitals and digits
  std::optional<Instant> waiting_since;  ///< his place on the list for numbers, once the pool was empty

  bool is_stopped = false;      ///< he said STOP: nothing is texted until `start`
  bool is_handed_over = false;  ///< a person was asked to help with this step
  int wrong_answers = 0;        ///< in a row, in this step
  int reminders = 0;            ///< sent since his last text
  Instant reminded_at{};        ///< the last of them

  Instant started_at{};
  Instant step_since{};
  Instant last_text_at{};        ///< his last
  std::uint32_t last_words = 0;  ///< a fingerprint of it: two taps on "send" are one text

  friend bool operator==(const State&, const State&) = default;
};

/// True for whoever is next when a number arrives, in the order of `waiting_since`.
bool is_waiting_for_number(const State& state);

/// True for whoever the operator has to approve first.
bool is_waiting_for_approval(const State& state);

/// How long an owner may stay in a step before somebody looks after him; empty: as long as he likes.
std::optional<Duration> stuck_after(Step step);

/// In his step for longer than that, or in need of a person. Who said STOP is not stuck: he left.
bool is_stuck(const State& state, Instant now);

/// An operator has been asked to do something for him, and has not.
bool needs_person(const State& state);

/// After 1, 3 and 7 days of his silence; empty: he is not reminded any more, or waits for us.
std::optional<Instant> next_reminder_at(const State& state);

/// When he is to be looked at next: to be reminded, or because he is stuck from then on.
std::optional<Instant> next_look(const State& state, Instant now);

}  // namespace jobrun::onboarding

namespace jobrun {

template <>
struct NamesOf<onboarding::PhoneKind> {
  static constexpr std::array<Named<onboarding::PhoneKind>, 5> rows = {
      {{onboarding::PhoneKind::iphone, "iphone"},
       {onboarding::PhoneKind::android, "android"},
       {onboarding::PhoneKind::other_mobile, "other_mobile"},
       {onboarding::PhoneKind::landline, "landline"},
       {onboarding::PhoneKind::office_system, "office_system"}}};
};

template <>
struct NamesOf<onboarding::Network> {
  static constexpr std::array<Named<onboarding::Network>, 4> rows = {{{onboarding::Network::verizon, "verizon"},
                                                                      {onboarding::Network::att, "att"},
                                                                      {onboarding::Network::tmobile, "tmobile"},
                                                                      {onboarding::Network::other, "other"}}};
};

}  // namespace jobrun
