// The exploration is trusted only as far as it notices what is wrong: here each rule meets a service that breaks
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "exploration.hpp"

namespace jobrun::exploration {
namespace {

struct Breach {
  const char* name;
  World (*world)(Registration);
  Registration registration;
  Sabotage sabotage;
  const char* rule;
};

std::ostream& operator<<(std::ostream& out, const Breach& breach) {
  return out << breach.name;
}

bool says(const Letter& letter, CallStatus status) {
  const auto* change = std::get_if<CallStatusChange>(&letter.event);
  return change && change->status == status;
}

bool is_final_status(const Letter& letter) {
  return std::ranges::any_of(final_call_statuses, [&](CallStatus status) { return says(letter, status); });
}

PromisedText a_text_for(const Letter& letter, Purpose purpose) {
  const CallDetails& call = call_details(letter.event);
  return {.id = {call.call_sid.text(), purpose},
          .origin = call.origin,
          .pair = {*call.caller.number(), *call.number},
          .senders = {*call.number},
          .body = "We missed your call.",
          .client = {}};
}

Sabotage on_commit(std::function<void(Commit&, const Letter&)> decided) {
  return {std::move(decided), {}};
}

Sabotage on_step(std::function<void(outbox::NextStep&, const SendAnswer&)> next_step) {
  return {{}, std::move(next_step)};
}

const outbox::TryAgain again{.reason = "once more", .way = 0, .delay = Duration{0}, .may_hurry = true};

std::vector<Breach> breaches_of_roles() {
  return {{"SignUpNumberTexts", one_call_to, Registration::sign_up,
           on_commit([](Commit& commit, const Letter& letter) {
             if (commit.ended) commit.text = a_text_for(letter, Purpose::onboarding);
           }),
           "no text to a caller who cannot be, may not be or has been texted"},
          {"SystemLeavesRecords", one_call_to, Registration::unregistered,
           on_commit([](Commit& commit, const Letter& letter) {
             const CallDetails& call = call_details(letter.event);
             if (commit.ended) commit.contact = CustomerContact{ClientId{7}, *call.number, *call.caller.number()};
           }),
           "business records are written for a client's caller, and for nobody else"},
          {"BusinessLeavesNoRecords", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter&) { commit.contact.reset(); }),
           "business records are written for a client's caller, and for nobody else"},
          {"OrphanIsSilent", one_call_to, Registration::orphan,
           on_commit([](Commit& commit, const Letter&) { commit.alerts.clear(); }),
           "an orphan is told to the operator"},
          {"RoleIsAnothers", one_call_to, Registration::business, on_commit([](Commit& commit, const Letter&) {
             if (commit.new_call) commit.new_call->role = NumberRole::system;
           }),
           "role and client are those of the first event, whatever the directory says later"},
          {"ExitPolicyIsSurprised", one_call_to, Registration::unregistered,
           on_commit([](Commit& commit, const Letter&) {
             if (commit.text) commit.text->origin = Origin::canary;
           }),
           "the exit policy is only asked about pairs that it allows"},
          {"WithheldCallerIsNobodysBusiness", one_withheld_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter&) { commit.alerts.clear(); }),
           "a person is told of a caller who cannot be texted"}};
}

std::vector<Breach> breaches_of_webhooks() {
  return {{"CanceledIsDropped", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter& letter) {
             if (says(letter, CallStatus::canceled)) commit.ended.reset();
           }),
           "the first final status ends the call, with a reason"},
          {"CanceledIsNotTexted", one_call_to, Registration::unregistered,
           on_commit([](Commit& commit, const Letter& letter) {
             if (says(letter, CallStatus::canceled)) commit.text.reset();
           }),
           "every final status leads to a text"},
          {"DeadlineIsForgotten", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter&) { commit.deadline.reset(); }),
           "a call has an outcome or a deadline for it"},
          {"SecondFinalStatusDecides", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter& letter) {
             const bool is_second = commit.call && is_final_status(letter) && !commit.ended;
             if (is_second) commit.outcome = OutcomeChange{Outcome::spoken, std::nullopt};
           }),
           "only the first final status decides"},
          {"RepeatedGreetingDiffers", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter&) {
             if (commit.is_duplicate && commit.answer) commit.answer->say += " Again.";
           }),
           "a repeated voice webhook is told the same words"},
          {"KnownWebhookIsNew", one_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter& letter) {
             if (!commit.is_duplicate) return;
             commit = Commit{};
             commit.call = CallId{1};
             commit.event_key = event_key(letter.event);
           }),
           "a webhook is a duplicate exactly when it was kept before"},
          {"ChildLegIsTaken", one_call_to, Registration::business, on_commit([](Commit& commit, const Letter&) {
             if (std::exchange(commit.is_ignored, false)) commit.is_duplicate = true;
           }),
           "a child leg belongs to its parent"}};
}

