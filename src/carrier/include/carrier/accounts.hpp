// The carrier accounts as one carrier: each text, look and loss goes to the account that it names.
#pragma once

#include "base/ports/carrier.hpp"

namespace jobrun::carrier {

/// Without a second account, what names it is refused at once on the caller's thread: a way out by it may be left
/// in the store by a former configuration.
class AccountsCarrier final : public Carrier {
 public:
  /// Both must outlive this; `second` may be null.
  AccountsCarrier(Carrier& first, Carrier* second) : first_(first), second_(second) {}

  void send(SendPermit permit, OutgoingText text, Done done) override;
  void find(FindQuery query, FoundDone done) override;
  Refused why_lost(Account account, int code) const override;

 private:
  Carrier* of(Account account) const;

  Carrier& first_;
  Carrier* second_;
};

}  // namespace jobrun::carrier
