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

/// An owner whom the directory knows.
struct KnownOwner {
  Contact contact;
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
  /// An error also for an alert that its owner is told by mail, and not by text.
  Result<std::string> recipient_of(const AlertRequest& alert) override;
  void send(AlertLetter letter, Done done) override;

 private:
  Result<Contact> contact_of(const AlertRequest& alert) const;

  Ports ports_;
};

}  // namespace jobrun::alert
