// What an owner commands by text, and one turn of it.
//
// Each command is safe to repeat, and a wrong one is answered with help. Where it is not clear which customer is
// meant, he is asked, and nothing is done: a job is never given to the wrong one.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/catalogue.hpp"
#include "base/local_time.hpp"
#include "base/phone_number.hpp"
#include "conversation/state.hpp"

namespace jobrun::conversation {

// --- reading --------------------------------------------------------------------------------------

/// The customer that a command names: the last digits of his phone, at least 3 (`0123`); empty: not named.
struct NamedCustomer {
  std::string digits;
  friend bool operator==(const NamedCustomer&, const NamedCustomer&) = default;
};

struct Accept {  ///< `1`, `YES`, `YES 0123`
  NamedCustomer whom;
};
struct Decline {  ///< `2`, `NO`, `NO 0123`
  NamedCustomer whom;
};
struct Relay {  ///< any other words, or `@0123 words`
  NamedCustomer whom;
  std::string words;
};
struct Pause {};
struct Resume {};  ///< ends PAUSE and BUSY
struct Status {};
struct Busy {  ///< `BUSY UNTIL 3PM`; with neither a time nor a span it is asked for
  std::optional<TimeOfDay> until{};
  /// `BUSY UNTIL 3`: whichever of 03:00 and 15:00 comes first.
  bool is_either_half = false;
  std::optional<std::chrono::minutes> lasts{};  ///< `BUSY 2 HOURS`; at most a day
};
struct Skip {  ///< `SKIP 07700 900123`, or a contact passed on as text (vCard, or `Name ... number`)
  std::vector<std::string> numbers{};  ///< as written; several of a card
  bool holds = true;                   ///< false: `UNSKIP`
};
struct Block {  ///< `BLOCK 0123`: the customer is heard no more
  std::string number;
  bool holds = true;
};
struct Help {};

using OwnerCommand = std::variant<Accept, Decline, Relay, Pause, Resume, Status, Busy, Skip, Block, Help>;

/// So many numbers of one text are read, at most.
inline constexpr std::size_t contact_numbers_max = 10;

/// The numbers of a contact card (vCard), as written; none where it is no card.
std::vector<std::string> numbers_of_card(std::string_view card);

/// Forgiving in case, spaces, punctuation, emoji, and usual misspellings; never so that words meant for a customer
/// are taken for a command: `yes I can come at 3` is words, `yes` is not. What a phone makes of a tap on one of
/// our texts (`Liked "..."`) is no words of his: help.
OwnerCommand read_owner_command(std::string_view words);

// --- a turn ---------------------------------------------------------------------------------------

/// One of the business's conversations, newest first by when its owner or its customer last said something; last
/// those with people who have only called, quiet.
struct ListedConversation {
  E164 customer;
  State state;
};

/// What holds outside while an owner's text is read.
struct OwnerFacts {
  Instant now{};
  LocalTime local{};  ///< now, where he is
  bool is_paused = false;
  std::optional<Instant> busy_until{};
  std::string busy_until_words{};  ///< `15:00`
  std::span<const ListedConversation> conversations{};
  std::function<Instant(TimeOfDay)> next;  ///< the next instant when his clock shows that
  /// A phone as people write it where he is; empty: none.
  std::function<std::optional<E164>(std::string_view)> read_phone;
  /// Whether that customer may be texted now; else why not, for a sentence: `he has opted out`.
  std::function<std::optional<std::string>(E164)> why_not_text;
};

/// The words of one customer are changed, and he is texted.
struct ToCustomer {
  std::size_t conversation = 0;  ///< place in OwnerFacts::conversations
  State next;
  std::optional<Phrase> phrase{};  ///< what he is texted; empty: `words`, or nothing where these are empty too
  std::string words{};             ///< the owner's own
};

struct OwnerTurn {
  std::optional<ToCustomer> customer{};
  std::string reply{};  ///< to the owner; empty: none; at most two segments, as is `notice`
  /// To all phones of the business, his own too, because something was decided: `Accepted: ...`.
  std::string notice{};
  std::optional<bool> paused{};
  std::optional<Instant> busy_until{};
  bool is_busy_over = false;
  struct PhoneChange {
    E164 phone;
    bool is_block = false;  ///< else: never to be texted
    bool holds = true;
  };
  std::vector<PhoneChange> phones{};
};

OwnerTurn take_owner_text(const OwnerCommand& command, const OwnerFacts& facts);

}  // namespace jobrun::conversation
