// A mail as RFC 5322 writes it: plain text in UTF-8, carried as base64, so that no words within it can become a
// header, end the message or make a line too long.
#pragma once

#include <string>
#include <string_view>

#include "base/mail_address.hpp"
#include "base/time.hpp"

namespace jobrun::net {

struct Mail {
  std::string from;        ///< an address: is_mail_address()
  std::string to;          ///< the same
  std::string subject{};   ///< any bytes; shown on one line, and not longer than a person reads
  std::string body{};      ///< UTF-8; any bytes
  std::string message_id;  ///< letters, digits, `-` and `.`; made whole with the sender's domain
  Instant date{};
};

/// What is after the `@`. Precondition: is_mail_address().
std::string_view domain_of(std::string_view address);

/// The whole message, lines ended by CR LF. Precondition: both are addresses; what is not allowed in a message id
/// is left out of it.
std::string mail_text(const Mail& mail);

}  // namespace jobrun::net
