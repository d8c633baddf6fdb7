// What is said of each refusal: to the sender, and to whoever reads the log.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gate/gate.hpp"

namespace jobrun::gate {

struct RefusalAnswer {
  int status;
  std::string_view message;
};

RefusalAnswer answer_of(Refusal refusal);

/// What the operator should look at, where the cause alone does not say it.
std::string_view advice_on(Refusal refusal);

Refusal refusal_by_server(net::ServerRefusal refusal);

/// A webhook that was not understood, or whose sender was not.
struct RefusedWebhook {
  Refusal refusal;
  std::string correlation_id{};  ///< the call or message it claims to be about: empty unless it is an id
  std::string detail{};          ///< our own words, never the sender's
  std::optional<Trace> trace{};  ///< that it belongs to
};

}  // namespace jobrun::gate
