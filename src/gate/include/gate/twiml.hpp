// TwiML out: a response is a list of typed verbs, and no list of them, whatever a business calls itself, can
// become ill-formed XML. A caller whose TwiML does not parse hears "an application error has occurred".
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/commit.hpp"

namespace jobrun::gate {

/// Speaks. Empty options are left to the carrier's defaults.
struct Say {
  std::string text;
  std::string voice{};
  std::string language{};
};

struct Pause {
  std::chrono::seconds length{1};
};

struct Hangup {};

/// As the first verb, ends the call without answering it.
struct Reject {
  enum class Reason { rejected, busy } reason = Reason::rejected;
};

struct Redirect {
  std::string url;
};

/// Rings a phone. `url`: what is fetched and played to whoever picks up, before he and the caller hear each other.
struct Number {
  std::string number;
  std::string url{};
};

/// Rings all of them at once; the first that takes the call has it. The call counts as answered only from then on.
struct Dial {
  std::vector<Number> numbers;
  std::chrono::seconds timeout{20};
  std::string action{};  ///< fetched once it has ended
};

/// Speaks, and waits for one key. Without one, the next verb follows.
struct Gather {
  Say say;
  std::string action{};
  std::chrono::seconds timeout{5};
};

/// After a tone, records what the caller says. Without a word, the next verb follows.
struct Record {
  std::string action{};
  std::string status_callback{};
  std::string transcription_callback{};
  std::chrono::seconds length_max{120};
};

/// A verb to come is a struct here and an overload in twiml.cpp; the build breaks until both exist.
using Verb = std::variant<Say, Pause, Hangup, Reject, Redirect, Dial, Gather, Record>;

inline constexpr std::string_view twiml_content_type = "text/xml";
/// The carrier refuses longer documents.
inline constexpr std::size_t twiml_bytes_max = std::size_t{64} * 1024;

/// A whole document. `&`, `<`, `>` and quotes are escaped, characters that XML 1.0 forbids are dropped, bytes
/// that are not UTF-8 become U+FFFD. What would make it longer than twiml_bytes_max is left out: the rest of
/// a spoken text, or a verb that does not fit; later verbs that fit still follow.
std::string write_twiml(std::span<const Verb> verbs);

/// What a caller, or a phone that is rung, gets for the ledger's answer: the text is spoken, then what follows it.
/// Without an answer the call just ends. The webhooks that follow are at `path_prefix` and `/twilio/...`.
std::string write_voice_answer(const std::optional<VoiceAnswer>& answer, std::string_view path_prefix = {});

}  // namespace jobrun::gate
