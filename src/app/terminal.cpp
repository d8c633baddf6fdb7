#include "terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>

namespace jobrun::app {
namespace {

/// What is typed is not shown, until its end. Where input is no terminal nothing is changed.
class Hidden {
 public:
  explicit Hidden(bool is_wanted) {
    if (!is_wanted || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_hidden_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~Hidden() {
    if (!is_hidden_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cout << "\n" << std::flush;
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  termios before_{};
  bool is_hidden_ = false;
};

std::string without_blanks(const std::string& line) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = line.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

}  // namespace

bool StandardTerminal::is_interactive() const {
  return isatty(STDIN_FILENO) == 1;
}

void StandardTerminal::say(std::string_view words) {
  std::cout << words << std::flush;
}

std::optional<std::string> StandardTerminal::ask(std::string_view words, bool is_secret) {
  say(words);
  const Hidden hidden(is_secret);
  std::string line;
  bool has_begun = false;
  // Byte by byte: what follows the line is somebody else's to read.
  for (char c = 0;;) {
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return has_begun ? std::optional(without_blanks(line)) : std::nullopt;
    has_begun = true;
    if (c == '\n') return without_blanks(line);
    if (line.size() < terminal_line_max) line += c;
  }
}

}  // namespace jobrun::app
