// What every store must do with messages: what the carrier told of the texts that it took.
#include <gmock/gmock.h>

#include <algorithm>

#include "store_contract.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MessageContract : public StoreContract {
 protected:
  const ClientId client = add_client(store());

  /// The intake text of a call, taken by the carrier as that message.
  /// Its first request is unknown and not found; its second one is under way.
  void request_by_two_ways(TextRow text) {
    in_batch(store(), [&](StoreBatch& batch) {
      batch.mark_started(text, {1, 0}, {}, noon);
      batch.record_unknown(text, "reset", noon);
      batch.promise_again(text, "not there", noon);
      batch.mark_started(text, {2, 1}, {}, noon);
    });
  }
  TextRow accepted(const std::string& call_sid, const std::string& message_sid, E164 recipient = caller) {
    const TextRow text = promise(call_sid, recipient, client);
    in_batch(store(), [&](StoreBatch& batch) {
      batch.mark_started(text, {1, 0}, {}, noon);
      batch.record_accepted(text, message_sid, noon);
    });
    return text;
  }
  /// Writes a status as a decision would that knows nothing else of it.
  std::optional<TextRecord> tell(MessageNews news, Instant now = noon) {
    if (news.status_text.empty()) news.status_text = name_of(news.status);
    Commit commit;
    commit.message = std::move(news);
    std::optional<TextRecord> promised;
    in_batch(store(), [&](StoreBatch& batch) { promised = batch.write(commit, now); });
    return promised;
  }
  TextOnRecord on_record(const std::string& call_sid) {
    std::optional<TextOnRecord> found;
    in_batch(store(), [&](StoreBatch& batch) { found = batch.find_text({call_sid, Purpose::customer_intake}); });
    return found.value();
  }
  std::vector<std::string> open_calls() {
    CallQuery query;
    query.open_only = true;
    return calls_listed(query);
  }
  static TextLoss a_loss(std::size_t closed_way, Instant due_at) {
    TextLoss loss{.code = 30034, .reason = "lost, code 30034", .due_at = due_at, .deadline = due_at + minute};
    loss.closed_ways.add(closed_way);
    return loss;
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, MessageContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Goal: a text is found by our own id, with what is known of its message; what is not ours is not.
// Method: an accepted text, one never accepted, and ids of no text.
TEST_P(MessageContract, ATextIsFoundByItsId) {
  const TextRow text = accepted("CA1", "SM1");
  promise("CA2", other_caller, client);
  EXPECT_EQ(on_record("CA1").text.row, text);
  EXPECT_EQ(on_record("CA1").text.state, TextState::accepted);
  EXPECT_EQ(on_record("CA1").message_sid, "SM1");
  EXPECT_EQ(on_record("CA1").status, std::nullopt);
  EXPECT_EQ(on_record("CA2").message_sid, "");
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.find_text({"CA1", Purpose::failsafe}));
    EXPECT_FALSE(batch.find_text({"CA9", Purpose::customer_intake}));
  });
}

// Goal: every status is kept, once; the furthest is what is known.
// Method: two statuses of a message, one of them repeated; one of another message of the text.
TEST_P(MessageContract, StatusesAreKeptOnce) {
  const TextRow text = accepted("CA1", "SM1");
  const MessageNews sent{.text = text, .message_sid = "SM1", .status = MessageStatus::sent, .is_furthest = true};
  tell(sent);
  tell(sent);
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::queued});
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.has_message_event(text, "SM1", "sent"));
    EXPECT_TRUE(batch.has_message_event(text, "SM1", "queued"));
    EXPECT_FALSE(batch.has_message_event(text, "SM1", "delivered"));
    EXPECT_FALSE(batch.has_message_event(text, "SM2", "sent"));
  });
  EXPECT_EQ(on_record("CA1").status, MessageStatus::sent);
  EXPECT_THAT(details(store(), "CA1", "message"),
              testing::UnorderedElementsAre(HasSubstr("sent, says the carrier of SM1"),
                                            HasSubstr("queued, says the carrier of SM1")));
}

