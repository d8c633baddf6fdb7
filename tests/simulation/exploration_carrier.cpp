#include "exploration_carrier.hpp"

#include <algorithm>
#include <utility>

#include "exploration_journal.hpp"

namespace jobrun::exploration {
namespace {

using Because = Refused::Because;

Refused refused(Because because, int http_status, int code) {
  Refused answer;
  answer.because = because;
  answer.http_status = http_status;
  answer.code = code;
  return answer;
}

Refused refused_recipient(PhoneFact learned, int http_status, int code) {
  Refused answer = refused(Because::recipient, http_status, code);
  answer.learned = learned;
  answer.alert = AlertTo::owner;
  return answer;
}

Refused refused_unregistered(int http_status, int code) {
  Refused answer = refused(Because::sender, http_status, code);
  answer.blocks_sender = true;
  answer.alert = AlertTo::page;
  return answer;
}

Refused quietly(Refused answer) {
  answer.alert = AlertTo::nobody;
  return answer;
}

}  // namespace

std::vector<NamedAnswer> all_answers() {
  std::vector<NamedAnswer> answers = few_answers();
  for (NamedAnswer& answer :
       std::vector<NamedAnswer>{{"refused, later", quietly(refused(Because::later, 429, 20429))},
                                {"refused, next day", quietly(refused(Because::next_day, 429, 63038))},
                                {"refused, once more", quietly(refused(Because::once_more, 400, 30003))},
                                {"refused, unregistered sender", refused_unregistered(400, 30034)},
                                {"refused, landline", refused_recipient(PhoneFact::landline, 400, 21614)},
                                {"refused, recipient", refused(Because::recipient, 400, 21211)},
                                {"refused, account", refused(Because::account, 400, 21408)},
                                {"refused, credentials", refused(Because::credentials, 401, 20003)},
                                {"refused, suspended", refused(Because::suspended, 403, 20005)},
                                {"refused, filtered", refused(Because::filtered, 400, 30007)},
                                {"refused, loop", refused(Because::loop, 400, 14107)},
                                {"refused, our mistake", refused(Because::our_mistake, 400, 21602)},
                                {"not sent", NotSent{"connection refused"}}}) {
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<NamedAnswer> few_answers() {
  return {{"accepted", Accepted{}},
          {"unknown", Unknown{"reset after the request was written"}},
          {"refused, sender", quietly(refused(Because::sender, 400, 21606))},
          {"refused, opted out", refused_recipient(PhoneFact::opted_out, 400, 21610)},
          {"refused, other", quietly(refused(Because::other, 400, 29999))}};
}

std::vector<NamedLoss> all_losses() {
  std::vector<NamedLoss> losses = few_losses();
  losses.push_back({"opted out", refused_recipient(PhoneFact::opted_out, 0, 21610)});
  losses.push_back({"handset off", quietly(refused(Because::once_more, 0, 30003))});
  losses.push_back({"queue full", quietly(refused(Because::later, 0, 30001))});
  return losses;
}

std::vector<NamedLoss> few_losses() {
  return {{"unregistered sender", refused_unregistered(0, 30034)},
          {"landline", refused_recipient(PhoneFact::landline, 0, 30006)}};
}

void SilentCarrier::send(SendPermit, OutgoingText, Done) {
  throw RuleBroken("nothing leaves an exploration");
}

void SilentCarrier::find(FindQuery, FoundDone) {
  throw RuleBroken("nothing leaves an exploration");
}

Refused SilentCarrier::why_lost(Account, int code) const {
  const auto known = std::ranges::find(losses_, code, [](const NamedLoss& loss) { return loss.why.code; });
  require(known != losses_.end(), "a message is lost with a code that is explored");
  return known->why;
}

}  // namespace jobrun::exploration
