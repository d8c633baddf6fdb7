#include "terminal.hpp"

#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <iostream>

namespace jobrun::app {
namespace {

constexpr std::array leaving = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP};

/// Which came. Any thread may have taken it.
std::atomic<int> caught = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void catch_signal(int number) {
  caught = number;
}

/// What is typed is not shown, until its end, and the terminal shows it again before any signal takes the program
/// away. Where input is no terminal nothing is changed.
class Hidden {
 public:
  explicit Hidden(bool is_wanted) {
    if (!is_wanted || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    catch_signals();
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_hidden_ = true;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Hidden() {
    if (!is_hidden_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cout << "\n" << std::flush;
    for (std::size_t i = 0; i < leaving.size(); ++i) sigaction(leaving[i], &actions_[i], nullptr);
    if (const int number = caught; number != 0) raise(number);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

  /// Waits for input; false: a signal came instead, which takes effect at the end.
  bool wait() const {
    if (!is_hidden_) return true;
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    // Only a signal that this thread takes ends the wait; one that another took is looked for.
    constexpr timespec look_every{.tv_sec = 0, .tv_nsec = 100'000'000};
    while (caught == 0) {
      const int ready = ppoll(&input, 1, &look_every, &mask_);
      if (ready > 0 || (ready < 0 && errno != EINTR)) break;
    }
    return caught == 0;
  }

 private:
  /// They arrive in wait() only. What was ignored stays ignored.
  void catch_signals() {
    caught = 0;
    sigset_t blocked{};
    sigemptyset(&blocked);
    for (const int number : leaving) sigaddset(&blocked, number);
    pthread_sigmask(SIG_BLOCK, &blocked, &mask_);
    struct sigaction action{};
    action.sa_handler = catch_signal;
    for (std::size_t i = 0; i < leaving.size(); ++i) {
      sigaction(leaving[i], nullptr, &actions_[i]);
      if (actions_[i].sa_handler != SIG_IGN) sigaction(leaving[i], &action, nullptr);
    }
  }

  termios before_{};
  std::array<struct sigaction, leaving.size()> actions_{};
  sigset_t mask_{};
  bool is_hidden_ = false;
};

std::string without_blanks(const std::string& line) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = line.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

/// The line; empty: there is no more, or a signal came.
std::optional<std::string> read_line(const Hidden& hidden) {
  std::string line;
  bool has_begun = false;
  // Byte by byte: what follows the line is somebody else's to read.
  for (char c = 0;;) {
    if (!hidden.wait()) return std::nullopt;
    const ssize_t count = read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return has_begun ? std::optional(without_blanks(line)) : std::nullopt;
    has_begun = true;
    if (c == '\n') return without_blanks(line);
    if (line.size() < terminal_line_max) line += c;
  }
}

}  // namespace

bool StandardTerminal::is_interactive() const {
  return isatty(STDIN_FILENO) == 1;
}

void StandardTerminal::say(std::string_view words) {
  std::cout << words << std::flush;
}

std::optional<std::string> StandardTerminal::ask(std::string_view words, bool is_secret) {
  while (true) {
    say(words);
    std::optional<std::string> line;
    {
      const Hidden hidden(is_secret);
      line = read_line(hidden);
    }
    // Whoever stopped the program and is back is asked again.
    if (caught.exchange(0) != SIGTSTP) return line;
  }
}

}  // namespace jobrun::app