// Goal: a status told before the answer was recorded is known once it is.
// Method: statuses of a started text's message; then the answer, or the look-up, that binds it.
TEST_P(MessageContract, WhatWasToldBeforeTheAnswerIsKnownAfterIt) {
  for (const bool is_looked_for : {false, true}) {
    const std::string call = is_looked_for ? "CA2" : "CA1";
    const TextRow text = promise(call, is_looked_for ? other_caller : caller, client);
    in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(text, {1, 0}, {}, noon); });
    tell({.text = text, .message_sid = "SM" + call, .status = MessageStatus::undelivered, .code = 30006});
    tell({.text = text, .message_sid = "SM" + call, .status = MessageStatus::sent});
    EXPECT_EQ(on_record(call).text.state, TextState::started);
    in_batch(store(), [&](StoreBatch& batch) {
      if (is_looked_for) batch.record_unknown(text, "reset", noon);
      const bool is_bound = is_looked_for ? batch.record_found(text, "SM" + call, noon)
                                          : batch.record_accepted(text, "SM" + call, noon);
      EXPECT_TRUE(is_bound);
      ASSERT_TRUE(batch.told_lost(text, "SM" + call));
      EXPECT_EQ(batch.told_lost(text, "SM" + call)->code, 30006);
      EXPECT_FALSE(batch.told_lost(text, "SM9"));
    });
    EXPECT_EQ(on_record(call).status, MessageStatus::undelivered);
  }
}

// Goal: what has been delivered is not lost, whatever else was told.
// Method: undelivered and delivered of one message.
TEST_P(MessageContract, WhatWasDeliveredIsNotLost) {
  const TextRow text = accepted("CA1", "SM1");
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::undelivered, .code = 30003});
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::delivered});
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_FALSE(batch.told_lost(text, "SM1")); });
}

// Goal: an unknown text of which a status has told is due at once, with its message; a message that was lost
// before tells nothing.
// Method: a text whose first message is lost, started again, told of, then unknown.
TEST_P(MessageContract, AnUnknownTextThatWasToldOfIsDueAtOnce) {
  const TextRow text = accepted("CA1", "SM1");
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::undelivered, .loss = a_loss(0, noon)});
  const auto due_now = [&] { return store().reader()->unknown_texts_due(noon, 15 * second, 10); };
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.mark_started(text, {2, 1}, ClosedWays(1), noon));
    EXPECT_TRUE(batch.record_unknown(text, "reset", noon));
  });
  EXPECT_THAT(due_now(), IsEmpty());
  tell({.text = text, .message_sid = "SM2", .status = MessageStatus::sent});
  ASSERT_EQ(due_now().size(), 1U);
  EXPECT_EQ(due_now()[0].told_message_sid, "SM2");
}

// Goal: an unknown text is not put down to an earlier request's message that is lost; to one that is not, it is.
// Method: a text requested twice; statuses of the first request's message, then of the second's.
TEST_P(MessageContract, AnEarlierRequestsLossSettlesNothing) {
  const TextRow text = promise("CA1", caller, client);
  request_by_two_ways(text);
  in_batch(store(), [&](StoreBatch& batch) { batch.record_unknown(text, "reset", noon); });
  const auto told = [&] {
    const auto due = store().reader()->unknown_texts_due(noon + minute, 15 * second, 10);
    return due.empty() ? std::string("nothing due") : due[0].told_message_sid;
  };
  const auto tell_of = [&](const std::string& sid, MessageStatus status, SendAttempt attempt) {
    tell({.text = text, .message_sid = sid, .status = status, .code = 30034, .attempt = attempt});
  };
  tell_of("SM1", MessageStatus::undelivered, {1, 0});
  EXPECT_EQ(told(), "");
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_FALSE(batch.told_message(text)); });
  tell_of("SM2", MessageStatus::undelivered, {2, 1});
  EXPECT_EQ(told(), "SM2") << "lost too, but the last request's";
  tell_of("SM0", MessageStatus::sent, {1, 0});
  EXPECT_EQ(told(), "SM0");
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_EQ(batch.told_message(text), "SM0");
    EXPECT_EQ(batch.told_lost(text, "SM2")->attempt, (SendAttempt{2, 1}));
    EXPECT_TRUE(batch.record_found(text, "SM0", noon + minute));
  });
  EXPECT_EQ(on_record("CA1").text.way, 0U) << "the way of the request that it came from";
}

