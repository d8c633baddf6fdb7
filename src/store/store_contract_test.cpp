// What every store must do. Written against the port; see store_contract.hpp for how a new store joins.
#include "store_contract.hpp"

#include <gmock/gmock.h>

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, testing::ValuesIn(stores),
                         [](const auto& tested) { return std::string(tested.param.name); });

CallQuery a_page(std::int64_t limit, std::optional<CallId> before = std::nullopt) {
  return {.open_only = false, .limit = limit, .before = before};
}
CallQuery open_calls(std::int64_t limit, std::optional<CallId> before = std::nullopt) {
  return {.open_only = true, .limit = limit, .before = before};
}
PoolNumber pool(E164 number, std::optional<ClientId> client = std::nullopt,
                NumberRole role = NumberRole::operational) {
  return {.number = number, .role = role, .client = client};
}

// --- batches ----------------------------------------------------------------------------------------

// Goal: a batch that was not committed leaves no trace.
// Method: write a whole call, drop the batch, look everywhere; the next batch sees nothing of it either.
TEST_P(StoreContract, ABatchThatIsNotCommittedLeavesNoTrace) {
  const ClientId client = add_client(store());
  {
    const auto batch = store().begin({});
    batch->write(an_ended_call("CA1", caller, client, noon), noon);
    EXPECT_EQ(batch->texts_on_day(client, "US", utc_day(noon)).client, 1);
  }
  EXPECT_THAT(calls_listed({}), IsEmpty());
  EXPECT_EQ(store().reader()->levels().texts_waiting(), 0);
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.find_call(sid("CA1")));
    EXPECT_FALSE(batch.last_first_text({caller, business_number}));
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 0);
  });
}

// Goal: later events of a batch see what earlier ones wrote.
// Method: one batch writes a call with a text and asks every fact about it before committing.
TEST_P(StoreContract, FactsSeeWhatTheSameBatchWrote) {
  const ClientId client = add_client(store());
  in_batch(store(), [&](StoreBatch& batch) {
    const CallerPair pair{caller, business_number};
    EXPECT_FALSE(batch.find_call(sid("CA1")));
    EXPECT_FALSE(batch.last_first_text(pair));
    EXPECT_EQ(batch.texts_since(pair, noon - minute), 0);
    const auto text = batch.write(an_ended_call("CA1", caller, client, noon), noon);
    const auto call = batch.find_call(sid("CA1"));
    ASSERT_TRUE(call && text);
    EXPECT_EQ(call->id, text->call);
    EXPECT_TRUE(batch.has_event(call->id, "status:no-answer"));
    EXPECT_FALSE(batch.has_event(call->id, "status:busy"));
    const auto last = batch.last_first_text(pair);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->row, text->row);
    EXPECT_EQ(last->promised_at, noon);
    EXPECT_EQ(last->state, TextState::promised);
    EXPECT_EQ(batch.texts_since(pair, noon), 1);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 1);
    EXPECT_EQ(batch.texts_on_day(std::nullopt, "", utc_day(noon)).service, 1);
  });
}

// Goal: an item that fails takes only its own writes along.
// Method: three items in a batch, the middle one undone, an item inside an item undone; then look.
TEST_P(StoreContract, AnUndoneItemTakesOnlyItsOwnWritesAlong) {
  const ClientId client = add_client(store());
  in_batch(store(), [&](StoreBatch& batch) {
    batch.begin_item();
    batch.write(an_ended_call("CA1", phone(14155550121), client, noon), noon);
    batch.keep_item();
    batch.begin_item();
    batch.write(an_ended_call("CA2", phone(14155550122), client, noon), noon);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 2);
    batch.undo_item();
    EXPECT_FALSE(batch.find_call(sid("CA2")));
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 1);
    batch.begin_item();
    batch.write(an_ended_call("CA3", phone(14155550123), client, noon), noon);
    batch.begin_item();
    batch.write(an_ended_call("CA4", phone(14155550124), client, noon), noon);
    batch.undo_item();
    batch.keep_item();
  });
  EXPECT_THAT(calls_listed({}), ElementsAre("CA3", "CA1"));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 2);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).service, 2);
  });
}

// Goal: everything survives a restart, counts of the day included.
// Method: write, reopen, look.
TEST_P(StoreContract, WhatWasCommittedIsThereAfterReopening) {
  const ClientId client = add_client(store());
  promise("CA1", caller, client);
  reopen();
  EXPECT_THAT(calls_listed({}), ElementsAre("CA1"));
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.find_call(sid("CA1")));
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 1);
  });
}

// --- calls ------------------------------------------------------------------------------------------

// Goal: a call comes back as it was written.
// Method: write every field, by a first event and a second one, and compare.
TEST_P(StoreContract, ACallComesBackAsItWasWritten) {
  const ClientId client = add_client(store());
  Commit first;
  first.new_call = a_call("CA1", caller, client);
  first.event_key = "voice";
  first.origin = Origin::voice;
  first.new_call->origin = Origin::voice;
  first.greeting = Greeting::will_text;
  write(first);
  in_batch(store(), [&](StoreBatch& batch) {
    const auto call = batch.find_call(sid("CA1"));
    ASSERT_TRUE(call);
    EXPECT_EQ(call->caller, Caller::parse(caller.text()));
    EXPECT_EQ(call->number, business_number);
    EXPECT_EQ(call->role, NumberRole::operational);
    EXPECT_EQ(call->role_source, RoleSource::pool);
    EXPECT_EQ(call->client, client);
    EXPECT_EQ(call->greeting, Greeting::will_text);
    EXPECT_EQ(call->first_event_at, noon);
    EXPECT_FALSE(call->final_status || call->ended_at || call->outcome);
    Commit end;
    end.call = call->id;
    end.event_key = "status:completed";
    end.ended = CallEnd{CallStatus::completed, AfterCallRow::answered};
    end.outcome = OutcomeChange{Outcome::answered, std::nullopt};
    batch.write(end, noon + second);
  });
  const auto timeline = store().reader()->call(sid("CA1"));
  ASSERT_TRUE(timeline);
  EXPECT_EQ(timeline->call.call.final_status, CallStatus::completed);
  EXPECT_EQ(timeline->call.call.ended_at, noon + second);
  EXPECT_EQ(timeline->call.call.outcome, Outcome::answered);
  EXPECT_EQ(timeline->call.reason, "answered");
  EXPECT_EQ(timeline->call.client_name, "Smith & Sons");
  EXPECT_THAT(details(store(), "CA1", "event"),
              ElementsAre("voice (from voice)", "status:completed (from status)"));
  EXPECT_THAT(details(store(), "CA1", "outcome"), ElementsAre("answered: answered"));
}

// Goal: a call whose number and caller are no phone numbers is kept as sent.
// Method: an anonymous caller to a word.
TEST_P(StoreContract, ACallWithoutNumbersIsKeptAsSent) {
  Commit commit;
  commit.new_call = a_call("CA1", caller);
  commit.new_call->caller = Caller::parse("anonymous");
  commit.new_call->number_text = "sip:desk";
  write(commit);
  const auto timeline = store().reader()->call(sid("CA1"));
  ASSERT_TRUE(timeline);
  EXPECT_EQ(timeline->call.call.caller.kind(), CallerKind::withheld);
  EXPECT_FALSE(timeline->call.call.number);
  EXPECT_EQ(timeline->call.number_text, "sip:desk");
}

// Goal: one CallSid is one call, and an event is kept once, whatever the decision said.
// Method: a second "new" call with the same CallSid, in another batch and without looking first.
TEST_P(StoreContract, OneCallSidIsOneCall) {
  write(a_pending_call("CA1", caller, std::nullopt));
  write(a_pending_call("CA1", caller, std::nullopt), noon + second);
  EXPECT_THAT(calls_listed({}), ElementsAre("CA1"));
  EXPECT_EQ(details(store(), "CA1", "event").size(), 1U);
}

// Goal: each event of a call is known again, its first as well as later ones, and no other call's.
// Method: a call with two events, in two batches; both asked about in a third, for it and for another call.
TEST_P(StoreContract, EveryEventOfACallIsKnownAgain) {
  Commit voice;
  voice.new_call = a_call("CA1", caller);
  voice.event_key = "voice";
  write(voice);
  write(a_pending_call("CA1", caller, std::nullopt));
  Commit other;
  other.new_call = a_call("CA2", caller);
  other.event_key = "status:ringing";
  write(other);
  in_batch(store(), [](StoreBatch& batch) {
    const CallId call = batch.find_call(sid("CA1"))->id;
    EXPECT_TRUE(batch.has_event(call, "voice"));
    EXPECT_TRUE(batch.has_event(call, "status:completed"));
    EXPECT_FALSE(batch.has_event(call, "status:ringing"));
    EXPECT_FALSE(batch.has_event(batch.find_call(sid("CA2"))->id, "status:completed"));
  });
}

// Goal: a duplicate, and an event about a leg that is not ours, write nothing.
// Method: full commits with each flag.
TEST_P(StoreContract, DuplicatesAndIgnoredEventsWriteNothing) {
  const ClientId client = add_client(store());
  Commit duplicate = an_ended_call("CA1", caller, client, noon);
  duplicate.is_duplicate = true;
  write(duplicate);
  Commit ignored = an_ended_call("CA2", caller, client, noon);
  ignored.is_ignored = true;
  write(ignored);
  write(Commit{});
  EXPECT_THAT(calls_listed({}), IsEmpty());
}

// Goal: calls are listed newest first, in pages.
// Method: five calls, pages of two.
TEST_P(StoreContract, CallsAreListedNewestFirstInPages) {
  for (const char* name : {"CA1", "CA2", "CA3", "CA4", "CA5"}) write(a_pending_call(name, caller, noon + minute));
  EXPECT_THAT(calls_listed(a_page(2)), ElementsAre("CA5", "CA4"));
  const auto page = store().reader()->calls(a_page(2));
  EXPECT_THAT(calls_listed(a_page(2, page.back().call.id)), ElementsAre("CA3", "CA2"));
  EXPECT_THAT(calls_listed(open_calls(2, page.back().call.id)), ElementsAre("CA3", "CA2"));
}

// --- what the sweep asks ----------------------------------------------------------------------------

/// A call that came in, and of whose end nothing is known.
Commit a_call_without_end(const std::string& call_sid, Instant deadline) {
  Commit commit;
  commit.new_call = a_call(call_sid, caller);
  commit.event_key = "voice";
  commit.deadline = deadline;
  return commit;
}

