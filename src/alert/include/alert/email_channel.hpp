// Alerts by mail: an owner's to the owner who is told by mail, everything else to the operator.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"
#include "net/smtp_client.hpp"

namespace jobrun::alert {

/// A mail server that refuses an owner's mails leaves his alerts to the operator: once it has done so for
/// `refused_for`, without one that it took. As long after its last refusal the owner is tried again.
class EmailChannel final : public AlertChannel {
 public:
  struct Options {
    std::string sender{};
    std::string operator_{};
    Duration refused_for{10 * 60'000};
  };
  using Transport = std::function<void(net::Mail, net::SmtpClient::Done)>;
  /// Any thread. The address of the owner whom an alert is for, if he is told by mail.
  using OwnerOf = std::function<std::optional<std::string>(const AlertRequest&)>;

  /// What the transport leads to outlives the channel, and the clock outlives both.
  EmailChannel(Transport transport, const Clock& clock, OwnerOf owner_of, Options options);

  AlertWay way() const override { return AlertWay::email; }
  /// An error for a weekly summary whose owner is not told it by mail: the operator has no use for it.
  Result<AlertRecipient> recipient_of(const AlertRequest& alert) override;
  /// The same letter sent again has the same Message-ID.
  void send(AlertLetter letter, Done done) override;

 private:
  class Refusals;

  Transport transport_;
  const Clock& clock_;
  OwnerOf owner_of_;
  Options options_;
  std::shared_ptr<Refusals> refusals_;  ///< answers may come after the channel's end
};

}  // namespace jobrun::alert