// Goal: a status settles a text whose fate was open: accepted as that message, its call texted, nothing left to
// look for.
// Method: an unknown text, and one promised again.
TEST_P(MessageContract, AStatusBindsATextWhoseFateIsOpen) {
  const TextRow unknown = lose("CA1", caller, client);
  const TextRow again = lose("CA2", other_caller, client);
  in_batch(store(), [&](StoreBatch& batch) { ASSERT_TRUE(batch.promise_again(again, "not there", noon)); });
  for (const auto& [text, call] : {std::pair(unknown, "CA1"), std::pair(again, "CA2")}) {
    tell({.text = text, .message_sid = std::string("SM") + call, .status = MessageStatus::sent, .binds = true});
    EXPECT_EQ(on_record(call).text.state, TextState::accepted);
    EXPECT_EQ(on_record(call).message_sid, std::string("SM") + call);
    EXPECT_EQ(on_record(call).status, MessageStatus::sent);
    EXPECT_EQ(outcome_of(store(), call), Outcome::texted);
  }
  EXPECT_EQ(store().reader()->levels().texts_unknown, 0);
  EXPECT_THAT(store().reader()->promised_texts({}, 10), IsEmpty());
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.record_found(unknown, "SMCA1", noon + minute)) << "a status did, and was counted";
  });
}

// Goal: a text that is lost is a promise again, by what ways are left, and its call is pending again until the new
// deadline; then what follows is as for any promise.
// Method: an accepted text whose call was texted; lost, started by the other way, accepted.
TEST_P(MessageContract, ALostTextIsPromisedAgain) {
  const TextRow text = accepted("CA1", "SM1");
  ASSERT_EQ(outcome_of(store(), "CA1"), Outcome::texted);
  const std::optional<TextRecord> promised = tell({.text = text,
                                                   .message_sid = "SM1",
                                                   .status = MessageStatus::undelivered,
                                                   .code = 30034,
                                                   .is_furthest = true,
                                                   .loss = a_loss(0, noon + second)});
  ASSERT_TRUE(promised);
  const auto waiting = store().reader()->promised_texts({}, 10);
  ASSERT_EQ(waiting.size(), 1U);
  for (const TextRecord& record : {*promised, waiting[0]}) {
    EXPECT_EQ(record.row, text);
    EXPECT_EQ(record.state, TextState::promised);
    EXPECT_EQ(record.closed_ways, ClosedWays(1));
    EXPECT_EQ(record.attempts, 1);
    EXPECT_EQ(record.due_at, noon + second);
    EXPECT_EQ(record.promised_at, noon);
  }
  EXPECT_EQ(on_record("CA1").message_sid, "");
  EXPECT_EQ(on_record("CA1").status, std::nullopt);
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);
  EXPECT_THAT(open_calls(), ElementsAre("CA1"));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.was_lost(text, "SM1"));
    EXPECT_FALSE(batch.was_lost(text, "SM2"));
    EXPECT_EQ(batch.look_for_overdue_calls(noon + minute + second, 10).calls_added, 0);
    EXPECT_TRUE(batch.mark_started(text, {2, 1}, ClosedWays(1), noon + 2 * second));
    EXPECT_TRUE(batch.record_accepted(text, "SM2", noon + 2 * second));
  });
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::texted);
  EXPECT_THAT(details(store(), "CA1", "outcome"),
              ElementsAre(HasSubstr("texted"), "pending: lost, code 30034", HasSubstr("texted")));
  EXPECT_THAT(details(store(), "CA1", "message"), testing::Contains(HasSubstr("lost as SM1: lost, code 30034")));
}