// Goal: how far the sweep came is durable, and nothing else moves it.
// Method: no mark, one, a later and an earlier one; an undone batch; reopening.
TEST_P(StoreContract, TheSweepsMarkIsKept) {
  EXPECT_EQ(store().reader()->sweep_mark(SweptList::calls), std::nullopt);
  for (const Instant mark : {noon, noon + minute, noon - minute}) {
    in_batch(store(), [&](StoreBatch& batch) { batch.set_sweep_mark(SweptList::calls, mark); });
    EXPECT_EQ(store().reader()->sweep_mark(SweptList::calls), mark);
  }
  in_batch(store(), [&](StoreBatch& batch) {
    batch.begin_item();
    batch.set_sweep_mark(SweptList::calls, noon + minute);
    batch.undo_item();
  });
  {
    store().begin({})->set_sweep_mark(SweptList::calls, noon + minute);
  }
  reopen();
  EXPECT_EQ(store().reader()->sweep_mark(SweptList::calls), noon - minute);
  EXPECT_EQ(store().reader()->installed_at(), noon);
}

// Goal: a call has ended once its end is durable.
// Method: a call nobody knows, one without an end, and that call ended.
TEST_P(StoreContract, ACallHasEndedOnceItsEndIsKnown) {
  const auto has_ended = [&] { return store().reader()->has_ended(sid("CA1")); };
  EXPECT_FALSE(has_ended());
  write(a_call_without_end("CA1", noon));
  EXPECT_FALSE(has_ended());
  write(an_ended_call("CA1", caller, add_client(store()), noon));
  EXPECT_TRUE(has_ended());
}

// Goal: calls that should have ended are listed until they have, or a person has dealt with them.
// Method: calls of different ages; one ends, one is gathered by an incident, which a person then closes.
TEST_P(StoreContract, CallsWithoutAnEndAreListedOldestFirst) {
  const auto listed = [&](Instant before, std::int64_t limit = 10) {
    std::vector<std::string> sids;
    for (const CallSid& call : store().reader()->calls_without_end(before, limit)) sids.push_back(call.text());
    return sids;
  };
  for (int i = 1; i <= 3; ++i)
    write(a_call_without_end("CA" + std::to_string(i), noon + i * minute), noon + i * minute);
  EXPECT_THAT(listed(noon + minute - Duration{1}), IsEmpty());
  EXPECT_THAT(listed(noon + minute), ElementsAre("CA1"));
  EXPECT_THAT(listed(noon + 9 * minute), ElementsAre("CA1", "CA2", "CA3"));
  EXPECT_THAT(listed(noon + 9 * minute, 2), ElementsAre("CA1", "CA2"));
  IncidentId incident;
  in_batch(store(),
           [&](StoreBatch& batch) { incident = *batch.look_for_overdue_calls(noon + minute + second, 1).opened; });
  EXPECT_THAT(listed(noon + 9 * minute), ElementsAre("CA1", "CA2", "CA3"));
  in_batch(store(), [&](StoreBatch& batch) {
    ASSERT_TRUE(batch.close_incident(incident, "called back by hand", noon + 9 * minute));
  });
  EXPECT_THAT(listed(noon + 9 * minute), ElementsAre("CA2", "CA3"));
  write(an_ended_call("CA2", caller, add_client(store()), noon + 9 * minute), noon + 9 * minute);
  EXPECT_THAT(listed(noon + 9 * minute), ElementsAre("CA3"));
}

// --- texts ------------------------------------------------------------------------------------------

// Goal: a promised text comes back whole, to whom carries it and to a restart.
// Method: compare what write() returns with what a reader reads after reopening.
TEST_P(StoreContract, APromisedTextComesBackWhole) {
  const ClientId client = add_client(store());
  const TextRow row = promise("CA1", caller, client);
  reopen();
  const auto texts = store().reader()->promised_texts(TextRow{0}, 10);
  ASSERT_EQ(texts.size(), 1U);
  const TextRecord& text = texts.front();
  const PromisedText expected = *an_ended_call("CA1", caller, client, noon).text;
  EXPECT_EQ(text.row, row);
  EXPECT_EQ(text.promise.id.text(), "CA1.customer_intake");
  EXPECT_EQ(text.promise.id, expected.id);
  EXPECT_EQ(text.promise.origin, expected.origin);
  EXPECT_EQ(text.promise.pair, expected.pair);
  EXPECT_EQ(text.promise.ways, expected.ways);
  EXPECT_EQ(text.promise.body, expected.body);
  EXPECT_EQ(text.promise.client, client);
  EXPECT_EQ(text.state, TextState::promised);
  EXPECT_EQ(text.way, 0U);
  EXPECT_EQ(text.attempts, 0);
  EXPECT_EQ(text.promised_at, noon);
  EXPECT_EQ(text.due_at, noon);
  EXPECT_THAT(store().reader()->promised_texts(row, 10), IsEmpty());
}

// Goal: the end of a call that was learned of late is kept with its text.
// Method: with it and without, after reopening.
TEST_P(StoreContract, ATextKnowsWhenItsCallEnded) {
  const ClientId client = add_client(store());
  promise("CA1", caller, client);
  Commit late = an_ended_call("CA2", other_caller, client, noon);
  late.text->caused_at = noon - 90 * minute;
  write(late);
  reopen();
  const auto texts = store().reader()->promised_texts(TextRow{0}, 10);
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].promise.caused_at, std::nullopt);
  EXPECT_EQ(texts[0].useful_from(), noon);
  EXPECT_EQ(texts[1].promise.caused_at, noon - 90 * minute);
  EXPECT_EQ(texts[1].useful_from(), noon - 90 * minute);
}

// Goal: the same promise made twice is one promise.
// Method: promise a call's intake text again, then its fail-safe text, which is another.
TEST_P(StoreContract, OneCallAndPurposeIsOneText) {
  const ClientId client = add_client(store());
  promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    Commit again;
    again.call = batch.find_call(sid("CA1"))->id;
    again.text = a_text("CA1", Purpose::customer_intake, caller);
    EXPECT_FALSE(batch.write(again, noon + second));
    EXPECT_EQ(batch.texts_since({caller, business_number}, noon), 1);
    again.text = a_text("CA1", Purpose::failsafe, caller);
    EXPECT_TRUE(batch.write(again, noon + second));
  });
  EXPECT_EQ(store().reader()->promised_texts(TextRow{0}, 10).size(), 2U);
}

// Goal: each transition of a text happens from its stated state only.
// Method: from each state, however reached, try each transition, and see which were taken.
TEST_P(StoreContract, TextsMoveOnlyFromTheStatedState) {
  const ClientId client = add_client(store());
  using Move = std::function<bool(StoreBatch&, TextRow)>;
  const AlertRequest alert = an_alert(AlertKind::text_refused);
  const Move start = [](StoreBatch& batch, TextRow text) {
    return batch.mark_started(text, {1, 0}, ClosedWays(1), noon);
  };
  const Move accept = [](StoreBatch& batch, TextRow text) { return batch.record_accepted(text, "SM1", noon); };
  const Move lose = [](StoreBatch& batch, TextRow text) { return batch.record_unknown(text, "reset", noon); };
  const Move put_back = [](StoreBatch& batch, TextRow text) {
    return batch.record_not_sent(text, "429", ClosedWays(1), noon + minute, noon);
  };
  const Move refuse = [&](StoreBatch& batch, TextRow text) {
    return batch.record_refused(text, 21211, "bad number", alert, noon);
  };
  const Move find = [](StoreBatch& batch, TextRow text) { return batch.record_found(text, "SM1", noon); };
  const Move find_other = [](StoreBatch& batch, TextRow text) { return batch.record_found(text, "SM2", noon); };
  const Move look = [](StoreBatch& batch, TextRow text) { return batch.record_look(text, 1, 1, noon); };
  const Move again = [](StoreBatch& batch, TextRow text) {
    return batch.promise_again(text, "not there", noon).has_value();
  };
  const std::vector<Move> moves = {start, accept, lose, put_back, refuse, find, find_other, look, again};
  struct Case {
    std::vector<Move> to_state;
    std::string allowed;  ///< x: of start, accept, lose, put back, refuse; find, find another, look, again
  };
  const std::vector<Case> cases = {
      {{}, "x...x ...."},       // promised
      {{start}, ".xxxx ...."},  // started
      {{start, accept}, "..... x..."},
      {{start, lose}, "..... xxxx"},
      {{refuse}, "..... ...."},
      {{start, put_back}, "x...x ...."},
      {{start, lose, find}, "..... x..."},
      {{start, lose, look}, "..... xxxx"},
      {{start, lose, again}, "x...x ...."},
  };
  int call = 0;
  for (const Case& tested : cases) {
    for (std::size_t move = 0; move < moves.size(); ++move) {
      const std::string name = "CA" + std::to_string(++call);
      const TextRow text = promise(name, phone(14155551000 + static_cast<unsigned>(call)), client);
      in_batch(store(), [&](StoreBatch& batch) {
        for (const Move& before : tested.to_state) ASSERT_TRUE(before(batch, text));
        const bool is_allowed = tested.allowed[move < 5 ? move : move + 1] == 'x';
        EXPECT_EQ(moves[move](batch, text), is_allowed) << name << " move " << move;
      });
    }
  }
}

// Goal: an accepted text answers its call, and the timeline tells the whole way.
// Method: promise, start, not sent by the first way, start, accept.
TEST_P(StoreContract, AnAcceptedTextAnswersItsCall) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {1, 0}, {}, noon + second);
    batch.record_not_sent(text, "21606: not a sender", ClosedWays(1), noon + 3 * second, noon + 2 * second);
  });
  const auto waiting = store().reader()->promised_texts(TextRow{0}, 10);
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].closed_ways, ClosedWays(1));
  EXPECT_EQ(waiting[0].attempts, 1);
  EXPECT_EQ(waiting[0].due_at, noon + 3 * second);
  EXPECT_THAT(details(store(), "CA1", "text"),
              ElementsAre(HasSubstr("promised to +14155550123"), HasSubstr("started from +14155550100, attempt 1"),
                          HasSubstr("not sent (21606: not a sender)")));
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {2, 1}, ClosedWays(1), noon + 3 * second);
    batch.record_accepted(text, "SM77", noon + 4 * second);
  });
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::texted);
  EXPECT_THAT(
      details(store(), "CA1", "text"),
      ElementsAre(HasSubstr("promised"), HasSubstr("started from +14155550111 by the second account, attempt 2"),
                  HasSubstr("accepted as SM77")));
  EXPECT_THAT(details(store(), "CA1", "outcome"), ElementsAre(HasSubstr("texted: the carrier accepted CA1.")));
  EXPECT_EQ(store().reader()->levels().texts_waiting(), 0);
  EXPECT_EQ(store().reader()->levels().calls_pending, 0);
}

