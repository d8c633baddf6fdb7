// Mail out: one at a time, on a thread of its own, over a connection that nobody can read.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "net/mail_message.hpp"

namespace jobrun::net {

/// What became of a mail.
struct MailResult {
  enum class Kind {
    accepted,     ///< the server has taken it over
    refused,      ///< the server said no to the sender, the recipient or the message
    not_reached,  ///< not one byte of the message left: no connection, no TLS, no sign-in, or it never had its
                  ///< turn
    unknown,      ///< it was written, in part or whole, and no answer came
  };
  Kind kind = Kind::not_reached;
  std::string reason{};  ///< unless accepted, for a person; without the password
};

class SmtpClient {
 public:
  struct Options {
    std::string url{};  ///< smtp:// or smtps://, host and port
    std::string user{};
    std::string password{};
    bool needs_tls = true;  ///< without it an smtp:// server is spoken to in clear
    std::string ca_file{};  ///< empty: the system's
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{20'000};  ///< one mail's, from when it has its turn
    /// Any single answer's, in whole seconds; also how long it may take to part from a server that says nothing.
    std::chrono::seconds answer_timeout{10};
    std::size_t waiting_max = 64;  ///< further ones are not reached
  };
  using Done = std::function<void(MailResult)>;

  explicit SmtpClient(Options options);
  /// A mail that is not finished ends as `unknown`, or `not_reached` if no byte of it had left.
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  /// Any thread; never blocks. `done` runs once, on the client's thread; for a mail that cannot wait, or has no
  /// address, at once.
  void send(Mail mail, Done done);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::net
