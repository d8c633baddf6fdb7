#include "console_api/operations.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <thread>

#include "operations_test_support.hpp"

namespace jobrun::console_api {
namespace {

// Goal: a name that leaves GSM-7 is taken with a warning; nothing else that is set warns of it again.
// Method: a curly quote in a new name and in a changed one; another change; a plain name.
TEST_F(OperationsTest, ANameThatLeavesGsm7IsWarnedOf) {
  const json added = add_client("Joe\u2019s Plumbing");
  ASSERT_EQ(added.at("warnings").size(), 1U);
  EXPECT_NE(added.at("warnings").at(0).get<std::string>().find("U+2019"), std::string::npos);
  EXPECT_FALSE(result({{"op", "clients.list"}}).at("clients").at(0).contains("warnings"));
  EXPECT_TRUE(result({{"op", "clients.set"}, {"id", 1}, {"name", "Zo\u2019s"}}).contains("warnings"));
  EXPECT_FALSE(result({{"op", "clients.set"}, {"id", 1}, {"paused", true}}).contains("warnings"));
  EXPECT_FALSE(result({{"op", "clients.set"}, {"id", 1}, {"name", "Zo's"}}).contains("warnings"));
}

// Goal: what is set of a client is what is told of it, and null takes it back.
// Method: add, set every field, restore every field, look each time.
TEST_F(OperationsTest, AClientIsWhatWasSetOfIt) {
  const json added = add_client();
  EXPECT_EQ(added.at("id"), 1);
  const json set = result({{"op", "clients.set"},
                           {"id", 1},
                           {"name", "  Müller GmbH "},
                           {"phone", "+4915112345678"},
                           {"own_number", "+4930123456"},
                           {"cool_down_seconds", 2700},
                           {"countries", {"DE", "AT", "DE"}},
                           {"texts_per_day", 0},
                           {"paused", true},
                           {"alert_by", "both"},
                           {"owner_email", "joe@example.com"}});
  const json expected = {{"id", 1},
                         {"name", "Müller GmbH"},
                         {"phone", "+4915112345678"},
                         {"own_number", "+4930123456"},
                         {"cool_down_seconds", 2700},
                         {"countries", {"AT", "DE"}},
                         {"texts_per_day", 0},
                         {"paused", true},
                         {"alert_by", "both"},
                         {"owner_email", "joe@example.com"},
                         {"settings", json::object()}};
  EXPECT_EQ(set, expected);
  EXPECT_EQ(result({{"op", "clients.list"}}).at("clients"), json::array({expected}));
  const json restored = result({{"op", "clients.set"},
                                {"id", 1},
                                {"own_number", nullptr},
                                {"cool_down_seconds", nullptr},
                                {"countries", nullptr},
                                {"texts_per_day", nullptr},
                                {"alert_by", nullptr},
                                {"owner_email", nullptr}});
  EXPECT_EQ(restored.at("alert_by"), "text");
  EXPECT_TRUE(restored.at("owner_email").is_null());
  EXPECT_TRUE(restored.at("own_number").is_null());
  EXPECT_TRUE(restored.at("cool_down_seconds").is_null());
  EXPECT_TRUE(restored.at("countries").empty());
  EXPECT_TRUE(restored.at("texts_per_day").is_null());
  EXPECT_TRUE(restored.at("paused"));
  EXPECT_FALSE(result({{"op", "clients.resume"}, {"id", 1}}).at("paused"));
  EXPECT_TRUE(result({{"op", "clients.pause"}, {"id", 1}}).at("paused"));
}

// Goal: no hostile field reaches the store, and the error names the field.
// Method: a good request with one field made bad at a time; then nobody is there.
TEST_F(OperationsTest, RefusesEveryBadFieldOfAClient) {
  const json good = {{"op", "clients.add"}, {"name", "Smith & Sons"}, {"phone", "+14155550123"}};
  const std::vector<std::pair<std::string, json>> bad = {
      {"name", ""},
      {"name", "   "},
      {"name", nullptr},
      {"name", 7},
      {"name", std::string(81, 'x')},
      {"name", "two\nlines"},
      {"name", "bell\a"},
      {"name", "c1 \xC2\x9B"},
      {"name", "reversed \xE2\x80\xAE"},
      {"name", "broken \xFF"},
      {"name", std::string("nul\0", 4)},
      {"phone", "4155550123"},
      {"phone", "+0155550123"},
      {"phone", 14155550123},
      {"own_number", "none"},
      {"own_number", "+14155550123"},
      {"cool_down_seconds", -1},
      {"cool_down_seconds", 1.5},
      {"cool_down_seconds", "60m"},
      {"cool_down_seconds", 18446744073709551615ULL},
      {"countries", "US"},
      {"countries", {"us"}},
      {"countries", {"ZZ"}},
      {"countries", {1}},
      {"countries", std::vector<std::string>(51, "US")},
      {"texts_per_day", 1'000'001},
      {"paused", "yes"},
      {"alert_by", "fax"},
      {"alert_by", "email"},
      {"owner_email", "joe"},
      {"owner_email", "joe@example.com\r\nBcc: x@y"},
      {"owner_email", std::string(email_bytes_max, 'j') + "@b"},
      {"owner_email", 7},
      {"surprise", 1},
  };
  for (const auto& [field, value] : bad) {
    json request = good;
    request[field] = value;
    EXPECT_EQ(error_code(request), "invalid") << field;
    EXPECT_NE(error_message(request).find(field == "own_number" ? "own" : field), std::string::npos)
        << error_message(request);
  }
  EXPECT_TRUE(result({{"op", "clients.list"}}).at("clients").empty());
  EXPECT_EQ(journal_->pieces, 0);
  add_client(std::string("é") + std::string(79, 'x'));  // characters count, not bytes
}

// Goal: owners who sign up are listed, page by page, those alone who are stuck where that is asked, and shown.
// Method: three owners, one of them stuck, and one who cannot be read.
TEST_F(OperationsTest, ListsOwnersWhoSignUp) {
  const auto sign_up = [this](std::uint64_t phone, const std::string& state) {
    const auto batch = store_->begin({});
    Commit commit;
    commit.onboarding = OnboardingChange{};
    commit.onboarding->record = {.owner_phone = E164::from_digits(phone), .step = "confirm", .state = state};
    batch->write(commit, clock_.now());
    ASSERT_TRUE(batch->commit());
  };
  sign_up(14155550121, "{}");
  sign_up(14155550122, "stuck");
  sign_up(14155550123, "unreadable");
  sign_up(14155550124, "{}");
  const json first = result({{"op", "onboarding.list"}, {"limit", 2}});
  ASSERT_EQ(first.at("owners").size(), 2U);
  const json rest = result({{"op", "onboarding.list"}, {"after", first.at("next")}});
  ASSERT_EQ(rest.at("owners").size(), 1U);
  EXPECT_EQ(rest.at("owners").at(0).at("phone"), "+14155550124");
  EXPECT_TRUE(rest.at("next").is_null());
  const json stuck = result({{"op", "onboarding.list"}, {"stuck_only", true}});
  ASSERT_EQ(stuck.at("owners").size(), 1U);
  EXPECT_EQ(stuck.at("owners").at(0).at("phone"), "+14155550122");
  EXPECT_EQ(result({{"op", "onboarding.show"}, {"phone", "+14155550121"}}).at("phone"), "+14155550121");
  for (const char* nobody : {"+14155550123", "+14155550199"}) {
    EXPECT_EQ(error_code({{"op", "onboarding.show"}, {"phone", nobody}}), "not_found") << nobody;
  }
}

// Goal: an owner is let in by his phone; nobody else is.
TEST_F(OperationsTest, LetsOwnersIn) {
  const auto sign_up = [this](std::uint64_t phone, const std::string& step) {
    const auto batch = store_->begin({});
    Commit commit;
    commit.onboarding = OnboardingChange{};
    commit.onboarding->record = {.owner_phone = E164::from_digits(phone), .step = step, .state = "{}"};
    batch->write(commit, clock_.now());
    ASSERT_TRUE(batch->commit());
  };
  sign_up(14155550121, "confirm");
  EXPECT_EQ(result({{"op", "onboarding.approve"}, {"phone", "+14155550121"}}).at("phone"), "+14155550121");
  const std::optional<OnboardingRecord> owner = store_->reader()->onboarding(E164::from_digits(14155550121));
  ASSERT_TRUE(owner);
  EXPECT_TRUE(owner->approved_at);
  EXPECT_EQ(owner->approved_at, owner->due_at);
  EXPECT_EQ(error_code({{"op", "onboarding.approve"}, {"phone", "+14155550199"}}), "not_found");
  sign_up(14155550122, "live");
  EXPECT_EQ(error_code({{"op", "onboarding.approve"}, {"phone", "+14155550122"}}), "conflict");
}

// Goal: whatever arrives is answered with a result or an error, never an exception.
// Method: random JSON made of the names that mean something and values that do not.
TEST_F(OperationsTest, AnswersWhateverIsAsked) {
  const auto names = Operations::names();
  const std::vector<std::string> fields = {"id",        "name",  "phone",  "number",    "role",
                                           "client_id", "csv",   "limit",  "open_only", "call_sid",
                                           "reason",    "after", "before", "fact"};
  const auto hostile_value = [] {
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        return json(*rc::gen::arbitrary<std::int64_t>());
      case 1:
        return json(*rc::gen::arbitrary<std::string>());
      case 2:
        return json(nullptr);
      case 3:
        return json::array({json::object()});
      case 4:
        return json(*rc::gen::element<std::string>("+14155550123", "operational", "number,role,client_id\n"));
      default:
        return json(*rc::gen::arbitrary<double>());
    }
  };
  EXPECT_TRUE(rc::check([&] {
    json request = {{"op", *rc::gen::elementOf(names)}};
    const int count = *rc::gen::inRange(0, 6);
    for (int each = 0; each < count; ++each) request[*rc::gen::elementOf(fields)] = hostile_value();
    const json answer = ask(request);
    RC_ASSERT(answer.contains("result") != answer.contains("error"));
  }));
}

// Goal: a request that is no request is told what one is; a misspelt op is told the nearest.
// Method: each kind of nonsense once.
TEST_F(OperationsTest, SaysWhatARequestIs) {
  for (const json& nonsense : {json(), json(1), json::array(), json::object(), json{{"op", 1}}}) {
    EXPECT_EQ(error_code(nonsense), "invalid");
  }
  EXPECT_NE(error_message({{"op", "clients.lst"}}).find("clients.list"), std::string::npos);
  EXPECT_EQ(error_code({{"op", std::string(100'000, 'x')}}), "invalid");
}

// Goal: what is not there is not_found, what is there already is a conflict.
// Method: each operation once on something missing; each clash of two once.
TEST_F(OperationsTest, TellsMissingFromConflicting) {
  for (const char* op : {"clients.pause", "clients.resume", "clients.remove"}) {
    EXPECT_EQ(error_code({{"op", op}, {"id", 5}}), "not_found") << op;
  }
  EXPECT_EQ(error_code({{"op", "clients.set"}, {"id", 5}, {"name", "x"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "clients.block"}, {"id", 5}, {"phone", "+14155550177"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "numbers.remove"}, {"number", "+14155550100"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "numbers.assign"}, {"number", "+14155550100"}, {"client_id", 1}}), "not_found");
  EXPECT_EQ(error_code({{"op", "calls.show"}, {"call_sid", "CA0"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "incidents.close"}, {"id", 1}, {"reason", "x"}}), "not_found");

  add_client();
  const json add = {{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", "operational"}, {"client_id", 1}};
  EXPECT_EQ(result(add),
            json({{"number", "+14155550100"}, {"role", "operational"}, {"client_id", 1}, {"available", false}}));
  EXPECT_EQ(error_code(add), "conflict");
  EXPECT_EQ(error_code({{"op", "clients.remove"}, {"id", 1}}), "conflict");
  EXPECT_EQ(error_code({{"op", "clients.add"}, {"name", "x"}, {"phone", "+14155550100"}}), "conflict");
  EXPECT_EQ(error_code({{"op", "clients.set"}, {"id", 1}, {"own_number", "+14155550100"}}), "conflict");
  EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", "+14155550123"}, {"role", "system"}}), "conflict");
}

// Goal: role and client go together: only an operational number has one, and losing it is allowed.
// Method: each pairing once, adding and assigning.
TEST_F(OperationsTest, OnlyAnOperationalNumberBelongsToAClient) {
  add_client();
  for (const char* role : {"system", "onboarding"}) {
    EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", role}, {"client_id", 1}}),
              "invalid");
  }
  EXPECT_EQ(
      error_code({{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", "operational"}, {"client_id", 9}}),
      "not_found");
  EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", "+14155550100"}}), "invalid");
  result({{"op", "numbers.add"}, {"number", "+14155550100"}, {"role", "operational"}});
  const json assigned = result({{"op", "numbers.assign"}, {"number", "+14155550100"}, {"client_id", 1}});
  EXPECT_EQ(assigned.at("client_id"), 1);
  const json changed = result({{"op", "numbers.assign"}, {"number", "+14155550100"}, {"role", "system"}});
  EXPECT_TRUE(changed.at("client_id").is_null());
  EXPECT_EQ(error_code({{"op", "numbers.assign"}, {"number", "+14155550100"}, {"client_id", 1}}), "invalid");
  EXPECT_EQ(error_code({{"op", "numbers.assign"}, {"number", "+14155550100"}}), "invalid");
}

// Goal: a number waits for an owner when it is added so, as nobody's; giving it away, or another role, ends that;
// and no owner gets a number that the service needs itself. Method: add, look, assign; each contradiction; the
// settings' numbers, also where they waited before the setting.
TEST_F(OperationsTest, ANumberWaitsForAnOwner) {
  add_client();
  const auto waiting = [](const char* number) {
    return json{{"op", "numbers.add"}, {"number", number}, {"available", true}};
  };
  const json expected = {
      {"number", "+14155550100"}, {"role", "system"}, {"client_id", nullptr}, {"available", true}};
  EXPECT_EQ(result(waiting("+14155550100")), expected);
  EXPECT_EQ(numbers(), json::array({expected}));
  const json given = result({{"op", "numbers.assign"}, {"number", "+14155550100"}, {"role", "system"}});
  EXPECT_FALSE(given.at("available"));
  for (const char* role : {"operational", "onboarding"}) {
    json request = waiting("+14155550101");
    request["role"] = role;
    EXPECT_EQ(error_code(request), "invalid");
  }
  json of_client = waiting("+14155550101");
  of_client["client_id"] = 1;
  EXPECT_EQ(error_code(of_client), "invalid");
  EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", "+14155550101"}, {"available", false}}), "invalid");

  result(waiting("+14155550190"));
  EXPECT_FALSE(check_reserved_numbers({.onboarding_number = {}, .failsafe_sender = number("+14155550190")},
                                      *store_->reader()));
  remake({.onboarding_number = number("+14155550192"),
          .failsafe_sender = number("+14155550193"),
          .second_sender = number("+14155550194")});
  for (const char* reserved : {"+14155550192", "+14155550193", "+14155550194"}) {
    EXPECT_EQ(error_code(waiting(reserved)), "conflict") << reserved;
  }
}

// Goal: a number that the settings reserve for the service never becomes a client's number.
// Method: each way for a number to become a client's, once with each reserved number.
TEST_F(OperationsTest, ReservedNumbersAreNobodysElse) {
  add_client();
  remake({.onboarding_number = number("+14155550190"),
          .failsafe_sender = number("+14155550191"),
          .second_sender = number("+14155550192")});
  for (const char* reserved : {"+14155550190", "+14155550191", "+14155550192"}) {
    EXPECT_EQ(error_code({{"op", "clients.add"}, {"name", "x"}, {"phone", reserved}}), "conflict");
    EXPECT_EQ(error_code({{"op", "clients.set"}, {"id", 1}, {"phone", reserved}}), "conflict");
    EXPECT_EQ(error_code({{"op", "clients.set"}, {"id", 1}, {"own_number", reserved}}), "conflict");
    EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", reserved}, {"role", "operational"}}), "conflict");
    const json answer = ask({{"op", "numbers.import"},
                             {"csv", "number,role,client_id\n" + std::string(reserved) + ",operational,1\n"}});
    EXPECT_EQ(answer.at("error").at("lines").at(0).at("line"), 2);
  }
  EXPECT_EQ(error_code({{"op", "numbers.add"}, {"number", "+14155550190"}, {"role", "system"}}), "conflict");
  result({{"op", "numbers.add"}, {"number", "+14155550190"}, {"role", "onboarding"}});
  result({{"op", "numbers.add"}, {"number", "+14155550191"}, {"role", "system"}});
  result({{"op", "numbers.add"}, {"number", "+14155550192"}, {"role", "system"}});
}

// Goal: a number that was a client's before the setting was made is found at start, and named.
// Method: the check over a clean directory, then with each kind of clash; both settings at once, and each alone.
TEST_F(OperationsTest, TheStartFindsReservedNumbersThatAreAClients) {
  add_client();
  const ReservedNumbers reserved{.onboarding_number = number("+14155550190"),
                                 .failsafe_sender = number("+14155550191")};
  EXPECT_TRUE(check_reserved_numbers(reserved, *store_->reader()));
  result({{"op", "clients.set"}, {"id", 1}, {"own_number", "+14155550190"}});
  result({{"op", "numbers.add"}, {"number", "+14155550191"}, {"role", "operational"}, {"client_id", 1}});
  const Result<void> checked = check_reserved_numbers(reserved, *store_->reader());
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("+14155550190"), std::string::npos);
  EXPECT_NE(checked.error().message.find("+14155550191"), std::string::npos);
  for (const char* taken : {"+14155550190", "+14155550191"}) {
    EXPECT_FALSE(
        check_reserved_numbers({.onboarding_number = number(taken), .failsafe_sender = {}}, *store_->reader()));
    EXPECT_FALSE(
        check_reserved_numbers({.onboarding_number = {}, .failsafe_sender = number(taken)}, *store_->reader()));
    const Result<void> second = check_reserved_numbers(
        {.onboarding_number = {}, .failsafe_sender = {}, .second_sender = number(taken)}, *store_->reader());
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find("telnyx_sender"), std::string::npos);
  }
}

// Goal: texts that came in are listed with what became of them; who sent them and what they say is told only
// to whoever asks for it.
// Method: a customer's text with a picture, and one to nobody's number; listed hidden, shown, and page by
// page.
TEST_F(OperationsTest, InboundTextsAreListedAndHiddenUnlessAskedFor) {
  add_client();
  const auto batch = store_->begin({});
  for (const bool is_customers : {true, false}) {
    Commit commit;
    commit.inbound = NewInboundText{.text = {.message_sid = is_customers ? "SM1" : "SM2",
                                             .sender = Caller::parse("+14155550177"),
                                             .number = number("+14155550100"),
                                             .number_text = "+14155550100",
                                             .body = "Leak, today",
                                             .media = {{"https://a.example/1", "image/jpeg"}}}};
    if (is_customers) commit.inbound->client = ClientId{1};
    commit.inbound->taken_as = is_customers ? TakenAs::customer : TakenAs::triage;
    if (!is_customers) {
      commit.text = PromisedText{.id = {"SM2", Purpose::triage_reply},
                                 .origin = Origin::text,
                                 .pair = {number("+14155550177"), number("+14155550100")},
                                 .ways = {{Account::first, number("+14155550100")}},
                                 .body = "Thanks"};
    }
    batch->write(commit, clock_.now());
  }
  ASSERT_TRUE(batch->commit());
  const json hidden = result({{"op", "texts.list"}}).at("texts");
  ASSERT_EQ(hidden.size(), 2U);
  EXPECT_EQ(hidden.dump().find("Leak"), std::string::npos);
  EXPECT_EQ(hidden.dump().find("a.example"), std::string::npos);
  EXPECT_EQ(hidden.dump().find("+14155550177"), std::string::npos);
  EXPECT_EQ(hidden[0].at("from"), "+1415*****77");
  EXPECT_EQ(hidden[0].at("taken_as"), "triage");
  EXPECT_EQ(hidden[0].at("reply"), "triage_reply promised");
  EXPECT_EQ(hidden[1].at("reply"), nullptr);
  EXPECT_EQ(hidden[1].at("client_name"), "Smith & Sons");
  EXPECT_EQ(hidden[1].at("sent_at"), "2026-01-03T10:15:30.250Z");
  const json page = result({{"op", "texts.list"}, {"show", true}, {"limit", 1}});
  EXPECT_EQ(page.at("texts")[0].at("body"), "Leak, today");
  EXPECT_EQ(page.at("texts")[0].at("from"), "+14155550177");
  EXPECT_EQ(page.at("texts")[0].at("media"),
            json::parse(R"([{"url":"https://a.example/1","type":"image/jpeg"}])"));
  const json next = result({{"op", "texts.list"}, {"before", page.at("next")}});
  EXPECT_EQ(next.at("texts")[0].at("message_sid"), "SM1");
  EXPECT_EQ(error_code({{"op", "texts.list"}, {"limit", 1'001}}), "invalid");
  EXPECT_EQ(error_code({{"op", "texts.list"}, {"limit", 0}}), "invalid");
  EXPECT_EQ(error_code({{"op", "texts.list"}, {"show", "yes"}}), "invalid");
}

// Goal: senders that the carrier blocks are listed with their account, code and since when, until unblocked.
// Method: one number blocked at both accounts and another at one; unblocked once and again.
TEST_F(OperationsTest, BlockedSendersAreListedAndUnblocked) {
  EXPECT_EQ(result({{"op", "senders.list"}}), (json{{"senders", json::array()}}));
  const auto batch = store_->begin({});
  const auto block = [&](Account account, const char* sender, int code) {
    batch->block_sender({.way = {account, number(sender)}, .code = code, .since = clock_.now()});
  };
  block(Account::first, "+14155550100", 30034);
  block(Account::second, "+14155550192", 40010);
  block(Account::second, "+14155550100", 40329);
  ASSERT_TRUE(batch->commit());
  json senders = result({{"op", "senders.list"}}).at("senders");
  ASSERT_EQ(senders.size(), 3U);
  const json expected = {
      {"number", "+14155550100"}, {"account", "first"}, {"code", 30034}, {"since", "2026-01-03T10:15:30.250Z"}};
  EXPECT_NE(std::ranges::find(senders, expected), senders.end()) << senders;

  EXPECT_EQ(result({{"op", "senders.unblock"}, {"number", "+14155550100"}}), (json{{"number", "+14155550100"}}));
  senders = result({{"op", "senders.list"}}).at("senders");
  ASSERT_EQ(senders.size(), 1U);
  EXPECT_EQ(senders.at(0).at("number"), "+14155550192");
  EXPECT_EQ(error_code({{"op", "senders.unblock"}, {"number", "+14155550100"}}), "not_found");
  EXPECT_EQ(error_code({{"op", "senders.unblock"}, {"number", "4155550100"}}), "invalid");
  EXPECT_EQ(error_code({{"op", "senders.unblock"}}), "invalid");
}

// Goal: a blocked caller is remembered for that client alone, until unblocked; learned facts cannot be set.
// Method: the facts as a decision reads them, before and after.
TEST_F(OperationsTest, BlocksACallerForOneClient) {
  add_client();
  const auto facts = [&](std::int64_t client) {
    return store_->begin({})->phone_facts(FactScope::of(ClientId{client}), number("+14155550177"));
  };
  const json block = {{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550177"}};
  result(block);
  EXPECT_TRUE(facts(1).blocked);
  EXPECT_FALSE(facts(2).blocked);
  result({{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550177"}, {"fact", "do_not_text"}});
  EXPECT_TRUE(facts(1).do_not_text);
  result({{"op", "clients.unblock"}, {"id", 1}, {"phone", "+14155550177"}});
  EXPECT_FALSE(facts(1).blocked);
  EXPECT_TRUE(facts(1).do_not_text);
  EXPECT_EQ(error_code({{"op", "clients.block"}, {"id", 1}, {"phone", "+14155550177"}, {"fact", "opted_out"}}),
            "invalid");
}

// Goal: lists come in pages that neither lose nor repeat.
// Method: five numbers and five clients, two at a time.
TEST_F(OperationsTest, PagesCoverEverythingOnce) {
  for (int each = 1; each <= 5; ++each) {
    add_client("client", "+1415555010" + std::to_string(each));
    result({{"op", "numbers.add"}, {"number", "+1415555020" + std::to_string(each)}, {"role", "system"}});
  }
  for (const auto& [op, part, key] :
       {std::tuple("clients.list", "clients", "id"), {"numbers.list", "numbers", "number"}}) {
    json request = {{"op", op}, {"limit", 2}};
    json seen = json::array();
    for (int page = 0; page < 3; ++page) {
      const json answer = result(request);
      for (const json& entry : answer.at(part)) seen.push_back(entry.at(key));
      if (answer.at("next").is_null()) break;
      request["after"] = answer.at("next");
    }
    EXPECT_EQ(seen.size(), 5u) << op;
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end())) << op;
  }
}

// Goal: a file with one bad line changes nothing, and every bad line is named with its reason.
// Method: a file with one line of each kind of badness among good ones.
TEST_F(OperationsTest, AnImportIsCheckedWholeBeforeAnythingIsWritten) {
  add_client();
  result({{"op", "numbers.add"}, {"number", "+14155550199"}, {"role", "system"}});
  const int pieces_before = journal_->pieces;
  const json answer = ask({{"op", "numbers.import"},
                           {"csv",
                            "number,role,client_id\n"
                            "+14155550101,operational,1\n"    // 2: good
                            "4155550102,operational,1\n"      // 3: no number
                            "+14155550103,owner,1\n"          // 4: no role
                            "+14155550104,system,1\n"         // 5: a client that cannot be
                            "+14155550105,operational,77\n"   // 6: a client that is not
                            "+14155550106,operational\n"      // 7: two fields
                            "+14155550107,operational,1,x\n"  // 8: four fields
                            "+14155550101,operational,\n"     // 9: again
                            "+14155550199,operational,1\n"    // 10: in the pool with another duty
                            "+14155550123,system,\n"          // 11: an owner's phone
                            "+14155550108,operational,-1\n"}});
  const json& error = answer.at("error");
  EXPECT_EQ(error.at("code"), "invalid");
  std::vector<int> lines;
  for (const json& line : error.at("lines")) lines.push_back(line.at("line"));
  EXPECT_EQ(lines, (std::vector<int>{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(error.at("lines_wrong"), 10);
  EXPECT_EQ(journal_->pieces, pieces_before);
  EXPECT_EQ(numbers().size(), 1u);
}

// Goal: the same file again changes nothing and says so; the header and odd line ends are understood.
// Method: a file as a spreadsheet writes it (mark, CRLF, quotes, blank line), imported twice.
TEST_F(OperationsTest, AnImportCanBeRepeated) {
  add_client();
  const json import = {{"op", "numbers.import"},
                       {"csv",
                        "\xEF\xBB\xBFnumber,role,client_id\r\n\"+14155550101\",\"operational\",\"1\"\r\n\r\n"
                        " +14155550102 , system ,\r\n"}};
  EXPECT_EQ(result(import), json({{"rows", 2}, {"added", 2}, {"unchanged", 0}}));
  EXPECT_EQ(result(import), json({{"rows", 2}, {"added", 0}, {"unchanged", 2}}));
  EXPECT_EQ(numbers().size(), 2u);
  EXPECT_EQ(error_code({{"op", "numbers.import"}, {"csv", ""}}), "invalid");
  EXPECT_EQ(error_code({{"op", "numbers.import"}, {"csv", "number;role;client_id\n"}}), "invalid");
}

std::string many_numbers(int count) {
  std::string csv = "number,role,client_id\n";
  for (int each = 0; each < count; ++each) csv += "+1415" + std::to_string(5'000'000 + each) + ",system,\n";
  return csv;
}

// Goal: an import takes the writer for no longer than its piece allows, and never stands still.
// Method: a clock that moves 10 ms each time it is asked, a piece of 25 ms: three rows a piece.
TEST_F(OperationsTest, AnImportYieldsTheWriterBetweenPieces) {
  clock_.step = std::chrono::milliseconds(10);
  EXPECT_EQ(result({{"op", "numbers.import"}, {"csv", many_numbers(10)}}).at("added"), 10);
  EXPECT_EQ(journal_->pieces, 4);
  journal_->pieces = 0;
  clock_.step = std::chrono::hours(1);
  std::string more = "number,role,client_id\n+14165550101,system,\n+14165550102,system,\n";
  EXPECT_EQ(result({{"op", "numbers.import"}, {"csv", more}}).at("added"), 2);
  EXPECT_EQ(journal_->pieces, 2);
}

// Goal: a failure in the middle says exactly what is in the pool, and the same file then completes it.
// Method: pieces of three rows; the store is gone after the second piece, then comes back.
TEST_F(OperationsTest, AnImportThatStoppedSaysWhatItLeft) {
  OperationLimits limits;
  limits.import_piece_rows = 3;
  remake({}, limits);
  journal_->pieces_left = 2;
  const json request = {{"op", "numbers.import"}, {"csv", many_numbers(10)}};
  const json answer = ask(request);
  EXPECT_EQ(answer.at("error").at("code"), "unavailable");
  EXPECT_EQ(answer.at("error").at("added"), 6);
  EXPECT_EQ(numbers().size(), 6u);
  journal_->pieces_left = 1'000;
  EXPECT_EQ(result(request), json({{"rows", 10}, {"added", 4}, {"unchanged", 6}}));
}

// Goal: bad lines are all counted but not all told; rows and bytes have a bound.
// Method: more of each than the limits allow.
TEST_F(OperationsTest, AnImportIsBounded) {
  OperationLimits limits;
  limits.import_problems_shown = 3;
  limits.import_rows_max = 5;
  limits.import_bytes_max = 1'000;
  remake({}, limits);
  const json answer = ask({{"op", "numbers.import"}, {"csv", "number,role,client_id\nx\nx\nx\nx\nx\n"}});
  EXPECT_EQ(answer.at("error").at("lines").size(), 3u);
  EXPECT_EQ(answer.at("error").at("lines_wrong"), 5);
  EXPECT_EQ(error_code({{"op", "numbers.import"}, {"csv", many_numbers(6)}}), "invalid");
  EXPECT_EQ(error_code({{"op", "numbers.import"}, {"csv", many_numbers(100)}}), "invalid");
  EXPECT_TRUE(numbers().empty());
}

// Goal: a change that nobody confirms is never reported as done or as failed: it may still happen.
// Method: a journal that takes the work and stays silent.
TEST_F(OperationsTest, AnUnconfirmedChangeIsSaidToBeSo) {
  OperationLimits limits;
  limits.answer_wait = Duration{1};
  remake({}, limits);
  journal_->is_silent = true;
  const json request = {{"op", "clients.add"}, {"name", "x"}, {"phone", "+14155550123"}};
  EXPECT_EQ(error_code(request), "unavailable");
  EXPECT_NE(error_message(request).find("may still"), std::string::npos);
}

// Goal: a call is told in the words of the specification, pending as null, and its timeline is there; its text
// shows the way it takes, the words it has on it, and what the carrier told of its message.
// Method: one ended call with a promised text, written as the ledger writes it; then sent by its second way.
TEST_F(OperationsTest, ShowsACallAndItsText) {
  add_client();
  const CallSid sid = *CallSid::parse("CA0123456789abcdef0123456789abcdef");
  Commit commit;
  commit.new_call = NewCall{.call_sid = sid,
                            .caller = Caller::parse("+14155550177"),
                            .number_text = "+14155550100",
                            .role = NumberRole::operational,
                            .role_source = RoleSource::pool,
                            .client = ClientId{1}};
  commit.event_key = "status:no-answer";
  commit.ended = CallEnd{.status = CallStatus::no_answer, .row = AfterCallRow::intake};
  commit.text =
      PromisedText{.id = {sid.text(), Purpose::customer_intake},
                   .origin = Origin::status,
                   .pair = {number("+14155550177"), number("+14155550100")},
                   .ways = {{Account::first, number("+14155550100")}, {Account::second, number("+14155550192")}},
                   .body = "hello",
                   .second_body = "hello, reply elsewhere",
                   .client = ClientId{1}};
  const auto batch = store_->begin({});
  const std::optional<TextRecord> text = batch->write(commit, clock_.now());
  ASSERT_TRUE(text.has_value());
  ASSERT_TRUE(batch->commit());

  const json calls = result({{"op", "calls.list"}, {"open_only", true}}).at("calls");
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].at("call_sid"), sid.text());
  EXPECT_EQ(calls[0].at("role"), "operational");
  EXPECT_EQ(calls[0].at("status"), "no-answer");
  EXPECT_TRUE(calls[0].at("outcome").is_null());
  EXPECT_EQ(calls[0].at("client_name"), "Smith & Sons");
  EXPECT_EQ(calls[0].at("ended_at"), "2026-01-03T10:15:30.250Z");
  json shown = result({{"op", "calls.show"}, {"call_sid", sid.text()}});
  EXPECT_EQ(shown.at("texts").at(0).at("state"), "promised");
  EXPECT_EQ(shown.at("texts").at(0).at("account"), "first");
  EXPECT_EQ(shown.at("texts").at(0).at("from"), "+14155550100");
  EXPECT_EQ(shown.at("texts").at(0).at("body"), "hello");
  EXPECT_EQ(shown.at("texts").at(0).at("to"), "+14155550177");
  EXPECT_FALSE(shown.at("timeline").empty());

  Commit told;
  told.message = MessageNews{.text = text->row,
                             .message_sid = "SM1",
                             .status = MessageStatus::delivered,
                             .status_text = "delivered",
                             .is_furthest = true};
  const auto later = store_->begin({});
  constexpr SendAttempt by_the_second_way{.number = 1, .way = 1};
  ASSERT_TRUE(later->mark_started(text->row, by_the_second_way, ClosedWays{}, clock_.now()));
  ASSERT_TRUE(later->record_accepted(text->row, "SM1", clock_.now()));
  later->write(told, clock_.now());
  ASSERT_TRUE(later->commit());
  shown = result({{"op", "calls.show"}, {"call_sid", sid.text()}});
  EXPECT_EQ(shown.at("texts").at(0).at("account"), "second");
  EXPECT_EQ(shown.at("texts").at(0).at("from"), "+14155550192");
  EXPECT_EQ(shown.at("texts").at(0).at("body"), "hello, reply elsewhere");
  EXPECT_TRUE(std::ranges::any_of(shown.at("timeline"), [](const json& entry) {
    return entry.at("what") == "message" &&
           entry.at("detail").get<std::string>().find("delivered") != std::string::npos;
  })) << shown;
}

// Goal: changes made at once do not lose each other.
// Method: eight threads, each setting another field or adding numbers of its own.
TEST_F(OperationsTest, ChangesAtOnceAreAllKept) {
  class OneAtATime : public Journal {
   public:
    explicit OneAtATime(Journal& journal) : journal_(journal) {}
    void submit(JournalWork work) override {
      const std::lock_guard lock(mutex_);
      journal_.submit(std::move(work));
    }

   private:
    std::mutex mutex_;
    Journal& journal_;
  } journal(*journal_);
  operations_.emplace(Operations::Ports{.open_reader = [this] { return store_->reader(); },
                                        .journal = journal,
                                        .clock = clock_,
                                        .describe_owner = described,
                                        .describe_conversation = nullptr},
                      ReservedNumbers{});
  add_client();
  const std::vector<std::pair<std::string, json>> fields = {
      {"name", "New"},           {"phone", "+14155550124"}, {"own_number", "+14155550125"},
      {"cool_down_seconds", 60}, {"countries", {"US"}},     {"texts_per_day", 9},
      {"paused", true}};
  {
    std::vector<std::jthread> threads;
    for (const auto& change : fields) {
      threads.emplace_back([this, change] {
        json request = {{"op", "clients.set"}, {"id", 1}};
        request[change.first] = change.second;
        operations_->handle(request);
      });
    }
  }
  const json client = result({{"op", "clients.list"}}).at("clients").at(0);
  for (const auto& [field, value] : fields) EXPECT_EQ(client.at(field), value) << field;
}

}  // namespace
}  // namespace jobrun::console_api