// Goal: a text does not overrule an outcome that its call already has.
// Method: the call is answered while its text is on the way.
TEST_P(StoreContract, AnAcceptedTextDoesNotOverruleAnOutcome) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    Commit answered;
    answered.call = batch.find_call(sid("CA1"))->id;
    answered.outcome = OutcomeChange{Outcome::answered, std::nullopt};
    batch.write(answered, noon);
    batch.mark_started(text, {1, 0}, {}, noon);
    EXPECT_TRUE(batch.record_accepted(text, "SM1", noon));
  });
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::answered);
}

// Goal: what was in flight when the process died is unknown, and is not promised again.
// Method: one text promised, one started, reopen, settle.
TEST_P(StoreContract, StartedTextsBecomeUnknownAtStart) {
  const ClientId client = add_client(store());
  const TextRow promised = promise("CA1", caller, client);
  const TextRow started = promise("CA2", other_caller, client);
  in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(started, {1, 0}, {}, noon); });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) { EXPECT_EQ(batch.started_become_unknown(noon + minute), 1); });
  const auto texts = store().reader()->promised_texts(TextRow{0}, 10);
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_EQ(texts[0].row, promised);
  EXPECT_EQ(store().reader()->levels().texts_unknown, 1);
  EXPECT_THAT(details(store(), "CA2", "text").back(), HasSubstr("unknown whether it left"));
}

// --- unknown texts ------------------------------------------------------------------------------------------

// Goal: an unknown text is first looked for a while after it became unknown, and then when the last look said.
// Method: 1 ms before each of the two, and then; what the looks told comes back with it.
TEST_P(StoreContract, UnknownTextsAreLookedForWhenTheyAreDue) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) { batch.mark_started(text, {1, 0}, {}, noon + second); });
  EXPECT_THAT(to_look_for(noon + minute), IsEmpty());
  in_batch(store(), [&](StoreBatch& batch) { batch.record_unknown(text, "timed out", noon + 5 * second); });
  EXPECT_THAT(to_look_for(noon + 20 * second - Duration{1}), IsEmpty());
  EXPECT_THAT(to_look_for(noon + 20 * second), ElementsAre(text));

  in_batch(store(), [&](StoreBatch& batch) { batch.record_look(text, 4, 2, noon + minute); });
  EXPECT_THAT(to_look_for(noon + minute - Duration{1}), IsEmpty());
  const auto due = store().reader()->unknown_texts_due(noon + minute, 15 * second, 10);
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].looks, 4);
  EXPECT_EQ(due[0].absent, 2);
  EXPECT_EQ(due[0].started_at, noon + second);
  EXPECT_EQ(due[0].text.row, text);
  EXPECT_EQ(due[0].text.state, TextState::unknown);
  EXPECT_EQ(due[0].text.promised_at, noon);
  EXPECT_EQ(due[0].text.promise.id.cause, "CA1");
  EXPECT_EQ(due[0].text.promise.body, a_text("CA1", Purpose::customer_intake, caller).body);
}

// Goal: the oldest have their turn first, and no more are read than asked for.
// Method: three texts that become unknown in the reverse of their order; two are asked for.
TEST_P(StoreContract, UnknownTextsAreLookedForOldestFirst) {
  const ClientId client = add_client(store());
  std::vector<TextRow> texts;
  for (const char* call : {"CA1", "CA2", "CA3"}) texts.push_back(promise(call, caller, client));
  in_batch(store(), [&](StoreBatch& batch) {
    for (const std::size_t text : {2U, 1U, 0U}) {
      batch.mark_started(texts[text], {1, 0}, {}, noon);
      batch.record_unknown(texts[text], "timed out", noon);
    }
  });
  EXPECT_THAT(to_look_for(noon + minute, 2), ElementsAre(texts[0], texts[1]));
  EXPECT_THAT(to_look_for(noon + minute, 3), ElementsAre(texts[0], texts[1], texts[2]));
}

// Goal: a wall clock that was set back does not keep unknown texts waiting for the time it once showed.
// Method: a text that became unknown, and one that is to be looked for again, hours ahead of the clock; beside
// them a look as far ahead as looks may be.
TEST_P(StoreContract, DatesOfLooksThatTheClockCannotHaveWrittenCountAsDue) {
  const ClientId client = add_client(store());
  const TextRow first = lose("CA1", caller, client, noon + 120 * minute);
  const TextRow next = lose("CA2", caller, client);
  const TextRow waiting = lose("CA3", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_look(next, 1, 1, noon + 120 * minute);
    batch.record_look(waiting, 1, 1, noon + 5 * minute);
  });
  EXPECT_THAT(to_look_for(noon), ElementsAre(first, next));
}

// Goal: a text that the carrier lists answers its call, and is looked for no more.
// Method: a text unknown, then found, then found once more, as after a commit in doubt.
TEST_P(StoreContract, AFoundTextAnswersItsCall) {
  const ClientId client = add_client(store());
  const TextRow text = lose("CA1", caller, client);
  EXPECT_EQ(store().reader()->levels().texts_unknown, 1);
  for (int time = 0; time < 2; ++time) {
    in_batch(store(), [&](StoreBatch& batch) { EXPECT_TRUE(batch.record_found(text, "SM1", noon + minute)); });
    EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::texted);
    EXPECT_EQ(details(store(), "CA1", "outcome").size(), 1U);
    EXPECT_EQ(store().reader()->call(sid("CA1"))->texts.at(0).state, TextState::accepted);
    EXPECT_EQ(store().reader()->levels().texts_unknown, 0);
    EXPECT_THAT(to_look_for(noon + 60 * minute), IsEmpty());
  }
}

// Goal: a text that is promised again because the carrier has not got it waits for nothing, whenever it is read;
// be the clock ahead of time when it was promised again. Method: an unknown text, promised again an hour later by
// the clock.
TEST_P(StoreContract, ATextPromisedAgainDoesNotWait) {
  const TextRow text = lose("CA1", caller, add_client(store()));
  in_batch(store(), [&](StoreBatch& batch) {
    const auto again = batch.promise_again(text, "not there", noon + 60 * minute);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->wait, Duration{0});
  });
  EXPECT_EQ(store().reader()->promised_texts(TextRow{0}, 10).at(0).wait, Duration{0});
}

// Goal: a text that is promised again is a promise like any other, by the way it last went, due at once; and
// when it becomes unknown once more, looking for it begins anew.
// Method: a text that went the second way, was looked for, promised again, lost again.
TEST_P(StoreContract, ATextPromisedAgainIsAPromiseLikeAnyOther) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {1, 0}, {}, noon);
    batch.record_not_sent(text, "429", ClosedWays(1), noon, noon);
    batch.mark_started(text, {2, 1}, ClosedWays(1), noon);
    batch.record_unknown(text, "timed out", noon);
    batch.record_look(text, 2, 1, noon + minute);
  });
  std::optional<TextRecord> again;
  in_batch(store(), [&](StoreBatch& batch) { again = batch.promise_again(text, "not there", noon + minute); });
  const auto promised = store().reader()->promised_texts({}, 10);
  ASSERT_EQ(promised.size(), 1U);
  ASSERT_TRUE(again);
  for (const TextRecord& record : {*again, promised[0]}) {
    EXPECT_EQ(record.row, text);
    EXPECT_EQ(record.state, TextState::promised);
    EXPECT_EQ(record.way, 1U);
    EXPECT_EQ(record.closed_ways, ClosedWays(1));
    EXPECT_EQ(record.attempts, 2);
    EXPECT_EQ(record.promised_at, noon) << "or it would be useful for ever";
    EXPECT_EQ(record.due_at, noon + minute);
  }
  EXPECT_EQ(store().reader()->levels().texts_unknown, 0);
  EXPECT_THAT(to_look_for(noon + 60 * minute), IsEmpty());
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);

  for (const bool by_a_crash : {false, true}) {
    const Instant at = noon + 2 * minute;
    in_batch(store(), [&](StoreBatch& batch) {
      batch.promise_again(text, "not there", at);
      batch.mark_started(text, {1, 0}, ClosedWays(1), at);
      EXPECT_EQ(by_a_crash ? batch.started_become_unknown(at) : batch.record_unknown(text, "reset", at), 1);
    });
    const auto due = store().reader()->unknown_texts_due(at + 15 * second, 15 * second, 10);
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].looks, 0);
    EXPECT_EQ(due[0].absent, 0);
    in_batch(store(), [&](StoreBatch& batch) { batch.record_look(text, 3, 2, noon + 3 * minute); });
  }
}

// Goal: what a person has closed is not looked for, or it would be sent after the person's own call.
// Method: a text unknown before its incident is closed, one after; beside them one of another call.
TEST_P(StoreContract, TextsOfCallsThatAPersonClosedAreNotLookedFor) {
  const ClientId client = add_client(store());
  lose("CA1", caller, client);
  const TextRow later = promise("CA2", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(later, {1, 0}, {}, noon);
    const OverdueLook look = batch.look_for_overdue_calls(noon + 2 * minute, 10);
    EXPECT_TRUE(batch.close_incident(look.opened.value(), "called back by hand", noon + 2 * minute));
    batch.record_unknown(later, "timed out", noon + 3 * minute);
  });
  const TextRow other = lose("CA3", caller, client, noon + 3 * minute);
  EXPECT_THAT(to_look_for(noon + 60 * minute), ElementsAre(other));
}

/// The end of a call to another number, with the same words promised.
Commit a_call_to_another_number(const std::string& call_sid, ClientId client) {
  Commit commit = an_ended_call(call_sid, caller, client, noon);
  commit.text->pair.number = phone(14155550177);
  return commit;
}

// Goal: whether a message is another text of ours to the same caller is known whatever number that was from.
// Method: texts accepted from two numbers, and several from one; asked about each; another caller's is none.
TEST_P(StoreContract, AMessageBelongsToOneTextOfItsCaller) {
  const ClientId client = add_client(store());
  in_batch(store(), [&](StoreBatch& batch) {
    const auto accept = [&](const Commit& commit, const char* message_sid) {
      const TextRow text = batch.write(commit, noon)->row;
      batch.mark_started(text, {1, 0}, {}, noon);
      batch.record_accepted(text, message_sid, noon);
      return text;
    };
    const TextRow oldest = accept(an_ended_call("CA1", caller, client, noon), "SM1");
    accept(an_ended_call("CA2", caller, client, noon), "SM2");
    accept(a_call_to_another_number("CA3", client), "SM3");
    accept(an_ended_call("CA4", other_caller, client, noon), "SM4");
    const TextRow text = batch.write(an_ended_call("CA5", caller, client, noon), noon)->row;
    for (const char* message_sid : {"SM1", "SM2", "SM3"}) {
      EXPECT_TRUE(batch.belongs_to_another(text, message_sid)) << message_sid;
    }
    EXPECT_FALSE(batch.belongs_to_another(text, "SM4"));
    EXPECT_FALSE(batch.belongs_to_another(text, "SM5"));
    EXPECT_FALSE(batch.belongs_to_another(oldest, "SM1")) << "it is its own";
  });
}

