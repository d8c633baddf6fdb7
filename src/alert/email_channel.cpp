#include "alert/email_channel.hpp"

#include <chrono>
#include <mutex>
#include <unordered_map>
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

/// Since when, and until when, the server has refused which addresses.
class EmailChannel::Refusals {
 public:
  Refusals(const Clock& clock, Duration given_up_after) : clock_(clock), given_up_after_(given_up_after) {}

  bool is_given_up(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    const auto found = spans_.find(address);
    return found != spans_.end() && is_long(found->second) && !is_past(found->second);
  }
  void note(const std::string& address, const net::MailResult& result) {
    const std::lock_guard lock(mutex_);
    if (result.kind == net::MailResult::Kind::accepted) {
      spans_.erase(address);
    } else if (result.kind == net::MailResult::Kind::refused) {
      const auto now = clock_.monotonic();
      const auto [found, is_new] = spans_.try_emplace(address, Span{now, now});
      // What was refused long ago, and never for long, says nothing of today.
      if (!is_new && is_past(found->second) && !is_long(found->second)) found->second.first = now;
      found->second.last = now;
    }
  }

 private:
  struct Span {
    std::chrono::nanoseconds first{};
    std::chrono::nanoseconds last{};
  };
  bool is_long(const Span& span) const { return span.last - span.first >= given_up_after_; }
  bool is_past(const Span& span) const { return clock_.monotonic() - span.last >= given_up_after_; }

  const Clock& clock_;
  Duration given_up_after_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Span> spans_;
};

EmailChannel::EmailChannel(Transport transport, const Clock& clock, OwnerOf owner_of, Options options)
    : transport_(std::move(transport)),
      clock_(clock),
      owner_of_(std::move(owner_of)),
      options_(std::move(options)),
      refusals_(std::make_shared<Refusals>(clock, options_.refused_for)) {}

Result<AlertRecipient> EmailChannel::recipient_of(const AlertRequest& alert) {
  if (alert.audience == Audience::owner) {
    const std::optional<std::string> owner = owner_of_(alert);
    if (owner && !refusals_->is_given_up(*owner)) return AlertRecipient{.address = *owner, .is_owner = true};
    if (alert.kind == AlertKind::weekly_summary) {
      return failure(ErrorKind::unavailable, "a weekly summary is its owner's alone");
    }
  }
  return AlertRecipient{.address = options_.operator_};
}

void EmailChannel::send(AlertLetter letter, Done done) {
  const bool is_owners = letter.recipient != options_.operator_;
  net::Mail mail{.from = options_.sender,
                 .to = letter.recipient,
                 .subject = "JobRun: " + headline(letter),
                 .body = is_owners ? owner_mail_body(letter) : mail_body(letter),
                 .message_id = letter_id(letter),
                 .date = clock_.now()};
  transport_(std::move(mail), [refusals = refusals_, address = std::move(letter.recipient),
                               done = std::move(done)](const net::MailResult& result) {
    refusals->note(address, result);
    done(word_of(result));
  });
}

}  // namespace jobrun::alert
