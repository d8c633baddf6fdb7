// Conversations, texts to nobody's number and people, as an operator deals with them.
#include <gmock/gmock.h>

#include <set>

#include "operations_test_support.hpp"

namespace jobrun::console_api {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant now_in_tests = from_unix_ms(1'767'435'330'250);

class ConsoleTalks : public OperationsTest {
 protected:
  void write(const Commit& commit) {
    const auto batch = store_->begin({});
    batch->write(commit, now_in_tests);
    ASSERT_TRUE(batch->commit());
  }
  static Commit text_from(const std::string& sid, E164 from, E164 to, const std::string& words) {
    Commit commit;
    commit.inbound = NewInboundText{.text = {.message_sid = sid,
                                             .sender = Caller::parse(from.text()),
                                             .number = to,
                                             .number_text = to.text(),
                                             .body = words}};
    return commit;
  }
  /// A customer writes to a client's number.
  void customer_writes(std::int64_t client, E164 from, E164 to, const std::string& words) {
    Commit commit = text_from("SM" + words, from, to, words);
    commit.inbound->client = ClientId{client};
    commit.inbound->taken_as = TakenAs::customer;
    commit.inbound->contact = CustomerContact{ClientId{client}, to, from};
    write(commit);
  }
  void stranger_writes(const std::string& sid, const std::string& words = "Do you fix roofs?") {
    Commit commit = text_from(sid, stranger, nobodys, words);
    commit.inbound->taken_as = TakenAs::triage;
    write(commit);
  }
  /// Everything that was promised has left, and everything raised was told.
  void all_is_done() {
    const auto batch = store_->begin({});
    for (const TextRecord& text : store_->reader()->promised_texts({}, 100)) {
      batch->mark_started(text.row, {1, 0}, {}, now_in_tests);
      batch->record_accepted(text.row, "SMsent" + std::to_string(text.row.value), now_in_tests);
    }
    for (const AlertRecord& alert : store_->reader()->due_alerts(AlertWay::webhook, now_in_tests, 100)) {
      batch->record_alert_accepted(alert.id, AlertWay::webhook, {}, now_in_tests);
    }
    ASSERT_TRUE(batch->commit());
  }
  json settings_of(std::int64_t id) { return result({{"op", "clients.show"}, {"id", id}}).at("settings"); }
  json set(const json& settings) { return {{"op", "clients.set"}, {"id", 1}, {"settings", settings}}; }

