// One turn of a customer: his text makes the next State, at most one reply to him, and what the owner is told.
//
// Pure: the same arguments give the same turn. One short question where it is unclear what he needs, and never a
// second one; whatever he says after it goes to the owner as it is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/catalogue.hpp"
#include "conversation/state.hpp"

namespace jobrun::conversation {

/// What holds outside while a customer's text is read.
struct CustomerFacts {
  Instant now{};               ///< when the text was sent
  std::string phone{};         ///< the customer's, E.164
  std::size_t media = 0;       ///< pictures and the like that came with it
  bool asks_for_help = false;  ///< the text is HELP or INFO; answered with who we are
  bool is_helped = false;      ///< the carrier has answered that itself
};

/// What the customer is answered: the phrase, with these words of it. The business's name and the numbers are for
/// whoever renders it.
struct CustomerReply {
  Phrase phrase{};
  std::string job{};  ///< `{job}`: what we understood, in his own words
};

/// What the owner is told.
struct OwnerNotice {
  enum class About {
    job,        ///< he may accept or decline it
    more,       ///< something to add to what he was told
    danger,     ///< at any hour, and before everything else
    words,      ///< the customer's words to him, while they talk
    cancelled,  ///< he need not come any more
  };
  About about = About::job;
  /// For behind the customer's phone (`+447700900123: `): the essentials, at most 120 characters, for one segment;
  /// `more` and `words` are his own words, at most 280. GSM-7 where the words allow it.
  std::string summary;
  /// The customer texts more than people do: of this too the owner hears with a count, and not each time.
  bool is_one_of_many = false;
};

struct CustomerTurn {
  State next;
  std::optional<CustomerReply> reply{};
  std::optional<OwnerNotice> notice{};
};

/// A customer's text, and what read_intake() says of it. `before` is a default State for whoever never texted.
CustomerTurn take_customer_text(const State& before, const Intake& read, std::string_view words,
                                const CustomerFacts& facts);

}  // namespace jobrun::conversation
