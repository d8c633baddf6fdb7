#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "doctor/checks.hpp"

namespace jobrun::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const E164 ours = E164::from_digits(14155550100);
const E164 toll_free = E164::from_digits(18005550100);
constexpr const char* public_url = "https://jobrun.example";

Expected expecting(std::vector<E164> numbers = {ours}) {
  Expected expected{.public_url = public_url, .numbers = {}};
  for (const E164 number : numbers) expected.numbers.push_back({number, "a number of the pool"});
  return expected;
}

MessagingService a_good_service() {
  return {.sid = "MG1",
          .name = "Texts",
          .uses_numbers_urls = true,
          .numbers = {ours},
          .campaigns = std::vector<std::string>{"VERIFIED"}};
}

AccountFacts a_good_account() {
  AccountFacts facts;
  facts.state = AccountState{};
  facts.balance = AccountBalance{.amount = 20, .currency = "USD"};
  facts.services = std::vector<MessagingService>{a_good_service()};
  return facts;
}

AccountRules the_rules() {
  return {.balance_low = 20, .needs_registration = [](E164 number) { return number == ours; }};
}

const Check* find_row(const std::vector<Check>& checks, const std::string& name) {
  for (const Check& check : checks) {
    if (check.name == name) return &check;
  }
  return nullptr;
}

constexpr std::array<const char*, 4> all_rows = {"account", "balance", "messaging", "registration"};

struct AccountRow {
  std::string name;
  std::function<void(AccountFacts&)> change;
  std::string row;
  Verdict verdict;
  std::string told;
};

void change_service(AccountFacts& facts, const std::function<void(MessagingService&)>& change) {
  change(facts.services->front());
}

class AccountRows : public testing::TestWithParam<AccountRow> {};

