// Alerts by mail: everything goes to the operator, because no owner's address is known.
#pragma once

#include <functional>
#include <string>

#include "base/ports/alert_channel.hpp"
#include "base/ports/clock.hpp"
#include "net/smtp_client.hpp"

namespace jobrun::alert {

class EmailChannel final : public AlertChannel {
 public:
  struct Options {
    std::string sender{};
    std::string recipient{};
  };
  using Transport = std::function<void(net::Mail, net::SmtpClient::Done)>;

  /// The clock outlives the channel, and so does what the transport leads to.
  EmailChannel(Transport transport, const Clock& clock, Options options);

  AlertWay way() const override { return AlertWay::email; }
  Result<std::string> recipient_of(const AlertRequest&) override { return options_.recipient; }
  /// The same letter sent again has the same Message-ID.
  void send(AlertLetter letter, Done done) override;

 private:
  Transport transport_;
  const Clock& clock_;
  Options options_;
};

}  // namespace jobrun::alert