// Goal: two texts in the same words to one caller are rivals while the fate of both is open.
// Method: the other text in each state; then of other words, of another caller, of another number.
TEST_P(StoreContract, TextsInTheSameWordsAreRivalsWhileTheirFateIsOpen) {
  const ClientId client = add_client(store());
  const TextRow text = lose("CA1", caller, client);
  const TextRow other = promise("CA2", caller, client);
  const auto has_rival_after = [&](const std::function<void(StoreBatch&)>& move) {
    bool has_rival = false;
    in_batch(store(), [&](StoreBatch& batch) {
      move(batch);
      has_rival = batch.has_rival(text);
    });
    return has_rival;
  };
  const auto start = [&](StoreBatch& batch) { batch.mark_started(other, {1, 0}, {}, noon); };
  EXPECT_FALSE(has_rival_after([](StoreBatch&) {})) << "promised";
  EXPECT_TRUE(has_rival_after(start));
  EXPECT_TRUE(has_rival_after([&](StoreBatch& batch) { batch.record_unknown(other, "reset", noon); }));
  EXPECT_FALSE(has_rival_after([&](StoreBatch& batch) { batch.promise_again(other, "not there", noon); }));
  EXPECT_TRUE(has_rival_after(start));
  EXPECT_FALSE(has_rival_after([&](StoreBatch& batch) { batch.record_accepted(other, "SM1", noon); }));

  EXPECT_FALSE(has_rival_after([&](StoreBatch& batch) {
    batch.mark_started(batch.write(an_ended_call("CA3", other_caller, client, noon), noon)->row, {1, 0}, {}, noon);
    Commit in_other_words = an_ended_call("CA4", caller, client, noon);
    in_other_words.text->body = "Smith & Sons: we are closed today.";
    batch.mark_started(batch.write(in_other_words, noon)->row, {1, 0}, {}, noon);
  }));
  EXPECT_TRUE(has_rival_after([&](StoreBatch& batch) {
    batch.mark_started(batch.write(a_call_to_another_number("CA5", client), noon)->row, {1, 0}, {},
                       noon + 120 * minute);
  })) << "started two hours later, by a clock that may have been set";
}

// Goal: a text that a person has dealt with is nobody's rival.
// Method: two unknown texts in the same words; the other one's incident is closed.
TEST_P(StoreContract, ATextSettledByAPersonIsNoRival) {
  const ClientId client = add_client(store());
  const TextRow text = lose("CA1", caller, client, noon + 10 * minute);
  lose("CA2", caller, client, noon + 9 * minute);
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.has_rival(text));
    const OverdueLook look = batch.look_for_overdue_calls(noon + 10 * minute + second, 10);
    EXPECT_EQ(look.calls_added, 1) << "CA2";
    EXPECT_TRUE(batch.close_incident(look.opened.value(), "called back by hand", noon + 11 * minute));
    EXPECT_FALSE(batch.has_rival(text));
  });
}

// Goal: a call whose text is being looked for is given the time for it, once: no incident before.
// Method: beside such a call one whose text is on its way, one with a later deadline, one that ended in what is
// the future since the clock was set back, and one that is gathered already. Dates are mended again and again.
TEST_P(StoreContract, DeadlinesOfCallsWhoseTextsAreLookedForArePutOff) {
  const ClientId client = add_client(store());
  constexpr LongestWaits longest{.deadline = 10 * minute, .alert = minute, .looked_for = 120 * second};
  lose("CA1", caller, client, noon - 10 * minute);
  EXPECT_EQ(gathered_at(noon, longest), 1);
  lose("CA2", caller, client);
  promise("CA3", caller, client);
  Commit patient = an_ended_call("CA4", caller, client, noon);
  patient.deadline = noon + 3 * minute;
  in_batch(store(), [&](StoreBatch& batch) {
    const TextRow text = batch.write(patient, noon)->row;
    batch.mark_started(text, {1, 0}, {}, noon);
    batch.record_unknown(text, "timed out", noon);
  });
  EXPECT_EQ(gathered_at(noon + minute, longest), 0);
  EXPECT_EQ(gathered_at(noon + 61 * second, longest), 1) << "CA3: its text is on its way, not looked for";
  EXPECT_EQ(gathered_at(noon + 120 * second, longest), 0);
  EXPECT_EQ(gathered_at(noon + 121 * second, longest), 1) << "CA2";
  EXPECT_EQ(gathered_at(noon + 3 * minute, longest), 0);
  EXPECT_EQ(gathered_at(noon + 3 * minute + second, longest), 1) << "CA4";
  EXPECT_EQ(gathered_at(noon + 10 * minute, longest), 0);

  lose("CA5", caller, client, noon + 60 * minute);
  EXPECT_EQ(gathered_at(noon + 10 * minute, longest), 0);
  EXPECT_EQ(gathered_at(noon + 20 * minute + second, longest), 1)
      << "CA5: a longest wait after the clock was set back";
}

// --- what is known of texts ----------------------------------------------------------------------------------

// Goal: the cool-down looks at first texts, the loop breaker at all, each at its own pair; the day counts both.
// Method: a first text, then replies to the same pair; another number and another caller stay apart.
TEST_P(StoreContract, FirstTextsAndAllTextsOfAPairAreToldApart) {
  const ClientId client = add_client(store());
  const TextRow first = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    const CallId call = batch.find_call(sid("CA1"))->id;
    Commit reply;
    reply.call = call;
    reply.text = a_text("CA1", Purpose::customer_reply, caller);
    batch.write(reply, noon + minute);
    Commit failsafe_elsewhere;
    failsafe_elsewhere.call = call;
    failsafe_elsewhere.text = a_text("CA1", Purpose::failsafe, caller);
    failsafe_elsewhere.text->pair.number = phone(14155550777);
    batch.write(failsafe_elsewhere, noon + 2 * minute);
  });
  in_batch(store(), [&](StoreBatch& batch) {
    const CallerPair pair{caller, business_number};
    ASSERT_TRUE(batch.last_first_text(pair));
    EXPECT_EQ(batch.last_first_text(pair)->row, first);
    EXPECT_EQ(batch.last_first_text(pair)->promised_at, noon);
    EXPECT_EQ(batch.texts_since(pair, noon), 2);
    EXPECT_EQ(batch.texts_since(pair, noon + second), 1);
    EXPECT_EQ(batch.texts_since(pair, noon + 2 * minute), 0);
    EXPECT_EQ(batch.texts_since({caller, phone(14155550777)}, noon), 1);
    EXPECT_FALSE(batch.last_first_text({other_caller, business_number}));
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).client, 1);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon)).service, 3);
    EXPECT_EQ(batch.texts_on_day(client, "US", utc_day(noon) + 1).service, 0);
  });
}

// --- refusals, and calls that lean on a text -------------------------------------------------------------

// Goal: when a text is refused, its call and every call leaning on it end escalated once a person knows.
// Method: calls lean before the refusal, between refusal and acceptance, and after acceptance.
TEST_P(StoreContract, CallsLeaningOnARefusedTextShareItsFate) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  write(a_suppressed_call("CA2", caller, text));
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {1, 0}, {}, noon);
    EXPECT_TRUE(batch.record_refused(text, 21614, "not a mobile", an_alert(AlertKind::text_refused), noon));
    EXPECT_EQ(batch.last_first_text({caller, business_number})->state, TextState::refused);
  });
  write(a_suppressed_call("CA3", caller, text));
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::suppressed);
  EXPECT_EQ(outcome_of(store(), "CA3"), Outcome::suppressed);
  const auto alerts = due(noon);
  ASSERT_EQ(alerts.size(), 1U);
  accept_alert(alerts[0].id, noon + second);
  write(a_suppressed_call("CA4", caller, text), noon + minute);
  for (const char* call : {"CA1", "CA2", "CA3", "CA4"})
    EXPECT_EQ(outcome_of(store(), call), Outcome::escalated) << call;
  EXPECT_THAT(details(store(), "CA2", "outcome"),
              ElementsAre("suppressed: cool_down", HasSubstr("escalated: alert ")));
  EXPECT_THAT(details(store(), "CA1", "text").back(), HasSubstr("refused with 21614: not a mobile"));
  EXPECT_EQ(details(store(), "CA1", "alert").size(), 2U);
  EXPECT_EQ(details(store(), "CA2", "alert").size(), 2U);
}

// Goal: calls that lean on a text that was accepted stay suppressed.
// Method: accept the text's alert of another kind; nothing may change.
TEST_P(StoreContract, CallsLeaningOnAnAcceptedTextStaySuppressed) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {1, 0}, {}, noon);
    batch.record_accepted(text, "SM1", noon);
    batch.raise(an_alert(AlertKind::lead, "", "CA1"), noon);
  });
  write(a_suppressed_call("CA2", caller, text));
  accept_alert(due(noon).at(0).id);
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::texted);
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::suppressed);
}

// Goal: nobody waits for a reply to a text that was refused; what else waits about the call is still told.
// Method: two calls with a lead each, one of whose texts is refused; a lead already due may be on its way.
TEST_P(StoreContract, ARefusalWithdrawsTheLeadOfItsCallAlone) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  promise("CA2", other_caller, client);
  AlertRequest lead = an_alert(AlertKind::lead, "", "CA1");
  lead.delay = 5 * minute;
  AlertRequest lead_of_other = lead;
  lead_of_other.call_sid = "CA2";
  in_batch(store(), [&](StoreBatch& batch) {
    batch.raise(lead, noon - 5 * minute);
    batch.raise(lead, noon);
    batch.raise(lead_of_other, noon);
    batch.raise(an_alert(AlertKind::operational_no_client, "", "CA1"), noon);
    batch.mark_started(text, {1, 0}, {}, noon);
    EXPECT_TRUE(
        batch.record_refused(text, 21614, "not a mobile", an_alert(AlertKind::text_refused, "", "CA1"), noon));
  });
  std::vector<std::string> told;
  for (const AlertRecord& alert : due(noon + 5 * minute)) {
    told.push_back(std::string(name_of(alert.request.kind)) + " " + alert.request.call_sid);
  }
  EXPECT_THAT(told, testing::UnorderedElementsAre("lead CA1", "operational_no_client CA1", "text_refused CA1",
                                                  "lead CA2"));
}

