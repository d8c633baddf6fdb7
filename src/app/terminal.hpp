// Talking with the person at the terminal, line by line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jobrun::app {

/// A longer line is taken for as much of it.
inline constexpr std::size_t terminal_line_max = 4'096;

class Terminal {
 public:
  virtual ~Terminal() = default;
  /// Whether a person can answer: input is a terminal, not a file or a pipe.
  virtual bool is_interactive() const = 0;
  virtual void say(std::string_view words) = 0;
  /// Says the words and reads a line, without its end and without blanks around it. Empty: there is no more, as
  /// after Ctrl-D. A secret is not shown while it is typed; a signal that ends or stops the program meanwhile, as
  /// Ctrl-C does, leaves a terminal that shows what is typed.
  virtual std::optional<std::string> ask(std::string_view words, bool is_secret = false) = 0;
};

/// Standard input and output.
class StandardTerminal final : public Terminal {
 public:
  bool is_interactive() const override;
  void say(std::string_view words) override;
  std::optional<std::string> ask(std::string_view words, bool is_secret = false) override;
};

}  // namespace jobrun::app
