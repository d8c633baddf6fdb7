// Alerts by text: an owner's to the owner who is told by text, and the operator's, and those whose owner nothing
// reaches, to the operator. How a text leaves, and whom it must not reach, is the exit's business.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alert/owner_ways.hpp"
#include "base/ports/alert_channel.hpp"
#include "base/records.hpp"
#include "base/text.hpp"

namespace jobrun::alert {

/// Somebody who is told by text.
struct Contact {
  E164 phone;
  FactScope scope;        ///< whose opt-outs bind it
  std::vector<Way> ways;  ///< in order of preference
};

/// An owner whom the directory knows, by his own phone and then those of whoever works with him.
struct KnownOwner {
  std::vector<Contact> phones;
  OwnerWays ways;
};

class TextChannel final : public AlertChannel {
 public:
  struct Ports {
    /// Any thread. The owner whom an alert is for, if it is for one and he is known.
    std::function<std::optional<KnownOwner>(const AlertRequest&)> owner;
    Contact operator_;
    /// Any thread. Why that contact may not be texted; empty: it may.
    std::function<std::optional<std::string>(const Contact&)> why_not;
    /// `id`: letters, digits and `-`.
    std::function<void(Contact, std::string id, std::string body, Done done)> send;
  };
  explicit TextChannel(Ports ports) : ports_(std::move(ports)) {}

  AlertWay way() const override { return AlertWay::text; }
  /// The first of an owner's phones that may be texted, and the others that may. An error also for an alert that
  /// its owner is told by mail, and not by text.
  Result<AlertRecipient> recipient_of(const AlertRequest& alert) override;
  /// To each phone with an id of its own, which is the same whenever the letter is sent again. What becomes of it
  /// at one phone delays none of the others, and the first that takes it settles it; when none does, all are told
  /// again.
  void send(AlertLetter letter, Done done) override;

 private:
  struct Contacts {
    std::vector<Contact> phones;  ///< never empty
    std::vector<std::string> id_ends;
    bool is_owner = false;
  };
  Result<Contacts> contacts_of(const AlertRequest& alert) const;

  Ports ports_;
};

}  // namespace jobrun::alert