// Goal: a lead that is under way when it is withdrawn is recorded all the same once somebody was told; it is due
// no more.
// Method: a lead that a clock ahead of time made due; withdrawn once the clock is back; then accepted.
TEST_P(StoreContract, ALeadUnderWayWhenWithdrawnIsRecorded) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  AlertRequest lead = an_alert(AlertKind::lead, "", "CA1");
  lead.delay = 5 * minute;
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(lead, noon); });
  const AlertId under_way = due(noon + 60 * minute).at(0).id;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(text, {1, 0}, {}, noon);
    batch.record_refused(text, 21614, "not a mobile", an_alert(AlertKind::text_refused, "", "CA1"), noon);
  });
  EXPECT_EQ(due(noon + 60 * minute).size(), 1U) << "of the refusal";
  EXPECT_EQ(store().reader()->levels().alerts_waiting, 1);
  accept_alert(under_way, noon);
  EXPECT_THAT(details(store(), "CA1", "alert"), testing::Contains(HasSubstr("lead to the owner (alert ")));
  EXPECT_THAT(details(store(), "CA1", "alert"),
              testing::Contains(testing::AllOf(HasSubstr("lead to the"), HasSubstr("accepted by webhook"))));
}

// Goal: a refusal that joins a waiting alert still escalates everything leaning on its text.
// Method: two refused texts in one group, one alert.
TEST_P(StoreContract, RefusalsGatheredInOneAlertAllEscalate) {
  const ClientId client = add_client(store());
  const TextRow first = promise("CA1", caller, client);
  const TextRow second_text = promise("CA2", other_caller, client);
  write(a_suppressed_call("CA3", other_caller, second_text));
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_refused(first, 21610, "opted out", an_alert(AlertKind::text_refused, "all"), noon);
    batch.record_refused(second_text, 21610, "opted out", an_alert(AlertKind::text_refused, "all"), noon);
  });
  const auto alerts = due(noon);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].count, 2);
  accept_alert(alerts[0].id);
  for (const char* call : {"CA1", "CA2", "CA3"}) EXPECT_EQ(outcome_of(store(), call), Outcome::escalated) << call;
}

// --- alerts -----------------------------------------------------------------------------------------------

// Goal: an alert comes back whole, when it is due, and its call becomes escalated when it is accepted.
// Method: an escalating alert with a delay, raised in the commit of its call.
TEST_P(StoreContract, AnEscalatingAlertEscalatesItsCallOnAcceptance) {
  const ClientId client = add_client(store());
  Commit commit = a_pending_call("CA1", caller, noon + minute);
  AlertRequest alert = an_alert(AlertKind::cannot_text_caller, "", "CA1");
  alert.escalates = true;
  alert.delay = minute;
  alert.client = client;
  alert.severity = Severity::warning;
  alert.audience = Audience::operator_;
  commit.alerts.push_back(alert);
  write(commit);
  EXPECT_THAT(due(noon + minute - Duration{1}), IsEmpty());
  EXPECT_EQ(store().reader()->next_alert_due(), noon + minute);
  const auto alerts = due(noon + minute);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].request.kind, alert.kind);
  EXPECT_EQ(alerts[0].request.audience, alert.audience);
  EXPECT_EQ(alerts[0].request.severity, alert.severity);
  EXPECT_EQ(alerts[0].request.client, client);
  EXPECT_EQ(alerts[0].request.call_sid, "CA1");
  EXPECT_EQ(alerts[0].request.caller, alert.caller);
  EXPECT_EQ(alerts[0].request.number, alert.number);
  EXPECT_EQ(alerts[0].request.summary, alert.summary);
  EXPECT_TRUE(alerts[0].request.escalates);
  EXPECT_EQ(alerts[0].created_at, noon);
  EXPECT_EQ(store().reader()->levels().alerts_waiting, 1);
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt) << "nobody knows yet";
  accept_alert(alerts[0].id, noon + 2 * minute);
  EXPECT_EQ(outcome_of(store(), "CA1"), Outcome::escalated);
  EXPECT_EQ(store().reader()->levels().alerts_waiting, 0);
  EXPECT_FALSE(store().reader()->next_alert_due());
  accept_alert(alerts[0].id, noon + 3 * minute);
  EXPECT_EQ(details(store(), "CA1", "outcome").size(), 1U);
}

// Goal: an alert that does not escalate leaves its call alone; one about no call of ours keeps its CallSid.
// Method: accept both and look.
TEST_P(StoreContract, AnAlertThatDoesNotEscalateLeavesItsCallAlone) {
  write(a_pending_call("CA1", caller, std::nullopt));
  in_batch(store(), [&](StoreBatch& batch) {
    batch.raise(an_alert(AlertKind::lead, "", "CA1"), noon);
    AlertRequest foreign = an_alert(AlertKind::lead, "", "CA-unheard-of");
    foreign.escalates = true;
    batch.raise(foreign, noon);
  });
  const auto alerts = due(noon);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[1].request.call_sid, "CA-unheard-of");
  for (const AlertRecord& alert : alerts) accept_alert(alert.id);
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);
}

// Goal: while an alert of a group waits, the next only raises its count, and no gathered call is forgotten.
// Method: four raises of one group, one of which does not escalate, and one of another client's.
TEST_P(StoreContract, AWaitingAlertGathersItsGroup) {
  const ClientId client = add_client(store());
  for (const char* call : {"CA1", "CA2", "CA3", "CA4", "CA5"}) write(a_pending_call(call, caller, std::nullopt));
  in_batch(store(), [&](StoreBatch& batch) {
    for (const char* call : {"CA1", "CA2", "CA3"}) {
      AlertRequest alert = an_alert(AlertKind::texts_stopped, "paused", call);
      alert.escalates = std::string(call) != "CA1";
      alert.summary = std::string("about ") + call;
      batch.raise(alert, noon);
    }
    AlertRequest of_client = an_alert(AlertKind::texts_stopped, "paused", "CA4");
    of_client.escalates = true;
    of_client.client = client;
    batch.raise(of_client, noon);
  });
  const auto alerts = due(noon);
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].count, 3);
  EXPECT_EQ(alerts[0].request.summary, "about CA3");
  EXPECT_TRUE(alerts[0].request.escalates);
  EXPECT_EQ(alerts[1].count, 1);
  accept_alert(alerts[0].id);
  EXPECT_EQ(outcome_of(store(), "CA1"), std::nullopt);
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::escalated);
  EXPECT_EQ(outcome_of(store(), "CA3"), Outcome::escalated);
  EXPECT_EQ(outcome_of(store(), "CA4"), std::nullopt);
  EXPECT_EQ(details(store(), "CA3", "alert").size(), 2U);
}

// Goal: after an alert of a group left, the next one waits as long as the group asks.
// Method: raise, accept, raise: a new alert, due at_most_every after the acceptance.
TEST_P(StoreContract, AfterAnAlertLeftTheNextOfItsGroupWaits) {
  AlertRequest alert = an_alert(AlertKind::repeated_call, "+14155550123");
  alert.at_most_every = 10 * minute;
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(alert, noon); });
  const AlertId first = due(noon).at(0).id;
  accept_alert(first, noon + minute);
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(alert, noon + 2 * minute); });
  EXPECT_THAT(due(noon + 11 * minute - Duration{1}), IsEmpty());
  const auto alerts = due(noon + 11 * minute);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_NE(alerts[0].id, first);
  EXPECT_EQ(alerts[0].count, 1);
}

// Goal: a batch says whether it raised an alert that is due, so that nobody has to look for it.
// Method: an alert at once, a delayed one, one within its group's wait, a refused text's, and no alert.
TEST_P(StoreContract, ABatchSaysWhetherItRaisedDueAlerts) {
  const ClientId client = add_client(store());
  const TextRow text = promise("CA1", caller, client);
  const auto says = [&](const std::function<void(StoreBatch&)>& write) {
    bool said = false;
    in_batch(store(), [&](StoreBatch& batch) {
      write(batch);
      said = batch.has_raised_due_alerts();
    });
    return said;
  };
  AlertRequest delayed = an_alert(AlertKind::lead);
  delayed.delay = minute;
  AlertRequest grouped = an_alert(AlertKind::repeated_call, "pair");
  grouped.at_most_every = 10 * minute;
  EXPECT_FALSE(says([&](StoreBatch& batch) { batch.mark_started(text, {1, 0}, {}, noon); }));
  EXPECT_FALSE(says([&](StoreBatch& batch) { batch.raise(delayed, noon); }));
  EXPECT_TRUE(says([&](StoreBatch& batch) { batch.raise(grouped, noon); }));
  for (const AlertRecord& alert : due(noon)) accept_alert(alert.id);
  EXPECT_FALSE(says([&](StoreBatch& batch) { batch.raise(grouped, noon + minute); }));
  EXPECT_TRUE(says([&](StoreBatch& batch) {
    batch.record_refused(text, 21614, "not a mobile", an_alert(AlertKind::text_refused), noon);
  }));
  Commit commit = a_pending_call("CA2", other_caller, noon + minute);
  commit.alerts = {an_alert(AlertKind::cannot_text_caller, {}, "CA2")};
  EXPECT_TRUE(says([&](StoreBatch& batch) { batch.write(commit, noon); }));
}

// Goal: alerts without a group are never gathered.
// Method: the same twice.
TEST_P(StoreContract, AlertsWithoutAGroupAreNeverGathered) {
  in_batch(store(), [&](StoreBatch& batch) {
    batch.raise(an_alert(AlertKind::lead), noon);
    batch.raise(an_alert(AlertKind::lead), noon);
  });
  EXPECT_EQ(due(noon).size(), 2U);
}

// Goal: a failed attempt is counted and the alert waits until it is due again.
// Method: fail once, look before and after.
TEST_P(StoreContract, AFailedAlertWaitsForItsNextAttempt) {
  write(a_pending_call("CA1", caller, std::nullopt));
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(an_alert(AlertKind::lead, "", "CA1"), noon); });
  const AlertId alert = due(noon).at(0).id;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_alert_failed(alert, AlertWay::webhook, "timed out", noon + minute);
  });
  EXPECT_THAT(due(noon + minute - Duration{1}), IsEmpty());
  ASSERT_EQ(due(noon + minute).size(), 1U);
  EXPECT_EQ(due(noon + minute)[0].attempts, 1);
  EXPECT_THAT(details(store(), "CA1", "alert").back(), HasSubstr("timed out"));
}

