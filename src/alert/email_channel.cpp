#include "alert/email_channel.hpp"

#include <utility>

#include "alert/wording.hpp"

namespace jobrun::alert {
namespace {

AlertWord word_of(const net::MailResult& result) {
  switch (result.kind) {
    case net::MailResult::Kind::accepted:
      return {};
    case net::MailResult::Kind::refused:
      return {AlertAnswer::refused, result.reason};
    case net::MailResult::Kind::not_reached:
      return {AlertAnswer::not_reached, result.reason};
    case net::MailResult::Kind::unknown:
      return {AlertAnswer::unknown, result.reason};
  }
  return {AlertAnswer::unknown, result.reason};
}

}  // namespace

EmailChannel::EmailChannel(Transport transport, const Clock& clock, Options options)
    : transport_(std::move(transport)), clock_(clock), options_(std::move(options)) {}

void EmailChannel::send(AlertLetter letter, Done done) {
  net::Mail mail{.from = options_.sender,
                 .to = letter.recipient,
                 .subject = "JobRun: " + headline(letter),
                 .body = mail_body(letter),
                 .message_id = letter_id(letter),
                 .date = clock_.now()};
  transport_(std::move(mail), [done = std::move(done)](const net::MailResult& result) { done(word_of(result)); });
}

}  // namespace jobrun::alert