std::vector<Breach> breaches_of_sending() {
  return {{"UnknownIsResent", one_call_to, Registration::business,
           on_step([](outbox::NextStep& step, const SendAnswer& answer) {
             if (std::holds_alternative<Unknown>(answer)) step = again;
           }),
           "no text leaves when one may have arrived"},
          {"AcceptedIsResent", one_call_to, Registration::unregistered,
           on_step([](outbox::NextStep& step, const SendAnswer& answer) {
             if (std::holds_alternative<Accepted>(answer)) step = again;
           }),
           "no text leaves when one may have arrived"},
          {"RefusalIsCalledUnknown", one_call_to, Registration::business,
           on_step([](outbox::NextStep& step, const SendAnswer&) {
             if (std::holds_alternative<outbox::GiveUp>(step)) step = outbox::KeepUnknown{"refused"};
           }),
           "an answer is recorded as what it says, and as no more"},
          {"RefusalIsKeptSecret", one_call_to, Registration::business,
           on_step([](outbox::NextStep& step, const SendAnswer&) {
             if (auto* give_up = std::get_if<outbox::GiveUp>(&step)) give_up->alert.escalates = false;
           }),
           "a refused text is told to a person"},
          {"WayOutDoesNotExist", one_call_to, Registration::business,
           on_step([](outbox::NextStep& step, const SendAnswer&) {
             if (auto* retry = std::get_if<outbox::TryAgain>(&step)) ++retry->way;
           }),
           "a way out is one of the text's"},
          {"SecondCallIsTextedToo", two_calls_to, Registration::unregistered,
           on_commit([](Commit& commit, const Letter& letter) {
             if (commit.ended && !commit.text) commit.text = a_text_for(letter, Purpose::failsafe);
           }),
           "no text to a caller who cannot be, may not be or has been texted"},
          {"SuppressedCallLeansOnNothing", two_calls_to, Registration::business,
           on_commit([](Commit& commit, const Letter&) {
             if (commit.outcome) commit.outcome->leans_on.reset();
           }),
           "a call is suppressed by the text it leans on"}};
}

std::vector<Breach> all_breaches() {
  std::vector<Breach> all = breaches_of_roles();
  for (Breach& breach : breaches_of_webhooks()) all.push_back(std::move(breach));
  for (Breach& breach : breaches_of_sending()) all.push_back(std::move(breach));
  return all;
}

class ExplorationNotices : public testing::TestWithParam<Breach> {};

// Goal: a service that breaks a rule is found out by that very rule, with the steps that lead there.
// Method: the same exploration, with the decisions or the outbox's next steps changed on their way out.
TEST_P(ExplorationNotices, ABrokenRule) {
  const Breach& breach = GetParam();
  const Findings found = explore(breach.world(breach.registration), {}, breach.sabotage);
  EXPECT_EQ(found.broken_rule, breach.rule) << found.report();
  EXPECT_FALSE(found.story.empty());
}

INSTANTIATE_TEST_SUITE_P(Breaches, ExplorationNotices, testing::ValuesIn(all_breaches()),
                         [](const auto& breach) { return breach.param.name; });

// Goal: the story of a broken rule is a shortest one, step by step.
// Method: the outbox sends an unknown text again; it takes a call's end and two rounds of sending to see that.
TEST(ExplorationStory, TellsTheShortestWay) {
  const Sabotage resends = on_step([](outbox::NextStep& step, const SendAnswer& answer) {
    if (std::holds_alternative<Unknown>(answer)) step = again;
  });
  const Findings found = explore(one_call_to(Registration::business), {}, resends);
  const std::vector<std::string> story = {"webhook: status completed",       "the text is marked started",
                                          "the request is written",          "the carrier answers: unknown",
                                          "the answer is recorded: unknown", "the text is marked started",
                                          "the request is written"};
  EXPECT_EQ(found.story, story) << found.report();
}

}  // namespace
}  // namespace jobrun::exploration
