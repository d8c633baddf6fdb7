#include "carrier/accounts.hpp"

#include <utility>

namespace jobrun::carrier {
namespace {

constexpr const char* no_second_account = "no second account is configured";

Refused refused_without_account(Refused::Because because, int code) {
  Refused refused;
  refused.because = because;
  refused.code = code;
  refused.detail = no_second_account;
  return refused;
}

}  // namespace

Carrier* AccountsCarrier::of(Account account) const {
  switch (account) {
    case Account::first:
      return &first_;
    case Account::second:
      return second_;
  }
  return nullptr;
}

void AccountsCarrier::send(SendPermit permit, OutgoingText text, Done done) {
  Carrier* carrier = of(text.account);
  if (carrier == nullptr) return done(refused_without_account(Refused::Because::account, 0));
  carrier->send(std::move(permit), std::move(text), std::move(done));
}

void AccountsCarrier::find(FindQuery query, FoundDone done) {
  Carrier* carrier = of(query.account);
  if (carrier == nullptr) return done(CannotTell{no_second_account});
  carrier->find(std::move(query), std::move(done));
}

Refused AccountsCarrier::why_lost(Account account, int code) const {
  const Carrier* carrier = of(account);
  // Nobody is left to say what the code means: the recipient may have opted out.
  if (carrier == nullptr) return refused_without_account(Refused::Because::other, code);
  return carrier->why_lost(account, code);
}

}  // namespace jobrun::carrier
