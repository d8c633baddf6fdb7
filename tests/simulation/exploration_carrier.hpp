// What the carrier may say in an exploration: to a request, and of a message that it took.
#pragma once

#include <string>
#include <vector>

#include "base/ports/carrier.hpp"

namespace jobrun::exploration {

struct NamedAnswer {
  std::string name;
  SendAnswer answer;
};

/// One of every kind. The sid of `accepted` is that of the request.
std::vector<NamedAnswer> all_answers();

/// One for each thing that may become of a text: taken, unknown, sent another way, refused for its recipient or
/// for good.
std::vector<NamedAnswer> few_answers();

/// A code that messages are lost with, and what it means.
struct NamedLoss {
  std::string name;
  Refused why;
};

/// Codes of the kinds that lead elsewhere: another way, none, once more, the same again.
std::vector<NamedLoss> all_losses();

/// Of these another way, and none.
std::vector<NamedLoss> few_losses();

/// Is never asked to send: the dispatcher is a model. Says what a loss means.
class SilentCarrier final : public Carrier {
 public:
  void send(SendPermit permit, OutgoingText text, Done done) override;
  void find(FindQuery query, FoundDone done) override;
  Refused why_lost(Account account, int code) const override;

 private:
  std::vector<NamedLoss> losses_ = all_losses();
};

}  // namespace jobrun::exploration