// Goal: a call that is pending again can become an incident, also one that had been in an incident before.
// Method: a call gathered late, answered, whose text is then lost, before and after its incident closed.
TEST_P(MessageContract, ACallPendingAgainCanBecomeAnIncident) {
  for (const bool is_closed : {false, true}) {
    const std::string call = is_closed ? "CA2" : "CA1";
    const TextRow text = promise(call, is_closed ? other_caller : caller, client);
    in_batch(store(), [&](StoreBatch& batch) {
      EXPECT_EQ(batch.look_for_overdue_calls(noon + minute + second, 10).calls_added, 1);
      batch.mark_started(text, {1, 0}, {}, noon);
      batch.record_accepted(text, "SM" + call, noon);
      const std::size_t closed =
          is_closed ? batch.look_for_overdue_calls(noon + minute + second, 10).closed.size() : 1;
      EXPECT_EQ(closed, 1U);
      batch.record_lost(text, a_loss(0, noon + 2 * minute), noon + 2 * minute);
      EXPECT_EQ(batch.look_for_overdue_calls(noon + 3 * minute, 10).calls_added, 0);
      EXPECT_EQ(batch.look_for_overdue_calls(noon + 3 * minute + second, 10).calls_added, 1);
    });
    const auto open = store().reader()->incidents(true, 10);
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].calls_pending, 1);
    EXPECT_THAT(open_calls(), ElementsAre(call));
    in_batch(store(), [&](StoreBatch& batch) {
      batch.mark_started(text, {2, 1}, ClosedWays(1), noon);
      batch.record_accepted(text, "SX" + call, noon);
      EXPECT_EQ(batch.look_for_overdue_calls(noon + 4 * minute, 10).closed.size(), 1U);
    });
  }
}

// Goal: a way that the store has closed is not taken by somebody who does not know of it.
// Method: a text whose first way is closed, started without and with that knowledge.
TEST_P(MessageContract, AClosedWayIsNotTakenUnknowingly) {
  const TextRow text = accepted("CA1", "SM1");
  in_batch(store(), [&](StoreBatch& batch) {
    ASSERT_TRUE(batch.record_lost(text, a_loss(0, noon), noon));
    EXPECT_FALSE(batch.mark_started(text, {2, 0}, {}, noon));
    EXPECT_TRUE(batch.mark_started(text, {2, 1}, ClosedWays(1), noon));
  });
}

// Goal: a text that a status has told to be an earlier request's message has that request's way, however it is
// accepted.
// Method: two requests by two ways; the first one's message told of; the second one answered with it.
TEST_P(MessageContract, AnAcceptedTextHasTheWayOfItsMessage) {
  const TextRow text = promise("CA1", caller, client);
  request_by_two_ways(text);
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::sent, .attempt = {1, 0}});
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_TRUE(batch.record_accepted(text, "SM1", noon)); });
  EXPECT_EQ(on_record("CA1").text.way, 0U);
}

// Goal: an unknown text that followed a loss has its time for being looked for, too.
// Method: a call whose text is lost after five minutes and whose next request is unknown; the incident not before
// 120 s after that request.
TEST_P(MessageContract, AnUnknownTextAfterALossHasItsTime) {
  const TextRow text = accepted("CA1", "SM1");
  const Instant lost_at = noon + 5 * minute;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_lost(text, a_loss(0, lost_at), lost_at);
    batch.mark_started(text, {2, 1}, ClosedWays(1), lost_at);
    batch.record_unknown(text, "timed out", lost_at + 15 * second);
  });
  constexpr LongestWaits longest{.deadline = 20 * minute, .alert = minute, .looked_for = 120 * second};
  EXPECT_EQ(gathered_at(lost_at + 30 * second, longest), 0);
  EXPECT_EQ(gathered_at(lost_at + 120 * second, longest), 0);
  EXPECT_EQ(gathered_at(lost_at + 121 * second, longest), 1);
}