  const E164 business = number("+14155550100");
  const E164 customer = number("+14155550177");
  const E164 stranger = number("+14155550188");
  const E164 nobodys = number("+14155550500");
};

// Goal: the report of the fail-safe has each number of nobody's that was called, who replied, masked unless asked
// for, and the commands that deal with both: they are taken as they are written.
TEST_F(ConsoleTalks, TheFailsafeReportHasTheCommandsForEachNumber) {
  EXPECT_TRUE(result({{"op", "failsafe.report"}}).at("numbers").empty());
  add_client();
  Commit call;
  call.new_call = NewCall{.call_sid = *CallSid::parse("CA1"),
                          .caller = Caller::parse(stranger.text()),
                          .number_text = nobodys.text(),
                          .role = NumberRole::system,
                          .client = std::nullopt};
  call.event_key = "status:busy";
  call.ended = CallEnd{CallStatus::busy, AfterCallRow::failsafe};
  write(call);
  stranger_writes("SM1");
  const auto report = [&](bool show) {
    return result({{"op", "failsafe.report"}, {"show", show}, {"since", "2026-01-01"}}).at("numbers").at(0);
  };
  json number = report(false);
  EXPECT_EQ(number.at("number"), nobodys.text());
  EXPECT_EQ(number.at("calls"), 1);
  EXPECT_EQ(number.at("callers"), 1);
  EXPECT_TRUE(number.at("pool").is_null());
  EXPECT_EQ(number.at("register"), "jobrun numbers add +14155550500 --role operational --client ID");
  EXPECT_EQ(number.at("dismiss"), "jobrun numbers add +14155550500 --role system");
  ASSERT_EQ(number.at("replies").size(), 1U);
  EXPECT_EQ(number.dump().find(stranger.text()), std::string::npos);
  EXPECT_EQ(number.dump().find("roofs"), std::string::npos);
  EXPECT_EQ(number.at("replies")[0].at("dismiss"), "jobrun triage dismiss 1 --reason WHY");
  EXPECT_EQ(number.at("replies")[0].at("adopt"), "jobrun triage adopt 1 --client ID");
  EXPECT_EQ(report(true).at("replies")[0].at("from"), stranger.text());

  result({{"op", "numbers.add"}, {"number", nobodys.text()}, {"role", "system"}});
  number = report(false);
  EXPECT_EQ(number.at("register"), "jobrun numbers assign +14155550500 --role operational --client ID");
  EXPECT_EQ(number.at("dismiss"), "jobrun numbers remove +14155550500");
  result({{"op", "numbers.assign"}, {"number", nobodys.text()}, {"role", "operational"}, {"client_id", 1}});
  result({{"op", "triage.dismiss"}, {"id", 1}, {"reason", "advertising"}});
  number = report(false);
  EXPECT_TRUE(number.at("register").is_null());
  EXPECT_TRUE(number.at("dismiss").is_null());
  EXPECT_TRUE(number.at("replies")[0].at("dismiss").is_null());
  EXPECT_TRUE(result({{"op", "failsafe.report"}, {"since", "2026-02-01T00:00:00Z"}}).at("numbers").empty());
  for (const json& wrong : {json("yesterday"), json(7), json("2026-02-30")}) {
    EXPECT_EQ(error_code({{"op", "failsafe.report"}, {"since", wrong}}), "invalid") << wrong;
  }
}

// Goal: what a client sets for itself is kept in one form, told where it is not the default, and taken back by
// null. Method: several settings and a phrase; some of them taken back, by null and by no words.
TEST_F(ConsoleTalks, SettingsOfAClientAreSetAndTakenBack) {
  add_client();
  const json wanted = {{"business_hours", "Mon-Fri 08:00-17:00"},
                       {"locale", "es"},
                       {"ring_phones", "+14155550124,+14155550125"},
                       {"wording.text_accepted", "{business}: see you soon."}};
  EXPECT_EQ(result(set(wanted)).at("settings"), wanted);
  EXPECT_EQ(settings_of(1), wanted);
  result(set({{"locale", nullptr}, {"wording.text_accepted", ""}}));
  EXPECT_EQ(settings_of(1),
            json({{"business_hours", "Mon-Fri 08:00-17:00"}, {"ring_phones", "+14155550124,+14155550125"}}));
  EXPECT_EQ(error_code({{"op", "clients.show"}, {"id", 9}}), "not_found");
}

// Goal: no bad setting is kept, and the error names it.
// Method: each kind of badness by itself, beside a good one.
TEST_F(ConsoleTalks, ABadSettingChangesNothing) {
  zones_ = testing_support::FixedTimeZones({{"Europe/London", std::chrono::minutes{0}}});
  add_client();
  result({{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", "operational"}, {"client_id", 1}});
  const std::vector<std::pair<std::string, json>> bad = {{"business_hours", "sometimes"},
                                                         {"business_hours", 8},
                                                         {"busy_until", "1767435330250"},
                                                         {"time_zone", "Atlantis/Deep"},
                                                         {"ring_time", "90"},
                                                         {"more_owner_phones", "+14155550100"},
                                                         {"ring_phones", "+14155550100"},
                                                         {"weekly_summary", "email"},
                                                         {"wording.text_accepted", "{business}: {nonsense}"},
                                                         {"wording.say_fallback", "Hello"},
                                                         {"wording.no_such_phrase", "Hello"},
                                                         {"no_such_setting", "x"}};
  for (const auto& [name, words] : bad) {
    EXPECT_THAT(error_message(set({{name, words}, {"locale", "pl"}})), HasSubstr(name)) << words;
  }
  EXPECT_NE(error_code(set("x")), "no error");
  EXPECT_EQ(settings_of(1), json::object());
  EXPECT_EQ(error_code(set({{"time_zone", "Europe/London"}})), "no error");
}

// Goal: neither an owner's further phone nor one that rings may be a number of the service, nor become one.
// Method: the reserved numbers and the client's own, as each of the two; then the pool takes none of them.
TEST_F(ConsoleTalks, PhonesOfABusinessAreNoNumbersOfTheService) {
  remake({.onboarding_number = number("+14155550300"), .failsafe_sender = number("+14155550301")});
  add_client();
  result({{"op", "clients.set"}, {"id", 1}, {"own_number", "+14155550302"}});
  for (const char* setting : {"more_owner_phones", "ring_phones"}) {
    for (const char* phone : {"+14155550300", "+14155550301", "+14155550302"}) {
      EXPECT_NE(error_code(set({{setting, phone}})), "no error") << setting << phone;
    }
  }
  result(set({{"more_owner_phones", "+14155550124"}, {"ring_phones", "+14155550125"}}));
  for (const char* phone : {"+14155550124", "+14155550125"}) {
    EXPECT_THAT(error_message({{"op", "numbers.add"}, {"number", phone}, {"role", "system"}}),
                HasSubstr("is a phone of client 1"));
  }
}

// Goal: people that a client has on its lists are listed, each fact by itself.
// Method: one blocked, one blocked and not to be texted; a page of one; unblocked.
TEST_F(ConsoleTalks, PeopleOfAClientAreListed) {
  add_client();
  const auto list = [&](const json& more = json::object()) {
    json request = {{"op", "clients.people"}, {"id", 1}};
    request.update(more);
    return result(request);
  };
  result({{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550177"}});
  result({{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550177"}, {"fact", "do_not_text"}});
  result({{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550178"}});
  EXPECT_EQ(list().at("people").size(), 3U);
  EXPECT_TRUE(list().at("next").is_null());
  const json page = list({{"limit", 1}});
  EXPECT_EQ(page.at("people").size(), 2U);
  EXPECT_EQ(page.at("next"), "+14155550177");
  EXPECT_EQ(list({{"after", page.at("next")}}).at("people"),
            json::array({{{"phone", "+14155550178"}, {"fact", "blocked"}}}));
  result({{"op", "clients.unblock"}, {"id", 1}, {"phone", "+14155550178"}});
  EXPECT_EQ(list().at("people").size(), 2U);
}

// Goal: a client's customers' words are previewed with their size, in its own words and its language.
// Method: a phrase of its own, and the catalogue's in Spanish.
TEST_F(ConsoleTalks, WhatCustomersReadIsPreviewed) {
  add_client();
  result(set({{"wording.text_accepted", "{business}: see you soon."}}));
  const auto phrase = [&](const json& more) {
    json request = {{"op", "clients.preview"}, {"id", 1}};
    request.update(more);
    const json answer = result(request);
    for (const json& each : answer.at("phrases")) {
      if (each.at("phrase") == "text_accepted") return each;
    }
    return json();
  };
  EXPECT_EQ(phrase(json::object()).at("text"), "Smith & Sons: see you soon.");
  EXPECT_TRUE(phrase(json::object()).at("is_own"));
  EXPECT_EQ(phrase(json::object()).at("segments"), 1);
  EXPECT_EQ(phrase(json::object()).at("encoding"), "gsm7");
  EXPECT_EQ(result({{"op", "clients.preview"}, {"id", 1}, {"locale", "es"}}).at("locale"), "es");
}

// Goal: conversations are listed without who and what unless that is asked for; one is shown with all of it.
// Method: one customer; with and without `show`; by id.
TEST_F(ConsoleTalks, ConversationsAreListedAndHiddenUnlessAskedFor) {
  add_client();
  customer_writes(1, customer, business, "A leak");
  const json listed = result({{"op", "conversations.list"}}).at("conversations").at(0);
  EXPECT_THAT(listed.dump(), Not(HasSubstr("14155550177")));
  EXPECT_THAT(listed.dump(), Not(HasSubstr("leak")));
  const json shown = result({{"op", "conversations.list"}, {"show", true}}).at("conversations").at(0);
  EXPECT_EQ(shown.at("customer"), "+14155550177");
  EXPECT_EQ(shown.at("last_words"), "A leak");
  EXPECT_EQ(shown.at("client_name"), "Smith & Sons");
  const json talk = result({{"op", "conversations.show"}, {"id", listed.at("id")}});
  EXPECT_EQ(talk.at("talk").at(0).at("kind"), "text_from_customer");
  EXPECT_EQ(talk.at("talk").at(0).at("body"), "A leak");
  EXPECT_EQ(error_code({{"op", "conversations.show"}, {"id", 99}}), "not_found");
  EXPECT_EQ(error_code({{"op", "conversations.list"}, {"client_id", 9}}), "not_found");
}

// Goal: conversations come in pages that neither lose nor repeat.
// Method: five customers, two at a time.
TEST_F(ConsoleTalks, PagesOfConversationsCoverEverythingOnce) {
  add_client();
  for (int each = 1; each <= 5; ++each) {
    customer_writes(1, number("+1415555017" + std::to_string(each)), business, "job " + std::to_string(each));
  }
  json request = {{"op", "conversations.list"}, {"limit", 2}};
  std::vector<std::int64_t> seen;
  for (int page = 0; page < 5; ++page) {
    const json answer = result(request);
    for (const json& each : answer.at("conversations")) seen.push_back(each.at("id"));
    if (answer.at("next").is_null()) break;
    request["before"] = answer.at("next");
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{5, 4, 3, 2, 1}));
}

// Goal: an operator's words are promised durably, join the conversation, and are handed to whoever sends.
// Method: a reply; then the conversation as it is shown.
TEST_F(ConsoleTalks, AReplyIsPromisedAndShown) {
  add_client();
  customer_writes(1, customer, business, "A leak");
  const json reply = result({{"op", "conversations.reply"}, {"id", 1}, {"words", "On our way"}});
  EXPECT_EQ(reply.at("to"), "+14155550177");
  EXPECT_EQ(reply.at("text_id"), "reply-1-1767435330250.customer_reply");
  const json message = result({{"op", "conversations.show"}, {"id", 1}}).at("talk").at(1);
  EXPECT_EQ(message.at("kind"), "text_to_customer");
  EXPECT_EQ(message.at("body"), "On our way");
  EXPECT_EQ(message.at("state"), "promised");
  EXPECT_EQ(message.at("text_id"), reply.at("text_id"));
  ASSERT_EQ(handed_on_.size(), 1U);
  EXPECT_EQ(handed_on_[0].promise.body, "On our way");
}

// Goal: who may not be texted is not, the operator learns why, and nothing is written; nor is one promise made
// twice. Method: a customer who has opted out; the same moment twice; no conversation; no words; nobody who sends.
TEST_F(ConsoleTalks, AReplyThatMayNotLeaveIsRefused) {
  add_client();
  customer_writes(1, customer, business, "A leak");
  const json reply = {{"op", "conversations.reply"}, {"id", 1}, {"words", "On our way"}};
  Commit out;
  out.learned.push_back({FactScope::of(ClientId{1}), customer, PhoneFact::opted_out, true});
  write(out);
  EXPECT_EQ(error_code(reply), "conflict");
  EXPECT_THAT(error_message(reply), HasSubstr("opted out"));
  EXPECT_EQ(result({{"op", "conversations.show"}, {"id", 1}}).at("messages"), 1);
  out.learned.front().holds = false;
  write(out);
  result(reply);
  EXPECT_EQ(error_code(reply), "conflict");
  EXPECT_EQ(result({{"op", "conversations.show"}, {"id", 1}}).at("messages"), 2);
  EXPECT_EQ(error_code({{"op", "conversations.reply"}, {"id", 9}, {"words", "x"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "conversations.reply"}, {"id", 1}, {"words", " "}}), "invalid");
  EXPECT_EQ(error_code({{"op", "conversations.reply"}, {"id", 1}, {"words", std::string(601, 'x')}}), "invalid");
  EXPECT_EQ(handed_on_.size(), 1U);
}

// Goal: a text to nobody's number is listed until it is dealt with, without who and what unless that is asked for.
// Method: two texts; one dismissed; both with `all`.
TEST_F(ConsoleTalks, TextsToNobodyAreListedUntilSettled) {
  stranger_writes("SM1");
  stranger_writes("SM2");
  EXPECT_THAT(result({{"op", "triage.list"}}).dump(), Not(HasSubstr("roofs")));
  EXPECT_THAT(result({{"op", "triage.list"}, {"show", true}}).dump(), HasSubstr("roofs"));
  result({{"op", "triage.dismiss"}, {"id", 1}, {"reason", "advertising"}});
  EXPECT_EQ(result({{"op", "triage.list"}}).at("texts").size(), 1U);
  EXPECT_EQ(result({{"op", "triage.list"}, {"all", true}}).at("texts").size(), 2U);
  EXPECT_EQ(result({{"op", "triage.show"}, {"id", 1}}).at("settled_reason"), "advertising");
  EXPECT_EQ(error_code({{"op", "triage.dismiss"}, {"id", 1}, {"reason", "again"}}), "conflict");
  EXPECT_EQ(error_code({{"op", "triage.dismiss"}, {"id", 2}}), "invalid");
  EXPECT_EQ(error_code({{"op", "triage.show"}, {"id", 3}}), "not_found");
}

// Goal: a text is handed to a business only by a number that is the business's, once; then its owner is told.
// Method: the number is nobody's, another client's, the client's; another of the client's is named; twice.
TEST_F(ConsoleTalks, ATextIsAdoptedByANumberOfTheClientAlone) {
  add_client();
  add_client("Other", "+14155550124");
  stranger_writes("SM1");
  const json adopt = {{"op", "triage.adopt"}, {"id", 1}, {"client_id", 1}};
  EXPECT_EQ(error_code(adopt), "conflict");
  EXPECT_THAT(error_message(adopt), HasSubstr("jobrun numbers assign +14155550500 --role operational --client 1"));
  result({{"op", "numbers.add"}, {"number", nobodys.text()}, {"role", "operational"}, {"client_id", 2}});
  EXPECT_EQ(error_code(adopt), "conflict");
  result({{"op", "numbers.add"}, {"number", business.text()}, {"role", "operational"}, {"client_id", 1}});
  json by_another = adopt;
  by_another["number"] = nobodys.text();
  EXPECT_EQ(error_code(by_another), "conflict");
  by_another["number"] = business.text();
  EXPECT_EQ(result(by_another),
            json({{"id", 1}, {"client_id", 1}, {"customer", stranger.text()}, {"number", business.text()}}));
  const json shown = result({{"op", "conversations.show"}, {"id", 1}});
  EXPECT_EQ(shown.at("client_id"), 1);
  EXPECT_EQ(shown.at("talk").at(0).at("body"), "Do you fix roofs?");
  const auto alerts = store_->reader()->due_alerts(AlertWay::webhook, now_in_tests, 10);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].request.client, ClientId{1});
  EXPECT_THAT(alerts[0].request.summary, HasSubstr("Do you fix roofs?"));
  EXPECT_EQ(error_code(by_another), "conflict");
  EXPECT_THAT(error_message(by_another), HasSubstr("adopted already"));
  EXPECT_EQ(error_code({{"op", "triage.adopt"}, {"id", 9}, {"client_id", 1}}), "not_found");
  EXPECT_EQ(error_code({{"op", "triage.adopt"}, {"id", 1}, {"client_id", 9}}), "not_found");
}

// Goal: a person is told everything that is kept of him, and is then erased, but for what keeps him from being
// texted. Method: a customer who wrote, was answered, and opted out; exported, erased, erased again, exported.
TEST_F(ConsoleTalks, APersonIsToldWhatIsKeptAndErased) {
  add_client();
  customer_writes(1, customer, business, "A leak");
  result({{"op", "conversations.reply"}, {"id", 1}, {"words", "On our way"}});
  Commit out;
  out.learned.push_back({FactScope::of(ClientId{1}), customer, PhoneFact::opted_out, true});
  write(out);
  const json phone = {{"phone", customer.text()}};
  const auto request = [&](const char* op) {
    json asked = {{"op", op}};
    asked.update(phone);
    return asked;
  };
  const json kept = result(request("people.export"));
  EXPECT_EQ(kept.at("conversations").at(0).at("talk").size(), 2U);
  EXPECT_EQ(kept.at("texts").at(0).at("body"), "On our way");
  EXPECT_EQ(kept.at("inbound_texts").at(0).at("body"), "A leak");
  EXPECT_EQ(kept.at("facts").at(0).at("fact"), "opted_out");
  EXPECT_EQ(error_code(request("people.erase")), "conflict") << "a text to him is promised";
  all_is_done();
  const json erased = result(request("people.erase"));
  EXPECT_EQ(erased.at("erased").at("texts"), 1);
  EXPECT_EQ(erased.at("erased").at("customers"), 1);
  EXPECT_EQ(erased.at("kept").at(0).at("fact"), "opted_out");
  EXPECT_EQ(result(request("people.erase")).at("erased").at("texts"), 0);
  const json after = result(request("people.export"));
  EXPECT_TRUE(after.at("conversations").empty());
  EXPECT_TRUE(after.at("texts").empty());
  EXPECT_EQ(after.at("facts").size(), 1U);
  const json talk = result({{"op", "conversations.show"}, {"id", 1}});
  EXPECT_TRUE(talk.at("customer").is_null());
  EXPECT_TRUE(talk.at("talk").at(0).at("body").is_null());
}

// Goal: more is erased than one piece holds.
// Method: 250 texts of one person.
TEST_F(ConsoleTalks, APersonIsErasedPieceByPiece) {
  add_client();
  for (int each = 0; each < 250; ++each) {
    Commit commit = text_from("SM" + std::to_string(each), customer, nobodys, "hello");
    commit.inbound->taken_as = TakenAs::set_aside;
    write(commit);
  }
  journal_->pieces = 0;
  EXPECT_EQ(result({{"op", "people.erase"}, {"phone", customer.text()}}).at("erased").at("inbound_texts"), 250);
  EXPECT_EQ(journal_->pieces, 3);
  EXPECT_THAT(result({{"op", "texts.list"}, {"show", true}, {"limit", 1'000}}).dump(),
              Not(HasSubstr(customer.text())));
}

// --- isolation ------------------------------------------------------------------------------------

/// What an operation may tell.
enum class Tells { of_one_client, of_everybody };

struct Asked {
  std::string op;
  Tells tells;
  json fields = json::object();  ///< with which client 1 is asked about
};

/// Every operation there is, and how client 1 alone is asked about with it.
std::vector<Asked> operations_asked() {
  const json id = {{"id", 1}};
  const json theirs = {{"phone", "+14155550177"}, {"client_id", 1}};
  return {{"clients.add", Tells::of_one_client, {{"name", "New"}, {"phone", "+14155550131"}}},
          {"clients.list", Tells::of_everybody},
          {"clients.show", Tells::of_one_client, id},
          {"clients.set", Tells::of_one_client, {{"id", 1}, {"paused", false}}},
          {"clients.pause", Tells::of_one_client, id},
          {"clients.resume", Tells::of_one_client, id},
          {"clients.block", Tells::of_one_client, {{"id", 1}, {"phone", "+14155550178"}}},
          {"clients.unblock", Tells::of_one_client, {{"id", 1}, {"phone", "+14155550178"}}},
          {"clients.people", Tells::of_one_client, id},
          {"clients.preview", Tells::of_one_client, id},
          {"numbers.add",
           Tells::of_one_client,
           {{"number", "+14155550132"}, {"role", "operational"}, {"client_id", 1}}},
          {"numbers.list", Tells::of_everybody},
          {"numbers.assign", Tells::of_one_client, {{"number", "+14155550100"}, {"client_id", 1}}},
          {"numbers.remove", Tells::of_one_client, {{"number", "+14155550132"}}},
          {"numbers.import", Tells::of_everybody},
          {"calls.list", Tells::of_everybody},
          {"calls.show", Tells::of_one_client, {{"call_sid", "CA1"}}},
          {"texts.list", Tells::of_everybody},
          {"conversations.list", Tells::of_one_client, {{"client_id", 1}, {"show", true}}},
          {"conversations.show", Tells::of_one_client, id},
          {"conversations.reply", Tells::of_one_client, {{"id", 1}, {"words", "On our way"}}},
          {"triage.list", Tells::of_everybody},
          {"triage.show", Tells::of_everybody},
          {"triage.adopt", Tells::of_one_client, {{"id", 5}, {"client_id", 1}, {"number", "+14155550100"}}},
          {"triage.dismiss", Tells::of_everybody},
          {"failsafe.report", Tells::of_everybody},
          {"people.export", Tells::of_one_client, theirs},
          {"incidents.list", Tells::of_everybody},
          {"incidents.close", Tells::of_everybody},
          {"senders.list", Tells::of_everybody},
          {"senders.unblock", Tells::of_everybody},
          {"onboarding.list", Tells::of_everybody},
          {"onboarding.show", Tells::of_everybody},
          {"onboarding.approve", Tells::of_everybody},
          {"people.erase", Tells::of_one_client, theirs},
          {"clients.remove", Tells::of_one_client, id}};
}

// Goal: whoever asks about one client learns nothing of another's: no name, phone, number or word; and no
// operation is added without its place here. Method: two clients of which everything is known, with a customer
// whom they share; every operation of the table is asked about the first; what only the second knows is looked for
// in the answers.
TEST_F(ConsoleTalks, WhoAsksAboutOneClientLearnsNothingOfAnothers) {
  std::set<std::string> names;
  for (const Asked& asked : operations_asked()) names.insert(asked.op);
  for (const std::string_view name : Operations::names()) {
    EXPECT_TRUE(names.contains(std::string(name))) << name << " has no place among the operations asked";
  }
  EXPECT_EQ(names.size(), Operations::names().size());

  const std::vector<std::string> secrets = {"Harbour",    "4155550124", "4155550190", "4155550191",
                                            "4155550192", "turbine",    "4155550193"};
  add_client("Smith", "+14155550123");
  add_client("Harbour", "+14155550124");
  result({{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", "operational"}, {"client_id", 1}});
  result({{"op", "numbers.add"}, {"number", "+14155550190"}, {"role", "operational"}, {"client_id", 2}});
  result(
      {{"op", "clients.set"},
       {"id", 2},
       {"settings",
        {{"ring_phones", "+14155550191"}, {"wording.text_accepted", "{business}: the turbine is on its way."}}}});
  result({{"op", "clients.block"}, {"id", 2}, {"phone", "+14155550192"}});
  const E164 theirs = number("+14155550190");
  for (const auto& [client, to, words] : {std::tuple(1, business, "A leak"), {2, theirs, "A turbine"}}) {
    Commit call;
    call.new_call = NewCall{.call_sid = *CallSid::parse("CA" + std::to_string(client)),
                            .caller = Caller::parse(customer.text()),
                            .number_text = to.text(),
                            .role = NumberRole::operational,
                            .role_source = RoleSource::pool,
                            .client = ClientId{client}};
    call.event_key = "status:no-answer";
    call.ended = CallEnd{CallStatus::no_answer, AfterCallRow::intake};
    call.contact = CustomerContact{ClientId{client}, to, customer};
    call.text = PromisedText{.id = {"CA" + std::to_string(client), Purpose::customer_intake},
                             .pair = {customer, to},
                             .ways = {{Account::first, to}},
                             .body = std::string("We missed you about ") + words,
                             .client = ClientId{client}};
    AlertRequest alert;
    alert.client = ClientId{client};
    alert.caller = customer.text();
    alert.summary = std::string("He wants: ") + words;
    call.alerts.push_back(alert);
    write(call);
    customer_writes(client, customer, to, words);
  }
  customer_writes(2, number("+14155550193"), theirs, "Another turbine");
  all_is_done();
  stranger_writes("SM1");
  stranger_writes("SM2");
  for (const Asked& asked : operations_asked()) {
    if (asked.tells == Tells::of_everybody) continue;
    json request = asked.fields;
    request["op"] = asked.op;
    const json answer = ask(request);
    for (const std::string& secret : secrets) {
      EXPECT_THAT(answer.dump(), Not(HasSubstr(secret))) << asked.op;
    }
    const bool may_fail = asked.op == "clients.remove";
    EXPECT_TRUE(may_fail || answer.contains("result")) << request << " -> " << answer;
    all_is_done();
  }
  const json others = result({{"op", "people.export"}, {"phone", customer.text()}, {"client_id", 2}});
  EXPECT_EQ(others.at("conversations").size(), 1U) << "what the first had erased is still the second's";
}

}  // namespace
}  // namespace jobrun::console_api
