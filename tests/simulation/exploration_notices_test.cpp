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
          .ways = {Way{Account::first, *call.number}},
          .body = "We missed your call.",
          .client = {}};
}

Sabotage on_commit(std::function<void(Commit&, const Letter&)> decided) {
  return {.decided = std::move(decided), .next_step = {}, .changed = {}};
}

Sabotage on_step(std::function<void(outbox::NextStep&, const SendAnswer&)> next_step) {
  return {.decided = {}, .next_step = std::move(next_step), .changed = {}};
}

Sabotage on_change(std::function<void(const Journal&, Journal&)> changed) {
  return {.decided = {}, .next_step = {}, .changed = std::move(changed)};
}

const outbox::TryAgain again{.reason = "once more", .closed_ways = {}, .delay = Duration{0}, .may_hurry = true};

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
  return {
      {"UnknownIsResent", one_call_to, Registration::business,
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
      {"WayOutDoesNotExist", one_call_to, Registration::business, on_change([](const Journal&, Journal& after) {
         if (!after.texts.empty() && after.texts[0].attempts > 0) after.texts[0].way = 9;
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

/// On what is told of a message, and is new.
Sabotage on_news(std::function<void(Commit&, MessageNews&, MessageStatus)> decided) {
  return on_commit([decided = std::move(decided)](Commit& commit, const Letter& letter) {
    if (commit.message) decided(commit, *commit.message, std::get<MessageStatusChange>(letter.event).status);
  });
}

/// On the change in which a text is lost.
Sabotage on_loss(std::function<void(TextInJournal&, CallInJournal&)> lost) {
  return on_change([lost = std::move(lost)](const Journal& before, Journal& after) {
    if (before.texts.empty() || before.texts[0].state != TextState::accepted) return;
    if (after.texts[0].state != TextState::accepted) lost(after.texts[0], after.calls[after.texts[0].call]);
  });
}

Sabotage blind_at_the_exit(Sabotage sabotage) {
  sabotage.is_exit_blind = true;
  return sabotage;
}

std::vector<Breach> breaches_of_messages() {
  return {{"LossIsOverlooked", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus) { news.loss.reset(); }),
           "what is known to be lost is not accepted"},
          {"LossIsMadeUp", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus status) {
             if (status == MessageStatus::sent) news.loss = TextLoss{};
           }),
           "a text is lost when its message was told to be"},
          {"LandlineIsTriedAgain", one_texted_call_to, Registration::business,
           on_news([](Commit& commit, MessageNews& news, MessageStatus) {
             if (!commit.learned.empty()) news.loss->gives_up.reset();
           }),
           "a loss means what its reason says, and no more"},
          {"OptOutIsGoneRound", one_texted_call_to, Registration::business,
           blind_at_the_exit(on_news([](Commit& commit, MessageNews& news, MessageStatus) {
             if (!news.loss || news.loss->gives_up) return;
             commit.learned.push_back({FactScope{}, E164::from_digits(14155550123), PhoneFact::opted_out, true});
           })),
           "no way is tried for who cannot or may not be texted"},
          {"OpenFateStaysOpen", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus) {
             news.binds = false;
             news.loss.reset();
           }),
           "a text whose fate is open is settled by what is told of its message"},
          {"LostMessageIsTheTextAgain", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus status) {
             if (status == MessageStatus::sent) news.binds = true;
           }),
           "what was lost is the text again only once delivered"},
          {"RepeatedStatusIsNew", one_texted_call_to, Registration::business,
           on_commit([](Commit& commit, const Letter& letter) {
             const auto* told = std::get_if<MessageStatusChange>(&letter.event);
             if (!told || !std::exchange(commit.is_duplicate, false)) return;
             commit.message = MessageNews{TextRow{1}, told->message_sid, told->status};
           }),
           "a status is a duplicate exactly when it was kept"},
          {"StatusIsIgnored", one_texted_call_to, Registration::business,
           on_news([](Commit& commit, MessageNews&, MessageStatus) { commit.is_ignored = true; }),
           "a message of a text of ours is never ignored"},
          {"OrderDecides", one_texted_call_to, Registration::business,
           on_change([](const Journal& before, Journal& after) {
             if (before.texts.empty() || before.texts[0].message == 0) return;
             const Place number = before.texts[0].message;
             TextInJournal& text = after.texts[0];
             if (text.state != TextState::promised || !text.message_of(number).is_told(MessageStatus::sent))
               return;
             text.state = TextState::refused;
             after.alerts.push_back({.request = 0, .call = 0, .text = Place{0}, .escalates = true});
           }),
           "the same events end the same, whatever their order"}};
}