// Goal: a call whose text waits for hours on purpose is no incident meanwhile; one that was dated by a clock set
// back since is brought forward all the same.
// Method: a text lost and due in 90 minutes, looked at every ten minutes; the same, with the clock set back an
// hour.
TEST_P(MessageContract, ATextThatWaitsOnPurposeIsNoIncident) {
  const LongestWaits longest{.deadline = 10 * minute, .alert = minute, .looked_for = 120 * second};
  const TextRow text = accepted("CA1", "SM1");
  in_batch(store(), [&](StoreBatch& batch) { batch.record_lost(text, a_loss(0, noon + 90 * minute), noon); });
  ASSERT_EQ(store().reader()->promised_texts({}, 10).at(0).wait, 90 * minute);
  for (Instant now = noon; now <= noon + 91 * minute; now += 10 * minute) EXPECT_EQ(gathered_at(now, longest), 0);
  EXPECT_EQ(gathered_at(noon + 91 * minute + second, longest), 1);

  const TextRow dated_ahead = accepted("CA2", "SM2", other_caller);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_lost(dated_ahead, a_loss(0, noon + 61 * minute), noon + 60 * minute);
  });
  EXPECT_EQ(gathered_at(noon, longest), 0);
  EXPECT_EQ(gathered_at(noon + 10 * minute, longest), 0);
  EXPECT_EQ(gathered_at(noon + 12 * minute, longest), 1);
}

// Goal: a text that is lost for good is refused: a person is alerted, and its call and those leaning on it are
// escalated once that was accepted; the lead is withdrawn.
// Method: a texted call and one leaning on its text; lost without a way left.
TEST_P(MessageContract, ATextLostForGoodIsRefused) {
  const TextRow text = accepted("CA1", "SM1");
  write(a_suppressed_call("CA2", caller, text));
  AlertRequest lead = an_alert(AlertKind::lead, "", "CA1");
  lead.delay = 5 * minute;
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(lead, noon); });
  TextLoss loss = a_loss(0, noon);
  loss.gives_up = an_alert(AlertKind::text_refused, "", "CA1");
  EXPECT_FALSE(tell({.text = text, .message_sid = "SM1", .status = MessageStatus::failed, .loss = loss}));
  EXPECT_EQ(on_record("CA1").text.state, TextState::refused);
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::suppressed);
  const auto alerts = due(noon + 60 * minute);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].request.kind, AlertKind::text_refused);
  accept_alert(alerts[0].id);
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::escalated);
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::escalated);
}

// Goal: only an accepted text can be lost, and only once.
// Method: every other state.
TEST_P(MessageContract, OnlyAnAcceptedTextCanBeLost) {
  const TextRow promised = promise("CA1", caller, client);
  const TextRow unknown = lose("CA2", other_caller, client);
  const TextRow lost = accepted("CA3", "SM3", phone(14155550125));
  in_batch(store(), [&](StoreBatch& batch) {
    ASSERT_TRUE(batch.record_lost(lost, a_loss(0, noon), noon));
    for (const TextRow text : {promised, unknown, lost}) {
      EXPECT_FALSE(batch.record_lost(text, a_loss(0, noon), noon));
      EXPECT_FALSE(batch.was_lost(text, ""));
    }
  });
  EXPECT_EQ(on_record("CA1").text.closed_ways, ClosedWays());
  EXPECT_EQ(on_record("CA2").text.state, TextState::unknown);
}

// Goal: a call with another outcome keeps it when its text is lost.
// Method: the call was answered by a person meanwhile.
TEST_P(MessageContract, ALossLeavesOtherOutcomesAlone) {
  const TextRow text = accepted("CA1", "SM1");
  in_batch(store(), [&](StoreBatch& batch) {
    Commit answered;
    answered.call = batch.find_call(sid("CA1"))->id;
    answered.outcome = OutcomeChange{Outcome::answered, std::nullopt};
    batch.write(answered, noon);
    batch.record_lost(text, a_loss(0, noon), noon);
  });
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::answered);
}

