// The carrier for commands: asked, and waited for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ports/carrier_account.hpp"
#include "base/ports/clock.hpp"
#include "doctor/checks.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// Each waits at most five minutes; a request gives up long before.
class CarrierDesk {
 public:
  virtual ~CarrierDesk() = default;
  virtual doctor::CarrierFacts list_numbers(const Clock& clock) = 0;
  virtual AccountFacts look_at_account() = 0;
  /// One request, made once.
  virtual WebhooksAnswer set_webhooks(const std::string& number_sid,
                                      const std::vector<WebhookSetting>& settings) = 0;
};

/// At the account of the settings. Precondition: they name it, and one of its tokens.
std::unique_ptr<CarrierDesk> make_carrier_desk(const Settings& settings);

}  // namespace jobrun::app
