#include "alert/text_channel.hpp"

#include <utility>

#include "alert/wording.hpp"

namespace jobrun::alert {

Result<Contact> TextChannel::contact_of(const AlertRequest& alert) const {
  if (alert.audience == Audience::owner) {
    const std::optional<KnownOwner> owner = ports_.owner(alert);
    if (owner && owner->ways.by_text && !ports_.why_not(owner->contact)) return owner->contact;
    if (owner && owner->ways.by_email) return failure(ErrorKind::unavailable, "the owner is told by e-mail");
  }
  if (const std::optional<std::string> reason = ports_.why_not(ports_.operator_)) {
    return failure(ErrorKind::unavailable, "nobody can be texted: " + *reason);
  }
  return ports_.operator_;
}

Result<std::string> TextChannel::recipient_of(const AlertRequest& alert) {
  const Result<Contact> contact = contact_of(alert);
  if (!contact) return std::unexpected(contact.error());
  return contact->phone.text();
}

void TextChannel::send(AlertLetter letter, Done done) {
  Result<Contact> contact = contact_of(letter.alerts.front().request);
  if (!contact) return done({AlertAnswer::refused, contact.error().message});
  // The limit was kept for another: whoever it is now is told in the next attempt.
  if (contact->phone.text() != letter.recipient) return done({AlertAnswer::refused, "its recipient has changed"});
  ports_.send(*std::move(contact), letter_id(letter), text_body(letter), std::move(done));
}

}  // namespace jobrun::alert