std::vector<Breach> breaches_of_summaries() {
  return {{"SummaryGoesBack", one_texted_call_to, Registration::business,
           on_change([](const Journal& before, Journal& after) {
             if (before.texts.empty() || before.texts[0].status != MessageStatus::delivered) return;
             after.texts[0].status = MessageStatus::sent;
           }),
           "the summary only advances"},
          {"SummaryStands", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus) { news.is_furthest = false; }),
           "the summary is the furthest that was told of the message"},
          {"LostTextLeavesItsCallTexted", one_texted_call_to, Registration::business,
           on_loss([](TextInJournal&, CallInJournal& call) { call.outcome = Outcome::texted; }),
           "`texted` is what the carrier accepted"},
          {"LostTextEscalatesUntold", one_texted_call_to, Registration::business,
           on_loss([](TextInJournal&, CallInJournal& call) { call.outcome = Outcome::escalated; }),
           "an outcome follows another only by the rules"},
          {"LostTextHasNoDeadline", one_texted_call_to, Registration::business,
           on_loss([](TextInJournal&, CallInJournal& call) { call.deadline = Deadline::none; }),
           "a call whose text is lost has a deadline again"},
          {"OutcomeIsTakenBack", one_texted_call_to, Registration::business,
           on_change([](const Journal& before, Journal& after) {
             if (before.calls[0].outcome == Outcome::texted) after.calls[0].outcome.reset();
           }),
           "an outcome is taken back only when the text is lost"}};
}

/// On a text that was in one state, and is.
Sabotage on_text_in(TextState state, std::function<void(TextInJournal&)> changed) {
  return on_change([state, changed = std::move(changed)](const Journal& before, Journal& after) {
    if (!before.texts.empty() && before.texts[0].state == state) changed(after.texts[0]);
  });
}

void promise(TextInJournal& text) {
  text.state = TextState::promised;
  text.message = 0;
  text.status.reset();
}

std::vector<Breach> breaches_of_states() {
  return {{"AcceptedIsPromised", one_texted_call_to, Registration::business,
           on_text_in(TextState::accepted, promise), "an accepted text stays so unless it is lost"},
          {"RefusedIsPromised", one_texted_call_to, Registration::business,
           on_text_in(TextState::refused, promise), "a refused text stays refused"},
          {"UnknownIsPromised", one_call_to, Registration::business, on_text_in(TextState::unknown, promise),
           "an unknown text stays so unless it is looked for or lost"},
          {"TextBecomesAnotherMessage", one_texted_call_to, Registration::business,
           on_text_in(TextState::accepted,
                      [](TextInJournal& text) {
                        if (text.message != 0 && text.message < text.attempts) ++text.message;
                      }),
           "a text that is a message does not become another"}};
}

std::vector<Breach> breaches_of_ways() {
  return {{"RefusedWayStaysOpen", one_refused_call_to, Registration::business,
           on_step([](outbox::NextStep& step, const SendAnswer&) {
             if (auto* retry = std::get_if<outbox::TryAgain>(&step)) retry->closed_ways = {};
           }),
           "a way that the carrier closes is closed"},
          {"LostWayStaysOpen", one_texted_call_to, Registration::business,
           on_news([](Commit&, MessageNews& news, MessageStatus) {
             if (news.loss) news.loss->closed_ways = {};
           }),
           "a way that the carrier closes is closed"},
          {"ClosedWayIsOpened", one_texted_call_to, Registration::business,
           on_change([](const Journal&, Journal& after) {
             if (!after.texts.empty() && after.texts[0].state == TextState::started)
               after.texts[0].closed_ways = {};
           }),
           "a way that is closed stays closed"},
          {"ClosedWayIsTaken", one_texted_call_to, Registration::business,
           on_change([](const Journal&, Journal& after) {
             if (!after.texts.empty() && after.texts[0].closed_ways.contains(0)) after.texts[0].way = 0;
           }),
           "no way is taken after it was closed"},
          {"AnotherSenderIsBlocked", one_texted_call_to, Registration::business,
           on_news([](Commit& commit, MessageNews&, MessageStatus) {
             for (BlockedSender& blocked : commit.blocked_senders) {
               blocked.way = {Account::second, E164::from_digits(14155550180)};
             }
           }),
           "a sender is blocked for what became of its own message"}};
}

std::vector<Breach> all_breaches() {
  std::vector<Breach> all = breaches_of_roles();
  for (Breach& breach : breaches_of_messages()) all.push_back(std::move(breach));
  for (Breach& breach : breaches_of_summaries()) all.push_back(std::move(breach));
  for (Breach& breach : breaches_of_states()) all.push_back(std::move(breach));
  for (Breach& breach : breaches_of_ways()) all.push_back(std::move(breach));
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