// Goal: each way has its own retries: what one could not tell waits by it alone, and is the others' to tell at
// once. Method: the mail fails before and after the webhook has accepted; what is due by each, over a restart.
TEST_P(StoreContract, EachWayOfAnAlertHasItsOwnRetries) {
  write(a_pending_call("CA1", caller, std::nullopt));
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(an_alert(AlertKind::lead, "", "CA1"), noon); });
  const AlertId alert = due(noon).at(0).id;
  const auto fail_mail = [&](Instant due_at) {
    in_batch(store(),
             [&](StoreBatch& batch) { batch.record_alert_failed(alert, AlertWay::email, "no route", due_at); });
  };
  fail_mail(noon + minute);
  EXPECT_EQ(due(noon, AlertWay::webhook).size(), 1U);
  EXPECT_THAT(due(noon, AlertWay::email), IsEmpty());
  EXPECT_FALSE(due(noon + minute, AlertWay::email).at(0).is_accepted);
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(
        batch.record_alert_accepted(alert, AlertWay::webhook, std::array{AlertWay::email, AlertWay::text}, noon));
  });
  reopen();
  EXPECT_THAT(due(noon + minute, AlertWay::webhook), IsEmpty());
  EXPECT_EQ(due(noon, AlertWay::text).size(), 1U);
  EXPECT_THAT(due(noon, AlertWay::email), IsEmpty());
  fail_mail(noon + 3 * minute);
  ASSERT_EQ(due(noon + 3 * minute, AlertWay::email).size(), 1U);
  EXPECT_EQ(due(noon + 3 * minute, AlertWay::email)[0].attempts, 2);
  EXPECT_TRUE(due(noon + 3 * minute, AlertWay::email)[0].is_accepted);
  EXPECT_EQ(store().reader()->levels().alerts_waiting, 0);
}

// Goal: a way that has told an alert tells it no more, and only the first to do so makes it accepted.
// Method: three ways accept, in two orders, one of them twice.
TEST_P(StoreContract, EveryWayTellsAnAlertOnce) {
  for (const bool mail_first : {true, false}) {
    write(a_pending_call(mail_first ? "CA1" : "CA2", caller, std::nullopt));
    in_batch(store(), [&](StoreBatch& batch) {
      batch.raise(an_alert(AlertKind::lead, "", mail_first ? "CA1" : "CA2"), noon);
    });
    const AlertId alert = due(noon).at(0).id;
    std::vector<AlertWay> order = {AlertWay::webhook, AlertWay::email, AlertWay::text, AlertWay::text};
    if (mail_first) std::swap(order[0], order[1]);
    for (std::size_t i = 0; i < order.size(); ++i) {
      std::vector<AlertWay> others = {AlertWay::webhook, AlertWay::email, AlertWay::text};
      std::erase(others, order[i]);
      in_batch(store(), [&](StoreBatch& batch) {
        EXPECT_EQ(batch.record_alert_accepted(alert, order[i], others, noon), i == 0);
      });
      EXPECT_THAT(due(noon, order[i]), IsEmpty());
    }
    for (const auto& [way, name] : NamesOf<AlertWay>::rows) EXPECT_THAT(due(noon, way), IsEmpty()) << name;
  }
}

// Goal: an alert that a way will never tell is another's; nor does that way when another has told it.
// Method: the text gives up before the webhook accepts; the mail gives up afterwards.
TEST_P(StoreContract, AWayMayGiveAnAlertUp) {
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(an_alert(AlertKind::lead), noon); });
  const AlertId alert = due(noon).at(0).id;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_alert_failed(alert, AlertWay::text, "nobody can be texted", std::nullopt);
  });
  EXPECT_THAT(due(noon + 120 * minute, AlertWay::text), IsEmpty());
  EXPECT_EQ(due(noon, AlertWay::webhook).size(), 1U);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_alert_accepted(alert, AlertWay::webhook, std::array{AlertWay::email, AlertWay::text}, noon);
  });
  EXPECT_THAT(due(noon + 120 * minute, AlertWay::text), IsEmpty());
  EXPECT_EQ(due(noon, AlertWay::email).size(), 1U);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_alert_failed(alert, AlertWay::email, "a day ago", std::nullopt);
  });
  EXPECT_THAT(due(noon + 120 * minute, AlertWay::email), IsEmpty());
}

// Goal: an alert that is kept back by one way waits by it alone, and no attempt is counted; a clock that was set
// back keeps it no longer than the longest wait. Method: postpone by an hour; then by a day, and mend dates.
TEST_P(StoreContract, AnAlertMayBeKeptBackByOneWay) {
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(an_alert(AlertKind::lead), noon); });
  const AlertId alert = due(noon).at(0).id;
  const auto postpone = [&](Instant due_at) {
    in_batch(store(), [&](StoreBatch& batch) { batch.postpone_alert(alert, AlertWay::text, due_at); });
  };
  postpone(noon + 60 * minute);
  EXPECT_THAT(due(noon + 59 * minute, AlertWay::text), IsEmpty());
  EXPECT_EQ(due(noon, AlertWay::webhook).size(), 1U);
  EXPECT_EQ(due(noon + 60 * minute, AlertWay::text).at(0).attempts, 0);
  postpone(noon + 24 * 60 * minute);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mend_dates({.deadline = minute, .alert = minute, .telling = 60 * minute, .retry = 5 * minute}, noon);
  });
  EXPECT_EQ(due(noon + 60 * minute, AlertWay::text).size(), 1U);
}

// Goal: what a way failed to tell while the clock was ahead waits no longer than between two tries, once it is
// right again. Method: a failure dated two hours ahead; mend dates.
TEST_P(StoreContract, AFailedAlertIsTriedAgainWhenTheClockIsSetBack) {
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(an_alert(AlertKind::lead), noon); });
  const AlertId alert = due(noon).at(0).id;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_alert_failed(alert, AlertWay::webhook, "closed", noon + 120 * minute);
    batch.mend_dates({.deadline = minute, .alert = minute, .telling = 60 * minute, .retry = 5 * minute}, noon);
  });
  EXPECT_THAT(due(noon + 4 * minute), IsEmpty());
  EXPECT_EQ(due(noon + 5 * minute).size(), 1U);
}

// Goal: what one way keeps back is due at once when a call comes to hang on it; else it stays kept back.
// Method: a grouped alert that is put off; raised again, and raised again for a call that only it can end.
TEST_P(StoreContract, AnAlertThatIsKeptBackIsDueOnceACallHangsOnIt) {
  write(a_pending_call("CA1", caller, noon + minute));
  AlertRequest alert = an_alert(AlertKind::texts_stopped, "client");
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(alert, noon); });
  const AlertId waiting = due(noon).at(0).id;
  in_batch(store(), [&](StoreBatch& batch) { batch.postpone_alert(waiting, AlertWay::text, noon + 60 * minute); });
  in_batch(store(), [&](StoreBatch& batch) { batch.raise(alert, noon + second); });
  EXPECT_THAT(due(noon + second, AlertWay::text), IsEmpty());
  alert.call_sid = "CA1";
  alert.escalates = true;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.raise(alert, noon + 2 * second);
    EXPECT_TRUE(batch.has_raised_due_alerts());
  });
  ASSERT_EQ(due(noon + 2 * second, AlertWay::text).size(), 1U);
  EXPECT_TRUE(due(noon + 2 * second, AlertWay::text).at(0).request.escalates);
  EXPECT_EQ(due(noon + 2 * second, AlertWay::text).at(0).count, 3);
}

// Goal: what a recipient was told by a way is remembered over a restart, by way and recipient.
// Method: tellings to two by two ways; what the last hour holds.
TEST_P(StoreContract, TellingsAreRemembered) {
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_telling(AlertWay::text, "+14155559000", noon);
    batch.record_telling(AlertWay::text, "+14155559000", noon + minute);
    batch.record_telling(AlertWay::text, "+14155559001", noon);
    batch.record_telling(AlertWay::email, "+14155559000", noon);
  });
  reopen();
  const auto told = [&](Instant since, Instant now) {
    return store().reader()->alert_tellings(AlertWay::text, "+14155559000", since, now);
  };
  EXPECT_EQ(told(noon - minute, noon + minute), (std::vector<Instant>{noon + minute, noon}));
  EXPECT_EQ(told(noon, noon + minute), std::vector<Instant>{noon + minute});
  EXPECT_EQ(told(noon - minute, noon), std::vector<Instant>{noon});
  in_batch(store(), [&](StoreBatch& batch) {
    batch.record_telling(AlertWay::text, "+14155559000", noon + 24 * 60 * minute);
  });
  EXPECT_THAT(told(noon - minute, noon + minute), IsEmpty()) << "what is long ago is not kept";
}