// Goal: a message that belongs to a text, be it lost or only told of, is no other text's and not this one's again.
// Method: asked for another text of the caller, and for the text itself.
TEST_P(MessageContract, WhatWasLostOrToldBelongsToItsText) {
  const TextRow text = accepted("CA1", "SM1");
  const TextRow other = promise("CA2", caller, client);
  tell({.text = text, .message_sid = "SM1", .status = MessageStatus::undelivered, .loss = a_loss(0, noon)});
  tell({.text = text, .message_sid = "SM2", .status = MessageStatus::sent});
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.belongs_to_another(other, "SM1"));
    EXPECT_TRUE(batch.belongs_to_another(other, "SM2"));
    EXPECT_TRUE(batch.belongs_to_another(text, "SM1")) << "lost";
    EXPECT_FALSE(batch.belongs_to_another(text, "SM2"));
  });
}

// Goal: a sender is blocked in its account alone, and until it is unblocked.
// Method: the same number in both accounts; blocked twice; unblocked, and again.
TEST_P(MessageContract, ASenderIsBlockedInItsAccount) {
  const Way first{Account::first, business_number};
  const Way other{Account::second, business_number};
  in_batch(store(), [&](StoreBatch& batch) {
    batch.block_sender({first, 30034, noon});
    batch.block_sender({first, 30032, noon + minute});
    EXPECT_TRUE(batch.is_sender_blocked(first));
    EXPECT_FALSE(batch.is_sender_blocked(other));
  });
  const auto blocked = store().reader()->blocked_senders();
  ASSERT_EQ(blocked.size(), 1U);
  EXPECT_EQ(blocked[0].way, first);
  EXPECT_EQ(blocked[0].code, 30034);
  EXPECT_EQ(blocked[0].since, noon);
  EXPECT_EQ(store().reader()->levels().senders_blocked, 1);
  EXPECT_TRUE(change(UnblockSender{business_number}));
  EXPECT_EQ(change(UnblockSender{business_number}).error().kind, ErrorKind::not_found);
  EXPECT_THAT(store().reader()->blocked_senders(), IsEmpty());
}

// Goal: what an Event teaches and blocks is written with it.
// Method: a status with a fact and a blocked sender.
TEST_P(MessageContract, WhatAStatusTeachesIsKept) {
  const TextRow text = accepted("CA1", "SM1");
  Commit commit;
  commit.message = MessageNews{.text = text, .message_sid = "SM1", .status_text = "undelivered"};
  commit.learned.push_back({FactScope{}, caller, PhoneFact::landline, true});
  commit.blocked_senders.push_back({{Account::first, business_number}, 30034, noon});
  in_batch(store(), [&](StoreBatch& batch) {
    batch.write(commit, noon);
    EXPECT_TRUE(batch.phone_facts(FactScope::of(client), caller).landline);
    EXPECT_TRUE(batch.is_sender_blocked({Account::first, business_number}));
  });
}

// Goal: the texts of a day are counted by the recipient's country too, undone with what promised them.
// Method: texts to two countries, one of them undone; no country; two letters that are not a country's.
TEST_P(MessageContract, TextsAreCountedByCountry) {
  const auto write_to = [&](StoreBatch& batch, const std::string& call_sid, const std::string& country) {
    Commit commit = an_ended_call(call_sid, caller, client, noon);
    commit.text->country = country;
    batch.write(commit, noon);
  };
  in_batch(store(), [&](StoreBatch& batch) {
    write_to(batch, "CA1", "US");
    write_to(batch, "CA2", "GB");
    batch.begin_item();
    write_to(batch, "CA3", "GB");
    batch.undo_item();
    write_to(batch, "CA4", "");
  });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) {
    const auto counted = [&](std::string_view country) {
      return batch.texts_on_day(client, country, utc_day(noon)).country;
    };
    EXPECT_EQ(counted("US"), 1);
    EXPECT_EQ(counted("GB"), 1);
    EXPECT_EQ(counted("PL"), 0);
    EXPECT_EQ(counted(""), 0);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).service, 3);
  });
}

}  // namespace
}  // namespace jobrun::store
