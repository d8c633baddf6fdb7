#include "alert/text_channel.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "alert/wording.hpp"

namespace jobrun::alert {
namespace {

/// Of a letter to several phones: what is said of it once is said for all.
class Verdict {
 public:
  Verdict(std::size_t phones, AlertChannel::Done done) : left_(phones), done_(std::move(done)) {}

  void hear(AlertWord word) {
    AlertChannel::Done told;
    AlertWord verdict;
    {
      const std::lock_guard lock(mutex_);
      --left_;
      if (rank_of(word.answer) > rank_of(said_.answer)) said_ = std::move(word);
      if (!done_ || (left_ > 0 && said_.answer != AlertAnswer::accepted)) return;
      told = std::exchange(done_, nullptr);
      verdict = said_;
    }
    told(std::move(verdict));
  }

 private:
  /// What tells most of whether somebody was told, and else whether it is worth trying again soon.
  static int rank_of(AlertAnswer answer) {
    switch (answer) {
      case AlertAnswer::accepted:
        return 3;
      case AlertAnswer::unknown:
        return 2;
      case AlertAnswer::not_reached:
        return 1;
      case AlertAnswer::refused:
        return 0;
    }
    return 0;
  }

  std::mutex mutex_;
  std::size_t left_;
  AlertWord said_{AlertAnswer::refused, {}};
  AlertChannel::Done done_;
};

}  // namespace

/// The ends of ids tell the phones of one owner apart; his own has none.
Result<TextChannel::Contacts> TextChannel::contacts_of(const AlertRequest& alert) const {
  if (alert.audience == Audience::owner) {
    const std::optional<KnownOwner> owner = ports_.owner(alert);
    Contacts reached{.phones = {}, .id_ends = {}, .is_owner = true};
    if (owner && owner->ways.by_text) {
      for (std::size_t place = 0; place < owner->phones.size(); ++place) {
        const Contact& phone = owner->phones[place];
        if (ports_.why_not(phone)) continue;
        reached.phones.push_back(phone);
        reached.id_ends.push_back(place == 0 ? "" : "-" + std::to_string(phone.phone.digits()));
      }
    }
    if (!reached.phones.empty()) return reached;
    if (owner && owner->ways.by_email) return failure(ErrorKind::unavailable, "the owner is told by e-mail");
  }
  if (const std::optional<std::string> reason = ports_.why_not(ports_.operator_)) {
    return failure(ErrorKind::unavailable, "nobody can be texted: " + *reason);
  }
  return Contacts{.phones = {ports_.operator_}, .id_ends = {""}};
}

Result<AlertRecipient> TextChannel::recipient_of(const AlertRequest& alert) {
  const Result<Contacts> contacts = contacts_of(alert);
  if (!contacts) return std::unexpected(contacts.error());
  AlertRecipient recipient{.address = contacts->phones.front().phone.text(), .is_owner = contacts->is_owner};
  for (std::size_t place = 1; place < contacts->phones.size(); ++place) {
    recipient.others.push_back(contacts->phones[place].phone.text());
  }
  return recipient;
}

void TextChannel::send(AlertLetter letter, Done done) {
  Result<Contacts> contacts = contacts_of(letter.alerts.front().request);
  if (!contacts) return done({AlertAnswer::refused, contacts.error().message});
  std::vector<std::size_t> meant;
  for (std::size_t place = 0; place < contacts->phones.size(); ++place) {
    const std::string phone = contacts->phones[place].phone.text();
    const bool is_meant =
        phone == letter.recipient || std::ranges::find(letter.others, phone) != letter.others.end();
    if (is_meant) meant.push_back(place);
  }
  // The limits were kept for others: whoever it is now is told in the next attempt.
  if (meant.empty()) return done({AlertAnswer::refused, "its recipient has changed"});
  const auto verdict = std::make_shared<Verdict>(meant.size(), std::move(done));
  const std::string id = letter_id(letter);
  const std::string body = text_body(letter);
  for (const std::size_t place : meant) {
    ports_.send(std::move(contacts->phones[place]), id + contacts->id_ends[place], body,
                [verdict](AlertWord word) { verdict->hear(std::move(word)); });
  }
}

}  // namespace jobrun::alert
