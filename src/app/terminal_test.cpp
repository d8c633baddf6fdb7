#include "terminal.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <string>

namespace jobrun::app {
namespace {

constexpr int shown_wait_ms = 10'000;

/// A person's terminal, at which another process asks for a secret and says in its exit code what it was given.
class AskedAtATerminal {
 public:
  AskedAtATerminal() {
    child_ = forkpty(&person_, nullptr, nullptr, nullptr);
    if (child_ == 0) {
      StandardTerminal terminal;
      const std::optional<std::string> line = terminal.ask("Token: ", true);
      _exit(line == "right" ? 42 : 43);
    }
  }
  ~AskedAtATerminal() {
    if (status_ < 0) {
      kill(child_, SIGKILL);
      waitpid(child_, &status_, 0);
    }
    close(person_);
  }
  AskedAtATerminal(const AskedAtATerminal&) = delete;
  AskedAtATerminal& operator=(const AskedAtATerminal&) = delete;

  bool is_shown() const {
    termios now{};
    return tcgetattr(person_, &now) == 0 && (now.c_lflag & ECHO) != 0;
  }
  /// Until the question is there and what is typed is hidden.
  bool is_asked(int times = 1) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(shown_wait_ms);
    while (std::chrono::steady_clock::now() < until) {
      read_more();
      std::size_t found = 0;
      for (std::size_t at = 0; (at = said_.find("Token: ", at)) != std::string::npos; ++at) ++found;
      if (found >= static_cast<std::size_t>(times) && !is_shown()) return true;
    }
    return false;
  }
  void type(const std::string& keys) const {
    EXPECT_EQ(write(person_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  /// What became of the other process, as waitpid tells it.
  int end() {
    int status = -1;
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(shown_wait_ms);
    while (std::chrono::steady_clock::now() < until) {
      read_more();
      if (waitpid(child_, &status, WNOHANG) != child_) continue;
      return status_ = status;
    }
    return -1;
  }
  pid_t child() const { return child_; }
  const std::string& said() const { return said_; }

 private:
  void read_more() {
    pollfd there{.fd = person_, .events = POLLIN, .revents = 0};
    char buffer[256];
    if (poll(&there, 1, 10) <= 0) return;
    if (const ssize_t count = read(person_, buffer, sizeof buffer); count > 0) {
      said_.append(buffer, static_cast<std::size_t>(count));
    }
  }

  int person_ = -1;
  pid_t child_ = -1;
  int status_ = -1;
  std::string said_;
};

// Goal: a secret is read and never shown. Method: one that is typed.
TEST(Terminal, ASecretIsNotShown) {
  AskedAtATerminal asked;
  ASSERT_TRUE(asked.is_asked());
  asked.type("right\n");
  const int status = asked.end();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_EQ(asked.said().find("right"), std::string::npos);
}

// Goal: whoever leaves at a hidden question has a terminal that shows what he types, and the program is gone.
// Method: Ctrl-C in the middle of the secret; the signals that a closing session or an administrator sends.
TEST(Terminal, LeavingAtASecretShowsWhatIsTypedAgain) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    AskedAtATerminal asked;
    ASSERT_TRUE(asked.is_asked());
    if (number == SIGINT) {
      asked.type("rig\x03");
    } else {
      kill(asked.child(), number);
    }
    const int status = asked.end();
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    EXPECT_EQ(WTERMSIG(status), number);
    EXPECT_TRUE(asked.is_shown()) << number;
  }
}

// Goal: whoever stops the program at a secret and comes back is asked again, unseen. Method: Ctrl-Z, which a
// session's first process takes as a stop that is over at once; then the secret.
TEST(Terminal, ASecretIsAskedForAgainAfterAStop) {
  AskedAtATerminal asked;
  ASSERT_TRUE(asked.is_asked());
  asked.type("wrong\x1a");
  ASSERT_TRUE(asked.is_asked(2));
  asked.type("right\n");
  const int status = asked.end();
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 42);
}

}  // namespace
}  // namespace jobrun::app
