// Conversations written down as plain text: read, played against whoever answers, and compared line by line. The
// form is told in README.md beside this file.
#pragma once

#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/phone_number.hpp"
#include "base/time.hpp"

namespace jobrun::conversations {

/// One line: who speaks, or a direction between brackets.
struct Line {
  enum class Kind { owner, jobrun, direction, comment } kind = Kind::comment;
  std::string words;  ///< with `\n` and `\xNN` undone
  std::string raw;
};

/// Who plays JobRun and the world around it. What it says and does in a step is taken by `heard`.
class Partner {
 public:
  Partner() = default;
  Partner(const Partner&) = delete;
  Partner& operator=(const Partner&) = delete;
  virtual ~Partner() = default;

  virtual void owner_phone_is(E164 phone) = 0;
  virtual void invite_code_is(std::string_view code) = 0;
  virtual void approval_is_manual() = 0;

  virtual void owner_texts(std::string_view words) = 0;
  virtual void time_passes(Duration span) = 0;
  virtual void pool_is_empty() = 0;
  virtual void number_arrives() = 0;
  virtual void operator_approves() = 0;
  virtual void restart() = 0;
  virtual void call_is_forwarded() = 0;
  virtual void call_comes_directly() = 0;

  /// What followed since the last call of this, in the form of the script's lines: `jobrun: ...`, `(live)`,
  /// `(the operator is told: ...)`; nothing for silence.
  virtual std::vector<std::string> heard() = 0;
};

inline std::string unescaped(std::string_view words) {
  std::string text;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string_view rest = words.substr(at);
    if (rest.starts_with("\\n")) {
      text += '\n';
      ++at;
    } else if (rest.starts_with("\\x") && rest.size() >= 4) {
      unsigned byte = 0;
      std::from_chars(rest.data() + 2, rest.data() + 4, byte, 16);
      text += static_cast<char>(byte);
      at += 3;
    } else {
      text += words[at];
    }
  }
  return text;
}

/// For a reply of several lines.
inline std::string escaped(std::string_view words) {
  std::string text;
  for (const char c : words) text += c == '\n' ? std::string("\\n") : std::string(1, c);
  return text;
}

inline std::vector<Line> read_script(std::string_view file) {
  std::vector<Line> lines;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    const std::string_view raw = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    Line line{.kind = Line::Kind::comment, .words = {}, .raw = std::string(raw)};
    const auto take = [&](std::string_view before, Line::Kind kind) {
      if (!raw.starts_with(before)) return;
      line.kind = kind;
      line.words = unescaped(raw.substr(before.size()));
    };
    take("owner: ", Line::Kind::owner);
    take("jobrun: ", Line::Kind::jobrun);
    if (raw.starts_with("(") && raw.ends_with(")")) {
      line.kind = Line::Kind::direction;
      line.words = std::string(raw.substr(1, raw.size() - 2));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// `3 days` of `3 days pass`; empty if it is no such direction.
inline std::optional<Duration> span_of(std::string_view direction) {
  long count = 0;
  const auto [end, error] = std::from_chars(direction.data(), direction.data() + direction.size(), count);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(direction.data() + direction.size() - end));
  if (unit.starts_with(" minute")) return std::chrono::minutes{count};
  if (unit.starts_with(" hour")) return std::chrono::hours{count};
  if (unit.starts_with(" day")) return std::chrono::hours{24 * count};
  return std::nullopt;
}

/// Whether a line says what must follow, not what happens.
inline bool is_expectation(const Line& line) {
  if (line.kind == Line::Kind::jobrun) return true;
  if (line.kind != Line::Kind::direction) return false;
  return line.words == "live" || line.words == "silence" || line.words.starts_with("the operator is told: ");
}

/// False: nobody knows what that direction means.
inline bool follow(const std::string& direction, Partner& partner) {
  constexpr std::string_view phone = "the owner's phone is ";
  constexpr std::string_view code = "invite code ";
  if (direction.starts_with(phone)) {
    const Result<E164> number = E164::parse(std::string_view(direction).substr(phone.size()));
    if (number) partner.owner_phone_is(*number);
    return number.has_value();
  }
  if (direction.starts_with(code))
    return partner.invite_code_is(std::string_view(direction).substr(code.size())), true;
  if (direction == "manual approval") return partner.approval_is_manual(), true;
  if (direction == "the pool is empty") return partner.pool_is_empty(), true;
  if (direction == "a number arrives") return partner.number_arrives(), true;
  if (direction == "approved") return partner.operator_approves(), true;
  if (direction == "restart") return partner.restart(), true;
  if (direction == "a call is forwarded by the owner's phone") return partner.call_is_forwarded(), true;
  if (direction == "a call comes directly") return partner.call_comes_directly(), true;
  if (direction == "at once") return true;
  if (const std::optional<Duration> span = span_of(direction)) return partner.time_passes(*span), true;
  return false;
}

/// Plays a script and returns it as it turned out: what is said and happens in it, with what `partner` made of it
/// in the place of what was expected. Where all is as written, it is the same text.
inline std::string play(std::string_view file, Partner& partner) {
  constexpr Duration between_texts = std::chrono::minutes{1};
  std::string played;
  bool is_at_once = false;
  for (const Line& line : read_script(file)) {
    if (is_expectation(line)) continue;
    played += line.raw + "\n";
    if (line.kind == Line::Kind::comment) continue;
    if (line.kind == Line::Kind::owner) {
      if (!is_at_once) partner.time_passes(between_texts);
      partner.owner_texts(line.words);
      is_at_once = false;
    } else if (!follow(line.words, partner)) {
      played += "?? nobody knows this direction\n";
    } else {
      is_at_once = line.words == "at once";
    }
    const std::vector<std::string> heard = partner.heard();
    for (const std::string& said : heard) played += said + "\n";
    if (heard.empty() && line.kind == Line::Kind::owner) played += "(silence)\n";
  }
  return played;
}

}  // namespace jobrun::conversations