// Goal: an alert that gathered very many calls escalates all of them, in pieces that do not hold up the writer.
// Method: gather 2,000 calls; accept; empty batches and looks follow until nothing changes any more.
TEST_P(StoreContract, AnAlertOfVeryManyCallsEscalatesAllOfThem) {
  constexpr int calls = 2'000;
  in_batch(store(), [&](StoreBatch& batch) {
    for (int call = 0; call < calls; ++call) {
      Commit commit = a_pending_call("CA" + std::to_string(call), caller, noon + minute);
      AlertRequest alert = an_alert(AlertKind::texts_stopped, "all", commit.new_call->call_sid.text());
      alert.escalates = true;
      commit.alerts.push_back(alert);
      batch.write(commit, noon);
    }
  });
  accept_alert(due(noon).at(0).id);
  const std::int64_t left = store().reader()->levels().calls_pending;
  EXPECT_GT(left, 0) << "all were escalated at once: too long a wait for the writer";
  in_batch(store(), [](StoreBatch&) {});
  EXPECT_LT(store().reader()->levels().calls_pending, left);
  for (int look = 0; look < 4; ++look) {
    in_batch(store(), [](StoreBatch& batch) { batch.look_for_overdue_calls(noon, 1'000); });
  }
  EXPECT_EQ(store().reader()->levels().calls_pending, 0);
}

// --- incidents --------------------------------------------------------------------------------------------

// Goal: a wall clock that was set back does not keep incidents and alerts waiting for the time it once showed.
// Method: a deadline and an alert dated two hours ahead, beside ones that are not; dates are mended, then looked
// at.
TEST_P(StoreContract, DatesBeyondTheLongestWaitAreBroughtForward) {
  const Instant ahead = noon + 120 * minute;
  write(a_pending_call("CA1", caller, ahead + minute));
  write(a_pending_call("CA2", caller, noon + minute));
  AlertRequest late = an_alert(AlertKind::lead);
  late.delay = minute;
  in_batch(store(), [&](StoreBatch& batch) {
    batch.raise(late, ahead);
    batch.raise(late, noon);
  });
  const LongestWaits longest{.deadline = 3 * minute, .alert = 10 * minute};
  in_batch(store(), [&](StoreBatch& batch) { batch.mend_dates(longest, noon); });
  EXPECT_EQ(due(noon + minute).size(), 1U) << "what is within the longest wait keeps its date";
  EXPECT_EQ(due(noon + 10 * minute).size(), 2U);
  OverdueLook look;
  in_batch(store(), [&](StoreBatch& batch) { look = batch.look_for_overdue_calls(noon + 2 * minute, 10); });
  EXPECT_EQ(look.calls_added, 1);
  in_batch(store(), [&](StoreBatch& batch) { look = batch.look_for_overdue_calls(noon + 4 * minute, 10); });
  EXPECT_EQ(look.calls_added, 1);
}

// Goal: calls past their deadline are gathered into one incident, which closes when all have outcomes.
// Method: five overdue calls, looks limited to two; one call is not due yet, one has an outcome.
TEST_P(StoreContract, OverdueCallsAreGatheredIntoOneIncidentUntilAllHaveOutcomes) {
  for (const char* call : {"CA1", "CA2", "CA3", "CA4", "CA5"}) write(a_pending_call(call, caller, noon));
  write(a_pending_call("CA6", caller, noon + minute));
  Commit spoken = a_pending_call("CA7", caller, noon);
  spoken.outcome = OutcomeChange{Outcome::spoken, std::nullopt};
  write(spoken);
  const auto look = [&](Instant now) {
    OverdueLook looked;
    in_batch(store(), [&](StoreBatch& batch) { looked = batch.look_for_overdue_calls(now, 2); });
    return looked;
  };
  EXPECT_EQ(look(noon).calls_added, 0);
  const OverdueLook first = look(noon + second);
  EXPECT_EQ(first.calls_added, 2);
  ASSERT_TRUE(first.opened);
  const OverdueLook next = look(noon + second);
  EXPECT_EQ(next.calls_added, 2);
  EXPECT_FALSE(next.opened);
  EXPECT_EQ(look(noon + second).calls_added, 1);
  EXPECT_EQ(look(noon + second).calls_added, 0);
  auto incidents = store().reader()->incidents(true, 10);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].id, *first.opened);
  EXPECT_EQ(incidents[0].kind, "outcome_overdue");
  EXPECT_EQ(incidents[0].opened_at, noon + second);
  EXPECT_EQ(incidents[0].calls, 5);
  EXPECT_EQ(incidents[0].calls_pending, 5);
  EXPECT_EQ(store().reader()->levels().incidents_open, 1);

  const auto give_outcome = [&](const std::string& call) {
    in_batch(store(), [&](StoreBatch& batch) {
      Commit commit;
      commit.call = batch.find_call(sid(call))->id;
      commit.outcome = OutcomeChange{Outcome::texted, std::nullopt};
      batch.write(commit, noon + minute);
    });
  };
  for (const char* call : {"CA1", "CA2", "CA3", "CA4"}) give_outcome(call);
  EXPECT_THAT(look(noon + second).closed, IsEmpty());
  EXPECT_EQ(store().reader()->incidents(true, 10).at(0).calls_pending, 1);
  EXPECT_THAT(calls_listed(open_calls(50)), ElementsAre("CA6", "CA5", "CA4", "CA3", "CA2", "CA1"));
  give_outcome("CA5");
  EXPECT_THAT(look(noon + second).closed, ElementsAre(*first.opened));
  EXPECT_THAT(store().reader()->incidents(true, 10), IsEmpty());
  EXPECT_EQ(store().reader()->incidents(false, 10).at(0).closed_at, noon + second);
  EXPECT_THAT(calls_listed(open_calls(50)), ElementsAre("CA6"));
  const OverdueLook later = look(noon + 2 * minute);
  ASSERT_TRUE(later.opened);
  EXPECT_NE(*later.opened, *first.opened);
}

// Goal: no call waits for ever because nobody said until when: without a deadline it is overdue at once.
// Method: such a call; then one that is given its deadline later.
TEST_P(StoreContract, ACallWithoutADeadlineIsOverdueAtOnce) {
  write(a_pending_call("CA1", caller, std::nullopt));
  write(a_pending_call("CA2", caller, std::nullopt));
  in_batch(store(), [&](StoreBatch& batch) {
    Commit later;
    later.call = batch.find_call(sid("CA2"))->id;
    later.deadline = noon + minute;
    batch.write(later, noon);
  });
  EXPECT_THAT(calls_listed(open_calls(50)), ElementsAre("CA2", "CA1"));
  in_batch(store(),
           [](StoreBatch& batch) { EXPECT_EQ(batch.look_for_overdue_calls(noon + second, 10).calls_added, 1); });
}

// Goal: a person can close an incident, once and with a reason; its calls do not open another.
// Method: close without a reason, with one, again, and one that never was.
TEST_P(StoreContract, APersonClosesAnIncidentWithAReason) {
  write(a_pending_call("CA1", caller, noon));
  IncidentId incident;
  in_batch(store(), [&](StoreBatch& batch) {
    incident = *batch.look_for_overdue_calls(noon + second, 10).opened;
    EXPECT_EQ(batch.close_incident(incident, "", noon).error().kind, ErrorKind::invalid);
    EXPECT_EQ(batch.close_incident(IncidentId{99}, "gone", noon).error().kind, ErrorKind::not_found);
    EXPECT_TRUE(batch.close_incident(incident, "called back by hand", noon + minute));
    EXPECT_EQ(batch.close_incident(incident, "again", noon).error().kind, ErrorKind::conflict);
    EXPECT_EQ(batch.look_for_overdue_calls(noon + minute, 10).calls_added, 0);
  });
  const auto incidents = store().reader()->incidents(false, 10);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].closed_reason, "called back by hand");
  EXPECT_EQ(incidents[0].closed_at, noon + minute);
}

// Goal: what a person has closed is open no more, keeps no outcome, and does not stand in the gauges for ever.
// Method: an overdue call with an unknown text, one whose text becomes unknown later, one after a crash, and one
// of another day; close the first three's incident, reopen, then let the fourth become overdue.
TEST_P(StoreContract, CallsClosedByAPersonAreOpenNoMore) {
  const ClientId client = add_client(store());
  const auto text_of = [&](const std::string& call) { return promise(call, caller, client); };
  const TextRow unknown = text_of("CA1");
  const TextRow later = text_of("CA2");
  const TextRow crashed = text_of("CA3");
  in_batch(store(), [&](StoreBatch& batch) {
    for (const TextRow text : {unknown, later, crashed}) batch.mark_started(text, {1, 0}, {}, noon);
    batch.record_unknown(unknown, "timed out", noon);
  });
  IncidentId incident;
  in_batch(store(), [&](StoreBatch& batch) {
    incident = batch.look_for_overdue_calls(noon + 10 * minute, 10).opened.value();
  });
  EXPECT_THAT(calls_listed(open_calls(50)), ElementsAre("CA3", "CA2", "CA1"));
  EXPECT_EQ(store().reader()->levels().calls_pending, 3);
  EXPECT_EQ(store().reader()->levels().texts_unknown, 1);

  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_TRUE(batch.close_incident(incident, "called back by hand", noon + 11 * minute));
    batch.record_unknown(later, "timed out", noon + 11 * minute);
  });
  reopen();
  in_batch(store(), [&](StoreBatch& batch) { batch.started_become_unknown(noon + 12 * minute); });
  const auto is_settled = [&] {
    const StoreLevels levels = store().reader()->levels();
    return levels.calls_pending == 0 && levels.texts_unknown == 0 && calls_listed(open_calls(50)).empty();
  };
  EXPECT_TRUE(is_settled());
  for (const char* call : {"CA1", "CA2", "CA3"}) {
    EXPECT_EQ(outcome_of(store(), call), std::nullopt) << call;
    EXPECT_EQ(store().reader()->call(sid(call))->texts.at(0).state, TextState::unknown) << call;
  }

  const TextRow next = promise("CA4", caller, client, noon + 20 * minute);
  in_batch(store(), [&](StoreBatch& batch) {
    batch.mark_started(next, {1, 0}, {}, noon + 20 * minute);
    batch.record_unknown(next, "timed out", noon + 20 * minute);
  });
  for (const bool is_gathered : {false, true}) {
    if (is_gathered) {
      in_batch(store(), [](StoreBatch& batch) { batch.look_for_overdue_calls(noon + 30 * minute, 10); });
    }
    EXPECT_THAT(calls_listed(open_calls(50)), ElementsAre("CA4"));
    EXPECT_EQ(store().reader()->levels().calls_pending, 1);
    EXPECT_EQ(store().reader()->levels().texts_unknown, 1);
  }
}

// --- the directory ------------------------------------------------------------------------------------------

