#include "answer_row.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "base/metric.hpp"
#include "telnyx/answer_table.hpp"
#include "twilio/answer_table.hpp"

namespace jobrun::carrier {
namespace {

struct NamedTable {
  std::string_view name;
  std::span<const AnswerRow> rows;
};

class AnswerTable : public testing::TestWithParam<NamedTable> {};

// Goal: no row is dead: some answer is decided by it.
// Method: the statuses at both ends and the usual ones between, with the row's own code, must find it.
TEST_P(AnswerTable, HasNoDeadRow) {
  for (const AnswerRow& row : GetParam().rows) {
    const int code = row.code == any_code ? 1 : row.code;
    bool is_found = false;
    for (int status = row.status_from; status <= row.status_to; ++status) {
      is_found = is_found || find_answer_row(GetParam().rows, status, code) == &row;
    }
    EXPECT_TRUE(is_found) << row.status_from << " " << row.code << " " << row.why;
  }
}

// Goal: a code means one thing, wherever it appears.
// Method: look for a second row with the same code.
TEST_P(AnswerTable, HasOneRowPerCode) {
  std::set<int> codes;
  for (const AnswerRow& row : GetParam().rows) {
    if (row.code == any_code || row.code == no_code) continue;
    EXPECT_TRUE(codes.insert(row.code).second) << row.code;
  }
}

// Goal: who is alerted fits what is done: what holds or blocks everybody's texts pages, what concerns the caller
// alone is the owner's, what passes by itself is nobody's, and nothing unknown passes unseen.
// Method: each row against the rule for its reason.
TEST_P(AnswerTable, AlertsWhoeverHasToAct) {
  using Because = Refused::Because;
  for (const AnswerRow& row : GetParam().rows) {
    if (!row.because) continue;
    const bool holds_all = *row.because == Because::credentials || *row.because == Because::suspended;
    EXPECT_EQ(row.alert == AlertTo::page, holds_all || row.blocks_sender) << row.code << " " << row.why;
    EXPECT_EQ(row.alert == AlertTo::owner, *row.because == Because::recipient) << row.code << " " << row.why;
    const bool passes = *row.because == Because::later || *row.because == Because::once_more;
    EXPECT_EQ(row.alert == AlertTo::nobody, passes) << row.code << " " << row.why;
    EXPECT_TRUE(!row.learned || *row.because == Because::recipient) << row.code;
    EXPECT_TRUE(!row.blocks_sender || *row.because == Because::sender) << row.code;
  }
}

// Goal: each code that is answered is told in the metrics by itself, and there is no other.
// Method: the codes of both tables against the list of the label's values.
TEST(AnswerTables, HaveTheCodesThatTheMetricsTell) {
  std::set<int> codes;
  for (const std::span<const AnswerRow> rows :
       {std::span<const AnswerRow>(twilio::answer_table), std::span<const AnswerRow>(telnyx::answer_table)}) {
    for (const AnswerRow& row : rows) {
      if (row.code != any_code && row.code != no_code) codes.insert(row.code);
    }
  }
  std::vector<std::string> names = {"none"};
  for (const int code : codes) names.push_back(std::to_string(code));
  names.emplace_back("other");
  EXPECT_EQ(names, std::vector<std::string>(carrier_answer_codes.begin(), carrier_answer_codes.end()));
}

// Goal: an answer that nobody knows is never tried again, and a person looks at it.
// Method: an unknown code with a status of refusal; in a delivery status; none there.
TEST_P(AnswerTable, DoesNotRetryWhatNobodyKnows) {
  constexpr int a_code_nobody_knows = 999'999;
  for (const int status : {300, 307, 400, 403, 404, 422, 499}) {
    const AnswerRow* row = find_answer_row(GetParam().rows, status, a_code_nobody_knows);
    ASSERT_NE(row, nullptr) << status;
    EXPECT_EQ(row->because, Refused::Because::other) << status;
    EXPECT_EQ(row->alert, AlertTo::operator_) << status;
  }
  for (const int code : {a_code_nobody_knows, no_code, any_code}) {
    EXPECT_EQ(&find_lost_row(GetParam().rows, code), &lost_for_an_unknown_reason) << code;
  }
}

// Goal: what may have been taken is unknown, and never a refusal.
// Method: server errors with a code of a refusal and with none; statuses beyond HTTP.
TEST_P(AnswerTable, LeavesServerErrorsUnknown) {
  for (const int status : {500, 502, 503, 504, 599}) {
    for (const int code : {no_code, 21211, 40310}) {
      const AnswerRow* row = find_answer_row(GetParam().rows, status, code);
      EXPECT_TRUE(row == nullptr || !row->because) << status << " " << code;
    }
  }
  for (const int status : {-1, 0, 101, 600, 999})
    EXPECT_EQ(find_answer_row(GetParam().rows, status, no_code), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Carriers, AnswerTable,
                         testing::Values(NamedTable{"Twilio", twilio::answer_table},
                                         NamedTable{"Telnyx", telnyx::answer_table}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace jobrun::carrier