// Goal: whatever of the account keeps calls or texts away is told in its own row; what is not told is unknown,
// with what to do, and never well; nothing else changes. Method: one row a trouble, each one change to an account
// that is well in every row.
TEST_P(AccountRows, AreTold) {
  AccountFacts facts = a_good_account();
  for (const Check& check : account_checks(facts, expecting(), the_rules())) {
    EXPECT_EQ(check.verdict, Verdict::well) << check.name;
    EXPECT_THAT(check.advice, IsEmpty()) << check.name;
  }
  GetParam().change(facts);
  const std::vector<Check> checks = account_checks(facts, expecting(), the_rules());
  for (const char* name : all_rows) {
    const Check* row = find_row(checks, name);
    if (name != GetParam().row) {
      EXPECT_TRUE(row == nullptr || row->verdict == Verdict::well) << name;
      continue;
    }
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->verdict, GetParam().verdict);
    EXPECT_THAT(row->found, HasSubstr(GetParam().told));
    EXPECT_FALSE(row->advice.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AccountRows,
    testing::Values(
        AccountRow{"Suspended", [](AccountFacts& f) { f.state->status = AccountStatus::suspended; }, "account",
                   Verdict::mend, "suspended"},
        AccountRow{"Closed", [](AccountFacts& f) { f.state->status = AccountStatus::closed; }, "account",
                   Verdict::mend, "closed"},
        AccountRow{"Trial", [](AccountFacts& f) { f.state->is_trial = true; }, "account", Verdict::mend, "trial"},
        AccountRow{"StateUnknown", [](AccountFacts& f) { f.state = invalid("HTTP 500"); }, "account",
                   Verdict::unknown, "HTTP 500"},
        AccountRow{"LowBalance", [](AccountFacts& f) { f.balance->amount = 19.99; }, "balance", Verdict::mend,
                   "USD 19.99 is left, less than 20"},
        AccountRow{"Owing", [](AccountFacts& f) { f.balance->amount = -3; }, "balance", Verdict::mend,
                   "USD -3.00"},
        AccountRow{"BalanceForbidden", [](AccountFacts& f) { f.balance = invalid("HTTP 403"); }, "balance",
                   Verdict::unknown, "HTTP 403"},
        AccountRow{"TextsDropped",
                   [](AccountFacts& f) { change_service(f, [](auto& s) { s.uses_numbers_urls = false; }); },
                   "messaging", Verdict::mend, "drops the texts that come in"},
        AccountRow{"TextsElsewhere",
                   [](AccountFacts& f) {
                     change_service(f, [](auto& s) {
                       s.uses_numbers_urls = false;
                       s.inbound_url = "https://old.example/sms";
                     });
                   },
                   "messaging", Verdict::mend, "https://old.example/sms instead of"},
        AccountRow{"TextsByGet",
                   [](AccountFacts& f) {
                     change_service(f, [](auto& s) {
                       s.uses_numbers_urls = false;
                       s.inbound_url = "https://jobrun.example/twilio/sms";
                       s.inbound_method = "GET";
                     });
                   },
                   "messaging", Verdict::mend, "by GET"},
        AccountRow{"ServicesForbidden", [](AccountFacts& f) { f.services = invalid("HTTP 404"); }, "messaging",
                   Verdict::unknown, "HTTP 404"},
        AccountRow{
            "NotRegistered",
            [](AccountFacts& f) { change_service(f, [](auto& s) { s.campaigns = std::vector<std::string>{}; }); },
            "registration", Verdict::mend, "is not registered"},
        AccountRow{"RegistrationFailed",
                   [](AccountFacts& f) {
                     change_service(f, [](auto& s) { s.campaigns = std::vector<std::string>{"FAILED"}; });
                   },
                   "registration", Verdict::mend, "FAILED"},
        AccountRow{"RegistrationUnknown",
                   [](AccountFacts& f) { change_service(f, [](auto& s) { s.campaigns = invalid("HTTP 403"); }); },
                   "registration", Verdict::unknown, "HTTP 403"}),
    [](const auto& row) { return row.param.name; });

// Goal: a service brings texts to us by its own address as well; services without a number of ours concern nobody.
// Method: one that does, and one that drops texts of others.
TEST(AccountChecks, LeaveOthersServicesAlone) {
  AccountFacts facts = a_good_account();
  facts.services->front().uses_numbers_urls = false;
  facts.services->front().inbound_url = "https://jobrun.example/twilio/sms";
  facts.services->front().inbound_method = "POST";
  EXPECT_EQ(find_row(account_checks(facts, expecting(), the_rules()), "messaging")->verdict, Verdict::well);
  facts.services = std::vector<MessagingService>{{.sid = "MG2", .name = "", .numbers = {toll_free}}};
  const std::vector<Check> checks = account_checks(facts, expecting(), the_rules());
  EXPECT_EQ(find_row(checks, "messaging")->verdict, Verdict::well);
  EXPECT_EQ(find_row(checks, "registration"), nullptr);
}

// Goal: only numbers that need a registration are asked for one, and no amount is too little where that was said.
// Method: a service without one that holds a toll-free number of ours; a bound of nothing, and a debt.
TEST(AccountChecks, FollowTheirRules) {
  AccountFacts facts = a_good_account();
  facts.services->front().numbers = {toll_free};
  facts.services->front().campaigns = std::vector<std::string>{};
  facts.balance->amount = -100;
  AccountRules rules = the_rules();
  rules.balance_low = 0;
  const std::vector<Check> checks = account_checks(facts, expecting({toll_free}), rules);
  EXPECT_EQ(find_row(checks, "registration"), nullptr);
  EXPECT_EQ(find_row(checks, "balance")->verdict, Verdict::well);
}

// Goal: what was not asked, and what depends on numbers that are not known, is unknown.
// Method: no facts at all; facts without knowing which numbers are ours.
TEST(AccountChecks, AreUnknownWhereNothingIsKnown) {
  for (const Check& check : account_checks(std::nullopt, expecting(), the_rules())) {
    EXPECT_EQ(check.verdict, Verdict::unknown) << check.name;
    EXPECT_FALSE(check.advice.empty()) << check.name;
  }
  const std::vector<Check> checks = account_checks(a_good_account(), invalid("cannot be read"), the_rules());
  EXPECT_EQ(find_row(checks, "account")->verdict, Verdict::well);
  EXPECT_EQ(find_row(checks, "messaging")->verdict, Verdict::unknown);
}

}  // namespace
}  // namespace jobrun::doctor