// Goal: a client comes back as it was set, and is gone when removed, while its calls keep its name.
// Method: add, set every field, reopen, remove.
TEST_P(StoreContract, AClientComesBackAsItWasSet) {
  const ClientId client = add_client(store(), "First name");
  ClientProfile profile;
  profile.id = client;
  profile.name = "Müller & Söhne";
  profile.owner_phone = phone(4915112345678);
  profile.own_number = phone(493012345678);
  profile.paused = true;
  profile.cool_down = 5 * minute;
  profile.countries = {"DE", "AT"};
  profile.texts_per_day = 7;
  ASSERT_TRUE(change(SetClient{profile}));
  promise("CA1", caller, client);
  reopen();
  ASSERT_TRUE(store().reader()->client(client));
  EXPECT_EQ(*store().reader()->client(client), profile);
  EXPECT_THAT(store().reader()->clients(), ElementsAre(profile));
  ASSERT_TRUE(change(RemoveClient{client}));
  EXPECT_FALSE(store().reader()->client(client));
  EXPECT_THAT(store().reader()->clients(), IsEmpty());
  EXPECT_EQ(store().reader()->call(sid("CA1"))->call.client_name, "Müller & Söhne");
  EXPECT_EQ(change(SetClient{profile}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(change(RemoveClient{client}).error().kind, ErrorKind::not_found);
  EXPECT_GT(add_client(store(), "Next", profile.own_number), client);
}

// Goal: the pool and clients' own numbers never overlap, and a client with numbers stays.
// Method: each contradiction once; each is refused with what to do and changes nothing.
TEST_P(StoreContract, ContradictionsInTheDirectoryAreRefused) {
  const E164 own = phone(14155550300);
  const ClientId client = add_client(store(), "Smith & Sons", own);
  const ClientId other = add_client(store(), "Jones");
  ASSERT_TRUE(change(AddNumber{pool(business_number, client)}));
  const std::int64_t version = store().reader()->directory_version();
  const auto refused = [&](const DirectoryChange& tried, ErrorKind kind, const std::string& says) {
    const auto result = change(tried);
    ASSERT_FALSE(result) << says;
    EXPECT_EQ(result.error().kind, kind) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr(says));
  };
  refused(AddNumber{pool(business_number)}, ErrorKind::conflict, "numbers assign");
  refused(AddNumber{pool(own)}, ErrorKind::conflict, "own number of client");
  refused(AddNumber{pool(phone(14155550301), ClientId{99})}, ErrorKind::not_found, "clients list");
  refused(AddNumber{pool(phone(14155550301), client, NumberRole::system)}, ErrorKind::invalid,
          "leave the client out");
  refused(AssignNumber{pool(phone(14155550301))}, ErrorKind::not_found, "numbers add");
  refused(AssignNumber{pool(business_number, ClientId{99})}, ErrorKind::not_found, "clients list");
  refused(RemoveNumber{phone(14155550301)}, ErrorKind::not_found, "numbers list");
  refused(RemoveClient{client}, ErrorKind::conflict, business_number.text());
  ClientProfile profile = *store().reader()->client(other);
  profile.own_number = own;
  refused(SetClient{profile}, ErrorKind::conflict, "already the own number");
  refused(AddClient{profile}, ErrorKind::conflict, "already the own number");
  profile.own_number = business_number;
  refused(SetClient{profile}, ErrorKind::conflict, "number pool");
  profile.name.clear();
  refused(SetClient{profile}, ErrorKind::invalid, "name");
  EXPECT_EQ(store().reader()->directory_version(), version);
  EXPECT_EQ(store().reader()->clients().size(), 2U);
  EXPECT_EQ(store().reader()->numbers(std::nullopt, 10).size(), 1U);
  ClientProfile same = *store().reader()->client(client);
  same.paused = true;
  EXPECT_TRUE(change(SetClient{same})) << "a client may keep its own number";
  EXPECT_TRUE(change(AssignNumber{pool(business_number, other)}));
  EXPECT_TRUE(change(RemoveClient{client}));
}

// Goal: the version of the directory grows with each change of clients and numbers, in the same transaction.
// Method: each change once; a batch that is dropped; a phone fact, which is not part of the directory.
TEST_P(StoreContract, TheDirectoryVersionGrowsWithEachChange) {
  std::int64_t version = store().reader()->directory_version();
  const auto grew = [&] {
    const std::int64_t before = std::exchange(version, store().reader()->directory_version());
    return version > before;
  };
  const ClientId client = add_client(store());
  EXPECT_TRUE(grew());
  ASSERT_TRUE(change(SetClient{*store().reader()->client(client)}));
  EXPECT_TRUE(grew());
  ASSERT_TRUE(change(AddNumber{pool(business_number, client)}));
  EXPECT_TRUE(grew());
  ASSERT_TRUE(change(AssignNumber{pool(business_number, std::nullopt, NumberRole::onboarding)}));
  EXPECT_TRUE(grew());
  ASSERT_TRUE(change(RemoveNumber{business_number}));
  EXPECT_TRUE(grew());
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client), caller, PhoneFact::blocked}));
  EXPECT_FALSE(grew());
  {
    const auto batch = store().begin({});
    ASSERT_TRUE(batch->change_directory(AddNumber{pool(business_number)}, noon));
  }
  EXPECT_FALSE(grew());
  ASSERT_TRUE(change(RemoveClient{client}));
  EXPECT_TRUE(grew());
}

// Goal: numbers are read in pages and as a stream, each once.
// Method: seven numbers in pages of three.
TEST_P(StoreContract, NumbersAreReadInPagesAndAsAStream) {
  const ClientId client = add_client(store());
  std::vector<PoolNumber> added;
  in_batch(store(), [&](StoreBatch& batch) {
    for (unsigned n = 0; n < 7; ++n) {
      PoolNumber number = pool(phone(14155550300 + n));
      if (n % 2 == 0) number.client = client;
      if (n == 3) number.role = NumberRole::onboarding;
      if (n == 5) number.role = NumberRole::system;
      added.push_back(number);
      ASSERT_TRUE(batch.change_directory(AddNumber{number}, noon));
    }
  });
  const auto reader = store().reader();
  std::vector<PoolNumber> paged;
  std::optional<E164> after;
  while (true) {
    const auto page = reader->numbers(after, 3);
    if (page.empty()) break;
    EXPECT_LE(page.size(), 3U);
    paged.insert(paged.end(), page.begin(), page.end());
    after = page.back().number;
  }
  EXPECT_EQ(paged, added);
  std::vector<PoolNumber> streamed;
  reader->each_number([&](const PoolNumber& number) { streamed.push_back(number); });
  EXPECT_THAT(streamed, testing::UnorderedElementsAreArray(added));
}

// Goal: a fact about a phone holds in its scope; a line type holds for everybody.
// Method: each kind of scope asked about in each other; facts taken back; a phone of which many have told.
TEST_P(StoreContract, FactsAboutAPhoneHoldInTheirScope) {
  const ClientId client = add_client(store(), "One");
  const ClientId other = add_client(store(), "Two");
  const FactScope everybody{};
  const FactScope failsafe = FactScope::of(std::nullopt);
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client), caller, PhoneFact::blocked}));
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client), caller, PhoneFact::do_not_text}));
  ASSERT_TRUE(change(SetPhoneFact{failsafe, caller, PhoneFact::opted_out}));
  ASSERT_TRUE(change(SetPhoneFact{everybody, caller, PhoneFact::landline}));
  const auto check = [&] {
    in_batch(store(), [&](StoreBatch& batch) {
      const PhoneFacts of_client = batch.phone_facts(FactScope::of(client), caller);
      EXPECT_TRUE(of_client.blocked && of_client.do_not_text && of_client.landline && !of_client.opted_out);
      const PhoneFacts of_other = batch.phone_facts(FactScope::of(other), caller);
      EXPECT_TRUE(!of_other.blocked && !of_other.do_not_text && of_other.landline && !of_other.opted_out);
      const PhoneFacts of_failsafe = batch.phone_facts(failsafe, caller);
      EXPECT_TRUE(!of_failsafe.blocked && of_failsafe.opted_out && of_failsafe.landline);
      EXPECT_FALSE(batch.phone_facts(FactScope::of(client), other_caller).landline);
    });
  };
  check();
  for (int n = 0; n < 5; ++n) {
    const ClientId one_more = add_client(store(), "Many");
    ASSERT_TRUE(change(SetPhoneFact{FactScope::of(one_more), caller, PhoneFact::opted_out}));
  }
  check();
  ASSERT_TRUE(change(SetPhoneFact{FactScope::of(client), caller, PhoneFact::blocked, false}));
  ASSERT_TRUE(change(SetPhoneFact{everybody, caller, PhoneFact::landline, false}));
  in_batch(store(), [&](StoreBatch& batch) {
    const PhoneFacts facts = batch.phone_facts(FactScope::of(client), caller);
    EXPECT_TRUE(!facts.blocked && facts.do_not_text && !facts.landline);
  });
  EXPECT_EQ(change(SetPhoneFact{FactScope::of(ClientId{99}), caller, PhoneFact::blocked}).error().kind,
            ErrorKind::not_found);
}

Commit a_canarys_end(const std::string& call_sid) {
  Commit commit = a_pending_call(call_sid, caller, std::nullopt);
  commit.origin = commit.new_call->origin = Origin::canary;
  commit.text = a_text(call_sid, Purpose::canary, caller);
  return commit;
}

// Goal: canaries are outside call lists, incidents, gauges and what is remembered of a caller.
// Method: one that stays pending for a day beside a caller's call; then its text is accepted.
TEST_P(StoreContract, ACanaryIsInNoList) {
  write(a_pending_call("CA1", caller, noon + minute));
  TextRow text;
  in_batch(store(), [&](StoreBatch& batch) { text = batch.write(a_canarys_end("CA2"), noon)->row; });
  EXPECT_EQ(calls_listed({}), (std::vector<std::string>{"CA1"}));
  EXPECT_EQ(calls_listed({.open_only = true, .before = {}}), (std::vector<std::string>{"CA1"}));
  EXPECT_EQ(store().reader()->levels().calls_pending, 1);
  EXPECT_EQ(gathered_at(noon + 24 * 60 * minute, {}), 1);
  EXPECT_TRUE(store().reader()->calls_without_end(noon + 24 * 60 * minute, 10).empty());
  in_batch(store(), [&](StoreBatch& batch) {
    EXPECT_FALSE(batch.last_first_text({caller, business_number}));
    EXPECT_EQ(batch.texts_on_day(std::nullopt, "US", utc_day(noon)).service, 0);
    EXPECT_TRUE(batch.mark_started(text, {1, 0}, {}, noon));
    EXPECT_TRUE(batch.record_accepted(text, "canary-CA2", noon));
  });
  EXPECT_EQ(outcome_of(store(), "CA2"), Outcome::texted) << "its own story can be looked up";
}

// Goal: of canaries only the newest are kept, and nothing else goes.
// Method: five canaries and a call; all but two canaries are removed, twice.
TEST_P(StoreContract, OldCanariesAreRemoved) {
  write(a_pending_call("CA0", caller, noon + minute));
  for (const char* call_sid : {"CA1", "CA2", "CA3", "CA4", "CA5"}) write(a_canarys_end(call_sid));
  for (int i = 0; i < 2; ++i) {
    in_batch(store(), [&](StoreBatch& batch) { batch.remove_canaries(2); });
    for (const char* call_sid : {"CA1", "CA2", "CA3"}) EXPECT_FALSE(store().reader()->call(sid(call_sid)));
    for (const char* call_sid : {"CA0", "CA4", "CA5"}) EXPECT_TRUE(store().reader()->call(sid(call_sid)));
    EXPECT_EQ(store().reader()->promised_texts(TextRow{}, 10).size(), 2U);
  }
  write(a_canarys_end("CA1"));
  EXPECT_TRUE(store().reader()->call(sid("CA1")));
}

}  // namespace
}  // namespace jobrun::store
